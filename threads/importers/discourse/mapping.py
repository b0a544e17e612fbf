"""From staged rows of Discourse topics to what the actions store."""

import re
from dataclasses import dataclass
from html import unescape
from sqlite3 import Row

from django.utils.translation import gettext as _

from threads.importers.columns import moment
from threads.importers.report import Report
from threads.importers.texts import one_line, short_id, tags_from, title_of, with_whole_links
from threads.rules.imported import (
    ImportedRelation,
    ImportedReply,
    ImportedSolution,
    ImportedThread,
    ImportedVote,
    Origin,
    Person,
    Writing,
)

NOBODY = "nobody"
_NAME_LENGTH = 120
_IMAGE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_CLASS = re.compile(r"""\bclass=["']([^"']*)["']""", re.IGNORECASE)
_ALT = re.compile(r"""\balt=["']([^"']*)["']""", re.IGNORECASE)


@dataclass
class Mapping:
    """Knows the site and its licence; remarks what had to be mended."""

    site: str
    license: str
    report: Report

    @property
    def web(self) -> str:
        """Where the site is on the web."""
        return f"https://{self.site}"

    def person(self, row: Row) -> Person:
        """Who wrote a row of Posts, also as a row of People."""
        username, at = one_line(row["username"]), moment(row["created_at"])
        if row["user_id"] is None and not username:
            return Person(NOBODY, _("Former member"), at)
        key = f"name:{username}" if row["user_id"] is None else str(row["user_id"])
        name = one_line(row["name"]) or username or f"user{row['user_id']}"
        return Person(short_id(key), name[:_NAME_LENGTH], at, f"{self.web}/u/{username[:200]}" if username else "")

    def post(self, row: Row) -> ImportedThread | ImportedReply:
        """A row of `item`."""
        page = f"{self.web}/t/{row['slug'] or '-'}/{row['topic_id']}"[:400]
        if row["Id"] != row["first"]:
            return ImportedReply(self._writing(row, f"{page}/{row['post_number']}"), thread_id(row["topic_id"]))
        names = [self._category(row), *(row["tags"] or "").split("\n")]
        title = title_of(unescape(row["title"]), row["cooked"], self.report)
        closed = bool(row["closed"]) and not row["solved"]
        return ImportedThread(self._writing(row, page), title, tags_from(names, self.report), closed)

    def _category(self, row: Row) -> str:
        return row["category"] or (f"category-{row['category_id']}" if row["category_id"] else "")

    def _writing(self, row: Row, address: str) -> Writing:
        body = with_whole_links(without_small_images(row["cooked"]), web=self.web, page=address)
        is_edited = (row["version"] or 1) > 1 and (row["updated_at"] or 0) > row["created_at"]
        edited = moment(row["updated_at"]) if is_edited else None
        origin = Origin(key_of(row), address, self.license)
        return Writing(origin, self.person(row), body, moment(row["created_at"]), edited, row["likes"])

    def like(self, row: Row) -> ImportedVote:
        """A row of Likes."""
        return ImportedVote(f"{row['post']}#{row['number']}", key_of(row), False, moment(row["created_at"]))

    def solution(self, row: Row) -> ImportedSolution:
        """A row of Solutions."""
        return ImportedSolution(thread_id(row["Id"]), tuple(row["posts"].split()), moment(row["at"]))

    def rewards(self, row: Row) -> list[ImportedVote]:
        """What the accepted answers of a topic earn those who did not ask it themselves."""
        at = moment(row["at"])
        return [ImportedVote(f"{post}#accepted", post, True, at) for post in (row["others"] or "").split()]

    def relation(self, row: Row) -> ImportedRelation:
        """A row of Links."""
        return ImportedRelation(thread_id(row["topic"]), thread_id(row["other"]), False, moment(row["at"]))


def thread_id(topic: int) -> str:
    """Topics have ids of their own there, which may be those of posts."""
    return f"topic-{topic}"


def key_of(row: Row) -> str:
    """The id that a post is known by: the first of a topic stands for the topic."""
    return thread_id(row["topic_id"]) if row["Id"] == row["first"] else str(row["Id"])


def without_small_images(html: str) -> str:
    """Without portraits, and with the names of emoji instead of their pictures, which would become links."""

    def said(match: "re.Match[str]") -> str:
        found = _CLASS.search(match[0])
        names = found[1].split() if found else []
        if "avatar" in names:
            return ""
        alt = _ALT.search(match[0])
        return alt[1] if "emoji" in names and alt else match[0]

    return _IMAGE.sub(said, html)
