"""Keeps what was fetched, byte for byte, in WARC files: the raw material of every later extraction.

    writer    one exchange after the other, by one process at a time        exchange   an exchange as records
    index     what lies where: a SQLite file that is made again where it is missing or behind
    repair    what a killed writer left behind                              hints      what feeds said, kept
    chosen    the records that a new extraction is to read

The files are read by `tasks.read.warc`, like those of any other maker.
"""
