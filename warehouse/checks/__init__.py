"""Integrity checks: each .sql file is a SELECT that must return no row; `run_checks` runs them all.

A file begins with `-- name:`, `-- severity:` (error or warning) and a line that says what it finds.
"""

from warehouse.checks.run import Check, CheckResult, all_checks, run_checks

__all__ = ["Check", "CheckResult", "all_checks", "run_checks"]
