"""Long tests on data that is not of this repository, given by path."""
