"""Trained models of the cleaning, as data; README.md says what they are and how they were made."""
