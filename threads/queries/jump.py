"""Where a member may want to go: what they read lately, and what has a title that begins with what they type.

Titles only. Each kind is asked for by itself, so that many threads take no practice's place, and of each only so many
of the newest that match are looked at.
"""

from dataclasses import dataclass
from functools import cache as once
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from community.models import Member
from community.queries.members import members_visible_to
from community.queries.prepared import Prepared
from community.queries.spaces import spaces_visible_to
from threads.models import Practice, Product, ReadPosition, Thread
from threads.queries.archive import current, practices_visible_to
from threads.queries.findable import Findable
from threads.queries.fulltext import Wanted, full_text
from threads.queries.playbooks import playbooks_visible_to
from threads.queries.threads import threads_visible_to
from threads.rules.jumping import Typed, has_all, nearness

LATELY = 8
# The kinds that titles are looked for in, and how many are shown.
SHOWN = {"thread": 8, "practice": 4, "playbook": 4, "member": 4}
_SHOWN_OTHERS = 4
_MOST_MATCHES = 40
_MOST_READ = 40
_MOST_SPACES, _MOST_PRODUCTS = 1_000, 256


@dataclass(frozen=True)
class Landing:
    """Somewhere to go: its `kind`, its `title`, a few words `about` it, and where it is."""

    kind: str
    title: str
    about: str
    url: str


def _named(viewer: Member, ids: list[int]) -> "QuerySet[Any, Any]":
    return threads_visible_to(viewer).filter(pk__in=ids).values_list("pk", "title", "space__name")


def _practices(viewer: Member, ids: list[int]) -> "QuerySet[Any, Any]":
    seen = current(practices_visible_to(viewer)).filter(pk__in=ids)
    return seen.values_list("pk", "title", "confidence")


def _playbooks(viewer: Member, ids: list[int]) -> "QuerySet[Any, Any]":
    return playbooks_visible_to(viewer).filter(pk__in=ids).values_list("pk", "title", "space__name")


def _members(viewer: Member, ids: list[int]) -> "QuerySet[Any, Any]":
    seen = members_visible_to(viewer).filter(pk__in=ids)
    return seen.values_list("pk", "name", "organization__name", "handle")


_rows_of: dict[str, Prepared[Any]] = {
    "thread": Prepared(_named),
    "practice": Prepared(_practices),
    "playbook": Prepared(_playbooks),
    "member": Prepared(_members),
}


def _seen_of(viewer: Member, ids: list[int]) -> "QuerySet[Product]":
    """Those of these products of which the viewer sees a thread or a practice."""
    of_it = {"product": OuterRef("pk")}
    threads: QuerySet[Thread] = threads_visible_to(viewer).order_by().filter(**of_it)
    practices: QuerySet[Practice] = current(practices_visible_to(viewer)).order_by().filter(**of_it)
    return Product.objects.filter(Q(Exists(threads)) | Q(Exists(practices)), pk__in=ids).order_by()


_met: Prepared[Product] = Prepared(_seen_of)
_own_spaces: Prepared[Any] = Prepared(
    lambda viewer: spaces_visible_to(viewer).order_by("name").values_list("slug", "name")[:_MOST_SPACES]
)


def read_lately(viewer: Member) -> list[Landing]:
    """The threads that the viewer read last and may still see, the last one first."""
    positions = ReadPosition.objects.filter(member=viewer).order_by("-at", "-pk")
    return _landings(viewer, "thread", list(positions.values_list("thread_id", flat=True)[:_MOST_READ]))[:LATELY]


def jump(viewer: Member, typed: Typed) -> dict[str, list[Landing]]:
    """By kind what the viewer may see whose title has all that was typed, most likely first.

    Kinds without any are left out. The thread with the number that was typed comes before all others.
    """
    found: dict[str, list[Landing]] = {"space": _spaces(viewer, typed)}
    numbered = [typed.number] if typed.number is not None else []
    ids = _matching(viewer, typed)
    for kind, most in SHOWN.items():
        first = numbered if kind == "thread" else []
        found[kind] = _landings(viewer, kind, [*first, *(pk for pk in ids[kind] if pk not in first)][:most])
    found["product"] = _products(viewer, typed)
    return {kind: landings for kind, landings in found.items() if landings}


def _matching(viewer: Member, typed: Typed) -> dict[str, list[int]]:
    """By kind the ids of what has it all in the title; where nothing has, of what has the stem of its last word."""
    if not (typed.words or typed.beginning):
        return {kind: [] for kind in SHOWN}
    found = {kind: _titled(viewer, kind, typed, typed.begun) for kind in SHOWN}
    if typed.shortened and not any(found.values()):
        found = {kind: _titled(viewer, kind, typed, typed.shortened) for kind in SHOWN}
    return found


def _titled(viewer: Member, kind: str, typed: Typed, begun: tuple[str, ...]) -> list[int]:
    phrases = tuple((word,) for word in typed.words)
    kinds = Findable(viewer, (kind,), replies=False).kinds
    wanted = full_text().expression(Wanted(kinds, phrases, in_title=True, begun=begun))
    rows = _entries(kind)(viewer, wanted=wanted).rows
    likely = sorted(rows, key=lambda row: nearness(typed, row[1].split(" ")), reverse=True)
    return [pk for pk, _title in likely]


@once
def _entries(kind: str) -> Prepared[Any]:
    """The ids and titles' words of the newest that match."""

    def build(viewer: Member, wanted: str) -> "QuerySet[Any, Any]":
        entries = Findable(viewer, (kind,), replies=False).entries
        return full_text().matching(entries, wanted, in_title=True).values_list("subject_id", "title")[:_MOST_MATCHES]

    # How it is best answered depends on the words.
    return Prepared(build, planned_anew=True)


def _landings(viewer: Member, kind: str, ids: list[int]) -> list[Landing]:
    """These, in this order, as far as the viewer may see them; archived practices last."""
    rows = {row[0]: row for row in _rows_of[kind](viewer, ids=ids).things()}
    shown = [rows[pk] for pk in ids if pk in rows]
    if kind == "practice":
        shown.sort(key=lambda row: row[2] == Practice.Confidence.ARCHIVED)
    return [_landing(kind, *row) for row in shown]


def _landing(kind: str, pk: int, title: str, about: str, handle: str = "") -> Landing:
    if kind == "practice":
        about = str(Practice.Confidence(about).label)
    if kind == "member":
        return Landing(kind, title or f"@{handle}", f"@{handle} · {about}", reverse("member", args=[handle]))
    return Landing(kind, title, f"#{pk} · {about}" if kind == "thread" else about, reverse(kind, args=[pk]))


def _spaces(viewer: Member, typed: Typed) -> list[Landing]:
    named = _own_spaces(viewer).rows
    return [as_landing(slug, name) for slug, name in named if has_all(typed, name)][:_SHOWN_OTHERS]


def as_landing(slug: str, name: str) -> Landing:
    """A space."""
    return Landing("space", name, "", reverse("space", args=[slug]))


def _products(viewer: Member, typed: Typed) -> list[Landing]:
    """Only those of which the viewer sees something; they lead to a search for it."""
    named = [row for row in Product.objects.values_list("pk", "slug", "name") if has_all(typed, row[2])]
    met = set(_met(viewer, ids=[pk for pk, *_rest in named[:_MOST_PRODUCTS]]).column("id"))
    return [
        Landing("product", name, "", f"{reverse('search')}?{urlencode({'q': f'product:{slug}'})}")
        for pk, slug, name in named
        if pk in met
    ][:_SHOWN_OTHERS]
