"""From staged rows of a Stack Exchange dump to what the actions store."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from community.rendering.markdown import plain_text
from threads.importers.columns import moment
from threads.importers.report import Report
from threads.importers.stackexchange.addresses import license_of, site_address
from threads.importers.stackexchange.files import ACCEPTED, DUPLICATE, QUESTION
from threads.importers.texts import one_line, title_of
from threads.rules.imported import (
    ImportedBadge,
    ImportedNote,
    ImportedRelation,
    ImportedReply,
    ImportedRevision,
    ImportedThread,
    ImportedVote,
    Origin,
    Person,
    Writing,
    tag_slug,
)
from threads.rules.limits import REASON_LENGTH, TITLE_LENGTH

NAME_LENGTH = 120
ABOUT_LENGTH = 4000
BADGE_LENGTH = 80
NOBODY = "nobody"

_TAG = re.compile(r"[^<>|]+")


def tags_of(written: str | None) -> tuple[str, ...]:
    """The tags of a question, in either spelling: `<a><b>` or `|a|b|`."""
    return tuple(dict.fromkeys(filter(None, map(tag_slug, _TAG.findall(written or "")))))


@dataclass
class Mapping:
    """Knows the site; remarks what had to be mended."""

    site: str
    report: Report

    def __post_init__(self) -> None:
        self._web = site_address(self.site)

    def user(self, row: Row) -> Person:
        """A row of Users."""
        about = Truncator(plain_text(row["AboutMe"] or "")).chars(ABOUT_LENGTH)
        return self._person(row["Id"], row["DisplayName"], joined=row["CreationDate"], about=about)

    def author(self, user: int | None, name: str | None, at: int) -> Person:
        """Who wrote something. Of deleted users only the name is left, or nothing; each name is one former member.

        Whoever is not in Users joined, as far as is known, when they wrote.
        """
        if user is not None:
            return self._person(user, name, joined=at)
        kept = one_line(name)
        if not kept:
            return Person(NOBODY, _("Former member"), joined_at=moment(at))
        digest = hashlib.sha256(kept.encode()).hexdigest()[:40]
        return Person(f"name:{kept if len(kept) <= len(digest) else digest}", kept[:NAME_LENGTH], joined_at=moment(at))

    def _person(self, user: int, name: str | None, *, joined: int, about: str = "") -> Person:
        address = f"{self._web}/users/{user}"
        shown = one_line(name)[:NAME_LENGTH] or f"user{user}"
        return Person(str(user), shown, moment(joined), address, about)

    def post(self, row: Row) -> ImportedThread | ImportedReply:
        """A row of Posts: a question or an answer."""
        is_question = row["PostTypeId"] == QUESTION
        address = f"{self._web}/{'questions' if is_question else 'a'}/{row['Id']}"
        author = self.author(row["OwnerUserId"], row["OwnerDisplayName"], row["CreationDate"])
        edited = None if row["LastEditDate"] is None else moment(row["LastEditDate"])
        writing = self._writing(row, address, author, row["Body"], edited)
        if is_question:
            closed = row["ClosedDate"] is not None and not row["answered"]
            title = title_of(row["Title"], row["Body"], self.report)
            return ImportedThread(writing, title, tags_of(row["Tags"]), closed)
        accepted_at = None
        if row["accepted"]:
            accepted_at = moment(row["CreationDate"] if row["accepted_on"] is None else row["accepted_on"])
        return ImportedReply(writing, str(row["ParentId"]), accepted_at)

    def note(self, row: Row) -> ImportedNote:
        """A row of Comments."""
        address = f"{self._web}/questions/{row['question']}#comment{row['Id']}_{row['PostId']}"
        author = self.author(row["UserId"], row["UserDisplayName"], row["CreationDate"])
        writing = self._writing(row, address, author, row["Text"])
        return ImportedNote(writing, str(row["PostId"]))

    def _writing(
        self, row: Row, address: str, author: Person, body: str | None, edited: datetime | None = None
    ) -> Writing:
        created = moment(row["CreationDate"])
        origin = Origin(str(row["Id"]), address, license_of(row["ContentLicense"], created))
        return Writing(origin, author, body or "", created, edited, row["Score"])

    def revision(self, row: Row) -> ImportedRevision:
        """A row of `revision`, with the texts of the PostHistory rows that belong to it."""
        at = moment(row["at"])
        editor = None
        if row["UserId"] is not None or one_line(row["UserDisplayName"]):
            editor = self.author(row["UserId"], row["UserDisplayName"], row["at"])
        address = f"{self._web}/posts/{row['PostId']}/revisions"
        title = None if row["title_text"] is None else Truncator(one_line(row["title_text"])).chars(TITLE_LENGTH)
        return ImportedRevision(
            Origin(str(row["Id"]), address, license_of(row["ContentLicense"], at)), str(row["PostId"]),
            row["body_text"], title, editor, at, _reason(row),
        )  # fmt: skip

    def vote(self, row: Row) -> ImportedVote:
        """A row of Votes."""
        accepted = row["VoteTypeId"] == ACCEPTED
        return ImportedVote(str(row["Id"]), str(row["PostId"]), accepted, moment(row["CreationDate"]))

    def relation(self, row: Row) -> ImportedRelation:
        """A row of PostLinks."""
        duplicate = row["LinkTypeId"] == DUPLICATE
        return ImportedRelation(str(row["thread"]), str(row["other"]), duplicate, moment(row["CreationDate"]))

    def badge(self, row: Row) -> ImportedBadge:
        """A row of Badges."""
        origin = Origin(str(row["Id"]), f"{self._web}/users/{row['UserId']}")
        return ImportedBadge(origin, str(row["UserId"]), one_line(row["Name"])[:BADGE_LENGTH], moment(row["Date"]))


def _reason(row: Row) -> str:
    """What the editor said, and the tags when they changed them, which revisions here do not keep by themselves."""
    tags = ", ".join(tags_of(row["tags_text"]))
    said = filter(None, [one_line(row["Comment"]), tags and _("tags: %(tags)s") % {"tags": tags}])
    return Truncator("; ".join(said)).chars(REASON_LENGTH)
