"""What several tests share: the command line as users start it, and warehouses compared table by table."""
