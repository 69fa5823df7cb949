"""`onrecord export`: Parquet of every table."""

from __future__ import annotations

from pathlib import Path

import click

from flows.commands import options
from flows.commands.options import examples


@click.command(
    epilog=examples(
        "onrecord export parquet/",
        "duckdb -c \"FROM 'parquet/quotes/*/*.parquet' LIMIT 5\"",
        "python -c \"import polars; print(polars.read_parquet('parquet/who_said_what.parquet'))\"",
    )
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@options.warehouse
def export(folder: Path, warehouse: Path | None) -> None:
    """Write every table as Parquet, partitioned by the day of publication.

    The views current_articles and who_said_what are written, too, and SCHEMA.md says what every column means.
    An earlier export in DIR is replaced as a whole; where anything else is in there, nothing is written.
    """
    from tasks.settings import settings
    from warehouse.export import ExportedTable
    from warehouse.export import export as write_parquet

    def told(table: ExportedTable) -> None:
        parts = f" in {table.days:,} days" if table.days else ""
        click.echo(f"  {table.name:<20} {table.rows:>12,} rows{parts}")

    tables = write_parquet(settings({"warehouse": warehouse}).warehouse, folder, told)
    size = sum(table.bytes for table in tables) / 1e6
    click.echo(f"{len(tables)} tables, {size:,.1f} MB, in {folder}/ (SCHEMA.md says what is in them)")
