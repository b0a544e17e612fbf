"""The pages of evaluations, without JavaScript: rating, what one sees of it, coaches, and a moderator's look."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from community.models import Member
from community.rules import clock
from reputation.actions.coaching import name_coach
from reputation.models import Coaching, Evaluation, RaterLook
from tests.cast import Cast
from tests.pages.stories import SignIn
from tests.reputation.evaluating import a_week_later, crowd, rates, worked
from threads.actions.note_reviews import answer_note

pytestmark = pytest.mark.both_databases


def test_one_rates_a_part_and_a_post_from_the_resolved_thread(cast: Cast, sign_in: SignIn) -> None:
    thread = worked(cast, [cast.zoe])
    zoe = sign_in(cast.zoe)
    address = f"/threads/{thread.pk}/evaluate/"
    assert address in zoe.get(thread.get_absolute_url()).content.decode()
    page = zoe.get(address).content.decode()
    assert "Rate their part" in page
    assert "member=zoe" not in page
    post = re.search(r"\?post=(\d+)", page)
    assert post
    assert zoe.get(f"{address}?member=ben").status_code == 200
    wrong = zoe.post(address, {"member": "ben", "note": "Kept as typed.", "note_to": "person"})
    assert (wrong.status_code, "Kept as typed." in wrong.content.decode()) == (422, True)
    assert "Rate at least one" in wrong.content.decode()
    assert zoe.post(address, {"member": "ben", "clarity": "9"}).status_code == 422
    assert zoe.post(address, {"member": "ben", "clarity": "4", "note_to": "person"}).status_code == 302
    assert zoe.post(address, {"post": post[1], "accuracy": "2", "note_to": "person"}).status_code == 302
    assert Evaluation.objects.filter(rater=cast.zoe).count() == 2
    again = zoe.post(address, {"member": "ben", "clarity": "5"})
    assert (again.status_code, "rated this already" in again.content.decode()) == (422, True)
    assert zoe.post(address, {"member": "ben", "clarity": "5", "version": "1"}).status_code == 302
    given = zoe.get("/people/me/evaluations/").content.decode()
    assert thread.title in given
    mine = Evaluation.objects.get(rater=cast.zoe, post=None)
    assert sign_in(cast.ben).post(f"/people/me/evaluations/{mine.pk}/withdrawal/").status_code == 404
    assert zoe.post(f"/people/me/evaluations/{mine.pk}/withdrawal/").status_code == 302


def test_who_took_no_part_rates_nobody(cast: Cast, sign_in: SignIn) -> None:
    thread = worked(cast, [cast.zoe])
    cleo = sign_in(cast.cleo)
    address = f"/threads/{thread.pk}/evaluate/"
    assert "nobody to rate" in cleo.get(address).content.decode()
    for named in ({"member": "ben"}, {"post": "1"}, {"member": "nobody\0"}, {"post": "9" * 30}):
        assert cleo.get(address, named).status_code == 404
        assert cleo.post(address, {**named, "clarity": "5"}).status_code == 404
    assert sign_in(cast.zoe).get(address, {"member": "zoe"}).status_code == 404
    assert not Evaluation.objects.exists()


def test_numbers_notes_and_answering(cast: Cast, sign_in: SignIn) -> None:
    raters = crowd(cast, 5)
    thread = worked(cast, raters)
    for member in raters[:4]:
        rates(member, thread, cast.ben, note="Say what you tried." if member == raters[0] else "", clarity=5)
    ben = sign_in(cast.ben)
    assert "Nothing to show yet" in ben.get("/people/me/evaluations/").content.decode()
    rates(raters[4], thread, cast.ben, clarity=5)
    with clock.at(a_week_later()):
        page = ben.get("/people/me/evaluations/").content.decode()
        assert "4.0" in page
        assert "Say what you tried." in page
        assert "Rater 1" not in page
        assert "rater1" not in page
        key = Evaluation.objects.get(rater=raters[0]).key
        address = f"/people/me/evaluations/notes/{key}/"
        assert address in page
        for who in ("ada", "zoe", "mo", "nia"):
            assert sign_in(cast.people[who]).get(address).status_code == 404, who
        assert ben.get(address).status_code == 200
        assert ben.post(address, {"answer": "disagree"}).status_code == 422
        assert ben.post(address, {"answer": "disagree", "words": "I did."}).status_code == 302
        assert ben.post(address, {"answer": "thanks"}).status_code == 422
        assert "I did." in sign_in(raters[0]).get("/people/me/evaluations/").content.decode()


def test_pages_cost_the_same_with_more_in_them(cast: Cast, sign_in: SignIn) -> None:
    raters = crowd(cast, 10)
    thread = worked(cast, raters)
    ben, rater = sign_in(cast.ben), sign_in(raters[0])
    name_coach(by=cast.olga, coach=cast.ada, member=cast.ben)

    def costs() -> list[int]:
        found = []
        pages = (ben, "/people/me/evaluations/"), (rater, f"/threads/{thread.pk}/evaluate/")
        for client, address in (*pages, (sign_in(cast.ada), "/coaching/ben/")):
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            found.append(len(asked))
        return found

    def rated(some: list[Member]) -> None:
        for member in some:
            rates(member, thread, cast.ben, note="Say what you tried.")
            rates(cast.ben, thread, member)

    rated(raters[:5])
    with clock.at(a_week_later()):
        before = costs()
    rated(raters[5:])
    with clock.at(a_week_later()):
        assert costs() == before


def test_the_coachs_page(cast: Cast, sign_in: SignIn) -> None:
    raters = crowd(cast, 5)
    thread = worked(cast, raters)
    for member in raters:
        rates(member, thread, cast.ben, clarity=5)
    name_coach(by=cast.olga, coach=cast.ada, member=cast.ben)
    for name, person in cast.people.items():
        if name == "sam":
            continue
        client = sign_in(person)
        answer = client.get("/coaching/ben/")
        assert answer.status_code == (200 if name == "ada" else 404), name
        assert ("/coaching/ben/" in client.get("/coaching/").content.decode()) is (name == "ada"), name
    assert "4.0" in sign_in(cast.ada).get("/coaching/ben/").content.decode()
    assert "Ada Lindqvist" in sign_in(cast.ben).get("/people/me/evaluations/").content.decode()


def test_the_administrators_page(cast: Cast, sign_in: SignIn) -> None:
    for who in ("ada", "ben", "zoe", "mo", "cleo", "finn"):
        client = sign_in(cast.people[who])
        assert client.get("/organization/coaches/").status_code == 403, who
        assert client.post("/organization/coaches/", {"coach": "ada", "member": "ben"}).status_code == 403, who
    olga = sign_in(cast.olga)
    for wrong in ({"coach": "zoe", "member": "ben"}, {"coach": "ada", "member": "ada"}, {"coach": "", "member": "\0"}):
        assert olga.post("/organization/coaches/", wrong).status_code == 422
    assert olga.post("/organization/coaches/", {"coach": "@Ada", "member": "ben"}).status_code == 302
    assert "Ada Lindqvist coaches Ben Okafor" in strip_tags(olga.get("/organization/coaches/").content.decode())
    row = Coaching.objects.get()
    assert sign_in(cast.nia).post("/organization/coaches/", {"end": row.pk}).status_code == 404
    assert olga.post("/organization/coaches/", {"end": "x"}).status_code == 404
    assert olga.post("/organization/coaches/", {"end": row.pk}).status_code == 302
    assert Coaching.objects.get().until is not None


def test_a_moderators_look_is_asked_for_and_kept(cast: Cast, sign_in: SignIn) -> None:
    raters = crowd(cast, 5)
    thread = worked(cast, raters)
    made = rates(raters[0], thread, cast.ben, note="Say what you tried.")
    for member in raters[1:]:
        rates(member, thread, cast.ben)
    with clock.at(a_week_later()):
        review = answer_note(by=cast.ben, evaluation=made, answer="review", words="I did.")
        address = f"/evaluations/reviews/{review.pk}/"
        for who in ("ada", "ben", "zoe", "cleo", "olga", "finn"):
            client = sign_in(cast.people[who])
            assert client.get(address).status_code == 404, who
            assert client.post(f"{address}look/").status_code == 404, who
            assert "Say what" not in client.get("/evaluations/reviews/").content.decode(), who
        mo = sign_in(cast.mo)
        assert "A note about Ben Okafor" in mo.get("/evaluations/reviews/").content.decode()
        assert "Rater 1" not in mo.get(address).content.decode()
        assert mo.post(f"{address}look/").status_code == 302
        assert "Rater 1" in mo.get(address).content.decode()
        assert "Rater 1" not in sign_in(cast.nia).get(address).content.decode()
        assert RaterLook.objects.count() == 1
        assert mo.post(address, {"outcome": "kept"}).status_code == 422
        assert mo.post(address, {"outcome": "kept", "words": "It is about the work."}).status_code == 302
        for reader in (cast.ben, raters[0]):
            page = sign_in(reader).get("/people/me/evaluations/").content.decode()
            assert "It is about the work." in page
            assert "A moderator looked" in page
