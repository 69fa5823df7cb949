"""Reads documents from disk: files and rows in, `SourceDocument` values out.

`discover` finds what there is (`DocumentRef`s, and failures for what cannot be read at all),
`document` reads one of them, `decode` turns bytes into text, `given` understands a row's fields.
Called by the ingest flow. No cleaning happens here.
"""
