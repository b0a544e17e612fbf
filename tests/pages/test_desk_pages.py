"""The pages of the desk, as curators, authors and others use them."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client
from django.urls import reverse

from community.models import InboxItem
from tests.cast import Cast
from tests.pages.stories import SignIn
from tests.threads.curating import fresh, recorded, revised
from threads.actions.duplicates import propose_pair
from threads.actions.reviews import comment_on_review, start_review
from threads.actions.suggestions import suggest_edit
from threads.actions.verdicts import say_verdict
from threads.models import DuplicatePair, Governance, Keeper, Practice, Review, ReviewComment

pytestmark = pytest.mark.both_databases

Counted = Callable[[int], AbstractContextManager[object]]
AGAINST = "The rule does not exist from version 9 on."


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.fixture
def cleo(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.cleo)


def test_the_rail_leads_curators_there(cast: Cast, sign_in: SignIn) -> None:
    for who, leads in {"cleo": True, "nia": True, "ada": False, "mo": False}.items():
        assert ('href="/desk/"' in text_of(sign_in(getattr(cast, who)), "/help/")) is leads, who


def test_the_rail_leads_those_responsible_for_a_product_to_their_part(cast: Cast, sign_in: SignIn) -> None:
    """Where it is looked after by approval; what others decide about is not on their desk."""
    practice = recorded(cast)
    rule = Governance.objects.create(product=practice.product, mode="compliance", set_by=cast.nia)
    Keeper.objects.create(governance=rule, member=cast.zoe)
    unkept = recorded(cast, "Mail is lost between gateways")
    Practice.objects.filter(pk=unkept.pk).update(product=None)
    zoe = sign_in(cast.zoe)
    assert 'href="/desk/"' in text_of(zoe, "/help/")
    desk = text_of(zoe, "/desk/")
    assert practice.title in desk
    assert unkept.title not in desk
    rule.mode = "experience"
    rule.save()
    assert 'href="/desk/"' not in text_of(zoe, "/help/")
    assert zoe.get("/desk/").status_code == 403


def test_without_a_queue_the_first_in_which_something_waits(cast: Cast, cleo: Client) -> None:
    assert "Nothing waits" in text_of(cleo, "/desk/")
    practice = recorded(cast)
    page = text_of(cleo, "/desk/")
    assert practice.title in page
    assert "<h2>New</h2>" in page
    assert cleo.get("/desk/?queue=nonsense").status_code == 404
    assert cleo.get("/desk/?queue=new&after=nonsense").status_code == 400


def test_from_the_desk_to_a_decision(cast: Cast, cleo: Client) -> None:
    practice = recorded(cast)
    opened = cleo.post(reverse("practice-review", args=[practice.pk]), {"next": "/desk/"})
    review = Review.objects.get(practice=practice)
    assert opened["Location"] == reverse("review", args=[review.pk])
    page = text_of(cleo, opened["Location"])
    assert practice.resolution in page
    assert 'name="outcome"' in page
    decided = cleo.post(reverse("review-decision", args=[review.pk]), {"outcome": "approved", "version": "1"})
    assert decided["Location"] == practice.get_absolute_url()
    assert fresh(practice).reviewed_version == 1
    closed = text_of(cleo, reverse("review", args=[review.pk]))
    assert 'name="outcome"' not in closed
    assert 'name="body"' not in closed


def test_nothing_typed_is_lost(cast: Cast, cleo: Client) -> None:
    practice = recorded(cast)
    review = start_review(by=cast.cleo, practice=practice)
    address = reverse("review-decision", args=[review.pk])
    for typed in ({"outcome": "changes_asked", "reason": "Why so?", "version": "1"}, {"reason": "Why so?"}):
        answer = cleo.post(address, typed)
        assert answer.status_code == 422
        assert "Why so?" in answer.content.decode()
    revised(practice, cast.ben, cause="A rule.")
    answer = cleo.post(address, {"outcome": "approved", "version": "1", "reason": "Well done."})
    assert answer.status_code == 422
    assert "Version 2 came meanwhile" in answer.content.decode()
    assert "Well done." in answer.content.decode()
    said = cleo.post(reverse("review-comments", args=[review.pk]), {"body": "", "field": "cause"})
    assert said.status_code == 422


def test_a_comment_on_a_line(cast: Cast, cleo: Client, sign_in: SignIn) -> None:
    practice = recorded(cast, resolution="First stop it.\nThen disable R7.")
    review = start_review(by=cast.cleo, practice=practice)
    address = reverse("review", args=[review.pk])
    asked = text_of(cleo, f"{address}?field=resolution&line=2")
    assert "<q>Then disable R7.</q>" in asked
    typed = {"body": "On <b>both</b>?", "field": "resolution", "line": "2", "quote": "Then disable R7."}
    said = cleo.post(reverse("review-comments", args=[review.pk]), typed)
    comment = ReviewComment.objects.get()
    assert said["Location"] == f"{address}#comment-{comment.pk}"
    page = text_of(sign_in(cast.ben), address)
    assert f'id="comment-{comment.pk}"' in page
    assert "<b>both</b>" not in page
    sign_in(cast.ben).post(reverse("review-comment-settlement", args=[comment.pk]), {"done": "1"})
    assert ReviewComment.objects.get().done_by == cast.ben
    for broken in ("?field=resolution&line=99", "?field=nonsense&line=1", "?line=x"):
        assert "<q>" not in text_of(cleo, address + broken)


def test_the_author_sees_the_review_and_no_decision(cast: Cast, sign_in: SignIn) -> None:
    practice = recorded(cast)
    review = start_review(by=cast.cleo, practice=practice)
    page = text_of(sign_in(cast.ben), reverse("review", args=[review.pk]))
    assert 'name="body"' in page
    assert 'name="outcome"' not in page
    assert sign_in(cast.zoe).get(reverse("review", args=[review.pk])).status_code == 404
    assert reverse("review", args=[review.pk]) in text_of(sign_in(cast.ben), practice.get_absolute_url())


def test_a_challenge_shows_what_is_said(cast: Cast, cleo: Client) -> None:
    practice = recorded(cast)
    said = say_verdict(by=cast.zoe, practice=practice, kind="failed", note=AGAINST, environment="Version 9")
    review = Review.objects.get(practice=practice)
    page = text_of(cleo, reverse("review", args=[review.pk]))
    assert AGAINST in page
    assert "Version 9" in page
    assert f'name="answers" value="{said.pk}"' in page
    typed = {"outcome": "rejected", "reason": "They tried it on version 9.", "version": "1", "answers": [str(said.pk)]}
    cleo.post(reverse("review-decision", args=[review.pk]), typed)
    said.refresh_from_db()
    assert said.answered_by == review


def test_an_inbox_leads_to_the_review(cast: Cast, cleo: Client, sign_in: SignIn) -> None:
    practice = recorded(cast)
    review = start_review(by=cast.cleo, practice=practice)
    typed = {"outcome": "changes_asked", "reason": "Say which version it is.", "version": "1"}
    cleo.post(reverse("review-decision", args=[review.pk]), typed)
    assert InboxItem.objects.filter(member=cast.ben, target=f"review:{review.pk}").exists()
    assert reverse("review", args=[review.pk]) in text_of(sign_in(cast.ben), "/inbox/")


def test_claiming_from_a_row_and_back(cast: Cast, cleo: Client, sign_in: SignIn) -> None:
    practice = recorded(cast)
    answer = cleo.post(reverse("practice-claim", args=[practice.pk]), {"next": "/desk/?queue=new"})
    assert answer["Location"] == "/desk/?queue=new"
    assert fresh(practice).claimed_by == cast.cleo
    assert "Cleo Marchetti works on it until" in text_of(sign_in(cast.nia), "/desk/?queue=new")
    for back in ("//elsewhere.example/", "https://elsewhere.example/", ""):
        answer = cleo.post(reverse("practice-claim", args=[practice.pk]), {"act": "release", "next": back})
        assert answer["Location"] == practice.get_absolute_url()
    assert fresh(practice).claimed_by is None


def test_a_claimed_practice_says_so_where_its_suggestions_are_decided(
    cast: Cast, cleo: Client, sign_in: SignIn
) -> None:
    practice = recorded(cast)
    made = suggest_edit(by=cast.zoe, practice=practice, base_version=1, fields={"cause": "A rule."}, reason="I know.")
    address = reverse("suggestion", args=[made.pk])
    cleo.post(reverse("practice-claim", args=[practice.pk]))
    assert "Cleo Marchetti works on it until" in text_of(sign_in(cast.ben), address)
    assert "works on it until" not in text_of(cleo, address)
    typed = {"title": practice.title, **practice.fields, "cause": "A rule.", "version": "1"}
    refused = sign_in(cast.ben).post(reverse("suggestion-acceptance", args=[made.pk]), typed)
    assert "Ask them, or choose another one" in refused.content.decode()
    assert fresh(practice).version == 1


def test_claiming_a_pair_from_its_row(cast: Cast, cleo: Client, sign_in: SignIn) -> None:
    pair = propose_pair(by=cast.zoe, practice=recorded(cast), other=recorded(cast, "Mail goes round in circles"))
    address, queue = reverse("desk-pair", args=[pair.pk]), "/desk/?queue=duplicates"
    assert cleo.post(address, {"act": "claim", "next": queue})["Location"] == queue
    assert "Cleo Marchetti works on it until" in text_of(sign_in(cast.nia), queue)
    assert 'value="release"' in text_of(cleo, queue)
    assert 'value="release"' not in text_of(sign_in(cast.nia), queue)
    cleo.post(address, {"act": "release"})
    assert "works on it until" not in text_of(cleo, queue)
    cleo.post(address)
    assert DuplicatePair.objects.get().state == "dismissed"


def test_merging_on_its_page(cast: Cast, cleo: Client) -> None:
    source = recorded(cast, "Mail goes round in circles", resolution="Switch the relay rule R7 off.")
    target = recorded(cast)
    address = reverse("practice-merge", args=[source.pk])
    assert f'href="?with={target.pk}"' in text_of(cleo, address)
    page = text_of(cleo, f"{address}?with={target.get_absolute_url()}")
    assert "Switch the relay rule R7 off." in page
    typed = {
        "with": str(target.pk), "reason": "They say the same.", "version": "1",
        "take_problem": "stays", "take_resolution": "both",
    }  # fmt: skip
    unsaid = cleo.post(address, typed | {"reason": ""})
    assert unsaid.status_code == 422
    done = cleo.post(address, typed)
    assert done["Location"] == target.get_absolute_url()
    assert fresh(target).resolution == f"{target.resolution}\n\n{source.resolution}"
    assert fresh(source).merged_into == target


def test_merging_what_tells_of_somebody(cast: Cast, cleo: Client) -> None:
    """The page shows what was found, each with its choices; what was chosen before is still chosen."""
    source, target = recorded(cast, "Mail goes round in circles"), recorded(cast)
    Practice.objects.filter(pk=source.pk).update(resolution="Ask jan@firma.cz about gw1.corp.")
    address = reverse("practice-merge", args=[source.pk])
    typed = {"with": str(target.pk), "reason": "They say the same.", "version": "1"}
    typed |= {"take_problem": "stays", "take_resolution": "goes"}
    asked = cleo.post(address, typed)
    assert asked.status_code == 422
    page = asked.content.decode()
    names = re.findall(r'name="(detail-[0-9a-f]+)" value="keep"', page)
    assert len(names) == 2
    assert "<mark>jan@firma.cz</mark>" in page
    assert re.search(r'name="take_resolution" value="goes"[^>]*checked', page)
    done = cleo.post(address, typed | {"details": "choices", names[0]: "mask", names[1]: "keep"})
    assert done["Location"] == target.get_absolute_url()
    assert fresh(target).resolution == "Ask [email-1] about gw1.corp."


@pytest.mark.parametrize("asked", ["", "999999", "x", "/practices/0/"])
def test_merging_with_what_there_is_not(cast: Cast, cleo: Client, asked: str) -> None:
    """Nor with what one does not see: the answer is the same."""
    practice, secret = recorded(cast), recorded(cast, "Relay of Northwind", audience="organization")
    address = reverse("practice-merge", args=[practice.pk])
    answers = [cleo.get(f"{address}?with={name}") for name in (asked or "7" * 30, str(secret.pk))]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("There is no such practice" in answer.content.decode() for answer in answers)
    assert all(secret.title not in answer.content.decode() for answer in answers)


def test_retiring_on_its_page(cast: Cast, cleo: Client, sign_in: SignIn) -> None:
    practice = recorded(cast)
    address = reverse("practice-retirement", args=[practice.pk])
    assert sign_in(cast.ben).get(address).status_code == 403
    assert cleo.post(address, {"reason": ""}).status_code == 422
    assert cleo.post(address, {"reason": "Out of date."})["Location"] == practice.get_absolute_url()
    assert fresh(practice).confidence == Practice.Confidence.ARCHIVED
    assert "Bring the practice back" in text_of(cleo, address)
    cleo.post(address, {"reason": "Still in use."})
    assert fresh(practice).confidence == Practice.Confidence.NOT_VALIDATED


def test_looking_after_it(cast: Cast, cleo: Client, sign_in: SignIn) -> None:
    practice = recorded(cast)
    address = reverse("practice-owner", args=[practice.pk])
    sign_in(cast.zoe).post(address)
    assert fresh(practice).owner == cast.ben, "somebody does already"
    cleo.post(address, {"member": "zoe"})
    assert fresh(practice).owner == cast.zoe
    for named in ("nobody-of-this-name", "sam", "zoe, ada"):
        cleo.post(address, {"member": named})
        assert fresh(practice).owner == cast.zoe
    sign_in(cast.zoe).post(address, {"act": "leave"})
    assert fresh(practice).owner is None
    sign_in(cast.finn).post(address)
    assert fresh(practice).owner == cast.finn


def test_saying_that_two_are_the_same(cast: Cast, cleo: Client, sign_in: SignIn) -> None:
    practice, other = recorded(cast), recorded(cast, "Mail goes round in circles")
    secret = recorded(cast, "Relay of Northwind", audience="organization")
    address = reverse("practice-same", args=[practice.pk])
    for named in (str(practice.pk), str(secret.pk), "x", ""):
        sign_in(cast.zoe).post(address, {"other": named})
        assert not DuplicatePair.objects.exists()
    sign_in(cast.zoe).post(address, {"other": f"https://guildhall.example{other.get_absolute_url()}"})
    pair = DuplicatePair.objects.get()
    assert f"/practices/{practice.pk}/merge/?with={other.pk}" in text_of(cleo, "/desk/?queue=duplicates")
    assert sign_in(cast.zoe).post(reverse("desk-pair", args=[pair.pk])).status_code == 404
    cleo.post(reverse("desk-pair", args=[pair.pk]))
    assert DuplicatePair.objects.get().state == "dismissed"


def test_it_costs_the_same_with_more_on_it(cast: Cast, cleo: Client, django_assert_num_queries: Counted) -> None:
    practice = recorded(cast)
    review = start_review(by=cast.cleo, practice=practice)
    propose_pair(by=cast.zoe, practice=practice, other=recorded(cast, "Mail goes round in circles"))
    addresses = {"/desk/?queue=new": 8, "/desk/?queue=duplicates": 8, reverse("review", args=[review.pk]): 11}
    for _round in range(2):
        for address, cost in addresses.items():
            cleo.get(address)
            with django_assert_num_queries(cost):
                cleo.get(address)
        for number in range(3):
            recorded(cast, f"Mail loops, case {number}")
            comment_on_review(by=cast.cleo, review=review, body=f"And {number}?", field="resolution", line=1, quote="D")
