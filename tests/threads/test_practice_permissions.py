"""Who may do what with a practice: one table for each place and way of looking after it, one line for each question."""

from collections.abc import Callable
from pathlib import Path

import pytest

from community.models import Member
from reputation.models import Standing
from reputation.rules.points import THRESHOLDS
from tests.cast import Cast
from tests.threads.practicing import fresh, recorded, validated
from tests.threads.test_permissions import table
from threads.actions.governance import set_governance
from threads.actions.threads import open_thread
from threads.actions.verdicts import say_verdict
from threads.models import Practice, Review, Suggestion, Thread
from threads.policies import governance as governance_policies
from threads.policies import practices as practice_policies

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

Question = Callable[[Member, Practice], bool]


def review_of(practice: Practice) -> Review:
    return Review.objects.select_related("practice__space", "practice__organization").get(practice=practice)


def suggestion_of(practice: Practice) -> Suggestion:
    return Suggestion.objects.select_related("practice__space", "practice__organization").get(practice=practice)


def beginning_in(practice: Practice) -> Thread:
    assert practice.thread is not None
    return Thread.objects.select_related("space").get(title=f"Beside {practice.thread_id}")


QUESTIONS: dict[str, Question] = {
    "see it": practice_policies.may_see,
    "begin one": lambda who, at: practice_policies.may_start(who, beginning_in(at)),
    "edit it": practice_policies.may_edit,
    "bring a version back": practice_policies.may_restore,
    "suggest an edit": practice_policies.may_suggest,
    "decide Finn's edit": lambda who, at: practice_policies.may_decide_suggestion(who, suggestion_of(at)),
    "say how it did": practice_policies.may_judge,
    "curate it": practice_policies.may_curate,
    "approve it by standing": practice_policies.may_approve,
    "decide its review": lambda who, at: practice_policies.may_decide_review(who, review_of(at)),
    "retire it": practice_policies.may_retire,
    "merge it": lambda who, at: practice_policies.may_merge(who, at, at),
    "scrub it": practice_policies.may_scrub,
    "take it": lambda who, at: practice_policies.may_own_practice(who, at, who),
    "give it to Ada": lambda who, at: practice_policies.may_own_practice(who, at, Member.objects.get(handle="ada")),
    "show it to Acme": lambda who, at: practice_policies.may_change_audience(who, at, "organization"),
    "show it to the space": lambda who, at: practice_policies.may_change_audience(who, at, "space"),
    "show it to all": lambda who, at: practice_policies.may_change_audience(who, at, "network"),
    "publish it": practice_policies.may_publish,
    "agree to that": practice_policies.may_consent,
    "set rules in its space": lambda who, at: governance_policies.may_set_governance(who, at.space, product=at.product),
    "set rules for all": lambda who, at: governance_policies.may_set_governance(who, None, product=at.product),
    "have licence": practice_policies.is_licensed,
    "speak for its company": practice_policies.is_of_its_own,
}


def by_experience(cast: Cast) -> Practice:
    """Ben's practice in the lobby, with a review that says nothing against it; Zoe knows the product."""
    practice = recorded(cast)
    product = cast.products["mail-gateway"]
    product.vendor = cast.organizations["corax"]
    product.save()
    Practice.objects.filter(pk=practice.pk).update(product=product)
    Standing.objects.create(member=cast.zoe, scope="product:mail-gateway", points=THRESHOLDS["validate"])
    Review.objects.create(practice=practice, kind="new", version=1)
    return fresh(practice)


def by_approval(cast: Cast) -> Practice:
    """The same, where Zoe is responsible for the product."""
    practice = by_experience(cast)
    set_governance(
        by=cast.nia, space=None, product=practice.product, mode="compliance", keepers=[cast.zoe], reason="Audited."
    )
    return fresh(practice)


def warned(cast: Cast) -> Practice:
    """Of Acme, said to be dangerous by Corax: who decides about that?"""
    practice = validated(cast)
    say_verdict(by=cast.finn, practice=practice, kind="dangerous", note="It made things worse here.")
    return fresh(practice)


def retired(cast: Cast) -> Practice:
    """Taken out of use."""
    practice = by_experience(cast)
    Practice.objects.filter(pk=practice.pk).update(confidence="archived")
    return fresh(practice)


def within_acme(cast: Cast) -> Practice:
    """Only for Acme."""
    practice = recorded(cast, audience="organization")
    Review.objects.create(practice=practice, kind="new", version=1)
    return practice


def beyond(cast: Cast) -> Practice:
    """In the alliance, shown to the whole network."""
    practice = recorded(cast, space="alliance")
    Practice.objects.filter(pk=practice.pk).update(audience="network")
    Review.objects.create(practice=practice, kind="new", version=1)
    return fresh(practice)


PLACES = {
    "by experience": by_experience,
    "by approval": by_approval,
    "said to be dangerous": warned,
    "retired": retired,
    "Acme only": within_acme,
    "beyond the alliance": beyond,
}
EXPECTED = {
    block.split("  ")[0]: block
    for block in (Path(__file__).parent / "practice_permissions.txt").read_text(encoding="utf-8").strip().split("\n\n")
}


@pytest.mark.parametrize("title", PLACES)
def test_who_may_do_what_with_a_practice(cast: Cast, title: str) -> None:
    assert made(cast, title) == EXPECTED[title]


def made(cast: Cast, title: str) -> str:
    practice = PLACES[title](cast)
    open_thread(by=cast.ada, space=practice.space, title=f"Beside {practice.thread_id}", body="Another problem.")
    Suggestion.objects.create(
        practice=practice, base_version=1, fields={}, reason="Better.", author=cast.finn,
        organization=cast.organizations["corax"],
    )  # fmt: skip

    def asked(question: Question) -> Callable[[Member], bool]:
        return lambda who: question(who, fresh(practice))

    return table(title, cast.people, {name: asked(question) for name, question in QUESTIONS.items()})
