"""Reviews: opened once, talked about by line, decided by somebody who did not write it, and never over newer text."""

from datetime import timedelta

import pytest

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.models import Grant, InboxItem
from community.rules import clock
from reputation.models import Award
from reputation.queries.standing import standing_of
from reputation.rules.points import A_DAY, POINTS
from tests.cast import Cast
from tests.threads.curating import fresh, recorded, revised
from threads.actions.claims import claim
from threads.actions.deciding import decide_review
from threads.actions.resolution import reopen, resolve
from threads.actions.retiring import retire, unretire
from threads.actions.reviews import comment_on_review, open_review, settle_comment, start_review
from threads.actions.suggestions import accept_suggestion, suggest_edit
from threads.actions.verdicts import say_verdict
from threads.models import Governance, Keeper, Practice, PracticeVersion, Review, ReviewComment, Verdict
from threads.queries.reviews import comments_of, placed, review_visible_to, texts_at
from threads.rules import reviews as rules

pytestmark = pytest.mark.both_databases

WHY = "The rule does not exist from version 9 on."


def test_a_new_practice_is_approved(cast: Cast) -> None:
    practice = recorded(cast)
    review = start_review(by=cast.cleo, practice=practice)
    assert (review.kind, review.base_version, fresh(practice).claimed_by) == ("new", 0, cast.cleo)
    before = standing_of(cast.cleo)
    decided = decide_review(by=cast.cleo, review=review, outcome="approved", version=1)
    now = fresh(practice)
    assert (decided.state, decided.outcome, decided.decided_by) == ("closed", "approved", cast.cleo)
    assert (now.reviewed_version, now.claimed_by) == (1, None)
    assert now.due_at is not None
    assert now.due_at - clock.now() > timedelta(days=360)
    assert now.confidence == Practice.Confidence.NOT_VALIDATED, "by experience organizations say that it works"
    assert standing_of(cast.cleo) == before + 15


def test_again_is_the_same_review(cast: Cast) -> None:
    practice = recorded(cast)
    first = start_review(by=cast.cleo, practice=practice)
    assert start_review(by=cast.cleo, practice=practice).pk == first.pk
    assert Review.objects.filter(practice=practice).count() == 1


def test_its_kind_is_the_most_pressing_thing_said(cast: Cast) -> None:
    practice = recorded(cast)
    review = open_review(practice, kind=Review.Kind.NEW)
    assert open_review(practice, kind=Review.Kind.CHALLENGED).kind == "challenged"
    assert open_review(practice, kind=Review.Kind.SUGGESTED).kind == "challenged"
    assert Review.objects.get(pk=review.pk).kind == "challenged"


def test_who_wrote_what_is_reviewed_does_not_decide_it(cast: Cast) -> None:
    """Until a curator looked nobody has: the curator's own change waits for somebody else, who is then let."""
    practice = recorded(cast)
    review = start_review(by=cast.cleo, practice=practice)
    decide_review(by=cast.cleo, review=review, outcome="approved", version=1)
    revised(practice, cast.cleo, cause="A rule of version 8.")
    again = start_review(by=cast.cleo, practice=practice)
    assert (again.kind, again.base_version) == ("changed", 1)
    with pytest.raises(Forbidden):
        decide_review(by=cast.cleo, review=again, outcome="approved", version=2)
    decided = decide_review(by=cast.nia, review=again, outcome="approved", version=2)
    assert (decided.outcome, fresh(practice).reviewed_version) == ("approved", 2)


def test_three_organizations_and_one_curator(cast: Cast) -> None:
    """Corax has a curator too: Brightline's decides on Acme's, Corax's on Brightline's."""
    Grant.objects.create(member=cast.finn, role=Grant.Role.CURATOR, space=cast.spaces["lobby"])
    practice = recorded(cast)
    revised(practice, cast.cleo, cause="A rule of version 8.")
    review = start_review(by=cast.finn, practice=practice)
    assert decide_review(by=cast.finn, review=review, outcome="approved", version=2).outcome == "approved"


def test_newer_text_is_never_decided_unread(cast: Cast) -> None:
    practice = recorded(cast)
    review = start_review(by=cast.cleo, practice=practice)
    revised(practice, cast.ben, cause="A rule of version 8.")
    with pytest.raises(Conflict, match="Version 2"):
        decide_review(by=cast.cleo, review=review, outcome="approved", version=1)
    assert fresh(practice).reviewed_version == 0


def test_while_somebody_else_works_on_it_only_administrators_decide(cast: Cast) -> None:
    Grant.objects.create(member=cast.zoe, role=Grant.Role.CURATOR, space=cast.spaces["lobby"])
    practice = recorded(cast)
    review = start_review(by=cast.cleo, practice=practice)
    with pytest.raises(Conflict, match="Cleo"):
        decide_review(by=cast.zoe, review=review, outcome="approved", version=1)
    assert decide_review(by=cast.nia, review=review, outcome="approved", version=1).outcome == "approved"


@pytest.mark.parametrize("who", ["ada", "mo", "zoe", "finn"])
def test_others_neither_see_nor_decide_it(cast: Cast, who: str) -> None:
    practice = recorded(cast)
    review = start_review(by=cast.cleo, practice=practice)
    assert review_visible_to(getattr(cast, who), review.pk) is None
    with pytest.raises(NotThere):
        decide_review(by=getattr(cast, who), review=review, outcome="approved", version=1)
    with pytest.raises(NotThere):
        comment_on_review(by=getattr(cast, who), review=review, body="And this?")
    with pytest.raises(Forbidden):
        start_review(by=getattr(cast, who), practice=practice)


def test_its_author_sees_it_and_answers_but_does_not_decide(cast: Cast) -> None:
    practice = recorded(cast)
    review = start_review(by=cast.cleo, practice=practice)
    assert review_visible_to(cast.ben, review.pk) == review
    said = comment_on_review(by=cast.cleo, review=review, body="Which version?", field="resolution", line=1, quote="D")
    comment_on_review(by=cast.ben, review=review, body="All of 8.")
    settle_comment(by=cast.ben, comment=said)
    with pytest.raises(Forbidden):
        decide_review(by=cast.ben, review=review, outcome="approved", version=1)
    assert [(row.author.handle, row.done_at is not None) for row in comments_of(review)] == [
        ("cleo", True), ("ben", False),
    ]  # fmt: skip
    settle_comment(by=cast.cleo, comment=said, done=False)
    assert ReviewComment.objects.get(pk=said.pk).done_by is None


def test_changes_are_asked_for_and_come(cast: Cast) -> None:
    practice = recorded(cast)
    review = start_review(by=cast.cleo, practice=practice)
    asked = decide_review(by=cast.cleo, review=review, outcome="changes_asked", version=1, reason="Say which version.")
    assert (asked.state, asked.outcome, fresh(practice).claimed_by) == ("changes_asked", "", None)
    assert InboxItem.objects.filter(member=cast.ben, kind="review-asked-changes").count() == 1
    assert not Award.objects.filter(member=cast.cleo, rule=Award.Rule.REVIEW).exists()
    revised(practice, cast.ben, environment="Version 8")
    assert Review.objects.get(pk=review.pk).state == "open"
    decided = decide_review(by=cast.cleo, review=review, outcome="approved", version=2)
    assert (decided.state, fresh(practice).reviewed_version) == ("closed", 2)
    assert Award.objects.filter(member=cast.cleo, rule=Award.Rule.REVIEW).count() == 1


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [("changes_asked", ""), ("retired", "no"), ("kept", WHY), ("revised", WHY), ("nonsense", WHY)],
)
def test_what_cannot_be_decided(cast: Cast, outcome: str, reason: str) -> None:
    """Without saying why, or what only answers something said against it."""
    practice = recorded(cast)
    review = start_review(by=cast.cleo, practice=practice)
    with pytest.raises(Invalid):
        decide_review(by=cast.cleo, review=review, outcome=outcome, version=1, reason=reason)
    assert Review.objects.get(pk=review.pk).state == "open"


def test_a_decided_review_is_decided(cast: Cast) -> None:
    review = start_review(by=cast.cleo, practice=recorded(cast))
    decide_review(by=cast.cleo, review=review, outcome="approved", version=1)
    with pytest.raises(Conflict):
        decide_review(by=cast.cleo, review=review, outcome="retired", version=1, reason=WHY)
    with pytest.raises(Conflict):
        comment_on_review(by=cast.cleo, review=review, body="One more thing.")
    assert standing_of(cast.cleo) == 15


def test_a_review_can_end_in_retiring(cast: Cast) -> None:
    practice = recorded(cast)
    review = start_review(by=cast.cleo, practice=practice)
    decide_review(by=cast.cleo, review=review, outcome="retired", version=1, reason=WHY)
    now = fresh(practice)
    assert (now.confidence, now.claimed_by) == ("archived", None)
    last = PracticeVersion.objects.filter(practice=practice).order_by("-number")[0]
    assert (last.kind, last.reason, last.author) == ("state", WHY, cast.cleo)
    assert InboxItem.objects.filter(member=cast.ben, kind="practice-retired").exists()


def test_retired_and_brought_back(cast: Cast) -> None:
    practice = recorded(cast)
    with pytest.raises(Forbidden):
        retire(by=cast.ben, practice=practice, reason=WHY)
    with pytest.raises(Invalid):
        retire(by=cast.cleo, practice=practice, reason=" ")
    with pytest.raises(Conflict):
        unretire(by=cast.cleo, practice=practice, reason=WHY)
    retire(by=cast.cleo, practice=practice, reason=WHY)
    with pytest.raises(Conflict):
        retire(by=cast.cleo, practice=practice, reason=WHY)
    unretire(by=cast.cleo, practice=practice, reason="Version 7 is still in use.")
    assert fresh(practice).confidence == Practice.Confidence.NOT_VALIDATED
    assert not Award.objects.filter(member=cast.cleo).exists(), "only reviews earn"


def test_what_is_said_against_it_is_answered(cast: Cast) -> None:
    practice = recorded(cast)
    said = say_verdict(by=cast.zoe, practice=practice, kind="failed", note=WHY)
    review = Review.objects.get(practice=practice)
    assert (review.kind, review.state) == ("challenged", "open")
    with pytest.raises(Invalid):
        decide_review(by=cast.cleo, review=review, outcome="approved", version=1)
    decide_review(by=cast.cleo, review=review, outcome="rejected", version=1, reason="They tried it on version 9.")
    assert Verdict.objects.get(pk=said.pk).answered_by == review
    due = fresh(practice).due_at
    assert due is not None
    assert due - clock.now() < timedelta(days=91)
    assert InboxItem.objects.filter(member=cast.zoe, kind="verdict-answered").exists()


def test_revised_means_that_it_was(cast: Cast) -> None:
    """Whoever revised it has become one of its makers, so somebody else says that it is dealt with."""
    practice = recorded(cast)
    say_verdict(by=cast.finn, practice=practice, kind="failed", note=WHY)
    review = Review.objects.get(practice=practice)
    with pytest.raises(Conflict, match="Nothing was changed"):
        decide_review(by=cast.cleo, review=review, outcome="revised", version=1, reason="Done, please try again.")
    revised(practice, cast.cleo, environment="Up to version 8")
    with pytest.raises(Forbidden):
        decide_review(by=cast.cleo, review=review, outcome="revised", version=2, reason="Done, please try again.")
    Grant.objects.create(member=cast.zoe, role=Grant.Role.CURATOR, space=cast.spaces["lobby"])
    decide_review(by=cast.zoe, review=review, outcome="revised", version=2, reason="Done, please try again.")
    assert (Review.objects.get(pk=review.pk).outcome, fresh(practice).reviewed_version) == ("revised", 2)


def test_on_a_warning_its_own_organization_does_not_decide(cast: Cast) -> None:
    """Nor whoever made it. Brightline's curator may, of Acme's practice."""
    Grant.objects.create(member=cast.olga, role=Grant.Role.CURATOR, space=cast.spaces["lobby"])
    practice = recorded(cast)
    say_verdict(by=cast.zoe, practice=practice, kind="dangerous", note="It opened the relay to everybody.")
    assert fresh(practice).warned_at is not None
    review = Review.objects.get(practice=practice)
    with pytest.raises(Forbidden):
        decide_review(by=cast.olga, review=review, outcome="rejected", version=1, reason="It did not.")
    decide_review(by=cast.cleo, review=review, outcome="rejected", version=1, reason="It was another rule.")
    assert fresh(practice).warned_at is None


def test_the_recorder_loses_what_validation_earned_when_a_warning_is_upheld(cast: Cast) -> None:
    practice = recorded(cast)
    for who in (cast.zoe, cast.finn):
        say_verdict(by=who, practice=practice, kind="worked")
    assert fresh(practice).confidence == "validated"
    earned = standing_of(cast.ben)
    say_verdict(by=cast.mo, practice=practice, kind="dangerous", note="It opened the relay to everybody.")
    assert standing_of(cast.ben) == earned, "one voice takes nothing"
    review = Review.objects.get(practice=practice)
    decide_review(by=cast.cleo, review=review, outcome="retired", version=1, reason=WHY)
    assert standing_of(cast.ben) == earned - POINTS["validated"] - POINTS["practice"]
    reversals = Award.objects.filter(member=cast.ben, reverses__isnull=False).values_list("rule", "why")
    assert set(reversals) == {("validated", "outdated"), ("practice", "outdated")}
    unretire(by=cast.cleo, practice=practice, reason="It was right after all.")
    assert standing_of(cast.ben) == earned - POINTS["validated"]


def test_a_challenge_ends_the_wait_for_changes(cast: Cast) -> None:
    practice = recorded(cast)
    review = start_review(by=cast.cleo, practice=practice)
    decide_review(by=cast.cleo, review=review, outcome="changes_asked", version=1, reason="Say which version.")
    say_verdict(by=cast.finn, practice=practice, kind="outdated", note=WHY)
    now = Review.objects.get(pk=review.pk)
    assert (now.state, now.kind) == ("open", "challenged")


def test_a_reopened_thread_is_a_challenge_only_of_what_others_confirmed(cast: Cast) -> None:
    practice = recorded(cast)
    thread = practice.thread
    assert thread is not None
    reopen(by=cast.ada, thread=thread, reason="It is back.")
    assert fresh(practice).confidence == "work_in_progress"
    assert not Review.objects.filter(practice=practice).exists()
    resolve(by=cast.ada, thread=thread, summary="The rule was on again.")
    assert fresh(practice).confidence == "not_validated"
    for who in (cast.zoe, cast.finn):
        say_verdict(by=who, practice=practice, kind="worked")
    reopen(by=cast.ada, thread=thread, reason="It is back again.")
    assert fresh(practice).confidence == "validated"
    assert Review.objects.get(practice=practice).kind == "challenged"


def test_so_many_reviews_earn_on_one_day(cast: Cast) -> None:
    for number in range(rules.MOST_AWARDED_A_DAY + 2):
        practice = recorded(cast, f"Mail loops, case {number}")
        review = start_review(by=cast.cleo, practice=practice)
        decide_review(by=cast.cleo, review=review, outcome="approved", version=1)
    assert standing_of(cast.cleo) == A_DAY < 15 * rules.MOST_AWARDED_A_DAY


def test_comments_are_found_where_their_line_went(cast: Cast) -> None:
    practice = recorded(cast, resolution="First stop it.\nThen disable R7.\nStart it.")
    review = start_review(by=cast.cleo, practice=practice)
    comment_on_review(by=cast.cleo, review=review, body="Why?", field="resolution", line=2, quote="Then disable R7.")
    comment_on_review(by=cast.cleo, review=review, body="When?", field="resolution", line=3, quote="Start it.")
    comment_on_review(by=cast.cleo, review=review, body="Longer, please.", field="cause")
    comment_on_review(by=cast.cleo, review=review, body="Well written.")
    now = revised(practice, cast.ben, resolution="Announce it.\nFirst stop it.\nThen disable R7.\nWatch the queue.")
    found = placed(review, texts_at(now, now.version))
    assert {place: [row.body for row in rows] for place, rows in found.at_line.items()} == {("resolution", 3): ["Why?"]}
    assert [row.body for row in found.earlier] == ["When?"]
    assert [row.body for row in found.at_field["cause"]] == ["Longer, please."]
    assert [row.body for row in found.general] == ["Well written."]


@pytest.mark.parametrize("about", [{"field": "nonsense"}, {"line": 3}])
def test_a_comment_is_about_something_that_there_is(cast: Cast, about: dict[str, object]) -> None:
    review = start_review(by=cast.cleo, practice=recorded(cast))
    with pytest.raises(Invalid):
        comment_on_review(by=cast.cleo, review=review, body="Why?", **about)  # type: ignore[arg-type]


def test_talking_extends_only_ones_own_claim(cast: Cast) -> None:
    practice = recorded(cast)
    review = start_review(by=cast.cleo, practice=practice)
    soon = clock.now() + timedelta(minutes=1)
    Practice.objects.filter(pk=practice.pk).update(claimed_until=soon)
    comment_on_review(by=cast.ben, review=review, body="May I ask?")
    assert fresh(practice).claimed_until == soon
    comment_on_review(by=cast.cleo, review=review, body="You may.")
    assert claim(by=cast.cleo, practice=practice).claimed_until > soon  # type: ignore[operator]


def test_governed_by_approval_a_keeper_validates_it(cast: Cast) -> None:
    """Not by what organizations say, not by who wrote it, and only until it is warned of or says something else."""
    rule = Governance.objects.create(product=cast.products["mail-gateway"], mode="compliance", set_by=cast.nia)
    for keeper in (cast.zoe, cast.ben):
        Keeper.objects.create(governance=rule, member=keeper)
    practice = recorded(cast)
    for who in (cast.mo, cast.finn):
        say_verdict(by=who, practice=practice, kind="worked")
    assert fresh(practice).confidence == "not_validated"
    review = start_review(by=cast.zoe, practice=practice)
    with pytest.raises(Forbidden):
        decide_review(by=cast.ben, review=review, outcome="approved", version=1)
    decide_review(by=cast.zoe, review=review, outcome="approved", version=1)
    assert (fresh(practice).confidence, fresh(practice).basis) == ("validated", "approved")
    say_verdict(by=cast.finn, practice=practice, kind="dangerous", note="It opened the relay to everybody.")
    assert fresh(practice).confidence == "not_validated"
    challenge = Review.objects.exclude(state="closed").get(practice=practice)
    decide_review(by=cast.zoe, review=challenge, outcome="rejected", version=1, reason="It was another rule.")
    assert fresh(practice).confidence == "validated"


def test_a_suggestion_taken_up_closes_its_review(cast: Cast) -> None:
    practice = recorded(cast)
    said = suggest_edit(
        by=cast.zoe, practice=practice, base_version=1, fields={"cause": "A rule."}, reason="I know why."
    )
    review = Review.objects.get(practice=practice)
    assert (review.kind, review.state) == ("suggested", "open")
    accept_suggestion(by=cast.ben, suggestion=said, version=1, number=1)
    assert Review.objects.get(pk=review.pk).state == "closed"
