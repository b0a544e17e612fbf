"""What an archive folder looks like: names of files; and the one way to write the same facts."""

import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

FORMAT, VERSION = "guildhall-archive", 1
HEAD, PEOPLE, ORGANIZATIONS, SPACES, PRODUCTS = (
    "archive.json", "people.json", "organizations.json", "spaces.json", "products.json",
)  # fmt: skip
README, FOLDER, CURATION = "README.md", "practices", "curation.json"
NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,180}\Z")
BEGINNING = "# An archive of practices\n"
ABOUT = (
    BEGINNING
    + """
Written by Guildhall. `practices/` has two files for each practice: what it says, as Markdown, and everything else, as
JSON. Nothing is said twice. `archive.json` says where it comes from; `people.json` who is named, without addresses.

Of a whole site `curation.json` says who looks after what: rules of governance, curators of the spaces, and which
details were kept on purpose (by digests that only the same site understands).

Not in here: the threads that practices come from or were used in, reviews, suggestions, adoptions, votes, other roles,
who was invited, and files that practices link to.
`manage.py import_archive` reads it.
"""
)


class UnusableArchive(Exception):
    """A folder cannot be read, or not be written; `messages` say what to do."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("; ".join(messages))
        self.messages = messages


def own_site() -> str:
    """What this site is called in archives."""
    parts = urlsplit(settings.SITE_URL)
    host = re.sub("[^a-z0-9.-]+", "-", parts.hostname or "").strip("-.") or "guildhall"
    return host + (f"-{parts.port}" if parts.port else "")


def as_json(facts: Any) -> bytes:
    """The one spelling of these facts."""
    return (json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def stamp(at: datetime | None) -> str | None:
    """A time, exactly, in UTC."""
    return at.astimezone(UTC).isoformat(timespec="microseconds") if at is not None else None
