"""Reading the JSON of topics: each file holds one topic or a part of one."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from threads.importers.broken import Broken, UnusableDump
from threads.importers.columns import Column, Kind
from threads.importers.texts import storable

MOST_BYTES = 64 * 1024 * 1024
LIKE, WHISPER = 2, 4
_TOPIC_LINK = re.compile(r"/t/(?:[^/]+/)?(\d{1,18})(?:[/?#]|$)")
_NUMBER = Column("number", Kind.NUMBER)
_MOST_LIKES = 2**31 - 1
Fields = dict[str, str]


@dataclass(frozen=True)
class Category:
    """What one place says of a category; `restricted` is None where it does not say who may read it."""

    key: int
    name: str | None = None
    parent: int | None = None
    restricted: bool | None = None


def files_in(folder: Path) -> list[Path]:
    """The JSON files in and under `folder`, in one order. Raises UnusableDump when there are none."""
    if not folder.is_dir():
        raise UnusableDump([_("%(folder)s is not a folder.") % {"folder": folder}])
    found = [
        Path(place) / name for place, _folders, names in os.walk(folder) for name in names if name.endswith(".json")
    ]
    if not found:
        raise UnusableDump([_("%(folder)s has no topics: there are no files that end in .json.") % {"folder": folder}])
    return sorted(found)


@dataclass
class TopicFile:
    """What one file says. `topic` is None where the file is no topic; a part of one may have nothing but posts."""

    path: Path
    removed: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> "TopicFile":
        """Read it. Raises Broken when it is no JSON."""
        if path.stat().st_size > MOST_BYTES:
            raise Broken(path, 1, _("it is larger than %(most)d MB") % {"most": MOST_BYTES >> 20})
        try:
            facts = json.loads(path.read_bytes().decode("utf-8-sig"), parse_constant=_no_number)
        except UnicodeDecodeError as error:
            raise Broken(path, 1, _("this is no text in UTF-8")) from error
        except json.JSONDecodeError as error:
            raise Broken(path, error.lineno, _("not well-formed JSON: %(reason)s") % {"reason": error.msg}) from error
        except RecursionError as error:
            raise Broken(path, 1, _("it is nested too deep")) from error
        except ValueError as error:
            raise Broken(path, 1, str(error)[:200]) from error
        return cls(path, facts=facts if isinstance(facts, dict) else {})

    @property
    def is_topic(self) -> bool:
        """Whether it is a topic or a part of one."""
        return "post_stream" in self.facts

    @property
    def has_heading(self) -> bool:
        """Whether it says what the topic is, and not only what was posted."""
        return "title" in self.facts

    @property
    def key(self) -> int | None:
        """The number of its topic, where it has one that can be stored."""
        return _whole(self.facts.get("id"))

    def categories(self) -> Iterator[Category]:
        """The categories that this file tells of, also those within others."""
        facts = self.facts
        waiting = [
            *_dicts(facts.get("categories")), *_dicts(_dict(facts.get("category_list")).get("categories")),
            _dict(facts.get("category")),
        ]  # fmt: skip
        while waiting:
            each = waiting.pop(0)
            inner = _dicts(each.get("subcategory_list"))
            waiting += inner
            key = _whole(each.get("id"))
            if key is not None:
                name, shut = each.get("name"), each.get("read_restricted")
                said = None if shut is None else shut not in (False, "false")
                known = self._kept(name) if isinstance(name, str) else None
                yield Category(key, known, _whole(each.get("parent_category_id")), said)
                within = [*_list(each.get("subcategory_ids")), *(one.get("id") for one in inner)]
                yield from (Category(child, None, key) for child in map(_whole, within) if child is not None)

    def signs(self) -> Iterator[tuple[int, str | None, int | None]]:
        """Each topic that it has something of, with a reason against taking it, if any, and its category.

        Every file of a topic is asked, whatever else is broken in it: one that says it is not for everybody decides.
        """
        posts = _dicts(_dict(self.facts.get("post_stream")).get("posts"))
        topics = {self.key, *(_whole(post.get("topic_id")) for post in posts)} - {None}
        category = _whole(self.facts.get("category_id"))
        for topic in topics:
            if topic is not None:
                yield from ((topic, reason, category) for reason in self._reasons() or [None])

    def _reasons(self) -> list[str | None]:
        """Why its topic is not for everybody. What is no message always has a category there."""
        facts, details = self.facts, _dict(self.facts.get("details"))
        archetype = facts.get("archetype")
        has_no_place = archetype is None and facts.get("category_id", "") is None
        is_for_some = details.get("allowed_users") or details.get("allowed_groups")
        is_message = archetype not in (None, "regular", "banner") or facts.get("pm_with_non_human_user")
        reasons = {
            "private": is_message or is_for_some or has_no_place,
            "deleted": facts.get("deleted_at") is not None,
            "unlisted": facts.get("visible", True) not in (None, True, "1"),
        }
        return [reason for reason, holds in reasons.items() if holds]

    def topic(self) -> Fields | ValueError:
        """The topic's row."""
        facts = self.facts
        row = self._row(facts)
        row["tags"] = "\n".join(self._tags())
        row["stream"] = str(len(_list(_dict(facts.get("post_stream")).get("stream"))))
        return row

    def _tags(self) -> Iterator[str]:
        for tag in _list(self.facts.get("tags")):
            name = tag.get("name") if isinstance(tag, dict) else tag
            if isinstance(name, str):
                yield self._kept(name).replace("\n", " ")

    def posts(self) -> Iterator[tuple[str, Fields | ValueError]]:
        """The rows of its posts, each with its place."""
        posts = _dict(self.facts.get("post_stream")).get("posts")
        if not isinstance(posts, list):
            yield "post_stream", ValueError(_("there are no posts"))
            return
        for number, post in enumerate(posts, start=1):
            place = f"post_stream.posts[{number}]"
            if not isinstance(post, dict):
                yield place, ValueError(_("this is no post"))
                continue
            row = {"topic_id": self._kept(str(self.facts.get("id", "")))} | self._row(post)
            row["likes"] = str(min(sum(_likes(post)), _MOST_LIKES))
            yield place, row

    def kept_back(self) -> Iterator[tuple[int, str]]:
        """Its posts that are not for everybody, and why."""
        for post in _dicts(_dict(self.facts.get("post_stream")).get("posts")):
            key = _whole(post.get("id"))
            reasons = {
                "whisper": _whole(post.get("post_type")) == WHISPER,
                "deleted": post.get("deleted_at") is not None or post.get("user_deleted"),
                "hidden": post.get("hidden"),
            }
            if key is not None:
                yield from ((key, reason) for reason, holds in reasons.items() if holds)

    def accepted(self) -> Iterator[tuple[int, int]]:
        """The topic and the number of each post that it names as its solution."""
        named = [self.facts.get("accepted_answer"), *_list(self.facts.get("accepted_answers"))]
        for each in _dicts(named):
            number = each.get("post_number")
            if self.key is not None and isinstance(number, int):
                yield self.key, number

    def links(self) -> Iterator[tuple[int, str]]:
        """This topic and each other one of the site that it links to."""
        listed = _dicts(_dict(self.facts.get("details")).get("links"))
        for post in _dicts(_dict(self.facts.get("post_stream")).get("posts")):
            listed += _dicts(post.get("link_counts"))
        for link in listed:
            if link.get("internal") is True and not link.get("reflection") and isinstance(link.get("url"), str):
                target = _TOPIC_LINK.search(link["url"])
                if target is not None and self.key is not None:
                    yield self.key, target[1]

    def _row(self, facts: Mapping[str, Any]) -> Fields:
        """Those of the facts that are single values, as text."""
        row = {}
        for name, value in facts.items():
            if isinstance(value, bool):
                row[name] = str(int(value))
            elif isinstance(value, str | int | float):
                row[name] = self._kept(str(value))
        if "id" in row:
            row["Id"] = row.pop("id")
        return row

    def _kept(self, value: str) -> str:
        kept, removed = storable(value)
        self.removed += removed
        return kept


def _whole(value: Any) -> int | None:
    """The number, understood as those of rows are."""
    if not isinstance(value, str | int | float):
        return None
    said = str(int(value)) if isinstance(value, bool) else storable(str(value))[0]
    try:
        found = _NUMBER.value({_NUMBER.name: said})
    except ValueError:
        return None
    return found if isinstance(found, int) else None


def _likes(post: Mapping[str, Any]) -> Iterator[int]:
    for each in _dicts(post.get("actions_summary")):
        if each.get("id") == LIKE and isinstance(each.get("count"), int):
            yield each["count"]


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in _list(value) if isinstance(each, dict)]


def _no_number(name: str) -> Any:
    raise ValueError(_("%(name)s is no number") % {"name": name})
