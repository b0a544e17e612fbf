"""What a handle, the name in @mentions and addresses, looks like."""

import re

HANDLE_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,38}[a-z0-9]$|^[a-z0-9]$"
MENTION = re.compile(r"(?<![\w@/.])@([a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?)(?![\w@])", re.IGNORECASE)


# Addresses under /people/ that are no member's.
RESERVED = frozenset({"me", "suggest"})


def handle_from(name: str) -> str:
    """A valid handle that resembles `name`; "member" when nothing of it can be used."""
    kept = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:30].strip("-")
    return kept or "member"
