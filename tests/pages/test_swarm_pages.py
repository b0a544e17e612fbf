"""The swarm's pages, as they are without any script: every step is a form."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client

from community.models import InboxSetting, Member
from community.rules import clock
from tests.cast import Cast
from tests.threads.asking import everybody_works, knows, problem, works
from threads.actions.asking import try_again
from threads.actions.meetings import log_meeting
from threads.actions.requests import ask_for_help
from threads.actions.threads import plan
from threads.models import Asked, Guest, HandOver, Helper, HelpRequest, Thread
from threads.queries.asking import foreseen as foreseen_by

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


def test_a_shift_ends_with_a_note_and_whoever_comes_back_takes_the_thread(cast: Cast) -> None:
    thread = problem(cast)
    here = f"/threads/{thread.pk}/"
    post(cast.zoe, f"{here}seen/", number=1)
    post(cast.ben, f"{here}owner/", act="take")
    shown = post(cast.ben, f"{here}hand-over/", summary="The cache is empty; look at the *resolver* next.", to="")
    assert "You own it until somebody takes over" in shown
    assert "From Ben Okafor, to whoever takes over" in get(cast.zoe, here)
    assert "left a note for whoever takes over" in get(cast.zoe, f"{here}since/")
    assert "I have it" not in get(cast.ben, here)
    post(cast.zoe, f"{here}owner/", act="take")
    thread.refresh_from_db()
    assert thread.owner == cast.zoe
    assert "to whoever takes over" not in get(cast.zoe, here).split('id="panel-swarm"')[1].split("</section>")[0]
    told = get(cast.ada, f"{here}timeline/")
    assert "accepted the hand-over" in told
    assert told.count("<em>resolver</em>") == 1
    assert "*resolver*" not in told


def test_whoever_took_it_over_has_the_note_at_the_top_until_they_put_it_away(cast: Cast) -> None:
    thread = problem(cast)
    here = f"/threads/{thread.pk}/"
    post(cast.ben, f"{here}owner/", act="take")
    post(cast.ben, f"{here}hand-over/", summary="The cache is empty; look at the *resolver* next.", to="")
    note = HandOver.objects.get()
    assert 'id="note"' not in get(cast.zoe, here)
    post(cast.zoe, f"{here}owner/", act="take")
    shown = get(cast.zoe, here)
    assert "Ben Okafor handed this over to you" in shown
    assert shown.index("<em>resolver</em>") < shown.index('id="posts"')
    for other in (cast.ada, cast.ben, cast.mo):
        assert 'id="note"' not in get(other, here)
    assert "offered to somebody else" in post(cast.ben, f"/hand-overs/{note.pk}/answer/", answer="read")
    assert page(cast.finn).get(here).status_code == 200
    assert 'id="note"' in get(cast.zoe, here)
    for _time in range(2):
        assert 'id="note"' not in post(cast.zoe, f"/hand-overs/{note.pk}/answer/", answer="read")
    post(cast.zoe, f"{here}hand-over/", summary="It was the resolver; watch it until noon.", to="ben")
    post(cast.ben, f"/hand-overs/{HandOver.objects.latest('pk').pk}/answer/", answer="accept")
    assert "Zoe Nakamura handed this over to you" in get(cast.ben, here)
    post(cast.ben, f"{here}hand-over/", summary="I leave now; the rest is yours again.", to="zoe")
    post(cast.zoe, f"/hand-overs/{HandOver.objects.latest('pk').pk}/answer/", answer="accept")
    assert 'id="note"' not in get(cast.ben, here)


def test_what_is_written_in_the_swarm_is_markdown_and_safe(cast: Cast) -> None:
    everybody_works(cast)
    thread = problem(cast)
    here = f"/threads/{thread.pk}/"
    evil = "<script>alert(1)</script> [x](javascript:alert(1)) ![i](https://elsewhere.example/i.png)"
    plan(by=cast.ada, thread=thread, what=f"Look at `named.conf`, **now** {evil}")
    text = f"Which **zone** is it?\n\n- `a`\n- `b`\n\n{evil}"
    post(cast.ada, f"{here}help/", target="members", members="ben", what=text, due="hour", wanted=1, at_once=1)
    log_meeting(
        by=cast.ada, thread=thread, kind="call", held_at=clock.now(), minutes=5, others="Bo",
        outcome=f"We chose **quokkas**. {evil}",
    )  # fmt: skip
    shown, told = get(cast.zoe, here), get(cast.zoe, f"{here}timeline/")
    assert "<code>named.conf</code>, <strong>now</strong>" in shown
    assert "<code>named.conf</code>, <strong>now</strong>" in told
    assert "Which <strong>zone</strong> is it?" in shown
    assert told.count("Which <strong>zone</strong> is it?") == 1
    assert "<li><code>b</code></li>" in told
    assert "<strong>quokkas</strong>" in told
    assert "Which zone is it?" in get(cast.ben, "/")
    for text in (shown, told, get(cast.ben, "/")):
        assert "**" not in text
        assert "<script>alert" not in text
        assert 'href="javascript' not in text
        assert '<img src="https://elsewhere' not in text


def test_the_next_one_is_asked_when_the_first_does_not_answer(cast: Cast) -> None:
    everybody_works(cast)
    thread = problem(cast)
    here = f"/threads/{thread.pk}/"
    post(cast.ada, f"{here}help/", target="members", members="ben, zoe", what="A look", due="hour", wanted=1, at_once=1)
    request = f"/requests/{HelpRequest.objects.get().pk}/"
    assert "I help" not in get(cast.zoe, request)
    Asked.objects.update(answer_by=clock.now())
    call_command("work", "--once")
    assert "I help" in get(cast.zoe, request)
    assert "I help" not in get(cast.ben, request)
    assert "did not answer in time" in get(cast.ada, here)
    assert request in get(cast.zoe, "/")
    assert request not in get(cast.ben, "/")


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


def test_before_it_is_sent_the_page_shows_who_would_be_asked_and_why(cast: Cast) -> None:
    everybody_works(cast)
    knows(cast.zoe, 300)
    knows(cast.ben, 30)
    here = f"/threads/{problem(cast).pk}/help/"
    shown = foreseen(get(cast.ada, here))
    assert shown.index("Zoe Nakamura") < shown.index("Ben Okafor")
    assert "300 points in #dns" in shown
    assert shown.count("Asked at once") == 1
    both = foreseen(post(cast.ada, here, act="look", target="matched", at_once=2))
    assert both.count("Asked at once") == 2
    assert not HelpRequest.objects.exists()
    named = foreseen(post(cast.ada, here, act="look", target="members", members="ben finn", at_once=1))
    assert named.index("Ben Okafor") < named.index("Finn Byrne")
    assert "Asked by name" not in named
    InboxSetting.objects.create(member=cast.finn, kind="help-asked", wanted=False)
    without = foreseen(post(cast.ada, here, act="look", target="members", members="ben finn"))
    assert "Finn Byrne" not in without
    assert "and so left out: finn." in without
    assert "left out" not in named
    refused = post(cast.ada, here, target="members", members="ben finn", what="x", due="hour", wanted=1, at_once=1)
    assert "Finn Byrne wants no requests for help in the inbox." in refused
    assert "Zoe Nakamura" not in named
    assert "Ben Okafor" not in foreseen(
        post(cast.ada, here, act="look", target="organization", organization="brightline")
    )
    assert "Zoe" in foreseen(get(cast.ada, f"{here}?member=zoe"))


def test_when_nobody_can_be_asked_it_says_when_the_first_can(cast: Cast) -> None:
    opens = (clock.now() + timedelta(days=1)).replace(hour=18, minute=0, second=0, microsecond=0)
    works(cast.ben, state="away", until=opens)
    here, shown = f"/threads/{problem(cast).pk}/help/", opens.strftime("%Y-%m-%d %H:%M UTC")
    look = foreseen(post(cast.ada, here, act="look", target="members", members="ben"))
    assert "Nobody can be asked at this hour." in look
    assert shown in look
    given = {"target": "members", "members": "ben", "what": "x", "due": "four", "wanted": 1, "at_once": 1}
    assert "can be asked from <time" in post(cast.ada, here, **given)
    request = HelpRequest.objects.get()
    assert request.next_try_at == opens
    assert shown in get(cast.ada, f"/requests/{request.pk}/")
    with clock.at(opens):
        try_again(request_id=request.pk)
        assert "can be asked from" not in get(cast.ada, f"/requests/{request.pk}/")


def test_who_would_be_asked_is_who_is_asked(cast: Cast) -> None:
    everybody_works(cast)
    for points, handle in enumerate(("ben", "zoe", "finn", "mo"), start=1):
        knows(cast.people[handle], 10 * points)
    works(cast.mo, state="away", until=clock.now() + timedelta(days=2))
    thread = problem(cast)
    for _time in range(3):
        request = HelpRequest.objects.create(
            thread=problem(cast), by=cast.ada, what="?", html="?", due_at=clock.now(), state="withdrawn",
            ended_at=clock.now(),
        )  # fmt: skip
        Asked.objects.create(
            request=request, member=cast.finn, place=1, first=True, answer_by=clock.now(), answer="declined",
            answered_at=clock.now(),
        )  # fmt: skip
    found = foreseen_by(cast.ada, thread)
    assert [each.member.handle for each in found.people][:3] == ["zoe", "ben", "finn"]
    made = ask_for_help(
        by=cast.ada, thread=thread, what="A look", due_at=clock.now() + timedelta(hours=2), at_once=3, wanted=3
    )
    asked = list(Asked.objects.filter(request=made).order_by("place").values_list("member__handle", flat=True))
    assert asked == ["zoe", "ben", "finn"]


def test_a_look_says_what_is_missing_of_whom_to_ask_and_nothing_else(cast: Cast) -> None:
    here = f"/threads/{problem(cast).pk}/help/"
    for target, words in (
        ("members", "Name at least one member."),
        ("organization", "Choose the organization."),
        ("center", "Choose the center."),
        ("tag", "Name the topic: a tag."),
    ):
        shown = post(cast.ada, here, act="look", target=target)
        assert words in shown
        assert "This field is required" not in shown
        assert 'id="foreseen"' not in shown
    shown = post(cast.ada, here, act="look", target="matched", what="What I typed")
    assert "What I typed" in shown
    assert "This field is required" in post(cast.ada, here, act="ask", target="matched")
    assert not HelpRequest.objects.exists()


def test_people_beyond_the_audience_are_marked_and_asking_them_begins_with_letting_them_in(cast: Cast) -> None:
    everybody_works(cast)
    knows(cast.zoe, 300)
    knows(cast.ben, 30)
    thread = problem(cast, audience="organization")
    here = f"/threads/{thread.pk}/"
    for page_with_them in (f"{here}help/", f"{here}matches/"):
        shown = get(cast.ada, page_with_them)
        inside, beyond = shown.split('id="beyond-title"')
        assert "Zoe Nakamura" not in inside
        assert "Zoe Nakamura" in beyond
        assert "Ben Okafor" not in beyond
        assert "lets that one person in" in beyond
    assert "Zoe Nakamura" not in get(cast.ada, f"{here}matches/?part")
    post(cast.olga, f"{here}helpers/", act="join")
    assert "Zoe" in get(cast.olga, f"{here}matches/")
    for page_with_them in (f"{here}help/", f"{here}matches/"):
        assert "Zoe Nakamura" not in get(cast.ben, page_with_them)
    link = f"{here}guests/?member=zoe&then=ask"
    assert link.replace("&", "&amp;") in get(cast.ada, f"{here}help/")
    assert 'name="then" value="ask"' in get(cast.ada, link)
    shown = post(cast.ada, f"{here}guests/", member="zoe", then="ask")
    digest = shown.split('name="preview" value="')[1].split('"')[0]
    shown = post(cast.ada, f"{here}guests/", member="zoe", then="ask", preview=digest)
    assert "Zoe Nakamura" in foreseen(shown)
    assert 'value="zoe"' in shown
    assert "beyond-title" not in get(cast.ada, f"/threads/{problem(cast).pk}/matches/")


def foreseen(page_text: str) -> str:
    """The part of the page that says who would be asked."""
    return page_text.split('id="foreseen"')[1].split("</section>", maxsplit=1)[0]
