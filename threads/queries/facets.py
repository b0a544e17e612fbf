"""What found things have in common, and of how many: by what a search can be narrowed further.

Counted over what was ranked, which is bounded and all of it seen by the viewer; never over the index alone.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from community.models import Member
from community.queries.prepared import Prepared
from community.queries.spaces import spaces_visible_to
from community.rules import clock
from threads.models import Playbook, Practice, Thread
from threads.rules.search_filters import moment_of

MOST = 10
NAMES = ("kind", "status", "product", "tag", "org", "space", "after", "before")
_AGES = ("30d", "1y")


@dataclass(frozen=True)
class Value:
    """A value that narrows a search (as the filter `name:value`), in words, and how many of what was ranked have it."""

    value: str
    label: str
    count: int


Facets = dict[str, list[Value]]


@dataclass
class _Counted:
    """How many have each value, and what values are called."""

    counts: defaultdict[str, Counter[str]]
    labels: dict[tuple[str, str], str]

    def add(self, name: str, value: str | None, label: str = "") -> None:
        if value:
            self.counts[name][value] += 1
            self.labels[name, value] = label or value


_COLUMNS = ("product__slug", "product__name", "space__slug", "space__name")
_FIELDS = {
    "thread": (Thread, ("status", "created_at", "organization__slug", "organization__name")),
    "practice": (
        Practice,
        ("confidence", "recorded_at", "recorded_by__organization__slug", "recorded_by__organization__name"),
    ),
    "playbook": (Playbook, ("pk", "made_at", "made_by__organization__slug", "made_by__organization__name")),
}


def _rows(kind: str) -> "Prepared[Any]":
    model, fields = _FIELDS[kind]
    return Prepared(lambda ids: model._default_manager.filter(pk__in=ids).order_by().values_list(*fields, *_COLUMNS))


def _tagged(kind: str) -> "Prepared[Any]":
    tags: Any = _FIELDS[kind][0]._meta.get_field("tags")
    through = tags.remote_field.through

    def build(ids: list[int]) -> "QuerySet[Any, Any]":
        return through.objects.filter(**{f"{kind}__in": ids}).order_by().values_list("tag__slug")  # type: ignore[no-any-return]

    return Prepared(build)


_rows_of = {kind: _rows(kind) for kind in _FIELDS}
_tags_of = {kind: _tagged(kind) for kind in _FIELDS}
_organizations: "Prepared[Any]" = Prepared(
    lambda ids: Member.objects.filter(pk__in=ids).order_by().values_list("organization__slug", "organization__name")
)
_spaces: "Prepared[Any]" = Prepared(lambda viewer: spaces_visible_to(viewer).order_by().values_list("slug"))


def facets_of(viewer: Member, subjects: Iterable[tuple[str, int]]) -> Facets:
    """For each of NAMES the values that most of the things have, most first; of those that none has nothing is said.

    `subjects` are things that the viewer may see, each once.
    """
    ids: dict[str, list[int]] = {}
    for kind, pk in subjects:
        ids.setdefault(kind, []).append(pk)
    counted = _Counted(defaultdict(Counter), {})
    for kind, found in ids.items():
        counted.counts["kind"][kind] = len(found)
        if kind == "member":
            for slug, name in _organizations(ids=found).rows:
                counted.add("org", slug, name)
        else:
            _count(counted, viewer, kind, found)
    return {name: _values(counted, name) for name in NAMES if counted.counts[name]}


def _count(counted: _Counted, viewer: Member, kind: str, ids: list[int]) -> None:
    now = clock.now()
    bounds = {age: moment_of(age, now) for age in _AGES}
    # What is shown beyond its space names that only to those who see it.
    shown = None if kind == "thread" else {slug for (slug,) in _spaces(viewer).rows}
    for state, at, organization, its_name, product, product_name, space, space_name in _rows_of[kind](ids=ids).things():
        if kind != "playbook":
            counted.add("status", state)
        counted.add("org", organization, its_name)
        counted.add("product", product, product_name)
        if shown is None or space in shown:
            counted.add("space", space, space_name)
        _count_age(counted, at, bounds)
    for (slug,) in _tags_of[kind](ids=ids).rows:
        counted.add("tag", slug)


def _count_age(counted: _Counted, at: datetime, bounds: dict[str, datetime | None]) -> None:
    for age, bound in bounds.items():
        if bound is not None and at >= bound:
            counted.add("after", age)
    oldest = bounds[_AGES[-1]]
    if oldest is not None and at < oldest:
        counted.add("before", _AGES[-1])


def _values(counted: _Counted, name: str) -> list[Value]:
    words: dict[str, Callable[[str], str]] = {"kind": _kind, "status": _status, "after": _since, "before": _until}
    word = words.get(name)
    best = sorted(counted.counts[name].items(), key=lambda each: (-each[1], each[0]))[:MOST]
    return [Value(value, word(value) if word else counted.labels[name, value], count) for value, count in best]


def _kind(value: str) -> str:
    return {
        "thread": _("Threads"), "practice": _("Practices"), "playbook": _("Playbooks"), "member": _("Members"),
    }[value]  # fmt: skip


def _status(value: str) -> str:
    labels = {**dict(Thread.Status.choices), **dict(Practice.Confidence.choices)}
    return str(labels[value])


def _since(value: str) -> str:
    return {"30d": _("In the last 30 days"), "1y": _("In the last year")}[value]


def _until(_value: str) -> str:
    return _("More than a year ago")
