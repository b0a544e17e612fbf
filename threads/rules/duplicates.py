"""When two practices may say the same."""

# Of what a practice would score against itself. Below it are practices about the same product that say other things.
LEAST_SHARE = 0.6


def is_candidate(share: float) -> bool:
    """Whether a practice that scores this share of what the other would score against itself is worth a look."""
    return share >= LEAST_SHARE


def in_order(one: int, other: int) -> tuple[int, int]:
    """Two practices as their pair names them, whichever was looked at first."""
    return (one, other) if one < other else (other, one)
