"""A rule has two faces, a queryset and a predicate: over generated spaces and audiences they agree for everybody."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.events.reactors import describe, those_who_see
from community.models import Grant, Member, Space
from community.policies.spaces import may_see_space
from community.queries.members import members_visible_to
from community.queries.spaces import space_visible_to, spaces_visible_to
from community.rules import clock
from tests.cast import Cast
from threads.models import Attachment, Audience, Guest, Helper, Post, Practice, Thread, WorkingRecord
from threads.offers import thread_offers
from threads.policies import practices as practice_policies
from threads.policies import threads as thread_policies
from threads.policies.posts import may_see_attachment
from threads.policies.sight import Sight, spaces_as_things, threads_as_things, writable
from threads.queries.archive import PracticeFilter as Practices
from threads.queries.archive import browsed, facets, practices_visible_to, source_thread_of
from threads.queries.attachments import attachment_for
from threads.queries.audience import viewers_of
from threads.queries.live_records import standings
from threads.queries.posts import posts_visible_to
from threads.queries.rows import happening, listed_rows
from threads.queries.thread_page import thread_page_of
from threads.queries.threads import ThreadFilter, listed, threads_visible_to

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ORGANIZATIONS = ("acme", "brightline", "corax", "network")
PEOPLE = ("ada", "ben", "olga", "cleo", "zoe", "mo", "nia", "finn", "sam")


@dataclass(frozen=True)
class SpacePlan:
    """A space to make: to whom it is open, and who has which role there."""

    audience: str
    organizations: frozenset[str]
    members: frozenset[str]
    grants: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class ThreadPlan:
    """A thread to make: in which space, by whom, for whom; whether it is closed, and in the archive.

    The practice is for the whole network when it goes `beyond` its space. `guests` were let in, each only to read or
    not; `removed` helped and do not any more.
    """

    space: int
    author: str
    audience: str
    organizations: frozenset[str]
    status: str
    recorded: bool
    guests: frozenset[tuple[str, bool]]
    removed: frozenset[str]
    beyond: bool


def some(names: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(names), max_size=3)


roles = st.tuples(st.sampled_from(PEOPLE), st.sampled_from([Grant.Role.CURATOR, Grant.Role.MODERATOR]))
spaces = st.builds(
    SpacePlan,
    st.sampled_from(Space.Audience.values),
    some(ORGANIZATIONS),
    some(PEOPLE),
    st.frozensets(roles, max_size=2),
)
threads = st.builds(
    ThreadPlan,
    st.integers(0, 3),
    st.sampled_from(PEOPLE),
    st.sampled_from(Audience.values),
    some(ORGANIZATIONS),
    st.sampled_from(Thread.Status.values),
    st.booleans(),
    st.frozensets(st.tuples(st.sampled_from(PEOPLE), st.booleans()), max_size=3),
    some(PEOPLE),
    st.booleans(),
)
worlds = st.tuples(st.lists(spaces, min_size=4, max_size=4), st.lists(threads, min_size=1, max_size=8))
World = tuple[list[SpacePlan], list[ThreadPlan]]
generated = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@contextmanager
def world(cast: Cast, plan: World) -> Iterator[None]:
    """The spaces and threads of a plan, gone again at the end."""
    with transaction.atomic():
        made = [make_space(cast, number, space) for number, space in enumerate(plan[0])]
        for thread in plan[1]:
            make_thread(cast, made[thread.space], thread)
        yield
        transaction.set_rollback(True)


def make_space(cast: Cast, number: int, plan: SpacePlan) -> Space:
    space = Space.objects.create(slug=f"space-{number}", name=f"Space {number}", audience=plan.audience)
    space.organizations.set([cast.organizations[slug] for slug in plan.organizations])
    space.members.set([cast.people[name] for name in plan.members])
    for name, role in plan.grants:
        Grant.objects.create(member=cast.people[name], role=role, space=space)
    return space


def make_thread(cast: Cast, space: Space, plan: ThreadPlan) -> None:
    author = cast.people[plan.author]
    audience = Audience.ORGANIZATION if plan.audience == Audience.CENTER and author.center is None else plan.audience
    facts = {"space": space, "organization": author.organization, "center": author.center, "audience": audience}
    named = [cast.organizations[slug] for slug in plan.organizations]
    thread = Thread.objects.create(title="A problem", author=author, last_number=1, status=plan.status, **facts)
    WorkingRecord.objects.create(thread=thread)
    practice = Practice.objects.create(
        title="A practice", problem="It fails.", resolution="Mend it.", recorded_by=author,
        thread=thread if plan.recorded else None, **facts | ({"audience": "network"} if plan.beyond else {}),
    )  # fmt: skip
    for thing in (thread, practice):
        thing.audience_organizations.set(named)
    for name, reads_only in dict(plan.guests).items():
        guest = {"thread": thread, "member": cast.people[name], "invited_by": author}
        Guest.objects.create(**guest, until=clock.now())
        Guest.objects.create(**guest, reads_only=reads_only)
    for name in plan.removed:
        helper = {"thread": thread, "member": cast.people[name], "until": clock.now()}
        Helper.objects.create(**helper, ended_by=author, removed=True)
    Post.objects.create(thread=thread, number=1, author=author, organization=author.organization, body="x", html="x")
    for owner in (thread, None):
        Attachment.objects.create(uploader=author, thread=owner, file="x", name="x", content_type="text/plain", size=1)


@generated
@given(worlds)
def test_spaces_agree(cast: Cast, plan: World) -> None:
    with world(cast, plan):
        for who in cast.people.values():
            allowed = {space.slug for space in Space.objects.all() if may_see_space(who, space)}
            assert {space.slug for space in spaces_visible_to(who)} == allowed
            slugs = Space.objects.values_list("slug", flat=True)
            assert {slug for slug in slugs if space_visible_to(who, slug)} == allowed


@generated
@given(worlds)
def test_threads_posts_and_attachments_agree(cast: Cast, plan: World) -> None:
    with world(cast, plan):
        things = list(Thread.objects.select_related("space"))
        files = list(Attachment.objects.select_related("thread__space"))
        for who in cast.people.values():
            allowed = {thread.pk for thread in things if thread_policies.may_see(who, thread)}
            assert set(threads_visible_to(who).values_list("pk", flat=True)) == allowed
            assert {thread.pk for thread in listed(who, ThreadFilter()).threads} == allowed
            assert {row.pk for row in listed_rows(who, ThreadFilter()).rows} == allowed
            assert {thread.pk for thread in happening(who).things()} == allowed
            assert {thread.pk for thread in things if thread_page_of(who, thread.pk)} == allowed
            assert set(posts_visible_to(who).values_list("thread_id", flat=True)) == allowed
            held = {file.pk for file in files if may_see_attachment(who, file)}
            assert {file.pk for file in files if attachment_for(who, file.pk)} == held
            names = {f"thread:{thread.pk}" for thread in things}
            assert set(describe(who, names)) == {f"thread:{pk}" for pk in allowed}


@generated
@given(worlds)
def test_practices_agree(cast: Cast, plan: World) -> None:
    with world(cast, plan):
        things = list(Practice.objects.select_related("space", "thread__space"))
        for who in cast.people.values():
            allowed = {practice.pk for practice in things if practice_policies.may_see(who, practice)}
            assert set(practices_visible_to(who).values_list("pk", flat=True)) == allowed
            assert {practice.pk for practice in browsed(who, Practices()).practices} == allowed
            assert sum(facet.count for facet in facets(who)["confidence"]) == len(allowed)
            assert {practice.pk for practice in things if who in viewers_of(practice, Member.objects.all())} == allowed
            for practice in things:
                seen = practice.thread is not None and thread_policies.may_see(who, practice.thread)
                assert bool(source_thread_of(who, practice)) == seen


@generated
@given(worlds)
def test_those_who_may_be_told_are_those_who_may_see(cast: Cast, plan: World) -> None:
    with world(cast, plan):
        for thread in Thread.objects.select_related("space"):
            allowed = {who.pk for who in cast.people.values() if thread_policies.may_see(who, thread)}
            assert set(viewers_of(thread, Member.objects.all()).values_list("pk", flat=True)) == allowed
            assert those_who_see(f"thread:{thread.pk}", [who.pk for who in cast.people.values()]) == allowed


@generated
@given(worlds)
def test_asked_for_many_at_once_the_answers_are_the_same(cast: Cast, plan: World) -> None:
    with world(cast, plan):
        things = list(Thread.objects.select_related("space"))
        asked = threads_as_things([thread.pk for thread in things])
        sight = Sight([who.pk for who in cast.people.values()], asked.values())
        slugs = spaces_as_things(list(Space.objects.values_list("slug", flat=True)))
        spaces_sight = Sight([who.pk for who in cast.people.values()], slugs.values())
        for who in cast.people.values():
            allowed = {thread.pk for thread in things if thread_policies.may_see(who, thread)}
            assert {pk for pk, thing in asked.items() if sight.sees(who.pk, thing)} == allowed
            seen = {slug for slug, thing in slugs.items() if spaces_sight.sees(who.pk, thing)}
            assert seen == {space.slug for space in Space.objects.all() if may_see_space(who, space)}


@generated
@given(worlds)
def test_who_may_write_a_record_is_the_same_however_it_is_asked(cast: Cast, plan: World) -> None:
    with world(cast, plan):
        things = list(Thread.objects.select_related("space"))
        ids = [thread.pk for thread in things]
        asked, open_ones, stand = threads_as_things(ids), writable(ids), standings(ids)
        sight = Sight([who.pk for who in cast.people.values()], asked.values())
        assert {pk for pk, standing in stand.items() if standing.writable} == open_ones
        for who in cast.people.values():
            allowed = {thread.pk for thread in things if thread_policies.may_write_record(who, thread)}
            assert {pk for pk in open_ones if sight.writes_record(who.pk, asked[pk])} == allowed
            pages = [page for pk in ids if (page := thread_page_of(who, pk))]
            offered = {
                page.thread.pk
                for page in pages
                if "edit_record" in thread_offers(who, page.thread, page.part.rights, recorded=page.recorded)
            }
            assert offered == allowed


def test_everybody_active_sees_everybody_and_the_suspended_nobody(cast: Cast) -> None:
    for who in cast.people.values():
        assert members_visible_to(who).count() == (len(cast.people) if who.is_active else 0)
