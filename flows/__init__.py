"""Orchestration and the command line: order, retries, names, what a person sees. No logic of the trade."""
