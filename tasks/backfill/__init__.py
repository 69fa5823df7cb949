"""Backfills: a window of dates again, day by day. Called by the backfill flow.

days.py   where the documents come from, which days there are, how a day ended: values
found.py  the documents of each day: of the archive, of web archives, of sitemaps
"""
