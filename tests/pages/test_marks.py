"""What is kept by marks is what anybody would read anew: after any change, by whoever, in whatever process."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from inspect import signature

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from community.actions.marks import put_up, take_down
from community.facts.marks import MARKS, NAMES, SIGHT, WATCHED
from community.models import Mark, Member
from community.queries import frame, marks, sessions
from community.queries.marks import present, reliable, wanted
from community.queries.prepared import Prepared
from reputation.models import Vote
from tests.cast import Cast, make_cast
from tests.pages.stories import SignIn, Story, signed_in, told
from tests.pages.test_shared import CHANGES, HANDLES, Scene, forget, offered, shown
from threads.actions.ownership import hand_over
from threads.actions.relations import relate
from threads.actions.threads import open_thread
from threads.models import Post, Relation, Thread
from threads.queries import labels, thread_facts, thread_page, thread_part, windows

pytestmark = pytest.mark.both_databases

Counted = Callable[[int], AbstractContextManager[object]]
_TABLE = re.compile(r'(?:FROM|JOIN) "(\w+)"(?: (\w+))?')
_NOT_SHOWN = {"id", "author_id"}
_NOT_CHANGED = {"id", "last_login"}
_THREADS = ("+ 2", "+ 3")
_VIEWERS = (str(NAMES), str(SIGHT))
_READ_EACH_TIME = {"threads_readposition", "community_stream", "community_inboxitem"}


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    forget()
    marks._seen.clear()
    yield
    forget()
    marks._seen.clear()


def statements() -> list[str]:
    """The text of every query whose answer is kept by marks of what all see, as it is for whoever sees everything."""
    asked = [each for each in vars(thread_facts).values() if isinstance(each, Prepared)]
    asked += [windows._problem_of, windows._notes_under, windows._solving, windows._from(windows.WINDOW + 2)]
    return [plan.sql for each in asked for shape, plan in each._plans.items() if plan and _sees_all(shape)]


def _sees_all(shape: object) -> bool:
    """Of a query that looks at its viewer (the first three of its shape): a superuser's."""
    return isinstance(shape, tuple) and (not isinstance(shape[0], bool) or shape[1] is True)


def statements_for_a_viewer() -> Iterator[tuple[str, tuple[str, ...]]]:
    """The text of every query whose answer is kept for its viewer, and the ends of the marks by which it is."""
    known = [frame._standing_of, frame._spaces_of, sessions._member]
    known += [seen._among for seen in (labels.seen_threads, labels.seen_posts, labels.seen_practices)]
    for each, by in [*((one, _VIEWERS) for one in known), (thread_part.mine_of, (*_VIEWERS, *_THREADS))]:
        yield from ((plan.sql, by) for plan in each._plans.values() if plan)


def watched(text: str, by: tuple[str, ...]) -> Iterator[tuple[str, set[str], set[str]]]:
    """Each table of a query, the columns asked of it, and those that raise one of these marks, none for all."""
    tables = {alias or table: table for table, alias in _TABLE.findall(text) if alias != "AS"}
    for alias, table in tables.items():
        if table in _READ_EACH_TIME:
            continue
        found = [each for each in WATCHED if each.table == table and any(one.endswith(by) for one in each.marks)]
        assert {"update", "delete"} <= {event for each in found for event in each.when}, (table, text)
        whole = any(not each.columns for each in found)
        raising = set[str]() if whole else {column for each in found for column in each.columns}
        yield table, set(re.findall(rf'"?\b{alias}"?\."(\w+)"', text)), raising


def test_everything_that_is_kept_is_made_of_what_raises_marks(cast: Cast, story: Story) -> None:
    """Every table, and of a table that is watched by some columns every column that is asked."""
    boss = Member.objects.get(pk=cast.nia.pk)
    boss.is_superuser = True
    open_one = open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Open", body="x")
    for thread in (story.thread, open_one):
        for each in vars(thread_facts).values():
            if isinstance(each, Prepared):
                taken = signature(each._build).parameters.keys()
                given = {"pk": thread.pk, "thread": thread.pk, "first": 0, "last": 9}
                each(boss if "viewer" in taken else None, **{name: given[name] for name in given.keys() & taken})
        thread_page.thread_page_of(boss, thread.pk)
    texts = statements()
    assert len(texts) >= 10
    for text in texts:
        for table, columns, raising in watched(text, (str(NAMES), *_THREADS)):
            assert not raising or columns - _NOT_SHOWN <= raising, (table, columns)


def test_what_is_kept_for_a_viewer_is_made_of_what_raises_their_marks(cast: Cast, story: Story) -> None:
    """Besides how far they have read, what they have not read, and their stream: that is read each time."""
    for handle in ("zoe", "ada", "nia"):
        viewer = Member.objects.get(pk=cast.people[handle].pk)
        thread_page.thread_page_of(viewer, story.thread.pk)
        frame.frame_of(viewer)
        sessions._member(pk=viewer.pk)
        labels.seen_threads(viewer, [story.thread.pk])
        labels.seen_posts(viewer, [story.reply.pk])
        labels.seen_practices(viewer, [story.practice.pk])
    texts = list(statements_for_a_viewer())
    assert len(texts) >= 9
    for text, by in texts:
        for table, columns, raising in watched(text, by):
            assert not raising or columns - _NOT_CHANGED <= raising, (table, columns - raising)


def test_all_triggers_are_there(db: None) -> None:
    assert present(connection).keys() == wanted(connection.vendor).keys()


def kept_by(client: Client, story: Story, counted: Counted) -> None:
    """Nothing of the thread's page is read again: only whether all is still so."""
    address = story.thread.get_absolute_url()
    client.get(address)
    client.get(address)
    with counted(2):  # the practice of the thread as well, which is read through the viewer
        client.get(address)


@pytest.mark.django_db(transaction=True)
def test_after_every_change_the_next_page_is_what_another_process_shows(
    django_assert_num_queries: Counted,
) -> None:
    """Committed changes, one after another; what a process shows that has kept nothing is what it reads."""
    cast = make_cast()
    story = told(cast)
    clients = {handle: signed_in(cast.people[handle]) for handle in HANDLES}
    pages = [story.thread.get_absolute_url(), f"{story.thread.get_absolute_url()}?from=last"]
    kept_by(clients["zoe"], story, django_assert_num_queries)
    changed = set()
    for name, change in CHANGES.items():
        before = {(handle, page): shown(clients[handle], page) for handle in HANDLES for page in pages}
        change(Scene(cast, story))
        after = {(handle, page): shown(clients[handle], page) for handle, page in before}
        forget()
        assert after == {(handle, page): shown(clients[handle], page) for handle, page in before}, name
        changed |= {name} if after != before else set()
    assert len(changed) > len(CHANGES) * 2 / 3


def test_a_change_that_was_undone_leaves_nothing_behind(cast: Cast, story: Story, sign_in: SignIn) -> None:
    """What was read within it is known by marks that never come again."""
    client, address = sign_in(cast.zoe), story.thread.get_absolute_url()
    before = shown(client, address)
    for title in ("Never was", "Nor was this"):
        with transaction.atomic():
            Thread.objects.filter(pk=story.thread.pk).update(title=title)
            assert title in shown(client, address)
            transaction.set_rollback(True)
        assert shown(client, address) == before


def test_a_vote_behind_the_pages_back_is_seen(cast: Cast, story: Story, sign_in: SignIn) -> None:
    """And it is the voter's only."""
    zoe, finn, address = sign_in(cast.zoe), sign_in(cast.finn), story.thread.get_absolute_url()
    for client in (zoe, finn):
        shown(client, address)
    Vote.objects.create(voter=cast.zoe, post_id=story.reply.pk, receiver=cast.ben)
    assert offered(shown(zoe, address))[str(story.reply.pk)]["voted"] is True
    assert offered(shown(finn, address))[str(story.reply.pk)]["voted"] is False
    Vote.objects.filter(voter=cast.zoe).delete()
    assert offered(shown(zoe, address))[str(story.reply.pk)]["voted"] is False


def test_a_linked_thread_is_shown_to_whom_it_is_for_whoever_looked_first(
    cast: Cast, story: Story, sign_in: SignIn
) -> None:
    other = open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Alike", body="x", audience="organization")
    relate(by=cast.ada, thread=story.thread, other=other, kind="related")
    address = story.thread.get_absolute_url()
    for _again in range(2):
        assert "Alike" in shown(sign_in(cast.olga), address)
        assert "Alike" not in shown(sign_in(cast.zoe), address)
    Relation.objects.all().delete()
    assert "Alike" not in shown(sign_in(cast.olga), address)


def test_what_was_told_at_a_hand_over_is_for_whom_it_is_offered(cast: Cast, sign_in: SignIn) -> None:
    """Who may take it over sees that it is offered to them, whoever looked first."""
    thread = open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Mine", body="x")
    Thread.objects.filter(pk=thread.pk).update(owner=cast.ada)
    pages = {handle: sign_in(cast.people[handle]) for handle in ("zoe", "finn", "ben")}
    address = thread.get_absolute_url()
    for client in pages.values():
        shown(client, address)
    hand_over(by=cast.ada, thread=thread, to=cast.ben, summary="What I tried, and what comes next.")
    after = {handle: shown(client, address) for handle, client in pages.items()}
    for handle, client in pages.items():
        forget()
        assert after[handle] == shown(client, address)


def test_without_all_triggers_everything_is_read_each_time(cast: Cast, story: Story, sign_in: SignIn) -> None:
    client, address = sign_in(cast.zoe), story.thread.get_absolute_url()
    take_down(connection)
    marks._seen.clear()
    assert not reliable(connection)
    shown(client, address)
    Post.objects.filter(pk=story.reply.pk).update(html="<p>Behind its back.</p>")
    assert "Behind its back." in shown(client, address)
    before = set(Mark.objects.values_list("stamp", flat=True))
    put_up(connection)
    assert present(connection).keys() == wanted(connection.vendor).keys()
    assert not before & set(Mark.objects.values_list("stamp", flat=True))
    assert Mark.objects.filter(pk=0).exists()


def test_a_trigger_of_another_text_is_replaced(db: None) -> None:
    one = next(iter(present(connection)))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER {one}")
        else:
            cursor.execute(f"ALTER TABLE {present(connection)[one]} DISABLE TRIGGER {one}")
    marks._seen.clear()
    assert present(connection).keys() != wanted(connection.vendor).keys()
    assert not reliable(connection)


def test_migrating_again_changes_nothing(cast: Cast, story: Story) -> None:
    before = set(Mark.objects.values_list("pk", "stamp"))
    call_command("migrate", verbosity=0)
    assert set(Mark.objects.values_list("pk", "stamp")) == before
    assert {MARKS} == {Mark._meta.db_table}
