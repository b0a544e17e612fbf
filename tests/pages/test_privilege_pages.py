"""The pages of standing, of putting in order, and of mentoring; what is lacking is said where it is missed."""

import pytest
from django.test import Client

from community.models import Member
from reputation.actions.mentoring import answer_learner, ask_mentor, offer_mentoring
from reputation.actions.skills import declare_skills
from reputation.models import Mentoring, MentoringHelped, Standing
from reputation.rules.points import POINTS, THRESHOLDS
from reputation.rules.skills import Declared
from tests.cast import Cast
from tests.pages.stories import SignIn, Story
from threads.actions.threads import open_thread
from threads.models import Thread

pytestmark = pytest.mark.both_databases

LACKING = "needs 200 standing in one of mail-gateway, loop, smtp; you have 40 in smtp."
WHAT = "How to read a queue, and what to do then."


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def earned(member: Member, points: int, scope: str = "tag:smtp") -> None:
    Standing.objects.update_or_create(member=member, scope=scope, defaults={"points": points, "awards": 1})


def test_the_rules_are_read_by_every_member_with_their_own_progress(cast: Cast, story: Story, sign_in: SignIn) -> None:
    earned(cast.zoe, 40)
    shown = page(sign_in(cast.zoe), "/standing/")
    for number in (*POINTS.values(), *THRESHOLDS.values()):
        assert f">{number}</td>" in shown
    assert "not yet: 40 in #smtp" in shown
    assert "are appointed by people. No standing gives these roles" in shown
    earned(cast.zoe, 10_000)
    assert "You may, in #smtp" in page(sign_in(cast.zoe), "/standing/")


def test_a_tag_that_one_meets_no_more_is_not_named(cast: Cast, story: Story, sign_in: SignIn) -> None:
    open_thread(by=cast.ada, space=cast.spaces["workshop"], title="Soon", body="The merger.", tags=["merger"])
    earned(cast.zoe, 10_000, "tag:merger")
    assert "merger" not in page(sign_in(cast.zoe), "/standing/")
    assert "merger" not in page(sign_in(cast.zoe), "/people/me/mentoring/")


def test_what_is_missed_is_said_where_it_is_missed(cast: Cast, story: Story, sign_in: SignIn) -> None:
    earned(cast.zoe, 40)
    zoe, number = sign_in(cast.zoe), story.practice.pk
    assert f"Editing others’ practices {LACKING}" in page(zoe, f"/practices/{number}/suggest/")
    tags = page(zoe, f"/practices/{number}/tags/")
    assert f"Changing others’ tags {LACKING}" in tags
    assert "Approving new and changed practices needs 500" in tags
    assert "<form" not in tags.partition("<main")[2].partition("</main>")[0]
    tidying = page(zoe, f"/threads/{story.thread.pk}/tidying/")
    assert f"Changing others’ tags {LACKING}" in tidying
    assert 'href="/standing/"' in tidying
    assert "needs" not in page(sign_in(cast.ben), f"/practices/{number}/suggest/").partition("<main")[2]


def test_tags_are_changed_and_what_was_typed_is_kept(cast: Cast, story: Story, sign_in: SignIn) -> None:
    zoe, thread = sign_in(cast.zoe), story.thread
    address = f"/threads/{thread.pk}/tags/"
    assert zoe.post(address, {"tags": "smtp, queues"}).status_code == 422
    earned(cast.zoe, THRESHOLDS["retag"])
    assert zoe.post(address, {"tags": "smtp, queues"})["Location"] == thread.get_absolute_url()
    assert sorted(tag.slug for tag in thread.tags.all()) == ["queues", "smtp"]
    refused = zoe.post(address, {"tags": ", ".join(f"t{number}" for number in range(9))})
    assert refused.status_code == 422
    assert "t8" in refused.content.decode()


def test_a_duplicate_is_closed_and_opened_again(cast: Cast, story: Story, sign_in: SignIn) -> None:
    thread = open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Loops too", body="x", tags=["smtp"])
    earned(cast.zoe, THRESHOLDS["duplicates"])
    zoe, address = sign_in(cast.zoe), f"/threads/{thread.pk}/duplicate/"
    for other in ("", "x", "0", str(10**30), str(thread.pk)):
        answer = zoe.post(address, {"other": other, "reason": "As I said."})
        assert answer.status_code == 422, other
        assert "As I said." in answer.content.decode()
    assert zoe.post(address, {"other": f"http://testserver{story.thread.get_absolute_url()}"}).status_code == 302
    assert Thread.objects.get(pk=thread.pk).status == "closed"
    told = page(sign_in(cast.ada), f"/threads/{thread.pk}/tidying/")
    assert "Zoe" in told
    assert story.thread.title in told
    assert "closed the thread: it is solved elsewhere" in page(sign_in(cast.ada), "/inbox/")
    sign_in(cast.ada).post(address, {"act": "open"})
    assert Thread.objects.get(pk=thread.pk).status == "open"


def test_a_mentor_is_found_asked_and_answers(cast: Cast, story: Story, sign_in: SignIn) -> None:
    ada, ben = sign_in(cast.ada), sign_in(cast.ben)
    earned(cast.ben, THRESHOLDS["mentor"])
    page(ada, "/mentors/ben/?tag=smtp", 404)
    assert "Ask to mentor you" not in page(ada, "/people/ben/")
    ben.post("/people/me/mentoring/offer/", {"offers": "1"})
    assert "Offer it no more" in page(ben, "/people/me/skills/")
    assert 'href="/mentors/ben/?tag=smtp"' in page(ada, "/people/ben/")
    assert "Ben Okafor" in page(ada, "/mentors/?tag=smtp")
    refused = ada.post("/mentors/ben/?tag=smtp", {"what": WHAT})
    assert refused.status_code == 422
    assert WHAT in refused.content.decode()
    declare_skills(by=cast.ada, skills=[Declared("tag:smtp", 1, wants_to_learn=True)])
    assert 'href="/mentors/?tag=smtp"' in page(ada, "/people/ada/")
    assert ada.post("/mentors/ben/?tag=smtp", {"what": WHAT}).status_code == 302
    asked = Mentoring.objects.get()
    shown = page(ben, "/people/me/mentoring/")
    assert WHAT in shown
    assert "Mentor them" in shown
    answer = ben.post(f"/mentorings/{asked.pk}/answer/", {"act": "decline", "note": "No."})
    assert answer.status_code == 422
    assert ">No.</textarea>" in answer.content.decode()
    assert ben.post(f"/mentorings/{asked.pk}/answer/", {"act": "accept", "note": ""}).status_code == 302
    ada.post(f"/mentorings/{asked.pk}/helped/")
    ada.post(f"/mentorings/{asked.pk}/helped/")
    assert MentoringHelped.objects.count() == 1
    assert "Take back that it helped" in page(ada, "/people/me/mentoring/")
    ada.post(f"/mentorings/{asked.pk}/helped/", {"act": "take_back"})
    ada.post(f"/mentorings/{asked.pk}/ending/")
    asked.refresh_from_db()
    assert asked.state == "ended"
    assert "ended the mentoring" in page(ben, "/inbox/")


def test_somebody_elses_mentoring_is_not_there(cast: Cast, story: Story, sign_in: SignIn) -> None:
    earned(cast.ben, THRESHOLDS["mentor"])
    offer_mentoring(by=cast.ben, offers=True)
    declare_skills(by=cast.ada, skills=[Declared("tag:smtp", 1, wants_to_learn=True)])
    asked = ask_mentor(by=cast.ada, mentor=cast.ben, scope="tag:smtp", what=WHAT)
    answer_learner(by=cast.ben, mentoring=asked, accept=True)
    for who in (cast.zoe, cast.olga, cast.nia):
        client = sign_in(who)
        for name in ("answer", "ending", "helped"):
            assert client.post(f"/mentorings/{asked.pk}/{name}/", {"act": "accept"}).status_code == 404
        assert WHAT not in page(client, "/people/me/mentoring/")
        for address in ("/people/ada/", "/people/ben/"):
            assert WHAT not in page(client, address)


def test_an_approver_sees_the_review_and_no_more_of_the_desk(cast: Cast, story: Story, sign_in: SignIn) -> None:
    earned(cast.finn, THRESHOLDS["validate"])
    finn, number = sign_in(cast.finn), story.practice.pk
    assert f'action="/practices/{number}/review/"' in page(finn, f"/practices/{number}/")
    review = finn.post(f"/practices/{number}/review/")["Location"]
    shown = page(finn, review)
    assert 'value="approved"' in shown
    assert 'value="retired"' not in shown
    page(finn, "/desk/", 403)
    assert (
        finn.post(f"{review}decision/", {"outcome": "approved", "version": story.practice.version}).status_code == 302
    )


def test_what_was_typed_to_a_mentor_whose_standing_fell_is_not_lost(cast: Cast, story: Story, sign_in: SignIn) -> None:
    ada, zoe = sign_in(cast.ada), sign_in(cast.zoe)
    earned(cast.ben, THRESHOLDS["mentor"])
    sign_in(cast.ben).post("/people/me/mentoring/offer/", {"offers": "1"})
    declare_skills(by=cast.ada, skills=[Declared("tag:smtp", 1, wants_to_learn=True)])
    page(ada, "/mentors/ben/?tag=smtp")
    earned(cast.ben, THRESHOLDS["mentor"] - 1)
    refused = ada.post("/mentors/ben/?tag=smtp", {"what": WHAT})
    assert refused.status_code == 422
    assert WHAT in refused.content.decode()
    assert "They do not mentor in this." in refused.content.decode()
    assert not Mentoring.objects.exists()
    page(ada, "/mentors/ben/?tag=smtp", 404)
    assert zoe.post("/mentors/ben/?tag=nowhere", {"what": WHAT}).status_code == 404
