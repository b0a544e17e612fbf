"""Who may do what: one table for each place, one line for each question, one column for each member of the cast.

The questions are all predicates of the policies; a new one that is in no table fails a test here.
"""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest

from community.models import Member, Space
from community.policies import members as member_policies
from community.policies import network as network_policies
from community.policies import spaces as space_policies
from tests.cast import Cast
from threads.actions.attachments import upload
from threads.actions.ownership import take
from threads.actions.posts import delete_post, post_reply
from threads.actions.practices import record_practice
from threads.actions.resolution import resolve
from threads.actions.threads import edit_thread, open_thread
from threads.models import Attachment, Post, Practice, Thread
from threads.policies import governance as governance_policies
from threads.policies import posts as post_policies
from threads.policies import practices as practice_policies
from threads.policies import threads as thread_policies

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

COLUMNS = ("ada", "ben", "olga", "cleo", "zoe", "mo", "nia", "finn", "sam")


@dataclass
class Place:
    """A thread that Ada asked, with everything that can be asked about.

    Its answerer took it, replied twice, deleted the second reply, attached a file to the first, holds another file
    back, and recorded the practice; Ada put a note under the first reply and marked it as the solution.
    """

    thread: Thread
    problem: Post
    reply: Post
    note: Post
    deleted: Post
    attachment: Attachment
    unposted: Attachment
    practice: Practice


def make_place(
    cast: Cast,
    space: str,
    answerer: str = "ben",
    audience: str = "space",
    named: tuple[str, ...] = (),
    status: str = "",
) -> Place:
    ada, other = cast.ada, getattr(cast, answerer)
    organizations = [cast.organizations[slug] for slug in named]
    thread = open_thread(
        by=ada, space=cast.spaces[space], title="Mail is slow", body="Since Sunday.", audience=audience,
        organizations=organizations,
    )  # fmt: skip
    take(by=other, thread=thread)
    files = [upload(by=other, file=BytesIO(b"a log"), name="a.log") for _ in range(2)]
    reply = post_reply(by=other, thread=thread, body="Raise the log level.", attachments=files[:1])
    note = post_reply(by=ada, thread=thread, body="Done.", parent=reply)
    deleted = delete_post(by=other, post=post_reply(by=other, thread=thread, body="Sorry, wrong thread."))
    resolve(by=ada, thread=thread, posts=[reply])
    fields = {"problem": "Slow mail.", "resolution": "Raise it."}
    practice = record_practice(by=other, thread=thread, fields=fields)
    if status:
        edit_thread(by=cast.nia, thread=thread, status=status)
    posts = Post.objects.select_related("thread__space").in_bulk([reply.pk, note.pk, deleted.pk])
    thread = posts[reply.pk].thread
    return Place(
        thread=thread,
        problem=thread.posts.get(number=1),
        reply=posts[reply.pk],
        note=posts[note.pk],
        deleted=posts[deleted.pk],
        attachment=Attachment.objects.get(pk=files[0].pk),
        unposted=Attachment.objects.get(pk=files[1].pk),
        practice=Practice.objects.get(pk=practice.pk),
    )


Question = Callable[[Member, Place], bool]

QUESTIONS: dict[str, Question] = {
    "see the thread": lambda who, at: thread_policies.may_see(who, at.thread),
    "post in its space": lambda who, at: thread_policies.may_post(who, at.thread.space),
    "reply": lambda who, at: thread_policies.may_reply(who, at.thread),
    "edit the thread": lambda who, at: thread_policies.may_edit(who, at.thread),
    "resolve": lambda who, at: thread_policies.may_resolve(who, at.thread),
    "reopen": lambda who, at: thread_policies.may_reopen(who, at.thread),
    "close": lambda who, at: thread_policies.may_close(who, at.thread),
    "own": lambda who, at: thread_policies.may_own(who, at.thread),
    "write the record": lambda who, at: thread_policies.may_write_record(who, at.thread, recorded=False),
    "write what is recorded": lambda who, at: thread_policies.may_write_record(who, at.thread),
    "edit the problem": lambda who, at: post_policies.may_edit(who, at.problem),
    "delete the problem": lambda who, at: post_policies.may_delete(who, at.problem),
    "edit the reply": lambda who, at: post_policies.may_edit(who, at.reply),
    "delete the reply": lambda who, at: post_policies.may_delete(who, at.reply),
    "delete the note": lambda who, at: post_policies.may_delete(who, at.note),
    "vote for the reply": lambda who, at: post_policies.may_vote(who, at.reply),
    "vote for a deleted one": lambda who, at: post_policies.may_vote(who, at.deleted),
    "add a note": lambda who, at: post_policies.may_add_note(who, at.reply),
    "add a note to a note": lambda who, at: post_policies.may_add_note(who, at.note),
    "restore the deleted": lambda who, at: post_policies.may_restore(who, at.deleted),
    "restore what stands": lambda who, at: post_policies.may_restore(who, at.reply),
    "read the deleted": lambda who, at: post_policies.may_see_text(who, at.deleted),
    "read the reply": lambda who, at: post_policies.may_see_text(who, at.reply),
    "see its file": lambda who, at: post_policies.may_see_attachment(who, at.attachment),
    "see the unposted file": lambda who, at: post_policies.may_see_attachment(who, at.unposted),
    "record a practice": lambda who, at: practice_policies.may_record(who, at.thread),
    "see the practice": lambda who, at: practice_policies.may_see(who, at.practice),
    "edit the practice": lambda who, at: practice_policies.may_edit(who, at.practice),
}


def table(title: str, people: dict[str, Member], answers: dict[str, Callable[[Member], bool]]) -> str:
    """The answers as text: `+` for yes."""
    lines = [f"{title:<24}" + " ".join(f"{name:<4}" for name in COLUMNS)]
    for question, ask in answers.items():
        marks = " ".join(f"{'+' if ask(people[name]) else '.':<4}" for name in COLUMNS)
        lines.append(f"{question:<24}{marks}")
    return "\n".join(line.rstrip() for line in lines)


def place_table(title: str, cast: Cast, place: Place) -> str:
    def asked(question: Question) -> Callable[[Member], bool]:
        return lambda who: question(who, place)

    return table(title, cast.people, {name: asked(question) for name, question in QUESTIONS.items()})


PLACES: dict[str, dict] = {
    "lobby": {"space": "lobby"},
    "lobby, closed": {"space": "lobby", "status": "closed"},
    "lobby, Acme only": {"space": "lobby", "audience": "organization"},
    "lobby, Malmö only": {"space": "lobby", "answerer": "olga", "audience": "center"},
    "lobby, Acme and Corax": {"space": "lobby", "answerer": "finn", "audience": "organizations", "named": ("corax",)},
    "alliance": {"space": "alliance", "answerer": "zoe"},
    "workshop": {"space": "workshop"},
    "backroom": {"space": "backroom", "answerer": "mo"},
}

NETWORK: dict[str, Callable[[Cast, Member], bool]] = {
    "see the lobby": lambda cast, who: space_policies.may_see_space(who, cast.spaces["lobby"]),
    "see the alliance": lambda cast, who: space_policies.may_see_space(who, cast.spaces["alliance"]),
    "see the workshop": lambda cast, who: space_policies.may_see_space(who, cast.spaces["workshop"]),
    "see the backroom": lambda cast, who: space_policies.may_see_space(who, cast.spaces["backroom"]),
    "curate the lobby": lambda cast, who: space_policies.is_curator(who, cast.spaces["lobby"]),
    "curate the backroom": lambda cast, who: space_policies.is_curator(who, cast.spaces["backroom"]),
    "administer Acme": lambda cast, who: member_policies.is_organization_admin(who, cast.organizations["acme"].pk),
    "invite into Acme": lambda cast, who: member_policies.may_invite(who, cast.organizations["acme"]),
    "invite into Corax": lambda cast, who: member_policies.may_invite(who, cast.organizations["corax"]),
    "suspend Ben": lambda cast, who: member_policies.may_suspend(who, cast.ben),
    "suspend Olga": lambda cast, who: member_policies.may_suspend(who, cast.olga),
    "suspend Zoe": lambda cast, who: member_policies.may_suspend(who, cast.zoe),
    "suspend Nia": lambda cast, who: member_policies.may_suspend(who, cast.nia),
    "erase Ben": lambda cast, who: member_policies.may_erase(who, cast.ben),
    "erase Nia": lambda cast, who: member_policies.may_erase(who, cast.nia),
    "be suspended": lambda _cast, who: member_policies.is_suspended(who),
    "administer the network": lambda _cast, who: network_policies.may_administer(who),
}

POLICIES = {
    "thread_policies": thread_policies,
    "post_policies": post_policies,
    "practice_policies": practice_policies,
    "governance_policies": governance_policies,
    "member_policies": member_policies,
    "network_policies": network_policies,
    "space_policies": space_policies,
}

EXPECTED = {
    block.split("  ")[0]: block
    for block in (Path(__file__).parent / "permissions.txt").read_text(encoding="utf-8").strip().split("\n\n")
}


@pytest.mark.parametrize("title", PLACES)
def test_who_may_do_what_in_a_place(cast: Cast, title: str) -> None:
    assert place_table(title, cast, make_place(cast, **PLACES[title])) == EXPECTED[title]


def test_who_may_do_what_in_the_network(cast: Cast) -> None:
    def asked(question: Callable[[Cast, Member], bool]) -> Callable[[Member], bool]:
        return lambda who: question(cast, who)

    answers = {name: asked(question) for name, question in NETWORK.items()}
    assert table("network", cast.people, answers) == EXPECTED["network"]


def test_every_predicate_is_in_a_table() -> None:
    tables = (Path(__file__), Path(__file__).with_name("test_practice_permissions.py"))
    asked = {name for path in tables for name in re.findall(r"(\w+_policies\.\w+)", path.read_text(encoding="utf-8"))}
    for alias, module in POLICIES.items():
        found = inspect.getmembers(module, inspect.isfunction)
        own = {name for name, function in found if function.__module__ == module.__name__}
        assert {f"{alias}.{name}" for name in own if name.startswith(("may_", "is_"))} <= asked


def test_only_a_moderator_brings_back_what_a_moderator_removed(cast: Cast) -> None:
    place = make_place(cast, "lobby")
    post = delete_post(by=cast.mo, post=post_reply(by=cast.ben, thread=place.thread, body="A customer's name."))
    assert [name for name in COLUMNS if post_policies.may_restore(cast.people[name], post)] == ["mo", "nia"]


def test_whoever_changes_sides_takes_nothing_along(cast: Cast) -> None:
    place = make_place(cast, "lobby", audience="organization")
    assert thread_policies.may_see(cast.ada, place.thread)
    Member.objects.filter(pk=cast.ada.pk).update(organization=cast.organizations["brightline"], center=None)
    ada = Member.objects.get(pk=cast.ada.pk)
    assert not any(ask(ada, place) for name, ask in QUESTIONS.items() if name != "post in its space")


def test_a_space_closed_to_an_organization_is_closed_to_the_askers_too(cast: Cast) -> None:
    place = make_place(cast, "workshop")
    Space.objects.get(slug="workshop").organizations.clear()
    for name in ("ada", "ben", "olga"):
        allowed = {question for question, ask in QUESTIONS.items() if ask(cast.people[name], place)}
        assert allowed <= {"see the unposted file"}
