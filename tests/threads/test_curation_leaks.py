"""What the desk knows of a practice is nowhere to be seen by those who do not see the practice, curators among them."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from community.models import Grant, InboxItem
from community.rules import clock
from tests.cast import Cast
from tests.pages.stories import signed_in
from tests.threads.curating import fresh, recorded, used
from threads.actions.deciding import decide_review
from threads.actions.duplicates import propose_pair
from threads.actions.merging import merge_practices
from threads.actions.reviews import comment_on_review, start_review
from threads.actions.sampling import draw_sample, score_sample
from threads.actions.suggestions import suggest_edit
from threads.actions.verdicts import say_verdict
from threads.models import Practice, SamplingRound
from threads.queries.desk import QUEUES
from threads.rules.sampling import criteria

pytestmark = pytest.mark.both_databases

WORD = "xyzzyplugh"


@pytest.fixture
def seen(cast: Cast) -> Practice:
    """A practice that everybody sees, beside one of Acme's own that says the word in all its texts and in all that
    curators did with it; Olga curates and sees both."""
    lobby = cast.spaces["lobby"]
    Grant.objects.create(member=cast.olga, role=Grant.Role.CURATOR, space=lobby)
    fields = f"Disable the relay rule {WORD} on both gateways."
    secret = recorded(cast, f"Relay {WORD}", by=cast.ada, audience="organization", resolution=fields)
    merged = recorded(cast, f"Other {WORD}", by=cast.ada, audience="organization", resolution=fields)
    visible = recorded(cast)
    merge_practices(by=cast.olga, source=merged, target=visible, reason=f"As {WORD}.", version=1)
    review = start_review(by=cast.olga, practice=secret)
    comment_on_review(by=cast.olga, review=review, body=f"And {WORD}?", field="resolution", line=1, quote=fields)
    decide_review(by=cast.olga, review=review, outcome="changes_asked", version=1, reason=f"Say where {WORD} is.")
    say_verdict(by=cast.ben, practice=secret, kind="failed", note=f"On {WORD} it did not work.")
    suggest_edit(by=cast.ben, practice=secret, base_version=1, fields={"cause": WORD}, reason=f"For {WORD}.")
    propose_pair(by=cast.ada, practice=secret, other=visible)
    used(cast, secret, 2)
    Practice.objects.filter(pk=secret.pk).update(owner=None, due_at=clock.now())
    since = clock.now() - timedelta(days=1)
    drawn = draw_sample(by=cast.olga, space=lobby, size=9, since=since, kind="practices")
    for sample in drawn.samples.exclude(practice__recorded_by=cast.olga):
        score_sample(by=cast.olga, sample=sample, scores=dict.fromkeys(criteria(of_thread=False), "no"), comment=WORD)
    return fresh(visible)


def pages(seen: Practice) -> list[str]:
    """Every page that could tell of it."""
    own, drawn = seen.get_absolute_url(), SamplingRound.objects.get()
    queues = [f"/desk/?queue={name}" for name in QUEUES]
    return [
        *queues, "/", "/inbox/", "/archive/", f"/search/?q={WORD}", "/desk/samples/", f"/desk/samples/{drawn.pk}/",
        "/desk/terms/", "/people/olga/", "/people/ben/", own, f"{own}?here=1", f"{own}history/",
        f"{own}merge/", f"{own}retirement/",
    ]  # fmt: skip


def says(client: Client, address: str) -> str:
    answer = client.get(address)
    return answer.content.decode() if answer.status_code == 200 else ""


def test_nothing_is_told_of_what_one_does_not_see(cast: Cast, seen: Practice) -> None:
    secret = Practice.objects.get(title=f"Relay {WORD}")
    for who in ("cleo", "zoe", "finn"):
        client = signed_in(getattr(cast, who))
        for address in pages(seen):
            text = says(client, address).replace(f"?q={WORD}", "").replace(f'value="{WORD}"', "")
            assert f"Relay {WORD}" not in text, (who, address)
            assert f"Other {WORD}" not in text, (who, address)
            assert f"{secret.get_absolute_url()}" not in text, (who, address)
        for name in QUEUES:
            desk = json.loads(client.get(f"/api/v1/desk?queue={name}").content)
            assert [row["id"] for row in desk["items"]] in ([], [seen.pk]), (who, name)
            assert desk["counts"].get(name) == len(desk["items"]), (who, name)
            assert WORD not in json.dumps(desk), (who, name)
    assert not InboxItem.objects.filter(member__in=[cast.cleo, cast.zoe, cast.finn], subject=f"practice:{secret.pk}")


def test_who_sees_it_is_told(cast: Cast, seen: Practice) -> None:
    """Or the test above would find nothing whatever happened."""
    client = signed_in(cast.olga)
    told = [address for address in pages(seen) if f"Relay {WORD}" in says(client, address)]
    queues = {f"/desk/?queue={name}" for name in ("challenged", "suggested", "new", "due", "unowned", "duplicates")}
    assert queues | {f"/desk/samples/{SamplingRound.objects.get().pk}/", "/archive/"} <= set(told)
    assert f"Other {WORD}" in says(client, seen.get_absolute_url())


def test_narrowed_afterwards_its_reviews_and_notices_are_gone(cast: Cast) -> None:
    practice = recorded(cast, f"Relay {WORD}", by=cast.zoe)
    review = start_review(by=cast.cleo, practice=practice)
    decide_review(by=cast.cleo, review=review, outcome="changes_asked", version=1, reason="Say where it is.")
    zoe = signed_in(cast.zoe)
    assert f"Relay {WORD}" in says(zoe, "/inbox/")
    Practice.objects.filter(pk=practice.pk).update(audience="organization")
    assert WORD not in says(zoe, "/inbox/")
    assert zoe.get(review.get_absolute_url()).status_code == 404
    assert signed_in(cast.cleo).get(review.get_absolute_url()).status_code == 404
    assert signed_in(cast.cleo).get(f"/api/v1/reviews/{review.pk}").status_code == 404


def test_uses_in_threads_that_one_does_not_see_are_nowhere_on_the_desk(cast: Cast) -> None:
    """Neither their number, nor that there are some; who sees them is told."""
    practice = recorded(cast)
    Grant.objects.create(member=cast.olga, role=Grant.Role.CURATOR, space=cast.spaces["lobby"])
    used(cast, practice, 2, audience="organization")
    told = {}
    for who in ("cleo", "olga"):
        client = signed_in(cast.people[who])
        desk = json.loads(client.get("/api/v1/desk?queue=new").content)
        reused = json.loads(client.get("/api/v1/desk?queue=reused").content)
        told[who] = (
            "times</span>" in says(client, "/desk/?queue=new"),
            practice.title in says(client, "/desk/?queue=reused"),
            [row["uses"] for row in desk["items"]],
            [row["uses"] for row in reused["items"]],
            reused["counts"]["reused"],
        )
    assert told == {"cleo": (False, False, [0], [], 0), "olga": (True, True, [2], [2], 1)}
