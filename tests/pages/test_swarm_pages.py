"""The swarm's pages, as they are without any script: every step is a form."""

from datetime import timedelta

import pytest
from django.test import Client

from community.models import Member
from community.rules import clock
from tests.cast import Cast
from tests.threads.asking import everybody_works, knows, problem
from threads.models import Asked, Guest, HandOver, Helper, HelpRequest, Thread

pytestmark = pytest.mark.django_db


def page(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def post(member: Member, address: str, /, **given: object) -> str:
    answer = page(member).post(address, given, follow=True)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def get(member: Member, address: str) -> str:
    answer = page(member).get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_asking_answering_and_the_panel(cast: Cast) -> None:
    everybody_works(cast)
    knows(cast.ben, 300)
    thread = problem(cast)
    here = f"/threads/{thread.pk}/"
    assert "Ask for help" in get(cast.ada, here)
    form = get(cast.ada, f"{here}help/")
    assert "Whoever fits best" in form
    shown = post(
        cast.ada, f"{here}help/", target="matched", what="Read the zone, please.", due="hour", wanted=1, at_once=1
    )
    assert "Ben Okafor is asked." in shown
    request = HelpRequest.objects.get()
    assert request.due_at - clock.now() <= timedelta(hours=1)
    for member in (cast.ada, cast.ben, cast.zoe):
        assert "Read the zone, please." in get(member, here)
    theirs = get(cast.ben, f"/requests/{request.pk}/")
    assert "I help" in theirs
    assert "I help" not in get(cast.zoe, f"/requests/{request.pk}/")
    assert "Write something here" in post(cast.ben, f"/requests/{request.pk}/answer/", answer="declined", note="")
    assert "Your answer is sent" in post(
        cast.ben, f"/requests/{request.pk}/answer/", answer="more_information", note="Which zone is it?"
    )
    assert "Which zone is it?" in get(cast.ada, f"/requests/{request.pk}/")
    assert "Which zone is it?" not in get(cast.zoe, f"/requests/{request.pk}/")
    asked = Asked.objects.get()
    assert "example.org" in post(cast.ada, f"/requests/{request.pk}/information/", asked=asked.pk, text="example.org")
    shown = post(cast.ben, f"/requests/{request.pk}/answer/", answer="accepted")
    assert "You help with this thread now." in shown
    assert Helper.objects.get().member == cast.ben
    assert "will help" in get(cast.zoe, here)


def test_what_one_is_asked_comes_first_at_home(cast: Cast) -> None:
    everybody_works(cast)
    thread = problem(cast)
    post(cast.ada, f"/threads/{thread.pk}/help/", target="members", members="ben", what="A look", due="hour",
         wanted=1, at_once=1)  # fmt: skip
    home = get(cast.ben, "/")
    assert f"/requests/{HelpRequest.objects.get().pk}/" in home
    assert "Ada Lindqvist" in home
    assert "/requests/" not in get(cast.zoe, "/")


def test_handing_over(cast: Cast) -> None:
    thread = problem(cast)
    here = f"/threads/{thread.pk}/"
    post(cast.ben, f"{here}owner/", act="take")
    assert page(cast.zoe).get(f"{here}hand-over/").status_code == 403
    assert "20" in post(cast.ben, f"{here}hand-over/", summary="Short", to="zoe")
    shown = post(cast.ben, f"{here}hand-over/", summary="The cache is empty; look at the *resolver* next.", to="zoe")
    assert "Zoe Nakamura is asked to take over" in shown
    offered = HandOver.objects.get()
    assert "<em>resolver</em>" in get(cast.ada, here)
    assert "I have it" in get(cast.zoe, here)
    assert "I have it" not in get(cast.finn, here)
    post(cast.zoe, f"/hand-overs/{offered.pk}/answer/", answer="accept")
    thread.refresh_from_db()
    assert thread.owner == cast.zoe
    assert "took over the thread from" in get(cast.ada, here)
    assert "answered or taken back already" in post(cast.zoe, f"/hand-overs/{offered.pk}/answer/", answer="accept")


def test_joining_leaving_and_removing(cast: Cast) -> None:
    thread = problem(cast)
    here = f"/threads/{thread.pk}/"
    post(cast.olga, f"{here}owner/", act="take")
    post(cast.ben, f"{here}helpers/", act="join")
    assert "Remove" in get(cast.olga, here)
    post(cast.olga, f"{here}helpers/", act="remove", member="ben")
    assert "removed from the swarm" in get(cast.ada, here)
    assert "Help with it" not in get(cast.ben, here)
    assert "invite you again" in post(cast.ben, f"{here}helpers/", act="join")
    post(cast.zoe, f"{here}helpers/", act="join")
    post(cast.zoe, f"{here}helpers/", act="leave")
    assert not Helper.objects.filter(until=None).exists()


def test_letting_somebody_in_shows_first_what_they_will_see(cast: Cast) -> None:
    thread = problem(cast, audience="organization")
    here = f"/threads/{thread.pk}/"
    assert page(cast.zoe).get(here).status_code == 404
    shown = post(cast.ada, f"{here}guests/", member="zoe")
    assert "Zoe Nakamura of Brightline will see" in shown
    assert not Guest.objects.exists()
    digest = shown.split('name="preview" value="')[1].split('"')[0]
    post(cast.ben, f"{here}posts/", body="One post more.")
    assert "has changed meanwhile" in post(cast.ada, f"{here}guests/", member="zoe", preview=digest)
    assert not Guest.objects.exists()
    shown = post(cast.ada, f"{here}guests/", member="zoe")
    digest = shown.split('name="preview" value="')[1].split('"')[0]
    post(cast.ada, f"{here}guests/", member="zoe", preview=digest)
    assert "Names do not resolve" in get(cast.zoe, here)
    assert page(cast.zoe).get(f"{here}guests/").status_code == 403
    assert page(cast.cleo).get(here).status_code == 404
    post(cast.ada, f"{here}guests/", act="end", member="zoe")
    assert page(cast.zoe).get(here).status_code == 404


def test_opening_further(cast: Cast) -> None:
    thread = problem(cast, audience="organization")
    here = f"/threads/{thread.pk}/"
    shown = post(cast.ada, f"{here}audience/", audience="space")
    assert "more people will see" in shown
    digest = shown.split('name="preview" value="')[1].split('"')[0]
    post(cast.ada, f"{here}audience/", audience="space", preview=digest)
    assert Thread.objects.get().audience == "space"
    assert "opened the thread to" in get(cast.finn, here)
    assert "sees this thread already" in get(cast.ada, f"{here}audience/")


def test_what_is_not_there_is_not_there(cast: Cast) -> None:
    everybody_works(cast)
    thread = problem(cast, audience="organization")
    here = f"/threads/{thread.pk}/"
    post(cast.ada, f"{here}help/", target="members", members="ben", what="A look", due="hour", wanted=1, at_once=1)
    request = HelpRequest.objects.get()
    client = page(cast.zoe)
    for address in ("help/", "guests/", "audience/", "hand-over/"):
        assert client.get(here + address).status_code == 404
    assert client.post(f"{here}helpers/", {"act": "join"}).status_code == 404
    assert client.get(f"/requests/{request.pk}/").status_code == 404
    assert client.get("/requests/9999999999999999999999/").status_code == 404
    assert client.post(f"/requests/{request.pk}/answer/", {"answer": "accepted"}).status_code == 404
    for handle in ("zoe", "nobody-has-this"):
        shown = post(
            cast.ada, f"{here}help/", target="members", members=handle, what="x", due="hour", wanted=1, at_once=1
        )
        assert "Nobody of this handle sees the thread" in shown
