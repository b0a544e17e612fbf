"""Playbooks: who writes and sees them, how they change, and what comes back from their runs."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.models import InboxItem, WorkRole
from tests.cast import Cast
from tests.threads.playing import STEPS, ada_asks, mark, mo_writes
from threads.actions.playbooks import (
    edit_playbook,
    keep_playbook,
    make_playbook,
    restore_playbook,
    retire_playbook,
    revert_playbook,
)
from threads.actions.runs import end_run, start_run
from threads.models import Audience, Playbook, PlaybookVersion, Practice
from threads.policies.playbooks import may_see
from threads.queries.playbooks import Usable, playbook_list, playbooks_visible_to, record_of, usable_playbooks

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_curators_moderators_and_for_their_own_organization_administrators_write(cast: Cast) -> None:
    lobby = cast.spaces["lobby"]
    for by in (cast.mo, cast.cleo, cast.nia):
        assert make_playbook(by=by, space=lobby, title="x", steps=STEPS).version == 1
    assert make_playbook(by=cast.olga, space=lobby, title="x", steps=STEPS, audience="organization").pk
    for by, audience in ((cast.olga, "space"), (cast.ada, "organization")):
        with pytest.raises(Forbidden):
            make_playbook(by=by, space=lobby, title="x", steps=STEPS, audience=audience)
    with pytest.raises(NotThere):
        make_playbook(by=cast.finn, space=cast.spaces["workshop"], title="x", steps=STEPS)


def test_predicate_and_query_agree_for_everybody(cast: Cast) -> None:
    acme = cast.organizations["acme"]
    made = [
        mo_writes(cast), mo_writes(cast, "alliance"), mo_writes(cast, "backroom"), mo_writes(cast, "workshop"),
        mo_writes(cast, audience="organization"), mo_writes(cast, audience="organizations", organizations=[acme]),
        make_playbook(by=cast.olga, space=cast.spaces["lobby"], title="x", steps=STEPS, audience="center"),
    ]  # fmt: skip
    for member in cast.people.values():
        seen = set(playbooks_visible_to(member).values_list("pk", flat=True))
        assert seen == {playbook.pk for playbook in made if may_see(member, playbook)}, member.handle
    assert [may_see(member, made[-1]) for member in (cast.ada, cast.ben, cast.mo)] == [True, False, False]


def test_every_change_is_kept_with_its_reason_and_the_keys_of_steps_stay(cast: Cast) -> None:
    playbook = mo_writes(cast, tags=["mail"])
    kept = [playbook.steps[0], playbook.steps[3], {"title": "Write it down"}]
    changed = edit_playbook(by=cast.mo, playbook=playbook, version=1, reason="Shorter", title="Queues", steps=kept)
    assert [step["key"] for step in changed.steps] == ["s1", "s4", "s5"]
    assert (changed.version, list(changed.tags.all())) == (2, [])
    versions = PlaybookVersion.objects.filter(playbook=playbook).values_list("number", "title", "reason")
    assert list(versions) == [(2, "Queues", "Shorter"), (1, "Long queues", "")]
    again = edit_playbook(
        by=cast.mo, playbook=playbook, version=2, reason="More", title="Queues", steps=[{"title": "New"}]
    )
    assert again.steps[0]["key"] == "s6"


def test_each_version_has_its_product_and_tags_and_they_come_back(cast: Cast) -> None:
    playbook = mo_writes(cast, tags=["mail"], product=cast.products["mail-gateway"])
    same = {"title": playbook.title, "purpose": playbook.purpose, "steps": playbook.steps}
    edit_playbook(by=cast.mo, playbook=playbook, version=1, reason="For all", tags=["queues", "mail"], **same)
    kept = PlaybookVersion.objects.order_by("number").values_list("product__slug", "tags")
    assert list(kept) == [("mail-gateway", ["mail"]), (None, ["mail", "queues"])]
    revert_playbook(by=cast.mo, playbook=playbook, number=1, version=2)
    now = Playbook.objects.get()
    assert (now.product, [tag.slug for tag in now.tags.all()]) == (cast.products["mail-gateway"], ["mail"])
    PlaybookVersion.objects.filter(number=2).update(tags=None, product=None)
    revert_playbook(by=cast.mo, playbook=playbook, number=2, version=3)
    assert Playbook.objects.get().product == cast.products["mail-gateway"], "what nobody kept changes nothing"


def test_two_who_change_it_at_once_do_not_overwrite_each_other(cast: Cast) -> None:
    playbook = mo_writes(cast)
    edit_playbook(by=cast.mo, playbook=playbook, version=1, reason="x", title="Mine", steps=STEPS)
    with pytest.raises(Conflict, match="Somebody changed the playbook"):
        edit_playbook(by=cast.cleo, playbook=playbook, version=1, reason="x", title="Hers", steps=STEPS)
    with pytest.raises(Forbidden):
        edit_playbook(by=cast.ada, playbook=playbook, version=2, reason="x", title="x", steps=STEPS)
    with pytest.raises(Invalid, match="Write something"):
        edit_playbook(by=cast.mo, playbook=playbook, version=2, reason=" ", title="x", steps=STEPS)
    assert Playbook.objects.get().title == "Mine"


def test_what_somebody_may_not_see_is_not_there(cast: Cast) -> None:
    playbook = mo_writes(cast, "workshop")
    for act in (retire_playbook, restore_playbook):
        with pytest.raises(NotThere):
            act(by=cast.zoe, playbook=playbook)
    with pytest.raises(NotThere):
        edit_playbook(by=cast.zoe, playbook=playbook, version=1, reason="x", title="x", steps=STEPS)


def test_a_step_names_only_a_practice_that_its_writer_sees(cast: Cast) -> None:
    hidden = Practice.objects.create(
        space=cast.spaces["lobby"], organization=cast.organizations["acme"], audience=Audience.ORGANIZATION,
        title="Ours", problem="x", resolution="x", recorded_by=cast.ada,
    )  # fmt: skip
    for number in (hidden.pk, hidden.pk + 999):
        with pytest.raises(Invalid, match="a practice that you see"):
            mo_writes(cast, steps=[{"title": "x", "practice": number}])
    playbook = make_playbook(
        by=cast.olga, space=cast.spaces["lobby"], title="x", steps=[{"title": "x", "practice": hidden.pk}],
        audience=Audience.ORGANIZATION,
    )  # fmt: skip
    assert playbook.steps[0]["practice"] == hidden.pk


def test_a_practice_that_its_changer_does_not_see_stays_and_is_not_confirmed(cast: Cast) -> None:
    hidden = Practice.objects.create(
        space=cast.spaces["lobby"], organization=cast.organizations["acme"], audience=Audience.ORGANIZATION,
        title="Ours", problem="x", resolution="x", recorded_by=cast.ada,
    )  # fmt: skip
    steps: list[dict[str, Any]] = [{"title": "x", "practice": hidden.pk}, {"title": "y"}]
    playbook = make_playbook(by=cast.nia, space=cast.spaces["lobby"], title="x", steps=steps)
    sent = [{"key": "s2", "title": "y"}, {"key": "s1", "title": "Other"}]
    changed = edit_playbook(by=cast.cleo, playbook=playbook, version=1, reason="x", title="x", steps=sent)
    assert [(step["key"], step["practice"]) for step in changed.steps] == [("s2", None), ("s1", hidden.pk)]
    for number in (hidden.pk, hidden.pk + 999):
        with pytest.raises(Invalid, match="a practice that you see"):
            edit_playbook(
                by=cast.cleo, playbook=playbook, version=2, reason="x", title="x",
                steps=[{"key": "s1", "title": "x", "practice": number}],
            )  # fmt: skip
    left_out = edit_playbook(by=cast.nia, playbook=playbook, version=2, reason="x", title="x", steps=sent)
    assert [step["practice"] for step in left_out.steps] == [None, None]
    assert revert_playbook(by=cast.cleo, playbook=playbook, number=2, version=3).steps == changed.steps


def test_an_earlier_version_is_brought_back_as_the_newest(cast: Cast) -> None:
    playbook = mo_writes(cast)
    edit_playbook(by=cast.mo, playbook=playbook, version=1, reason="x", title="Other", steps=[{"title": "y"}])
    with pytest.raises(Conflict, match="Somebody changed the playbook"):
        revert_playbook(by=cast.cleo, playbook=playbook, number=1, version=1)
    with pytest.raises(Forbidden):
        revert_playbook(by=cast.ada, playbook=playbook, number=1, version=2)
    with pytest.raises(NotThere):
        revert_playbook(by=cast.mo, playbook=playbook, number=9, version=2)
    back = revert_playbook(by=cast.mo, playbook=playbook, number=1, version=2)
    assert (back.version, back.title, back.steps, back.html) == (3, "Long queues", playbook.steps, playbook.html)
    assert PlaybookVersion.objects.get(playbook=playbook, number=3).reason == "As in version 1."
    assert revert_playbook(by=cast.mo, playbook=playbook, number=3, version=3).version == 3


def test_who_looks_after_it_changes_it_and_hears_of_what_fails(cast: Cast) -> None:
    playbook = mo_writes(cast, audience="organizations", organizations=[cast.organizations["acme"]])
    for nobody in (cast.zoe, cast.finn):
        with pytest.raises(Invalid, match="Nobody of this handle"):
            keep_playbook(by=cast.mo, playbook=playbook, keeper=nobody)
    with pytest.raises(Forbidden):
        keep_playbook(by=cast.ada, playbook=playbook, keeper=cast.ada)
    assert keep_playbook(by=cast.mo, playbook=playbook, keeper=cast.ada).keeper == cast.ada
    edit_playbook(by=cast.ada, playbook=playbook, version=1, reason="x", title="Hers", steps=STEPS)
    assert keep_playbook(by=cast.ada, playbook=playbook, keeper=None).keeper is None
    for_all = keep_playbook(by=cast.mo, playbook=mo_writes(cast), keeper=cast.zoe)
    mark(cast.ben, start_run(by=cast.ben, thread=ada_asks(cast), playbook=for_all), "s1", "failed", note="It hangs")
    assert InboxItem.objects.get(kind="playbook-failed").member == cast.zoe


def test_steps_are_for_tiers_and_kinds_of_work_that_there_are(cast: Cast) -> None:
    front, expert = WorkRole.objects.create(name="F", tier=1), WorkRole.objects.create(name="E", tier=3)
    steps = [{"title": "x", "who": who} for who in (f"role:{front.pk}", "tier:3+", "anyone")]
    assert [step["who"] for step in mo_writes(cast, steps=steps).steps] == [f"role:{front.pk}", "tier:3+", "anyone"]
    for who in (f"role:{expert.pk + 99}", "tier:2+", "tier:3", "tier:0+", "tier:٣+", "role:", "x" * 99):
        with pytest.raises(Invalid, match="Choose who does it"):
            mo_writes(cast, steps=[{"title": "x", "who": who}])


def test_retiring_again_changes_nothing_and_it_can_be_brought_back(cast: Cast) -> None:
    playbook = mo_writes(cast)
    first = retire_playbook(by=cast.mo, playbook=playbook).retired_at
    assert retire_playbook(by=cast.cleo, playbook=playbook).retired_at == first
    assert playbook_list(cast.ada)[0] == []
    assert playbook_list(cast.ada, retired=True)[0] == [playbook]
    with pytest.raises(Conflict, match="playbook_retired"):
        start_run(by=cast.ben, thread=ada_asks(cast), playbook=playbook)
    assert restore_playbook(by=cast.mo, playbook=playbook).retired_at is None


def test_only_what_everybody_in_the_thread_sees_is_offered_there(cast: Cast) -> None:
    lobby = ada_asks(cast)
    own = ada_asks(cast, audience="organization")
    for_all = mo_writes(cast, tags=["mail"])
    for_acme = make_playbook(
        by=cast.olga, space=cast.spaces["lobby"], title="Ours", steps=STEPS, audience="organization"
    )
    other = mo_writes(cast, product=cast.products["mail-gateway"])
    assert usable_playbooks(cast.ada, lobby).playbooks == [for_all]
    assert usable_playbooks(cast.ada, own).playbooks == [for_acme, for_all]
    assert usable_playbooks(cast.ada, own, "QUEUES long").playbooks == [other, for_all], "by title, of any product"
    assert usable_playbooks(cast.ada, lobby, "Ours").playbooks == []


def test_many_newer_ones_of_others_hide_none_and_cost_nothing(
    cast: Cast, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    thread, oldest = ada_asks(cast), mo_writes(cast, title="The one for all")
    for number in range(60):
        make_playbook(
            by=cast.olga, space=cast.spaces["lobby"], title=f"Ours {number}", steps=STEPS, audience="organization"
        )
    with django_assert_num_queries(2):
        assert usable_playbooks(cast.ada, thread) == Usable([oldest], more=False)
    own = ada_asks(cast, audience="organization")
    with django_assert_num_queries(2):
        found = usable_playbooks(cast.ada, own)
    assert (len(found.playbooks), found.more) == (10, True)
    assert usable_playbooks(cast.ada, own, "one for").playbooks == [oldest]


def test_what_came_of_it_flows_back_from_threads_that_one_sees(cast: Cast) -> None:
    playbook = mo_writes(cast)
    for audience in ("space", "organization"):
        run = start_run(by=cast.ada, thread=ada_asks(cast, audience=audience), playbook=playbook)
        mark(cast.ada, run, "s1", "failed", note=f"No such command, {audience}")
        mark(cast.ada, run, "s2", choice="o2")
        end_run(by=cast.ada, run=run, outcome="not_helped")
    start_run(by=cast.ada, thread=ada_asks(cast), playbook=playbook)
    ada, zoe = record_of(cast.ada, playbook), record_of(cast.zoe, playbook)
    assert (ada.runs, ada.running, ada.outcomes) == (3, 1, {"not_helped": 2})
    assert (ada.steps["s1"].failed, ada.steps["s2"].done, ada.steps["s1"].often) == (2, 1 + 1, False)
    assert [note.note for note in ada.steps["s1"].notes] == [
        "No such command, organization", "No such command, space",
    ]  # fmt: skip
    assert (zoe.runs, zoe.steps["s1"].failed) == (2, 1)
    assert "organization" not in json.dumps([note.note for note in zoe.steps["s1"].notes])


def test_what_came_of_each_version_is_told_apart(cast: Cast) -> None:
    playbook = mo_writes(cast)

    def gone_through(state: str, outcome: str, *before: str) -> None:
        run = start_run(by=cast.ada, thread=ada_asks(cast), playbook=playbook)
        for key in before:
            mark(cast.ada, run, key)
        mark(cast.ada, run, "s1", state, note="x")
        mark(cast.ada, run, "s2", choice="o2")
        end_run(by=cast.ada, run=run, outcome=outcome)

    for _time in range(2):
        gone_through("failed", "not_helped")
    gone_through("done", "solved")
    steps = [{"title": "First look at the disk"}, *playbook.steps]
    edit_playbook(by=cast.mo, playbook=playbook, version=1, reason="It fails.", title=playbook.title, steps=steps)
    gone_through("done", "solved", "s5")
    found = record_of(cast.ada, playbook).versions
    said = {
        number: (record.runs, record.outcomes, [(step.number, step.title) for step in record.failed])
        for number, record in found.items()
    }
    assert said == {
        2: (1, {"solved": 1}, []),
        1: (3, {"not_helped": 2, "solved": 1}, [(1, "Look at the queue")]),
    }
    (first, *_rest) = found[1].steps
    assert (first.record.done, first.record.failed) == (1, 2)
    assert [(step.number, step.record.done) for step in found[2].steps] == [(1, 1), (2, 1), (3, 1)]


def test_a_step_that_fails_often_is_marked(cast: Cast) -> None:
    playbook = mo_writes(cast)
    for count in range(1, 4):
        run = start_run(by=cast.ada, thread=ada_asks(cast), playbook=playbook)
        mark(cast.ada, run, "s1", "failed", note="No such command")
        assert record_of(cast.ada, playbook).steps["s1"].often == (count == 3)
