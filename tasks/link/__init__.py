"""What joins articles: copies of one text, stories, and the statements that several articles report.

- `statements/`: the same statement in several wordings
"""
