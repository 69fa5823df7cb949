"""The commands: one module for each, with its words, its options and its help.

A command's work is imported only when it runs, which keeps the start-up near nothing. `flows.cli` lists
them all.
"""
