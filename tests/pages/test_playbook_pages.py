"""Playbooks and their runs, as they are without any script: every step is a form."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast
from tests.pages.stories import SignIn
from tests.threads.playing import STEPS, ada_asks, mark, mo_writes
from threads.actions.playbooks import edit_playbook, make_playbook, retire_playbook
from threads.actions.resolution import resolve
from threads.actions.runs import end_run, start_run
from threads.models import Audience, Playbook, Practice, Run, RunStep

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def typed(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The form of a playbook as a browser sends it."""
    sent: dict[str, Any] = {"title": "Queues", "kind": "resolution", "steps": len(steps), "act": "save"}
    for place, step in enumerate(steps):
        given = {"kind": "do", "who": "anyone", "title": ""} | step
        for number, (label, go) in enumerate(given.pop("options", [])):
            sent |= {f"step-{place}-option-{number}-label": label, f"step-{place}-option-{number}-go": go}
        sent |= {f"step-{place}-{name}": value for name, value in given.items()}
    return sent | more


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_a_playbook_is_written_step_by_step(cast: Cast, sign_in: SignIn) -> None:
    mo = sign_in(cast.mo)
    assert "In which space?" in read(mo, "/playbooks/new/")
    here = "/playbooks/new/?space=lobby"
    assert "Step 1" in read(mo, here)
    first = {"key": "s1", "title": "Look"}
    asked = {"key": "s2", "title": "Long?", "kind": "decide", "options": [("Yes", "s3"), ("No", "end")]}
    added = mo.post(here, typed(first, act="add"))
    assert added.status_code == 200
    assert 'value="Look"' in added.content.decode()
    assert 'name="step-1-key" value="s2"' in added.content.decode()
    moved = mo.post(here, typed(first, {"key": "s2", "title": "Stop"}, act="up-1")).content.decode()
    assert re.search(r'name="step-0-key" value="s2".*name="step-1-key" value="s1"', moved, re.DOTALL)
    refused = mo.post(here, typed(first, {"key": "s2", "title": "Long?", "kind": "decide"}, audience="space"))
    assert refused.status_code == 422
    assert "Give 2 to 6 answers." in refused.content.decode()
    assert not Playbook.objects.exists()
    last = {"key": "s3", "title": "Stop"}
    kept = mo.post(here, typed(first, asked, last, audience="space"), follow=True).content.decode()
    assert "It is kept as version 1." in kept
    playbook = Playbook.objects.get()
    assert [option["go"] for option in playbook.steps[1]["options"]] == ["s3", "end"]
    assert "Queues" in read(sign_in(cast.ada), "/playbooks/")


def test_changing_shows_why_steps_failed_and_what_differs(cast: Cast, sign_in: SignIn) -> None:
    playbook, mo = mo_writes(cast), sign_in(cast.mo)
    run = start_run(by=cast.ada, thread=ada_asks(cast), playbook=playbook)
    mark(cast.ada, run, "s1", "failed", note="No such command here")
    assert "No such command here" in read(mo, f"/playbooks/{playbook.pk}/edit/")
    sent = typed({"key": "s1", "title": "Look well"}, version="1", reason="Clearer")
    assert mo.post(f"/playbooks/{playbook.pk}/edit/", sent).status_code == 302
    stale = mo.post(f"/playbooks/{playbook.pk}/edit/", sent)
    assert stale.status_code == 422
    assert "Look well" in stale.content.decode()
    history = read(sign_in(cast.ada), f"/playbooks/{playbook.pk}/history/")
    assert "Clearer" in history
    assert "gone through 1 time" in history
    assert sign_in(cast.ada).get(f"/playbooks/{playbook.pk}/edit/").status_code == 403


def test_two_people_go_through_it(cast: Cast, sign_in: SignIn) -> None:
    playbook, thread = mo_writes(cast), ada_asks(cast)
    ada, ben = sign_in(cast.ada), sign_in(cast.ben)
    assert "Long queues" in read(ada, f"/threads/{thread.pk}/playbooks/")
    started = ada.post(f"/threads/{thread.pk}/playbooks/", {"playbook": playbook.pk})
    run = Run.objects.get()
    here = f"/runs/{run.pk}/"
    assert started["Location"] == here
    assert "0 of 2 steps" in read(ben, here)
    marked = ben.post(here, {"key": "s1", "mark": "done", "version": "0", "note": ""})
    assert marked["Location"] == f"{here}#step-s1"
    late = ada.post(here, {"key": "s1", "mark": "failed", "version": "0", "note": "It hangs on mine"})
    assert late.status_code == 409
    assert "Ben Okafor marked this step meanwhile" in late.content.decode()
    assert '<p class="play-note">It hangs on mine</p>' in late.content.decode()
    assert 'value="failed"' not in late.content.decode().partition('id="step-s2"')[0], "no form that overwrites it"
    forced = ada.post(here, {"key": "s1", "mark": "failed", "version": "1", "note": "It hangs on mine"})
    assert forced.status_code == 409
    assert "It has to be taken back before somebody else marks it." in forced.content.decode()
    bare = ada.post(here, {"key": "s2", "mark": "skipped", "version": "0"})
    assert bare.status_code == 422
    assert ada.post(here, {"key": "s2", "mark": "done:o2", "version": "0"}).status_code == 302
    part = read(ben, f"/threads/{thread.pk}/playbooks/?part")
    assert "2 of 2" in part
    assert re.search(rf'href="{here}#step-s2">[^<]*</a><br><strong>Done: No</strong>', part)
    assert "<html" not in part
    assert ada.post(f"{here}end/", {"act": "finish", "outcome": "helped", "note": ""}).status_code == 302
    ended = read(ben, here)
    assert "It helped" in ended
    assert 'name="mark"' not in ended
    assert "came to the end of the playbook" in read(ben, f"/threads/{thread.pk}/")
    assert "It helped" in read(ben, f"/playbooks/{playbook.pk}/")


def test_ending_too_early_and_giving_up_without_a_word_are_refused(cast: Cast, sign_in: SignIn) -> None:
    run = start_run(by=cast.ada, thread=ada_asks(cast), playbook=mo_writes(cast))
    ada, here = sign_in(cast.ada), f"/runs/{run.pk}/end/"
    early = ada.post(here, {"act": "finish", "outcome": "helped"})
    assert early.status_code == 422
    assert "Some steps wait still" in early.content.decode()
    assert ada.post(here, {"act": "abandon", "why": ""}).status_code == 422
    assert ada.post(here, {"act": "abandon", "why": "Wrong one"}).status_code == 302


@pytest.mark.parametrize("key", ["", "s9", "s0", "x" * 500, "\0"])
def test_a_step_that_is_not_there(cast: Cast, sign_in: SignIn, key: str) -> None:
    run = start_run(by=cast.ada, thread=ada_asks(cast), playbook=mo_writes(cast))
    sent = {"key": key, "mark": "done", "version": "0"}
    assert sign_in(cast.ada).post(f"/runs/{run.pk}/", sent).status_code == 404


def test_a_practice_in_a_step_is_named_to_those_who_see_it(cast: Cast, sign_in: SignIn) -> None:
    hidden = Practice.objects.create(
        space=cast.spaces["lobby"], organization=cast.organizations["acme"], audience=Audience.ORGANIZATION,
        title="Ours alone", problem="x", resolution="x", recorded_by=cast.ada,
    )  # fmt: skip
    steps = [{"title": "Follow it", "practice": hidden.pk}]
    playbook = make_playbook(by=cast.nia, space=cast.spaces["lobby"], title="x", steps=steps)
    run = start_run(by=cast.ada, thread=ada_asks(cast), playbook=playbook)
    for address in (f"/runs/{run.pk}/", f"/playbooks/{playbook.pk}/"):
        assert "Ours alone" in read(sign_in(cast.ada), address)
        theirs = read(sign_in(cast.zoe), address)
        assert "Ours alone" not in theirs
        assert f"/practices/{hidden.pk}/" not in theirs


def test_who_changes_a_playbook_is_not_shown_the_number_of_a_practice_that_they_do_not_see(
    cast: Cast, sign_in: SignIn
) -> None:
    hidden = Practice.objects.create(
        pk=4711, space=cast.spaces["lobby"], organization=cast.organizations["acme"], audience=Audience.ORGANIZATION,
        title="Ours alone", problem="x", resolution="x", recorded_by=cast.ada,
    )  # fmt: skip
    steps = [{"title": "Follow it", "practice": hidden.pk}]
    playbook = make_playbook(by=cast.nia, space=cast.spaces["lobby"], title="x", steps=steps)
    here = f"/playbooks/{playbook.pk}/edit/"
    assert "4711" in read(sign_in(cast.nia), here)
    cleo = sign_in(cast.cleo)
    assert "4711" not in read(cleo, here)
    sent = typed({"key": "s1", "title": "Follow"}, version="1", reason="Shorter")
    assert cleo.post(here, sent).status_code == 302
    assert Playbook.objects.get().steps[0]["practice"] == hidden.pk
    assert "4711" not in read(cleo, f"/playbooks/{playbook.pk}/history/")


def test_a_version_is_brought_back_and_somebody_looks_after_it(cast: Cast, sign_in: SignIn) -> None:
    playbook, mo, ada = mo_writes(cast), sign_in(cast.mo), sign_in(cast.ada)
    edit_playbook(by=cast.mo, playbook=playbook, version=1, reason="x", title="Other", steps=[{"title": "y"}])
    here = f"/playbooks/{playbook.pk}/"
    assert "Have it say again what version 1 says" in read(mo, f"{here}history/")
    assert "Have it say again" not in read(ada, f"{here}history/")
    assert mo.post(f"{here}restoration/", {"number": "x", "version": "2"}).status_code == 400
    assert mo.post(f"{here}restoration/", {"number": "9", "version": "2"}).status_code == 404
    stale = mo.post(f"{here}restoration/", {"number": "1", "version": "1"}, follow=True)
    assert "Somebody changed the playbook meanwhile" in stale.content.decode()
    back = mo.post(f"{here}restoration/", {"number": "1", "version": "2"}, follow=True).content.decode()
    assert "The playbook says again what version 1 says." in back
    assert "Long queues" in back
    for handle in ("finn, zoe", "nobody-there"):
        mo.post(f"{here}keeper/", {"member": handle})
    ada.post(f"{here}keeper/", {"member": "ada"})
    assert Playbook.objects.get().keeper is None
    assert "Zoe Nakamura" in mo.post(f"{here}keeper/", {"member": "zoe"}, follow=True).content.decode()
    assert "Edit" in read(sign_in(cast.zoe), here)


def test_a_page_costs_the_same_with_more_in_it(
    cast: Cast, sign_in: SignIn, django_assert_max_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    playbook, thread, cleo = mo_writes(cast), ada_asks(cast), sign_in(cast.cleo)
    run = start_run(by=cast.ada, thread=thread, playbook=playbook)
    mark(cast.ada, run, "s1", "failed", note="It hangs")
    addresses = [
        "/playbooks/", f"/playbooks/{playbook.pk}/", f"/playbooks/{playbook.pk}/edit/", f"/runs/{run.pk}/",
        f"/threads/{thread.pk}/playbooks/?part", f"/playbooks/{playbook.pk}/history/",
    ]  # fmt: skip
    cost = {}
    for address in addresses:
        read(cleo, address)
        with django_assert_max_num_queries(25) as counted:
            read(cleo, address)
        cost[address] = len(counted)
    for _more in range(3):
        again = start_run(by=cast.ada, thread=ada_asks(cast), playbook=playbook)
        mark(cast.ada, again, "s1", "failed", note="It hangs")
        end_run(
            by=cast.ada, run=start_run(by=cast.ada, thread=thread, playbook=mo_writes(cast)), abandoned=True, note="x"
        )
    for address in addresses:
        with django_assert_max_num_queries(cost[address]):
            read(cleo, address)


def test_a_playbook_that_is_hidden_now_is_not_linked_and_its_run_stays(cast: Cast, sign_in: SignIn) -> None:
    playbook = mo_writes(cast)
    run = start_run(by=cast.ada, thread=ada_asks(cast), playbook=playbook)
    Playbook.objects.filter(pk=playbook.pk).update(audience="organization")
    page = read(sign_in(cast.zoe), f"/runs/{run.pk}/")
    assert "Look at the queue" in page
    assert f"/playbooks/{playbook.pk}/" not in page
    assert sign_in(cast.zoe).get(f"/playbooks/{playbook.pk}/").status_code == 404


def test_what_others_cannot_see_cannot_be_started_by_its_number(cast: Cast, sign_in: SignIn) -> None:
    hidden, thread = mo_writes(cast, "workshop"), ada_asks(cast)
    zoe = sign_in(cast.zoe)
    for number in (hidden.pk, hidden.pk + 99, "x", "9" * 30):
        assert zoe.post(f"/threads/{thread.pk}/playbooks/", {"playbook": number}).status_code == 404
    refused = sign_in(cast.ada).post(f"/threads/{thread.pk}/playbooks/", {"playbook": hidden.pk}, follow=True)
    assert "Not everybody who sees this thread" in refused.content.decode()
    assert not RunStep.objects.exists()


def test_in_a_resolved_thread_no_step_is_marked_but_it_is_ended(cast: Cast, sign_in: SignIn) -> None:
    thread = ada_asks(cast)
    run = start_run(by=cast.ada, thread=thread, playbook=mo_writes(cast))
    resolve(by=cast.ada, thread=thread, summary="Done.")
    ada, zoe = sign_in(cast.ada), sign_in(cast.zoe)
    assert 'name="mark"' not in read(ada, f"/runs/{run.pk}/")
    assert ada.post(f"/runs/{run.pk}/", {"key": "s1", "mark": "done", "version": "0"}).status_code == 403
    given_up = {"act": "abandon", "why": "It was solved before."}
    assert "Give it up" not in read(zoe, f"/runs/{run.pk}/")
    assert zoe.post(f"/runs/{run.pk}/end/", given_up).status_code == 422
    assert "Give it up" in read(ada, f"/runs/{run.pk}/")
    assert ada.post(f"/runs/{run.pk}/end/", given_up).status_code == 302
    assert "Give it up" not in read(ada, f"/runs/{run.pk}/")


@pytest.mark.parametrize("address", ["/playbooks/", "/playbooks/?product=x&kind=y&retired=1"])
def test_an_empty_site_says_what_will_stand_there(cast: Cast, sign_in: SignIn, address: str) -> None:
    assert "No playbooks here" in read(sign_in(cast.ada), address)
    assert sign_in(cast.ada).get("/playbooks/?after=broken").status_code == 400


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "\u202e" + "x" * 40, "a\0b", "{{ 7 }}"])
def test_hostile_text_is_only_text(cast: Cast, sign_in: SignIn, text: str) -> None:
    steps = [{"title": f"T {text}", "text": text}, *STEPS[1:]]
    playbook = mo_writes(cast, title=f"P {text}", purpose=text, steps=steps)
    run = start_run(by=cast.ada, thread=ada_asks(cast), playbook=playbook)
    mark(cast.ada, run, "s1", "failed", note=f"N {text}")
    end_run(by=cast.ada, run=run, abandoned=True, note=f"E {text}")
    ada = sign_in(cast.ada)
    pages = [f"/playbooks/{playbook.pk}/", f"/playbooks/{playbook.pk}/history/", f"/runs/{run.pk}/", "/playbooks/"]
    for address in [*pages, f"/threads/{run.thread_id}/", f"/threads/{run.thread_id}/playbooks/"]:
        assert "<script>alert" not in read(ada, address)
    assert sign_in(cast.mo).get(f"/playbooks/{playbook.pk}/edit/").status_code == 200


def test_started_from_its_own_page_in_a_thread_of_ones_own(cast: Cast, sign_in: SignIn) -> None:
    thread, playbook = ada_asks(cast), mo_writes(cast)
    own = ada_asks(cast, audience="organization")
    ada, start = sign_in(cast.ada), f"/playbooks/{playbook.pk}/start/"
    assert f'href="{start}"' in read(ada, f"/playbooks/{playbook.pk}/")
    page = read(ada, start)
    for each in (thread, own):
        assert f'action="/threads/{each.pk}/playbooks/"' in page
    assert f'action="/threads/{thread.pk}/' not in read(ada, f"{start}?q=nothing+like+it")
    assert "You have no such thread" in read(sign_in(cast.zoe), start)
    begun = ada.post(f"/threads/{thread.pk}/playbooks/", {"playbook": playbook.pk})
    assert begun.status_code == 302
    assert f'action="/threads/{thread.pk}/' not in read(ada, start), "where it runs it is not started again"
    acme = make_playbook(by=cast.olga, space=cast.spaces["lobby"], title="x", steps=STEPS, audience="organization")
    page = read(ada, f"/playbooks/{acme.pk}/start/")
    assert f'action="/threads/{own.pk}/' in page
    assert f'action="/threads/{thread.pk}/' not in page, "not everybody there sees it"
    assert sign_in(cast.zoe).get(f"/playbooks/{acme.pk}/start/").status_code == 404
    retire_playbook(by=cast.mo, playbook=playbook)
    assert ada.get(start)["Location"] == f"/playbooks/{playbook.pk}/"
    assert start not in read(ada, f"/playbooks/{playbook.pk}/")


def test_one_that_is_not_among_the_first_is_found_by_its_title(cast: Cast, sign_in: SignIn) -> None:
    thread, wanted = ada_asks(cast), mo_writes(cast, title="Certificates that ran out")
    for _time in range(11):
        mo_writes(cast)
    ada, here = sign_in(cast.ada), f"/threads/{thread.pk}/playbooks/"
    page = read(ada, here)
    assert wanted.title not in page
    assert "There are more. Type words of the title." in page
    found = read(ada, f"{here}?q=ran+certificates")
    assert f'value="{wanted.pk}"' in found
    assert "There are more" not in found
    assert "None with these words" in read(ada, f"{here}?q=%00gone")
