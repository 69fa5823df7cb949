"""The DuckDB warehouse: schema, exactly-once load, published snapshot, views and checks."""
