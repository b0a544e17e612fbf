"""What is kept of a sitting at the form that posts a problem."""

import re
import secrets
from datetime import timedelta

MOST_ANSWERS = 30
MOST_TEXT = 4_000
TEXT_KEPT = timedelta(days=90)
SITTING_LENGTH = 24
_SITTING = re.compile(r"[A-Za-z0-9_-]{16,24}")


def new_sitting() -> str:
    """A name for a sitting that nobody can guess."""
    return secrets.token_urlsafe(16)


def is_sitting(name: str) -> bool:
    """Whether it can be the name of one."""
    return bool(_SITTING.fullmatch(name))
