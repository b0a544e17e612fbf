"""The pages of thanks: saying, reading, taking back, removing; what they tell to whom; nothing typed is lost."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from community.actions.members import let_go, reinstate, suspend
from community.models import Member
from community.rules import clock
from reputation.actions.kudos import give_kudos
from reputation.models import Kudos
from tests.cast import Cast
from tests.pages.stories import SignIn, Story, told
from threads.actions.kudos import say_thanks

pytestmark = pytest.mark.both_databases

WHY = "For staying with it until the queue was empty."
PAGE = "/people/ben/thanks/"


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_thanks_are_said_and_everybody_reads_them(cast: Cast, sign_in: SignIn) -> None:
    ada = sign_in(cast.ada)
    page = text_of(ada, PAGE)
    assert "5 thanks left this month, 2 of them for Ben Okafor" in page
    name = re.search(r'name="client_id" value="(\w+)"', page)
    assert name
    sent = {"reason": WHY, "client_id": name[1], "about": ""}
    for _twice in range(2):
        assert ada.post(PAGE, sent)["Location"] == PAGE
    assert Kudos.objects.count() == 1
    for who in (cast.zoe, cast.finn, cast.ben):
        for address in (PAGE, "/people/ben/"):
            shown = text_of(sign_in(who), address)
            assert WHY in shown
            assert "Ada Lindqvist" in shown
    assert WHY in text_of(sign_in(cast.ben), "/inbox/")


def test_what_is_typed_is_text_and_not_markup(cast: Cast, sign_in: SignIn) -> None:
    give_kudos(by=cast.ada, to=cast.ben, reason="<script>alert(1)</script> **and** [x](javascript:alert(1))")
    for address in (PAGE, "/people/ben/"):
        shown = text_of(sign_in(cast.zoe), address)
        assert "&lt;script&gt;alert(1)" in shown
        assert "<script>alert" not in shown
    assert "<script>alert" not in text_of(sign_in(cast.ben), "/inbox/")


def test_what_was_typed_is_kept_when_it_is_refused(cast: Cast, sign_in: SignIn, story: Story) -> None:
    ada = sign_in(cast.ada)
    answer = ada.post(PAGE, {"reason": "Thanks!", "about": f"post:{story.reply.pk}"})
    assert answer.status_code == 422
    assert ">Thanks!</textarea>" in answer.content.decode().replace("\n", "")
    assert f'value="post:{story.reply.pk}"' in answer.content.decode()
    for _twice in range(2):
        give_kudos(by=cast.ada, to=cast.ben, reason=WHY)
    answer = ada.post(PAGE, {"reason": "Once more, because it was worth it.", "about": ""})
    assert answer.status_code == 422
    assert "Once more, because it was worth it." in answer.content.decode()
    assert "2 times this month" in answer.content.decode()
    assert Kudos.objects.count() == 2


def test_with_none_left_the_page_says_what_to_do(cast: Cast, sign_in: SignIn) -> None:
    for to in (cast.zoe, cast.cleo, cast.mo, cast.finn, cast.olga):
        give_kudos(by=cast.ada, to=to, reason=WHY)
    page = text_of(sign_in(cast.ada), PAGE)
    assert "no thanks left this month" in page
    assert "<textarea" not in page


def test_who_cannot_be_thanked_has_no_form(cast: Cast, sign_in: SignIn) -> None:
    ada = sign_in(cast.ada)
    for handle in ("ada", "sam"):
        assert "<textarea" not in text_of(ada, f"/people/{handle}/thanks/")
        assert f"/people/{handle}/thanks/" not in text_of(ada, f"/people/{handle}/")
        assert ada.post(f"/people/{handle}/thanks/", {"reason": WHY}).status_code == 422
    assert "/people/ben/thanks/" in text_of(ada, "/people/ben/")
    assert not Kudos.objects.exists()


def test_a_thread_is_named_only_to_who_sees_it(cast: Cast, sign_in: SignIn, secret: Story) -> None:
    say_thanks(by=cast.ada, to=cast.ben, reason=WHY, about=secret.reply)
    for address in (PAGE, "/people/ben/"):
        assert "Mail loops between gateways" in text_of(sign_in(cast.olga), address)
        for who in (cast.zoe, cast.finn, cast.mo):
            shown = text_of(sign_in(who), address)
            assert WHY in shown
            assert "Mail loops" not in shown
            assert f"/posts/{secret.reply.pk}/" not in shown


def test_the_form_names_only_what_its_reader_sees(cast: Cast, sign_in: SignIn, secret: Story) -> None:
    address = f"{PAGE}?about=post:{secret.reply.pk}"
    assert "Mail loops" in text_of(sign_in(cast.ada), address)
    zoe = sign_in(cast.zoe)
    for about in (f"post:{secret.reply.pk}", f"thread:{secret.thread.pk}", "post:999999", "post:x", "space:1", "x"):
        assert "Mail loops" not in text_of(zoe, f"{PAGE}?about={about}", 404)
        answer = zoe.post(PAGE, {"reason": WHY, "about": about})
        assert answer.status_code == 422
        assert WHY in answer.content.decode()
        assert "Mail loops" not in answer.content.decode()
    assert not Kudos.objects.exists()


def test_a_posts_own_page_leads_to_thanks(cast: Cast, sign_in: SignIn, story: Story) -> None:
    link = f"/people/ben/thanks/?about=post:{story.reply.pk}"
    address = f"/posts/{story.reply.pk}/"
    assert link in text_of(sign_in(cast.ada), address)
    assert link not in text_of(sign_in(cast.ben), address)
    suspend(by=cast.olga, member=cast.ben)
    assert link not in text_of(sign_in(cast.ada), address)


def test_the_giver_takes_back_within_a_day(cast: Cast, sign_in: SignIn) -> None:
    given = give_kudos(by=cast.ada, to=cast.ben, reason=WHY)
    address = f"/thanks/{given.pk}/taking-back/"
    assert address in text_of(sign_in(cast.ada), PAGE)
    assert address not in text_of(sign_in(cast.zoe), PAGE)
    assert sign_in(cast.zoe).post(address).status_code == 302
    assert Kudos.objects.get().stands
    assert sign_in(cast.ada).post(address)["Location"] == PAGE
    assert WHY not in text_of(sign_in(cast.ben), PAGE)
    assert sign_in(cast.ada).post(address).status_code == 404
    with clock.at(clock.now() - timedelta(days=1, minutes=1)):
        old = give_kudos(by=cast.ada, to=cast.ben, reason=WHY)
    assert f"/thanks/{old.pk}/taking-back/" not in text_of(sign_in(cast.ada), PAGE)
    sign_in(cast.ada).post(f"/thanks/{old.pk}/taking-back/")
    assert WHY in text_of(sign_in(cast.ben), PAGE)


def test_a_moderator_removes_with_a_reason(cast: Cast, sign_in: SignIn, client: Client) -> None:
    given = give_kudos(by=cast.zoe, to=cast.ben, reason=WHY)
    address = f"/thanks/{given.pk}/removal/"
    assert client.get(address)["Location"].startswith("/accounts/login/")
    for who in (cast.ada, cast.ben, cast.zoe, cast.finn):
        assert address not in text_of(sign_in(who), PAGE)
        assert sign_in(who).get(address).status_code == 403
        assert sign_in(who).post(address, {"reason": "No."}).status_code == 403
    mo = sign_in(cast.mo)
    assert address in text_of(mo, PAGE)
    assert mo.post(address, {"reason": " "}).status_code == 422
    assert mo.post(address, {"reason": "It names a customer."})["Location"] == PAGE
    assert WHY not in text_of(sign_in(cast.ben), PAGE)
    assert "It names a customer." in text_of(sign_in(cast.zoe), "/inbox/")
    assert mo.get(address).status_code == 404


def test_the_list_goes_on_by_pages(cast: Cast, sign_in: SignIn) -> None:
    rows = [Kudos(giver=cast.ada, receiver=cast.ben, reason=f"Reason number {number:02}.") for number in range(45)]
    Kudos.objects.bulk_create(rows)
    zoe, address, seen = sign_in(cast.zoe), PAGE, []
    while address:
        page = text_of(zoe, address)
        seen += re.findall(r"Reason number (\d\d)\.</q>", page)
        following = re.search(r'href="(\?before=\d+)" rel="next"', page)
        address = f"{PAGE}{following[1]}" if following else ""
    assert seen == [f"{number:02}" for number in reversed(range(45))]
    for odd in ("?before=x", "?before=99999999999999999999", "?before=-1"):
        assert "number 44" in text_of(zoe, PAGE + odd)


@pytest.mark.parametrize("address", [PAGE, "/people/ben/"])
def test_a_page_costs_the_same_with_more_thanks(cast: Cast, sign_in: SignIn, story: Story, address: str) -> None:
    client = sign_in(cast.olga)

    def cost() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert WHY in text_of(client, address)
        return len(asked)

    for who in (cast.ada, cast.zoe):
        say_thanks(by=who, to=cast.ben, reason=WHY, about=story.reply)
    before = cost()
    for who in (cast.finn, cast.cleo, cast.mo):
        for about in (story.reply, told(cast).reply):
            say_thanks(by=who, to=cast.ben, reason=WHY, about=about)
    assert cost() == before


def test_odd_bytes_and_endless_text_are_refused_in_words(cast: Cast, sign_in: SignIn) -> None:
    ada = sign_in(cast.ada)
    for sent in (
        {"reason": f"{WHY}\0"},
        {"reason": "x" * 100_000},
        {"reason": WHY, "about": "post:\0"},
        {"reason": ""},
    ):
        assert ada.post(PAGE, sent).status_code == 422
    assert ada.get(f"{PAGE}?about=post:%00").status_code == 404
    assert ada.get("/people/b%00n/thanks/").status_code in {400, 404}
    for address in ("/thanks/99999999999999999999/taking-back/", "/thanks/99999999999999999999/removal/"):
        assert ada.post(address).status_code == 404
    assert not Kudos.objects.exists()


def test_thanks_are_offered_only_for_who_is_here_to_read_them(cast: Cast, sign_in: SignIn, story: Story) -> None:
    """On the thread's page, on the post's own, and over the API, which is what `can` there says."""
    number = story.reply.pk

    def offered(who: str) -> set[bool]:
        client = sign_in(cast.people[who])
        viewer = re.search(
            r'<script id="post-viewer"[^>]*>(.*?)</script>', text_of(client, f"/threads/{story.thread.pk}/")
        )
        assert viewer
        link = f"/people/ben/thanks/?about=post:{number}" in text_of(client, f"/posts/{number}/")
        api = client.get(f"/api/v1/posts/{number}").json()["can"]
        return {"thank" in json.loads(viewer[1])[str(number)]["can"], link, "thank" in api}

    assert offered("zoe") == {True}
    assert offered("ben") == {False}, "nobody thanks themselves"
    suspend(by=cast.nia, member=cast.ben)
    assert offered("zoe") == {False}
    reinstate(by=cast.nia, member=cast.ben)
    assert offered("zoe") == {True}
    let_go(by=cast.nia, member=cast.ben)
    assert offered("zoe") == {False}
    Member.objects.filter(pk=cast.ben.pk).update(is_active=True, left_at=None, source_site="iot")
    assert offered("zoe") == {False}, "imported"


def test_the_page_of_who_is_here_no_more_says_so(cast: Cast, sign_in: SignIn) -> None:
    shown = text_of(sign_in(cast.zoe), "/people/ben/")
    assert "no longer active" not in shown
    assert "is for Ben Okafor to show" in shown
    for ending in (suspend, let_go):
        ending(by=cast.nia, member=cast.ben)
        shown = text_of(sign_in(cast.zoe), "/people/ben/")
        assert "no longer active: what they wrote stays" in shown, "whichever it was is not told"
        assert "What it is made of is not shown." in shown
        assert "/people/ben/thanks/" not in shown
        reinstate(by=cast.nia, member=cast.ben)
