"""One table of what a reader may not see, over every door of the site and the API.

A practice of Acme's own says a rare word in each of its texts and in all that was said, suggested and decided of it.
Whoever may not see it finds the word behind no address, finds its own addresses as empty as those of nothing, and
finds every list as it was before it was made. An address that is new is asked as well: it fails here until somebody
says what its numbers name.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern

from community.actions.members import suspend
from community.actions.tokens import create_token
from community.models import Event, Grant, InboxItem, Member
from community.rules import clock
from community.urls import page_urls, public_urls
from tests.cast import Cast
from tests.pages.publishing import address as public_address
from tests.pages.publishing import public
from tests.pages.stories import signed_in
from tests.threads.curating import recorded
from threads.actions.deciding import decide_review
from threads.actions.duplicates import propose_pair
from threads.actions.guests import let_in
from threads.actions.merging import merge_practices
from threads.actions.posts import post_reply
from threads.actions.practices import record_practice
from threads.actions.resolution import resolve
from threads.actions.reuse import use_practice
from threads.actions.reviews import comment_on_review, start_review
from threads.actions.sampling import draw_sample
from threads.actions.suggestions import suggest_edit
from threads.actions.threads import open_thread
from threads.actions.verdicts import say_verdict
from threads.models import Practice, Thread
from threads.queries.desk import QUEUES
from threads.queries.guests import preview_for
from threads.queries.public_pages import PER_SITEMAP

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

WORD = "xylographer"  # told by every text of the practice
LURE = "zymurgical"  # stands beside it, for searching: what is searched for is said again
TAG = "balneology"

# What the number in an address names, by how the address begins.
NOUNS = {
    "practices/": "Practice", "threads/": "Thread", "posts/": "Post", "suggestions/": "Suggestion",
    "desk/reviews/": "Review", "reviews/": "Review", "desk/comments/": "ReviewComment", "desk/pairs/": "DuplicatePair",
    "desk/samples/items/": "Sample", "desk/samples/": "SamplingRound", "samples/": "Sample",
    "desk/terms/": "CuratorTerm", "requests/": "HelpRequest", "hand-overs/": "HandOver", "meetings/": "Meeting",
    "certificates/": "Certificate", "bulletins/": "Bulletin", "playbooks/": "Playbook", "runs/": "Run",
    "profile/": "Certificate", "public/sitemap-": "Practice", "search/saved/": "SavedSearch",
    "mentorings/": "Mentoring",
    "thanks/": "Kudos", "people/me/evaluations/": "Evaluation", "evaluations/reviews/": "NoteAnswer",
    "note-reviews/": "NoteAnswer",
    "moderation/patterns/": "Flag", "patterns/": "Flag",
}  # fmt: skip
NAMES = {
    "slug:space": ["lobby", "alliance"], "slug:slug": ["lobby", "alliance"], "slug": ["lobby", "alliance"],
    "handle": ["ada", "ben", "olga"], "slug:handle": ["ada", "ben", "olga"], "str:handle": ["ada", "ben", "olga"],
}  # fmt: skip
SLUGS = {"public/practices/": "Practice", "public/products/": "Product", "public/tags/": "Tag"}
LISTS = [
    "public/", f"public/?q={LURE}", "public/feed.xml", "public/sitemap.xml", "archive/coverage/",
    "playbooks/", f"playbooks/?q={LURE}", "archive/subscriptions/", "bulletins/", "search/saved/",
    "api/v1/coverage", "api/v1/playbooks", "api/v1/subscriptions", "api/v1/bulletins", "api/v1/saved-searches",
    "archive/", "archive/?sort=latest", f"archive/?tag={TAG}", f"archive/?q={LURE}", f"search/?q={LURE}",
    f"search/?q={LURE}&kind=practice", "desk/", *(f"desk/?queue={name}" for name in QUEUES), "adoption/",
    "desk/samples/", f"practices/suggestions/?q={LURE}",
    "api/v1/practices", f"api/v1/practices?tag={TAG}", f"api/v1/practices?q={LURE}", f"api/v1/search?q={LURE}",
    f"api/v1/similar?text={LURE}", *(f"api/v1/desk?queue={name}" for name in QUEUES), "api/v1/desk/samples",
    "api/v1/pairs",
]  # fmt: skip
SHOWN = {
    "practices/{}/", "practices/{}/history/", "practices/{}/verdicts/", "archive/", f"search/?q={LURE}", "desk/",
    "api/v1/practices", "api/v1/practices/{}", "api/v1/practices/{}/verdicts", "api/v1/practices/{}/versions",
    f"api/v1/similar?text={LURE}", "api/v1/desk?queue=challenged",
}  # fmt: skip
READERS = ("another organization's", "a guest", "signed out", "no member any more")


class Reader:
    """Somebody at the pages, and with a token at the API."""

    def __init__(self, member: Member | None) -> None:
        self.pages = Client() if member is None else signed_in(member)
        token = create_token(by=member, member=member, name="test") if member else ""
        self.headers = {"Authorization": f"Bearer {token}"} if member else {}

    def reads(self, path: str) -> tuple[int, str]:
        """What is answered, without what differs each time."""
        headers = self.headers if path.startswith("api/") else {}
        answer = self.pages.get(f"/{path}", headers=headers)
        if answer.streaming:
            return answer.status_code, b"".join(answer.streaming_content).decode(errors="replace")  # type: ignore[attr-defined]
        return answer.status_code, _settled(answer.content.decode(errors="replace"))


def _settled(text: str) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value|nonce|datetime|data-seq|data-csrf)="[^"]*"', "", text)


def hidden(cast: Cast, visible: Practice) -> Practice:
    """A practice of Acme's own in the lobby, and all that can be done with one."""
    said = f"{WORD} {LURE}"
    Grant.objects.create(member=cast.olga, role=Grant.Role.CURATOR, space=cast.spaces["lobby"])
    thread = open_thread(
        by=cast.ada, space=cast.spaces["lobby"], title=f"Relay {said}", body=said, audience="organization", tags=[TAG]
    )
    practice = _recorded(cast, thread, said)
    merged = recorded(cast, f"Other {said}", by=cast.ada, audience="organization", resolution=said)
    merge_practices(by=cast.olga, source=merged, target=visible, reason=said, version=visible.version)
    review = start_review(by=cast.olga, practice=practice)
    comment_on_review(by=cast.olga, review=review, body=said, field="resolution", line=1, quote=said)
    decide_review(by=cast.olga, review=review, outcome="changes_asked", version=1, reason=said)
    say_verdict(by=cast.ben, practice=practice, kind="failed", note=said, environment=said)
    suggest_edit(by=cast.ben, practice=practice, base_version=1, fields={"cause": f"{said} again"}, reason=said)
    propose_pair(by=cast.ada, practice=practice, other=visible)
    since = clock.now() - timedelta(days=1)
    draw_sample(by=cast.olga, space=cast.spaces["lobby"], size=9, since=since, kind="practices")
    for used_in in Thread.objects.filter(title__startswith="Used in"):
        use_practice(by=cast.ada, thread=used_in, practice=practice)
    Practice.objects.filter(pk=practice.pk).update(slug=f"once-{practice.pk}")
    return Practice.objects.get(pk=practice.pk)


def _recorded(cast: Cast, thread: Thread, said: str) -> Practice:
    fields = dict.fromkeys(("problem", "environment", "cause", "resolution"), said)
    resolve(by=cast.ada, thread=thread, summary=said, record=fields)
    return record_practice(by=cast.ada, thread=thread)


def world(cast: Cast) -> Practice:
    """A practice that all members see and one that strangers read, a thread that members see, with Zoe in it, and one
    that Finn is let into."""
    visible = recorded(cast)
    public(cast)
    lobby = cast.spaces["lobby"]
    shared = open_thread(by=cast.ada, space=lobby, title="Used in the open", body="Mail waits.")
    post_reply(by=cast.zoe, thread=shared, body="Here too.")
    own = open_thread(by=cast.ada, space=lobby, title="Used in Acme", body="Mail waits.", audience="organization")
    let_in(by=cast.ada, thread=own, member=cast.finn, preview=preview_for(own, cast.finn).digest)
    return visible


def reader(cast: Cast, who: str) -> Reader:
    members: dict[str, Callable[[], Member | None]] = {
        "another organization's": lambda: cast.zoe, "a guest": lambda: cast.finn, "signed out": lambda: None,
        "no member any more": lambda: cast.ben,
    }  # fmt: skip
    return Reader(members[who]())


def numbers_of(route: str) -> list[object]:
    """Every key of what the first number in an address names; there are few of each here."""
    begins = max((begin for begin in NOUNS if route.startswith(begin)), key=len, default=None)
    assert begins is not None, f"say in NOUNS what the number in {route} names"
    found = [model for model in apps.get_models() if model.__name__ == NOUNS[begins]]
    keys = [row.pk for model in found for row in model._default_manager.all()]
    return sorted({key // PER_SITEMAP for key in keys}) if route.startswith("public/sitemap-") else keys


def slugs_of(route: str) -> list[object]:
    """Every name of what the name in an address for strangers names."""
    (begins,) = (begin for begin in SLUGS if route.startswith(begin))
    found = [model for model in apps.get_models() if model.__name__ == SLUGS[begins]]
    rows = [model._default_manager.exclude(slug=None).values_list("slug", flat=True) for model in found]
    return [slug for slugs in rows for slug in slugs]


def filled(route: str) -> Iterator[str]:
    """An address with everything there is in the places of its parts."""
    part = re.search(r"<(?:(\w+):)?(\w+)>|{(\w+)}", route)
    if part is None:
        yield route
        return
    name = part[2] or part[3]
    kind = part[1] or ("int" if name in {"id", "pk", "number", "practice"} else "str")
    values: list[object] = NAMES.get(f"{kind}:{name}", NAMES.get(name, []))  # type: ignore[assignment]
    if kind == "int":
        values = numbers_of(route) if "<int" in route[: part.end()] or "{id}" in part[0] else [1, 2]
    elif route.startswith("public/"):
        values = slugs_of(route)
    for value in values:
        yield from filled(route.replace(part[0], str(value), 1))


def doors() -> Iterator[str]:
    """Every address there is, of pages for members and for strangers, and of the API."""
    from community.urls import api

    for pattern in [*page_urls, *public_urls]:
        assert isinstance(pattern, URLPattern)
        yield from filled(str(pattern.pattern))
    for path, methods in api.get_openapi_schema()["paths"].items():
        if "get" in methods:
            yield from (f"api/v1/{each}" for each in filled(path.removeprefix("/api/v1/")))
    yield from LISTS


def test_strangers_are_asked_about_as_well(cast: Cast) -> None:
    """Every address of theirs is among the doors, of what they may read and of what was public once."""
    practice = hidden(cast, world(cast))
    asked = set(doors())
    shown = Practice.objects.get(audience="public")
    said = Reader(None).reads(public_address(shown).removeprefix("/"))[1]
    assert shown.title in said
    assert Reader(None).reads(f"public/practices/{practice.slug}/")[0] == 410
    for at in (public_address(shown), public_address(practice), "/public/tags/c++/", f"/public/tags/{TAG}/"):
        assert at.removeprefix("/") in asked, at
    for pattern in public_urls:
        assert any(re.fullmatch(str(pattern.pattern.regex.pattern).replace(r"\Z", ""), at) for at in asked), pattern


@pytest.mark.parametrize("who", READERS)
def test_it_is_behind_no_door(cast: Cast, who: str) -> None:
    visible = world(cast)
    somebody = reader(cast, who)
    practice = hidden(cast, visible)
    if who == "no member any more":
        suspend(by=cast.nia, member=cast.ben)
    address, told = practice.get_absolute_url(), []
    for door in dict.fromkeys(doors()):
        _status, text = somebody.reads(door)
        if (
            WORD in text
            or (TAG in text and TAG not in door)
            or (address in text and not f"/{door}".startswith(address))
        ):
            told.append(door)
    assert told == []


@pytest.mark.parametrize("who", READERS[:3])
def test_its_own_doors_are_as_those_of_nothing(cast: Cast, who: str) -> None:
    practice = hidden(cast, world(cast))
    somebody, nothing = reader(cast, who), practice.pk + 1_000_000
    for route in [str(pattern.pattern) for pattern in page_urls] + ["api/v1/practices/{id}"]:
        if re.match(r"(api/v1/)?practices/(<int:pk>|{id})", route):
            there, not_there = (
                somebody.reads(re.sub(r"<int:pk>|{id}", str(number), route)) for number in (practice.pk, nothing)
            )
            assert there[0] in {302, 401, 404, 405}, route
            assert there[0] == not_there[0], route
            texts = [re.sub(r"/(practices|login)/[^\"]*", "", text) for _status, text in (there, not_there)]
            assert texts[0] == texts[1], route


@pytest.mark.parametrize("who", READERS[:3])
def test_every_list_is_as_it_was_before(cast: Cast, who: str) -> None:
    """Not a count, not a facet, not a place in an order."""
    visible = world(cast)
    somebody = reader(cast, who)
    before = {door: somebody.reads(door) for door in LISTS}
    hidden(cast, visible)
    changed = [door for door in LISTS if somebody.reads(door) != before[door]]
    assert changed == []


def test_nobody_is_told_who_does_not_see_it(cast: Cast) -> None:
    practice = hidden(cast, world(cast))
    told = InboxItem.objects.filter(member__in=[cast.zoe, cast.finn, cast.cleo], subject=f"practice:{practice.pk}")
    assert not told.exists()
    seen = Thread.objects.filter(title__startswith="Used in").values("pk")
    events = Event.objects.filter(stream__kind=1, stream__subject_id__in=seen)
    replayed = json.dumps([[row.kind, row.data, row.html] for row in events], default=str)
    assert WORD not in replayed
    assert f"/practices/{practice.pk}/" not in replayed


def test_who_sees_it_is_told_by_all_that_tell(cast: Cast) -> None:
    """Or the tests above would find nothing whatever happened."""
    practice = hidden(cast, world(cast))
    somebody = Reader(cast.olga)
    silent = [door for door in SHOWN if WORD not in somebody.reads(door.format(practice.pk))[1]]
    assert silent == []


def test_narrowed_afterwards_it_is_gone(cast: Cast) -> None:
    visible = world(cast)
    practice = hidden(cast, visible)
    Practice.objects.filter(pk=practice.pk).update(audience="space")
    zoe = Reader(cast.zoe)
    assert WORD in zoe.reads(f"practices/{practice.pk}/")[1]
    say_verdict(by=cast.zoe, practice=practice, kind="worked", note=f"With {WORD} it did.")
    Practice.objects.filter(pk=practice.pk).update(audience="organization")
    told = [door for door in dict.fromkeys(doors()) if WORD in zoe.reads(door)[1]]
    assert told == []
