"""What linking has learnt: counts of words and names, and the figures that judge pairs of articles."""
