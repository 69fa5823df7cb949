"""Reads web archives: WARC files (ISO 28500) of any maker, whole, torn or hostile.

    walk       the records of a file, one after the other, in bounded memory; goes on behind what is broken
    records    a stream of bytes cut into records            headers   the lines at the head of a record
    articles   which records may be articles, and why the others are not
    page       one record by its place: the page that it keeps
    body       the codings of HTTP taken off, never beyond a limit

Called by `tasks.read`, and by `tasks.archive` to find out where its own files end.
"""
