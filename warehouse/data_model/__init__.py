"""The data model as a drawn diagram and a page, made from the schema itself: its tables, columns, comments.

`python3 dev.py docs` writes `docs/data-model.svg` and `docs/data-model.md`; a test tells when they lag.
"""

from warehouse.data_model.draw import diagram
from warehouse.data_model.page import page
from warehouse.data_model.tables import Column, Table, read_tables

__all__ = ["Column", "Table", "diagram", "page", "read_tables"]
