"""One file per ability; `support/` is shared, `bench/` measures."""
