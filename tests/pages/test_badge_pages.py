"""The page of all badges, badges on a member's page, and what the inbox says of standing."""

import pytest
from django.test import Client

from reputation.models import Badge
from tests.cast import Cast
from tests.pages.stories import SignIn
from tests.reputation.giving import give, strangers, take

pytestmark = pytest.mark.both_databases


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_all_badges_with_how_many_hold_each_and_how_far_one_is(cast: Cast, sign_in: SignIn) -> None:
    for giver in strangers(3):
        give(cast.ben, "solution", giver, thing=giver.pk)
    page = text_of(sign_in(cast.ben), "/badges/")
    assert "Good neighbour" in page
    assert "Solved a problem, and somebody of another organization said so." in page
    assert "You hold it" in page
    assert "3 of 5" in page
    other = text_of(sign_in(cast.ada), "/badges/")
    assert "You hold it" not in other
    assert "0 of 5" in other


def test_a_strangers_and_a_suspended_members_door(cast: Cast, sign_in: SignIn) -> None:
    assert Client().get("/badges/").status_code == 302
    assert text_of(sign_in(cast.finn), "/badges/")
    sam = sign_in(cast.sam)
    assert sam.get("/badges/").status_code in {302, 403}


def test_a_members_page_shows_what_they_hold_and_what_an_import_brought(cast: Cast, sign_in: SignIn) -> None:
    give(cast.ben, "solution", cast.zoe)
    Badge.objects.create(
        member=cast.ben, name="Teacher", given_at=cast.ben.joined_at, source_site="dump", source_id="1",
        source_url="https://example.org/1", source_license="CC BY-SA 4.0",
    )  # fmt: skip
    page = text_of(sign_in(cast.finn), "/people/ben/")
    assert 'href="/badges/#good-neighbour"' in page
    assert "Teacher" in page
    assert "data-standing" not in page, "only one's own page follows one's own stream"
    assert "data-standing" in text_of(sign_in(cast.ben), "/people/ben/")
    take("solution", cast.zoe)
    page = text_of(sign_in(cast.finn), "/people/ben/")
    assert "good-neighbour" not in page
    assert "Teacher" in page


def test_the_inbox_says_what_standing_rose_by_and_can_be_told_not_to(cast: Cast, sign_in: SignIn) -> None:
    give(cast.ben, "helped", cast.zoe)
    ben = sign_in(cast.ben)
    assert "+10 standing: helped 1 time" in text_of(ben, "/inbox/")
    settings = text_of(ben, "/inbox/settings/")
    assert "Standing that you earned" in settings
    assert "Your post helped" not in settings, "nobody is told of each vote any more"
    ben.post("/inbox/settings/", {"wanted": ["badge"]})
    ben.post("/inbox/read/")
    give(cast.ben, "helped", cast.finn)
    assert "helped 2" not in text_of(ben, "/inbox/")
