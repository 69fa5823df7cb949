"""What the line costs: CPU time per article and stage, on made articles. `python3 dev.py bench`."""
