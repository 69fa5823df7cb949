"""Batches that are extracted on other machines: a Dask or Ray cluster, and a place that all can reach.

`crew.py` is the way in; the ingest flow asks it who works on the batches.

    runner      the setting: process, dask:ADDRESS, ray:ADDRESS
    clusters    connections to clusters; Dask and Ray are imported when one is asked for, and not before
    place       the staging place: any that fsspec knows (a shared folder, s3://…)
    orders      what travels: the documents of a batch there, Parquet back through the place
    asked       whether a cluster answers, has this onrecord, and reaches the place; for the doctor

A worker needs onrecord, and nothing of ours but the place: documents travel with the order, and what the run
knows of titles and lines is fetched from the place. Loading stays where the warehouse is, in one process.
"""
