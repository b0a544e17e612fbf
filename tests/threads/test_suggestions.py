"""Suggested edits: made by whoever reads, seen and decided by few, put together with what came meanwhile."""

from collections.abc import Callable

import pytest

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.models import InboxItem, Member
from reputation.models import Award
from tests.cast import Cast, make_cast
from tests.threads.asking import problem
from tests.threads.capturing import FIELDS, recorded
from tests.threads.test_record_concurrency import at_once
from threads.actions.practices import edit_practice
from threads.actions.standard import Exposed
from threads.actions.suggestions import (
    SuggestedAnew,
    accept_suggestion,
    reject_suggestion,
    suggest_edit,
    withdraw_suggestion,
)
from threads.models import Governance, Practice, PracticeVersion, Review, Suggestion
from threads.queries.suggestions import suggestion_visible_to, suggestions_for

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

BETTER = {"cause": "A full disk."}


def suggested(cast: Cast, practice: Practice, by: Member | None = None, **more: object) -> Suggestion:
    given: dict[str, object] = {"fields": BETTER, "reason": "We found why.", "base_version": 1} | more
    return suggest_edit(by=by or cast.zoe, practice=practice, **given)  # type: ignore[arg-type]


def now(practice: Practice) -> Practice:
    return Practice.objects.get(pk=practice.pk)


def test_a_suggestion_waits_and_is_taken_up(cast: Cast) -> None:
    practice = recorded(cast)
    made = suggested(cast, practice, fields={**FIELDS, **BETTER})
    assert (made.fields, made.title, made.organization.slug) == (BETTER, "", "brightline")
    assert now(practice).cause == FIELDS["cause"]
    assert Review.objects.get(practice=practice).kind == "suggested"
    assert InboxItem.objects.filter(member=cast.ada, kind="practice-suggested").exists()
    accept_suggestion(by=cast.ada, suggestion=made, version=1, number=1)
    made.refresh_from_db()
    version = PracticeVersion.objects.get(practice=practice, number=2)
    assert (now(practice).cause, made.state, made.accepted_version) == ("A full disk.", "accepted", 2)
    assert (version.author, version.suggested_by, version.kind) == (cast.zoe, cast.zoe, "suggested")
    assert (version.reason, made.decided_by) == ("We found why.", cast.ada)
    award = Award.objects.get(rule="suggestion")
    assert (award.member, award.giver) == (cast.zoe, cast.ada)
    assert InboxItem.objects.filter(member=cast.zoe, kind="suggestion-answered").exists()
    assert Review.objects.get(practice=practice).state == "closed"


def test_it_is_put_together_with_what_came_meanwhile(cast: Cast) -> None:
    practice = recorded(cast)
    made = suggested(cast, practice)
    edit_practice(by=cast.ada, practice=practice, fields={"environment": "Version 3"}, version=1)
    with pytest.raises(Conflict):
        accept_suggestion(by=cast.ada, suggestion=made, version=1, number=1)
    accept_suggestion(by=cast.ada, suggestion=made, version=2, number=1)
    assert (now(practice).cause, now(practice).environment) == ("A full disk.", "Version 3")


def test_where_both_changed_the_same_somebody_says_what_it_says(cast: Cast) -> None:
    practice = recorded(cast)
    made = suggested(cast, practice)
    edit_practice(by=cast.ada, practice=practice, fields={"cause": "A slow disk."}, version=1)
    with pytest.raises(Conflict):
        accept_suggestion(by=cast.ada, suggestion=made, version=2, number=1)
    assert now(practice).cause == "A slow disk."
    accept_suggestion(by=cast.ada, suggestion=made, version=2, fields={"cause": "A slow, full disk."})
    assert now(practice).cause == "A slow, full disk."


def test_one_suggestion_at_a_time(cast: Cast) -> None:
    practice = recorded(cast)
    first = suggested(cast, practice)
    second = suggested(cast, practice, fields={"cause": "Dust."}, title="Mail waits")
    assert (first.pk, Suggestion.objects.get().fields, Suggestion.objects.get().title) == (
        second.pk, {"cause": "Dust."}, "Mail waits",
    )  # fmt: skip
    suggested(cast, practice, by=cast.finn)
    assert Suggestion.objects.count() == 2


def test_nobody_takes_up_words_that_they_have_not_read(cast: Cast) -> None:
    practice = recorded(cast)
    made = suggested(cast, practice)
    anew = suggested(cast, practice, fields={"cause": "Dust."})
    assert (anew.pk, anew.number) == (made.pk, 2)
    with pytest.raises(Invalid):
        accept_suggestion(by=cast.ada, suggestion=made, version=1)
    with pytest.raises(SuggestedAnew) as refused:
        accept_suggestion(by=cast.ada, suggestion=made, version=1, number=1)
    assert refused.value.more["suggestion"] == {
        "number": 2, "version": 1, "reason": anew.reason, "title": None, "fields": {"cause": "Dust."},
    }  # fmt: skip
    assert now(practice).version == 1
    accept_suggestion(by=cast.ada, suggestion=made, version=1, number=2)
    assert now(practice).cause == "Dust."
    assert suggested(cast, practice, base_version=2, fields={"cause": "Rust."}).number == 1


def test_deciding_about_others_practices_earns_what_reviewing_does(cast: Cast) -> None:
    """Either way; whoever recorded or looks after it decides for nothing."""
    for take_up in (True, False):
        practice = recorded(cast)
        for who, earned in ((cast.ada, 0), (cast.cleo, 15)):
            made = suggested(cast, practice, base_version=now(practice).version, fields={"cause": f"For {who.handle}."})
            if take_up:
                accept_suggestion(by=who, suggestion=made, version=now(practice).version, number=1)
            else:
                reject_suggestion(by=who, suggestion=made, reply="It is the cache.")
            awards = Award.objects.filter(member=who, rule="review", subject=f"practice:{practice.pk}")
            assert sum(awards.values_list("points", flat=True)) == earned, (who, take_up)


def test_what_is_no_suggestion_is_refused(cast: Cast) -> None:
    practice = recorded(cast)
    for given, fields in (
        ({"reason": " "}, {"reason"}),
        ({"fields": FIELDS}, {"resolution"}),
        ({"base_version": 4}, {"version"}),
    ):
        with pytest.raises(Invalid) as refused:
            suggested(cast, practice, **given)
        assert refused.value.fields.keys() == fields
    with pytest.raises(Exposed):
        suggested(cast, practice, fields={"cause": "password=Tr0ub4dor&3"})
    assert not Suggestion.objects.exists()


def test_who_takes_it_up_answers_for_its_details(cast: Cast) -> None:
    practice = recorded(cast)
    made = suggested(cast, practice, fields={"cause": "Ask jan@firma.cz."})
    with pytest.raises(Exposed):
        accept_suggestion(by=cast.ada, suggestion=made, version=1, number=1)
    accept_suggestion(by=cast.ada, suggestion=made, version=1, number=1, mask=True)
    assert now(practice).cause == "Ask [email-1]."


def test_only_its_author_and_who_decides_see_it(cast: Cast) -> None:
    practice = recorded(cast)
    made = suggested(cast, practice)
    sees = {name for name, member in cast.people.items() if suggestion_visible_to(member, made.pk)}
    assert sees == {"ada", "cleo", "zoe", "nia"}
    assert {name for name, member in cast.people.items() if suggestions_for(member, practice)} == sees
    acts: list[Callable[[Member], object]] = [
        lambda by: accept_suggestion(by=by, suggestion=made, version=1, number=1),
        lambda by: reject_suggestion(by=by, suggestion=made, reply="No."),
    ]
    for act in acts:
        with pytest.raises(NotThere):
            act(cast.ben)
        with pytest.raises(Forbidden):
            act(cast.zoe)
    with pytest.raises(NotThere):
        withdraw_suggestion(by=cast.ada, suggestion=made)
    hidden = recorded(cast, audience="organization")
    with pytest.raises(NotThere):
        suggested(cast, hidden)
    with pytest.raises(NotThere):
        suggested(cast, practice, thread=problem(cast, audience="organization"))


def test_an_author_who_sees_the_practice_no_more_hears_nothing(cast: Cast) -> None:
    practice = recorded(cast)
    made = suggested(cast, practice)
    Practice.objects.filter(pk=practice.pk).update(audience="organization")
    assert suggestion_visible_to(cast.zoe, made.pk) is None
    reject_suggestion(by=cast.ada, suggestion=made, reply="We know better.")
    assert not InboxItem.objects.filter(member=cast.zoe, kind="suggestion-answered").exists()


def test_rejected_with_a_reason_or_taken_back_and_then_over(cast: Cast) -> None:
    practice = recorded(cast)
    made = suggested(cast, practice)
    with pytest.raises(Invalid):
        reject_suggestion(by=cast.ada, suggestion=made, reply="")
    reject_suggestion(by=cast.ada, suggestion=made, reply="It is the cache.")
    with pytest.raises(Conflict):
        accept_suggestion(by=cast.ada, suggestion=made, version=1, number=1)
    with pytest.raises(Conflict):
        withdraw_suggestion(by=cast.zoe, suggestion=made)
    other = suggested(cast, practice)
    withdraw_suggestion(by=cast.zoe, suggestion=other)
    other.refresh_from_db()
    assert (other.state, other.decided_by, now(practice).version) == ("withdrawn", cast.zoe, 1)
    assert not Award.objects.filter(rule="suggestion").exists()


def test_under_approval_taking_up_is_approving(cast: Cast) -> None:
    practice = recorded(cast)
    Governance.objects.create(
        product=practice.product, tag=None if practice.product else practice.tags.first(), mode="compliance",
        set_by=cast.nia, reason="Audited",
    )  # fmt: skip
    with pytest.raises(Forbidden):
        edit_practice(by=cast.ada, practice=practice, fields=BETTER, version=1)
    with pytest.raises(Forbidden):
        edit_practice(by=cast.cleo, practice=practice, fields=BETTER, version=1)
    made = suggested(cast, practice, by=cast.ada)
    accept_suggestion(by=cast.cleo, suggestion=made, version=1, number=1)
    done = now(practice)
    assert (done.cause, done.version, done.reviewed_version) == ("A full disk.", 2, 2)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_does() -> None:
    cast = make_cast()
    practice = recorded(cast)
    made = suggested(cast, practice)
    outcomes: list[str] = []

    def decide(act: Callable[[], object]) -> None:
        try:
            act()
            outcomes.append("done")
        except Conflict as refused:
            outcomes.append(refused.code)

    at_once(
        lambda: decide(lambda: accept_suggestion(by=cast.ada, suggestion=made, version=1, number=1)),
        lambda: decide(lambda: reject_suggestion(by=cast.cleo, suggestion=made, reply="No.")),
    )
    assert outcomes.count("done") == 1
    made.refresh_from_db()
    assert (made.state == "accepted") == (now(practice).version == 2)
