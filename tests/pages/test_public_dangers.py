"""What strangers read of a text that somebody inside or outside says is wrong or dangerous."""

import pytest
from django.test import Client

from tests.cast import Cast
from tests.pages.publishing import EXPERIENCE, address, public
from tests.threads.practicing import fresh
from threads.actions.practice_audience import change_audience
from threads.actions.practices import edit_practice
from threads.actions.verdicts import say_verdict
from threads.models import Review
from threads.queries.practice_audience import reach_of

pytestmark = pytest.mark.both_databases


def test_several_of_them_open_a_review(cast: Cast) -> None:
    practice = public(cast)
    before = (practice.confidence, practice.score)
    for number in (1, 1, 2, 3):
        assert not Review.objects.filter(kind="challenged").exists()
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        assert client.post(f"{address(practice)}experience/", EXPERIENCE).status_code == 303
    assert Review.objects.get(practice=practice, state="open").kind == "challenged"
    assert (fresh(practice).confidence, fresh(practice).score) == before
    for _turn in range(4):
        last = Client(REMOTE_ADDR="192.0.2.3").post(f"{address(practice)}experience/", EXPERIENCE)
    assert last.status_code == 303
    assert Client(REMOTE_ADDR="192.0.2.3").post(f"{address(practice)}experience/", EXPERIENCE).status_code == 429


def test_a_text_that_was_called_dangerous_stays_inside_until_its_correction_is_published(
    cast: Cast, client: Client
) -> None:
    practice = public(cast)
    say_verdict(by=cast.zoe, practice=practice, kind="dangerous", note="It deleted the queue here.")
    assert client.get(address(practice)).status_code == 410
    cautious = {"environment": "Gateway 4.2 on Debian. Keep a copy of the queue."}
    edit_practice(by=cast.cleo, practice=practice, fields=cautious, version=fresh(practice).version)
    say_verdict(by=cast.zoe, practice=fresh(practice), kind="worked")
    now = fresh(practice)
    assert (now.warned_at, now.confidence, now.audience) == (None, "validated", "network")
    assert client.get(address(practice)).status_code == 410
    preview = reach_of(now, "public", []).digest
    change_audience(
        by=cast.cleo, practice=now, audience="public", organizations=[], preview=preview, reason="Safe now."
    )
    assert "Keep a copy" in client.get(address(practice)).content.decode()


def test_a_warning_that_was_wrong_takes_nothing_away(cast: Cast, client: Client) -> None:
    practice = public(cast)
    for kind, status in (("dangerous", 410), ("worked", 200)):
        say_verdict(by=cast.zoe, practice=fresh(practice), kind=kind, note="It deleted the queue here.")
        assert client.get(address(practice)).status_code == status
