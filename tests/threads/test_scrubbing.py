"""A detail taken out of all that a practice ever said stands nowhere any more."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from community.errors import Conflict, Forbidden, Invalid, NotThere
from tests.cast import Cast
from tests.pages.stories import signed_in
from tests.threads.practising import recorded
from threads.actions.practices import edit_practice
from threads.actions.reviews import comment_on_review
from threads.actions.scrubbing import scrub_practice
from threads.actions.standard import Exposed, digest_of
from threads.actions.suggestions import suggest_edit
from threads.models import KeptFinding, Practice, PracticeVersion, Review, SearchEntry

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MAIL = "heinzl@apolin.cz"


def told(cast: Cast) -> tuple[Practice, list[str]]:
    """A practice that tells of somebody in every place, and the digests of what it tells."""
    practice = recorded(cast)
    with pytest.raises(Exposed) as refused:
        edit_practice(by=cast.ada, practice=practice, fields={"cause": f"Ask {MAIL}."}, version=1)
    digests = [digest_of(each) for each in refused.value.found]
    edit_practice(by=cast.ada, practice=practice, fields={"cause": f"Ask {MAIL}."}, version=1, keep=digests)
    suggest_edit(by=cast.zoe, practice=practice, base_version=2, fields={"cause": f"Or ask {MAIL}."}, reason=MAIL)
    review = Review.objects.get(practice=practice)
    comment_on_review(by=cast.cleo, review=review, body=f"Who is {MAIL}?", field="cause", line=1, quote=f"Ask {MAIL}.")
    Practice.objects.filter(pk=practice.pk).update(
        public_text={"title": "x", "cause": f"Ask {MAIL}."}, public_html={"cause": f"<p>Ask <b>{MAIL}</b>.</p>"}
    )
    return Practice.objects.get(pk=practice.pk), digests


def everywhere() -> Iterator[str]:
    """Every row of every table, as text."""
    for model in apps.get_models():
        for row in model._default_manager.values():
            yield f"{model.__name__}: {row}"


def test_it_stands_in_no_table(cast: Cast) -> None:
    practice, digests = told(cast)
    assert {line.split(":")[0] for line in everywhere() if "heinzl" in line} >= {
        "Practice", "PracticeVersion", "Suggestion", "ReviewComment",
    }  # fmt: skip
    scrub_practice(by=cast.ada, practice=practice, digests=digests, version=2)
    assert [line for line in everywhere() if "heinzl" in line or "apolin" in line] == []
    now = Practice.objects.get(pk=practice.pk)
    assert (now.cause, now.public_text["cause"], now.version) == ("Ask [email-1].", "Ask [email-1].", 3)
    assert now.public_html["cause"] == "<p>Ask <b>[email-1]</b>.</p>"
    assert "[email-1]" in PracticeVersion.objects.get(practice=practice, number=2).fields["cause"]
    assert not KeptFinding.objects.exists()
    assert "email" in SearchEntry.objects.get(kind="practice", object_id=practice.pk).body


def test_who_may_and_when(cast: Cast) -> None:
    practice, digests = told(cast)
    for member in (cast.zoe, cast.ben):
        with pytest.raises(Forbidden):
            scrub_practice(by=member, practice=practice, digests=digests, version=2)
    with pytest.raises(Conflict):
        scrub_practice(by=cast.ada, practice=practice, digests=digests, version=1)
    with pytest.raises(Invalid):
        scrub_practice(by=cast.ada, practice=practice, digests=["0" * 64], version=2)
    with pytest.raises(NotThere):
        scrub_practice(by=cast.zoe, practice=recorded(cast, audience="organization"), digests=digests, version=1)
    scrub_practice(by=cast.cleo, practice=practice, digests=digests, version=2)


def test_from_the_page(cast: Cast) -> None:
    practice, digests = told(cast)
    client: Client = signed_in(cast.cleo)
    url = reverse("practice-scrubbing", args=[practice.pk])
    assert url in client.get(reverse("practice-history", args=[practice.pk])).content.decode()
    page = client.get(url).content.decode()
    assert f'name="digest" value="{digests[0]}"' in page
    assert signed_in(cast.zoe).get(url).status_code == 403
    answer = client.post(url, {"digest": digests, "version": 2})
    assert answer["Location"] == practice.get_absolute_url()
    assert "Nothing is found" in client.get(url).content.decode()
