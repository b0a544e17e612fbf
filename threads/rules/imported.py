"""What an importer hands to the actions: content from elsewhere, freed from the shape of its source."""

from dataclasses import dataclass
from datetime import datetime

from threads.rules.limits import TAG_LENGTH


def tag_slug(name: str) -> str:
    """A tag's name as tags are written here; empty when nothing is left of it."""
    return "-".join(name.lower().split())[:TAG_LENGTH]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something comes from: the id it had there, its address and its licence."""

    id: str
    url: str = ""
    license: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """An author as the source names them. Somebody it no longer knows has an `id` made of what is left of them."""

    id: str
    name: str
    joined_at: datetime
    url: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Writing:
    """What somebody wrote and when: HTML in problems and replies, Markdown in notes."""

    origin: Origin
    author: Person
    body: str
    created_at: datetime
    edited_at: datetime | None = None
    score: int | None = None


@dataclass(frozen=True, slots=True)
class ImportedThread:
    """A problem. `closed` says that it was closed without an accepted answer; `product` is what it is called there."""

    post: Writing
    title: str
    tags: tuple[str, ...] = ()
    closed: bool = False
    product: str = ""


@dataclass(frozen=True, slots=True)
class ImportedReply:
    """A reply to the thread whose origin had the id `thread`. `accepted_at` is set when it solved the problem."""

    post: Writing
    thread: str
    accepted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ImportedNote:
    """A note under the problem or reply whose origin had the id `parent`."""

    post: Writing
    parent: str


@dataclass(frozen=True, slots=True)
class ImportedRevision:
    """What a post said at a time; a body or title that is None is the one before."""

    origin: Origin
    post: str
    body: str | None
    title: str | None
    editor: Person | None
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ImportedVote:
    """A vote on a post by nobody named: it helped, or (`accepted`) it solved the problem."""

    id: str
    post: str
    accepted: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class ImportedRelation:
    """One thread is a duplicate of another, or related to it."""

    thread: str
    other: str
    duplicate: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class ImportedBadge:
    """A distinction of the member with this id there."""

    origin: Origin
    member: str
    name: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class ImportedArticle:
    """An article of a knowledge base, which its makers answer for. The texts are Markdown."""

    origin: Origin
    author: Person
    title: str
    problem: str
    resolution: str
    product: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedUse:
    """In the thread with this id there, `by` pointed to an article."""

    thread: str
    article: str
    by: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class ImportedSolution:
    """The replies with these ids there solved the thread with this one."""

    thread: str
    posts: tuple[str, ...]
    at: datetime
