"""A detail taken out of all that a practice ever said stands nowhere any more."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.rules import clock
from tests.cast import Cast
from tests.pages.stories import signed_in
from tests.threads.capturing import recorded
from threads.actions.adoption import adopt
from threads.actions.deciding import decide_review
from threads.actions.indexing import index_public
from threads.actions.merging import merge_practices
from threads.actions.posts import post_reply
from threads.actions.practices import edit_practice
from threads.actions.retiring import retire, unretire
from threads.actions.reviews import comment_on_review, start_review
from threads.actions.scrubbing import scrub_practice
from threads.actions.standard import Exposed, digest_of
from threads.actions.suggestions import reject_suggestion, suggest_edit
from threads.actions.verdicts import say_verdict
from threads.models import (
    AudienceChange,
    KeptFinding,
    Practice,
    PracticeVersion,
    PublicReport,
    PublicWord,
    Sample,
    SamplingRound,
    SearchEntry,
    Thread,
    Verdict,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MAIL = "heinzl@apolin.cz"


def told(cast: Cast) -> tuple[Practice, list[str]]:
    """A practice that tells of somebody in every place, and the digests of what it tells."""
    practice = recorded(cast)
    with pytest.raises(Exposed) as refused:
        edit_practice(by=cast.ada, practice=practice, fields={"cause": f"Ask {MAIL}."}, version=1)
    digests = [digest_of(each) for each in refused.value.found]
    edit_practice(by=cast.ada, practice=practice, fields={"cause": f"Ask {MAIL}."}, version=1, keep=digests)
    suggestion = suggest_edit(
        by=cast.zoe, practice=practice, base_version=2, fields={"cause": f"Or ask {MAIL}."}, reason=MAIL
    )
    review = start_review(by=cast.cleo, practice=practice)
    comment_on_review(by=cast.cleo, review=review, body=f"Who is {MAIL}?", field="cause", line=1, quote=f"Ask {MAIL}.")
    Practice.objects.filter(pk=practice.pk).update(
        public_text={"title": "x", "cause": f"Ask {MAIL}."}, public_html={"cause": f"<p>Ask <b>{MAIL}</b>.</p>"},
        slug="ask-heinzlapolincz-first",
    )  # fmt: skip
    say_verdict(by=cast.zoe, practice=practice, kind="failed", note=f"It failed, says {MAIL}.", environment=MAIL)
    say_verdict(by=cast.zoe, practice=practice, kind="changes", note=f"After all: {MAIL} put it right.")
    reject_suggestion(by=cast.cleo, suggestion=suggestion, reply=f"We asked {MAIL}.")
    decide_review(by=cast.cleo, review=review, outcome="kept", version=2, reason=f"We wrote to {MAIL}.")
    AudienceChange.objects.create(practice=practice, before="space", after="network", reason=f"{MAIL} wants it.")
    round_ = SamplingRound.objects.create(space=practice.space, by=cast.cleo, seed=1, size=1)
    Sample.objects.create(round=round_, practice=practice, comment=f"Why {MAIL}?")
    adopt(by=cast.olga, practice=practice, state="adapted", variant=f"Ask {MAIL} first.", reason=f"{MAIL} does.")
    PublicReport.objects.create(
        practice=practice, version=2, source="x", outcome="failed", environment=MAIL, text=f"I asked {MAIL} in vain."
    )
    for act in (retire, unretire):
        act(by=cast.cleo, practice=practice, reason=f"So says {MAIL}.")
    return Practice.objects.get(pk=practice.pk), digests


def everywhere() -> Iterator[str]:
    """Every row of every table, as text."""
    for model in apps.get_models():
        for row in model._default_manager.values():
            yield f"{model.__name__}: {row}"


def test_it_stands_in_no_table(cast: Cast) -> None:
    practice, digests = told(cast)
    assert {line.split(":")[0] for line in everywhere() if "heinzl" in line} >= {
        "Practice", "PracticeVersion", "Suggestion", "Review", "ReviewComment", "Verdict", "AudienceChange", "Sample",
        "Adoption", "PublicReport",
    }  # fmt: skip
    scrub_practice(by=cast.ada, practice=practice, digests=digests, version=4)
    assert [line for line in everywhere() if "heinzl" in line or "apolin" in line] == []
    now = Practice.objects.get(pk=practice.pk)
    assert (now.cause, now.public_text["cause"], now.version) == ("Ask [email-1].", "Ask [email-1].", 5)
    assert now.slug == f"practice-{practice.pk}"
    assert now.public_html["cause"] == "<p>Ask <b>[email-1]</b>.</p>"
    assert "[email-1]" in PracticeVersion.objects.get(practice=practice, number=2).fields["cause"]
    assert Verdict.objects.get(kind="failed").note == "It failed, says [email-1]."
    assert not KeptFinding.objects.exists()
    assert "email" in SearchEntry.objects.get(kind="practice", object_id=practice.pk).body


@pytest.mark.parametrize("published", [True, False])
def test_it_is_not_found_by_strangers_either(cast: Cast, published: bool) -> None:
    """Nor do the words of a title stay that was public once."""
    practice, digests = told(cast)
    text = {"title": f"Ask {MAIL} first", "cause": "A clock."}
    Practice.objects.filter(pk=practice.pk).update(public_text=text, published_at=clock.now(), audience="public")
    index_public(Practice.objects.get(pk=practice.pk))
    assert PublicWord.objects.filter(word="heinzl").exists()
    if not published:
        Practice.objects.filter(pk=practice.pk).update(
            public_text={}, public_html={}, published_at=None, audience="network"
        )
    scrub_practice(by=cast.ada, practice=practice, digests=digests, version=4)
    assert not PublicWord.objects.filter(word__in=["heinzl", "apolin"]).exists()
    assert PublicWord.objects.filter(practice=practice, word="first").exists() == published


def test_who_may_and_when(cast: Cast) -> None:
    practice, digests = told(cast)
    for member in (cast.zoe, cast.ben):
        with pytest.raises(Forbidden):
            scrub_practice(by=member, practice=practice, digests=digests, version=4)
    with pytest.raises(Conflict):
        scrub_practice(by=cast.ada, practice=practice, digests=digests, version=1)
    with pytest.raises(Invalid):
        scrub_practice(by=cast.ada, practice=practice, digests=["0" * 64], version=4)
    with pytest.raises(NotThere):
        scrub_practice(by=cast.zoe, practice=recorded(cast, audience="organization"), digests=digests, version=1)
    scrub_practice(by=cast.cleo, practice=practice, digests=digests, version=4)


def test_from_the_page(cast: Cast) -> None:
    practice, digests = told(cast)
    client: Client = signed_in(cast.cleo)
    url = reverse("practice-scrubbing", args=[practice.pk])
    assert url in client.get(reverse("practice-history", args=[practice.pk])).content.decode()
    page = client.get(url).content.decode()
    assert f'name="digest" value="{digests[0]}"' in page
    assert signed_in(cast.zoe).get(url).status_code == 403
    answer = client.post(url, {"digest": digests, "version": 4})
    assert answer["Location"] == practice.get_absolute_url()
    assert "Nothing is found" in client.get(url).content.decode()


def test_what_was_merged_into_it_tells_no_more_either(cast: Cast) -> None:
    practice, digests = told(cast)
    other = recorded(cast)
    merge_practices(by=cast.cleo, source=practice, target=other, reason=f"The same, says {MAIL}.", version=1)
    scrub_practice(by=cast.cleo, practice=other, digests=digests, version=1)
    assert [line for line in everywhere() if "heinzl" in line or "apolin" in line] == []
    assert Practice.objects.get(pk=practice.pk).cause_html == "<p>Ask [email-1].</p>\n"
    assert Practice.objects.get(pk=other.pk).version == 1


def test_a_secret_goes_wherever_its_letters_stand(cast: Cast) -> None:
    """What is found by the word beside it once is not found where it stands alone."""
    practice = recorded(cast)
    secret = "Xk39-fj2!lq0"
    PracticeVersion.objects.filter(practice=practice).update(
        fields={**practice.fields, "cause": f"password: {secret}", "environment": f"Type {secret} there."}
    )
    say_verdict(by=cast.zoe, practice=practice, kind="worked", note=f"With {secret} here as well.")
    page = signed_in(cast.cleo).get(reverse("practice-scrubbing", args=[practice.pk])).content.decode()
    digest = page.partition('name="digest" value="')[2][:64]
    scrub_practice(by=cast.cleo, practice=practice, digests=[digest], version=1)
    assert [line for line in everywhere() if secret in line] == []
    assert Verdict.objects.get().note == "With [secret] here as well."


def test_who_takes_details_out_is_shown_what_they_may_read_and_all_of_it_goes(cast: Cast) -> None:
    """Ada recorded it, and reads no curator's comment on a sample; what was found elsewhere goes there as well."""
    practice, _digests = told(cast)
    Sample.objects.update(comment="Somebody at bernd@apolin.cz should know.")
    url = reverse("practice-scrubbing", args=[practice.pk])
    assert "bernd@apolin.cz" not in signed_in(cast.ada).get(url).content.decode()
    assert "bernd@apolin.cz" in signed_in(cast.cleo).get(url).content.decode()


def test_what_its_thread_tells_is_pointed_at(cast: Cast) -> None:
    practice = recorded(cast)
    thread = Thread.objects.get(practice=practice)
    reply = post_reply(by=cast.ben, thread=thread, body=f"Ask {MAIL}.")
    page = signed_in(cast.cleo).get(reverse("practice-scrubbing", args=[practice.pk])).content.decode()
    assert f'href="{reply.get_absolute_url()}">#{reply.number}</a>' in page
    assert MAIL not in page
