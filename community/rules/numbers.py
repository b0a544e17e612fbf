"""Whole numbers in what comes from outside: addresses, cursors, the names of things."""

# What always fits the 64 bits of a key.
MOST_DIGITS = 18


def whole(text: str, *, most_digits: int = MOST_DIGITS) -> int | None:
    """The number in plain digits; None for anything else, and for more digits than any key has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= most_digits else None
