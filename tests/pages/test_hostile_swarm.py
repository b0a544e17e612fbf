"""Odd things typed into the swarm's forms: nothing breaks, and what was typed comes back."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from community.models import Member
from community.rules import clock
from reputation.actions.skills import add_certificate, confirm_certificate
from tests.cast import Cast
from tests.threads.asking import everybody_works, knows, problem
from threads.actions.guests import let_in
from threads.actions.meetings import log_meeting
from threads.actions.ownership import leave, take
from threads.actions.requests import answer, withdraw_request
from threads.actions.resolution import resolve
from threads.actions.threads import open_thread
from threads.models import Asked, HandOver, HelpRequest, Meeting
from threads.queries.guests import preview_for

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ASKED = {"what": "Four lines that took an hour.", "due": "hour", "wanted": 1, "at_once": 1}


def page(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


@pytest.mark.parametrize(
    "given",
    [
        {"target": "tag", "tag": "!!!"},
        {"target": "tag", "tag": "x" * 40 + " y"},
        {"target": "members", "members": " ".join(f"nobody-{number}" for number in range(300_000))},
        {"target": "members", "members": "ada\0"},
        {"target": "members", "members": "²"},
        {"target": "matched", "due": "other", "due_at": "0001-01-01T00:00"},
        {"target": "matched", "due": "other", "due_at": "9999-12-31T23:59"},
    ],
)
def test_a_request_that_cannot_be_made_comes_back(cast: Cast, given: dict[str, str]) -> None:
    thread = problem(cast)
    answer = page(cast.ada).post(f"/threads/{thread.pk}/help/", {**ASKED, **given})
    assert answer.status_code == 200
    assert "Four lines that took an hour." in answer.content.decode()
    assert not HelpRequest.objects.exists()


@pytest.mark.parametrize("held_at", ["0001-01-01T00:00", "9999-12-31T23:59", "x"])
def test_a_meeting_that_cannot_be_comes_back(cast: Cast, held_at: str) -> None:
    thread = problem(cast)
    Member.objects.filter(pk=cast.ada.pk).update(time_zone="Pacific/Kiritimati")
    given = {"kind": "call", "held_at": held_at, "minutes": 5, "attendees": "ada", "outcome": "We found the cause."}
    answer = page(cast.ada).post(f"/threads/{thread.pk}/meetings/", given)
    assert answer.status_code == 422
    assert "We found the cause." in answer.content.decode()
    assert not Meeting.objects.exists()


def test_asking_back_twice_keeps_the_words(cast: Cast) -> None:
    everybody_works(cast)
    thread = problem(cast)
    page(cast.ada).post(f"/threads/{thread.pk}/help/", {**ASKED, "target": "members", "members": "ben"})
    address, ben = f"/requests/{HelpRequest.objects.get().pk}/answer/", page(cast.ben)
    assert ben.post(address, {"answer": "more_information", "note": "Which zone?"}).status_code == 302
    again = ben.post(address, {"answer": "more_information", "note": "Which resolver, then?"}).content.decode()
    assert "You asked that already" in again
    assert "Which resolver, then?" in again
    assert "I need to know more" not in again


def test_whoever_resolves_second_keeps_their_words(cast: Cast) -> None:
    thread = problem(cast)
    resolve(by=cast.ada, thread=thread, summary="It was the cache.")
    given = {"summary": "Half an hour of typing.", "version": "0"}
    answer = page(cast.ada).post(f"/threads/{thread.pk}/resolution/", given)
    assert answer.status_code == 200
    assert "Half an hour of typing." in answer.content.decode()
    assert "This thread is not open." in answer.content.decode()


def test_a_guest_is_not_shown_who_else_sees_the_thread(cast: Cast) -> None:
    everybody_works(cast)
    knows(cast.olga, 300)
    thread = problem(cast, audience="organization")
    let_in(by=cast.ada, thread=thread, member=cast.zoe, preview=preview_for(thread, cast.zoe).digest)
    address = f"/threads/{thread.pk}/matches/"
    assert cast.olga.name in page(cast.ben).get(address).content.decode()
    assert cast.olga.name not in page(cast.zoe).get(address).content.decode()
    suggested = f"/people/suggest/?thread={thread.pk}&q="
    assert cast.olga.name in page(cast.ben).get(suggested).content.decode()
    assert [each["handle"] for each in page(cast.zoe).get(suggested).json()] == ["ada"]
    assert page(cast.ben).get(f"/api/v1/threads/{thread.pk}/matches").json()["items"] != []
    assert page(cast.zoe).get(f"/api/v1/threads/{thread.pk}/matches").json()["items"] == []


def test_a_title_does_not_draw_the_token_of_the_form(cast: Cast) -> None:
    thread = problem(cast)
    title = "Names do not resolve place-of-the-token \x02token\x03"
    open_thread(by=cast.zoe, space=cast.spaces["lobby"], title=title, body="Names do not resolve since noon.")
    shown = page(cast.ada).get(f"/threads/{thread.pk}/matches/?part").content.decode()
    assert "Names do not resolve place-of-the-token token" in shown
    assert "\x02" not in shown


def test_what_was_typed_too_late_comes_back(cast: Cast) -> None:
    everybody_works(cast)
    thread = problem(cast)
    take(by=cast.ben, thread=thread)
    take(by=cast.ada, thread=leave(by=cast.ben, thread=thread))
    here, typed = f"/threads/{thread.pk}/", "Everything that I know of it, an hour of typing."
    late = page(cast.ben).post(f"{here}hand-over/", {"summary": typed, "to": ""})
    assert (late.status_code, typed in late.content.decode()) == (403, True)
    resolve(by=cast.ada, thread=thread, summary="It was the cache.")
    late = page(cast.ben).post(f"{here}help/", {**ASKED, "what": typed, "target": "matched"})
    assert (late.status_code, typed in late.content.decode()) == (403, True)
    given = {"kind": "call", "held_at": "2026-01-01T10:00", "minutes": 5, "attendees": "zoe", "outcome": typed}
    late = page(cast.zoe).post(f"{here}meetings/", given)
    assert (late.status_code, typed in late.content.decode()) == (403, True)
    assert (HandOver.objects.count(), HelpRequest.objects.count(), Meeting.objects.count()) == (0, 0, 0)
    for address in ("hand-over/", "help/"):
        assert page(cast.ben).get(f"{here}{address}").status_code == 403


def test_an_answer_to_a_question_that_is_too_long_comes_back(cast: Cast) -> None:
    everybody_works(cast)
    thread = problem(cast)
    page(cast.ada).post(f"/threads/{thread.pk}/help/", {**ASKED, "target": "members", "members": "ben"})
    address = f"/requests/{HelpRequest.objects.get().pk}/"
    page(cast.ben).post(f"{address}answer/", {"answer": "more_information", "note": "Which zone?"})
    asked = Asked.objects.get()
    text = "The inner one. " + "x" * 2_000
    answered = page(cast.ada).post(f"{address}information/", {"asked": asked.pk, "text": text}).content.decode()
    assert text in answered
    assert "characters too long" in answered
    asked.refresh_from_db()
    assert asked.information == ""


def test_a_certificate_does_not_confirm_itself(cast: Cast) -> None:
    everybody_works(cast)
    thread = problem(cast)
    given: dict[str, Any] = {"issuer": "I", "scope": "tag:dns", "issued_on": clock.now().date() - timedelta(days=9)}
    add_certificate(by=cast.zoe, name="Kerberist, confirmed by their organization", **given)
    real = add_certificate(by=cast.ben, name="Resolver", **given)
    confirm_certificate(by=cast.olga, certificate=real)
    shown = page(cast.ada).get(f"/threads/{thread.pk}/matches/").content.decode()
    assert "Certified, as their organization confirms: Resolver" in shown
    assert "Certified, by their own word: Kerberist, confirmed by their organization" in shown
    theirs = page(cast.ada).get("/people/zoe/").content.decode()
    assert "Kerberist, confirmed by their organization (not confirmed)" in theirs
    Member.objects.filter(pk=cast.ben.pk).update(organization=cast.zoe.organization)
    moved = page(cast.ada).get("/people/ben/").content.decode()
    assert f"confirmed by {cast.olga.name} for {cast.olga.organization.name}" in moved


@pytest.mark.parametrize(
    ("place", "given"),
    [
        ("matches/", {"act": "ask", "member": "zoe\0"}),
        ("matches/", {"act": "link", "thread": "9" * 30}),
        ("matches/", {"act": "apply", "practice": "-1"}),
        ("matches/", {"act": "\0"}),
        ("helpers/", {"act": "remove", "member": "\0"}),
        ("guests/", {"act": "end", "member": "\0"}),
        ("guests/", {"member": "zoe", "preview": "\0"}),
        ("audience/", {"audience": "\0", "preview": "x"}),
        ("seen/", {"number": "²"}),
        ("record/restoration/", {"number": "9" * 30, "version": "0"}),
    ],
)
def test_nothing_that_is_posted_breaks_a_page(cast: Cast, place: str, given: dict[str, str]) -> None:
    thread = problem(cast, audience="organization")
    answered = page(cast.ada).post(f"/threads/{thread.pk}/{place}", given)
    assert answered.status_code in {200, 302, 400, 404, 422}


@pytest.mark.parametrize(
    "body", [b"[[[", b"null", b'{"number": true}', b'{"number": 1e400}', b"\xff", b'{"number": -1}']
)
def test_no_position_breaks_a_page(cast: Cast, body: bytes) -> None:
    thread = problem(cast)
    answered = page(cast.ada).put(f"/threads/{thread.pk}/seen/", body, content_type="application/json")
    assert answered.status_code == 404
    assert page(cast.ada).put(f"/threads/{thread.pk}/seen/", b'{"number": %d}' % 10**900).status_code == 204


def hidden_value(client: Client, address: str) -> str:
    """The name of the form on that page."""
    found = re.search(r'name="client_id" value="(\w+)"', client.get(address).content.decode())
    assert found
    return found[1]


def test_a_button_pressed_twice_sends_once(cast: Cast) -> None:
    everybody_works(cast)
    thread, ada = problem(cast), page(cast.ada)
    address = f"/threads/{thread.pk}/help/"
    given = {**ASKED, "target": "members", "members": "ben", "client_id": hidden_value(ada, address)}
    first, second = (ada.post(address, given) for _each in range(2))
    assert (first.status_code, first["Location"]) == (302, second["Location"])
    assert HelpRequest.objects.count() == 1
    other = ada.post(address, {**given, "members": "zoe", "what": "Something else, from the same page."})
    assert other["Location"] != first["Location"]
    address = f"/threads/{thread.pk}/meetings/"
    met = {"kind": "call", "held_at": "2026-01-01T10:00", "minutes": 5, "attendees": "ada", "outcome": "The cause."}
    met["client_id"] = hidden_value(ada, address)
    assert [ada.post(address, met).status_code for _each in range(2)] == [302, 302]
    assert Meeting.objects.count() == 1
    ada.post(address, met | {"outcome": "The remedy."})
    assert Meeting.objects.count() == 2


def test_what_is_told_after_the_request_ended_is_shown_again(cast: Cast) -> None:
    everybody_works(cast)
    thread = problem(cast)
    page(cast.ada).post(f"/threads/{thread.pk}/help/", {**ASKED, "target": "members", "members": "ben,zoe"})
    request, typed = HelpRequest.objects.get(), "The inner one, since noon, an hour of typing."
    address = f"/requests/{request.pk}/"
    page(cast.ben).post(f"{address}answer/", {"answer": "more_information", "note": "Which zone?"})
    asked = Asked.objects.get(member=cast.ben)
    answer(by=cast.ben, asked=asked, answer="declined", note="Not mine.")
    late = page(cast.ada).post(f"{address}information/", {"asked": asked.pk, "text": typed}).content.decode()
    assert "This request has ended, or they have answered meanwhile." in late
    assert typed in late
    withdraw_request(by=cast.ada, request=request)
    late = page(cast.ada).post(f"{address}information/", {"asked": asked.pk, "text": typed}).content.decode()
    assert typed in late
    late = page(cast.zoe).post(f"{address}answer/", {"answer": "declined", "note": typed}).content.decode()
    assert late.count(typed) == 1
    assert page(cast.zoe).post(f"{address}answer/", {"answer": "accepted", "note": ""}).status_code == 302


def test_long_lists_of_calls_and_requests_come_in_pages(cast: Cast) -> None:
    everybody_works(cast)
    thread, ada = problem(cast), page(cast.ada)
    for number in range(35):
        log_meeting(
            by=cast.ada,
            thread=thread,
            kind="call",
            held_at=clock.now(),
            minutes=5,
            outcome=f"Call-{number}.",
            others="A",
        )
    address = f"/threads/{thread.pk}/meetings/"
    first = ada.get(address).content.decode()
    assert [f"Call-{number}." in first for number in (34, 5, 4)] == [True, True, False]
    earlier = re.search(r'href="(\?before=\d+)"', first)
    assert earlier
    last = ada.get(address + earlier[1]).content.decode()
    assert [f"Call-{number}." in last for number in (5, 4, 0)] == [False, True, True]
    assert 'href="?before=' not in last
    for member in ("ben", "zoe", "cleo"):
        ada.post(f"/threads/{thread.pk}/help/", {**ASKED, "target": "members", "members": member})
    address, seen = f"/api/v1/threads/{thread.pk}/requests?limit=2", []
    page_of = ada.get(address).json()
    seen += [each["id"] for each in page_of["items"]]
    rest = ada.get(f"{address}&after={page_of['next']}").json()
    seen += [each["id"] for each in rest["items"]]
    assert (seen, rest["next"]) == (sorted(HelpRequest.objects.values_list("pk", flat=True)), None)
    for wrong in ("&after=-1", "&after=x", "&limit=0", f"&after={10**30}"):
        assert ada.get(address + wrong).status_code == 422
