"""What a rule means, in a sentence for the person who wonders why words got a role or were cut."""

from __future__ import annotations

# By the start of a rule's name; the rules are in tasks/clean. The first that fits is taken.
REASONS = {
    "sources.toml": "A line that drop_lines of the source list names.",
}


def explained(role: str, rule: str) -> str:
    """The reason for a role, or nothing where the role says it all."""
    if role == "body":
        return ""
    for start, reason in REASONS.items():
        if rule.startswith(start):
            return reason
    return ""
