"""Mentors and learners: asking, answering, ending, and saying that it helped."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from community.actions.members import suspend
from community.errors import Conflict, Forbidden, Invalid, NotThere, TooMuch
from community.models import InboxItem, Member
from community.rules import clock
from reputation.actions.mentoring import (
    answer_learner,
    end_mentoring,
    offer_mentoring,
    say_it_helped,
    take_back_helped,
)
from reputation.actions.skills import declare_skills
from reputation.models import Award, Mentor, Mentoring, MentoringHelped, Standing
from reputation.queries.mentoring import can_be_said, mentored_by, mentoring_with, mentorings_of
from reputation.rules.mentoring import MOST_ASKS, MOST_MENTEES
from reputation.rules.points import POINTS, THRESHOLDS
from reputation.rules.skills import Declared
from tests.cast import PASSWORD, Cast
from threads.actions.mentoring import ask_to_be_mentored
from threads.actions.threads import open_thread
from threads.queries.mentoring import describe_mentorings, mentors_seen_by, seen_mentorings

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MORNING = datetime(2026, 11, 18, 9, tzinfo=UTC)
SMTP, WHAT = "tag:smtp", "How to read a queue, and what to do then."
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _mentors(cast: Cast) -> Iterator[None]:
    """Ben of Acme and Cleo of Brightline know SMTP and mentor; Ada, Finn and Zoe want to learn it."""
    with clock.at(MORNING):
        open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Mail loops", body="Again.", tags=["smtp"])
        for mentor in (cast.ben, cast.cleo):
            knows(mentor)
            offer_mentoring(by=mentor, offers=True)
        for learner in (cast.ada, cast.finn, cast.zoe):
            wants(learner)
        yield


def knows(member: Member, points: int = THRESHOLDS["mentor"], scope: str = SMTP) -> None:
    Standing.objects.update_or_create(member=member, scope=scope, defaults={"points": points, "awards": 1})


def wants(member: Member, scope: str = SMTP) -> None:
    declare_skills(by=member, skills=[Declared(scope, 1, wants_to_learn=True)])


def ask(learner: Member, mentor: Member, scope: str = SMTP) -> Mentoring:
    return ask_to_be_mentored(by=learner, mentor=mentor, scope=scope, what=WHAT)


def running(learner: Member, mentor: Member) -> Mentoring:
    return answer_learner(by=mentor, mentoring=ask(learner, mentor), accept=True)


def person(cast: Cast, number: int) -> Member:
    """Somebody more of Corax, who wants to learn SMTP."""
    made = Member.objects.create_user(
        f"p{number}@example.org", PASSWORD, handle=f"p{number}", name=f"Person {number}",
        organization=cast.organizations["corax"],
    )  # fmt: skip
    wants(made)
    return made


def told(member: Member) -> list[str]:
    return list(InboxItem.objects.filter(member=member, kind__startswith="mentor").values_list("kind", flat=True))


def points(member: Member) -> int:
    given = Award.objects.filter(member=member, rule=Award.Rule.MENTORING)
    return sum(given.values_list("points", flat=True))


def test_somebody_asks_and_is_taken_on(cast: Cast) -> None:
    asked = ask(cast.ada, cast.ben)
    assert (asked.state, asked.what) == ("asked", WHAT)
    assert told(cast.ben) == ["mentor-asked"]
    taken = answer_learner(by=cast.ben, mentoring=asked, accept=True)
    assert taken.state == "running"
    assert told(cast.ada) == ["mentor-answered"]
    assert mentorings_of(cast.ada) == mentorings_of(cast.ben) == [taken]


def test_only_who_has_the_standing_and_offers_it_can_be_asked(cast: Cast) -> None:
    assert mentors_seen_by(cast.ada, SMTP) == [cast.ben, cast.cleo]
    offer_mentoring(by=cast.cleo, offers=False)
    knows(cast.ben, THRESHOLDS["mentor"] - 1)
    knows(cast.zoe, 10_000)
    assert mentors_seen_by(cast.ada, SMTP) == []
    for who in (cast.ben, cast.cleo, cast.zoe, cast.ada, cast.sam):
        with pytest.raises(NotThere):
            ask(cast.ada, who)
    assert mentored_by(cast.ben, [SMTP]) == mentored_by(cast.zoe, [SMTP]) == set()


def test_a_tag_that_one_meets_nowhere_has_no_mentors(cast: Cast) -> None:
    """Whoever asks by guessing learns nothing: not that there is such a tag, nor who knows it."""
    open_thread(
        by=cast.ada, space=cast.spaces["workshop"], title="The merger", body="Soon.", tags=["merger"]
    )  # fmt: skip
    knows(cast.ben, scope="tag:merger")
    wants(cast.finn, "tag:merger")
    assert mentors_seen_by(cast.ada, "tag:merger") == [cast.ben]
    assert mentors_seen_by(cast.finn, "tag:merger") == mentors_seen_by(cast.finn, "tag:nothing") == []
    with pytest.raises(NotThere):
        ask(cast.finn, cast.ben, "tag:merger")


def test_a_space_or_all_is_no_subject(cast: Cast) -> None:
    for scope in ("", "space:lobby", "lobby"):
        knows(cast.ben, 10_000, scope)
        assert mentors_seen_by(cast.ada, scope) == []
        with pytest.raises(NotThere):
            ask(cast.ada, cast.ben, scope)


def test_who_does_not_say_that_they_want_to_learn_it_is_told_so(cast: Cast) -> None:
    with pytest.raises(Conflict, match="want to learn"):
        ask(cast.mo, cast.ben)
    for words in ("", " \n", "Please."):
        with pytest.raises(Invalid):
            ask_to_be_mentored(by=cast.ada, mentor=cast.ben, scope=SMTP, what=words)
    with pytest.raises(Invalid):
        ask_to_be_mentored(by=cast.ada, mentor=cast.ben, scope=SMTP, what="x" * 1_001)


def test_asked_twice_is_asked_once(cast: Cast) -> None:
    ask(cast.ada, cast.ben)
    with pytest.raises(Conflict):
        ask(cast.ada, cast.ben)
    assert Mentoring.objects.count() == 1


def test_declining_needs_a_word_and_holds_for_a_month(cast: Cast) -> None:
    asked = ask(cast.ada, cast.ben)
    with pytest.raises(Invalid):
        answer_learner(by=cast.ben, mentoring=asked, accept=False)
    answer_learner(by=cast.ben, mentoring=asked, accept=False, note="I leave for three months. Ask Cleo.")
    with pytest.raises(Conflict):
        ask(cast.ada, cast.ben)
    with pytest.raises(Conflict):
        answer_learner(by=cast.ben, mentoring=asked, accept=True)
    with clock.at(MORNING + 31 * DAY):
        assert ask(cast.ada, cast.ben).state == "asked"


def test_three_a_week_whatever_is_taken_back(cast: Cast) -> None:
    for _time in range(MOST_ASKS):
        end_mentoring(by=cast.ada, mentoring=ask(cast.ada, cast.ben))
    assert told(cast.ben) == []
    with pytest.raises(TooMuch):
        ask(cast.ada, cast.cleo)
    with clock.at(MORNING + 7 * DAY):
        ask(cast.ada, cast.cleo)


def test_a_mentor_has_so_many_learners(cast: Cast) -> None:
    learners = [person(cast, number) for number in range(MOST_MENTEES + 1)]
    late = ask(learners[-1], cast.ben)
    for learner in learners[:-1]:
        running(learner, cast.ben)
    with pytest.raises(TooMuch):
        ask(cast.ada, cast.ben)
    with pytest.raises(TooMuch):
        answer_learner(by=cast.ben, mentoring=late, accept=True)
    end_mentoring(by=cast.ben, mentoring=Mentoring.objects.filter(state="running").earliest("pk"))
    assert answer_learner(by=cast.ben, mentoring=late, accept=True).state == "running"


def test_only_the_two_know_of_it(cast: Cast) -> None:
    """Colleagues, administrators and moderators do not: what somebody wants to learn from whom is theirs."""
    asked = ask(cast.ada, cast.ben)
    for who in (cast.zoe, cast.olga, cast.mo, cast.cleo, cast.nia):
        assert mentoring_with(who, asked.pk) is None
        assert mentorings_of(who) == []
        assert describe_mentorings(who, {asked.pk}) == {}
        assert seen_mentorings(who, [asked.pk]) == set()
        for act in (end_mentoring, say_it_helped, take_back_helped):
            with pytest.raises(NotThere):
                act(by=who, mentoring=asked)
        with pytest.raises(NotThere):
            answer_learner(by=who, mentoring=asked, accept=True)
    with pytest.raises(Forbidden):
        answer_learner(by=cast.ada, mentoring=asked, accept=True)
    assert describe_mentorings(cast.ben, {asked.pk})[asked.pk].title == "#smtp"


@pytest.mark.parametrize("who", ["ada", "ben"])
def test_either_ends_it_and_the_other_is_told(cast: Cast, who: str) -> None:
    mentoring = running(cast.ada, cast.ben)
    other = cast.ben if who == "ada" else cast.ada
    end_mentoring(by=cast.people[who], mentoring=mentoring)
    assert "mentoring-ended" in told(other)
    with pytest.raises(Conflict):
        end_mentoring(by=other, mentoring=mentoring)
    assert ask(cast.ada, cast.ben).state == "asked"


def test_what_helped_earns_once_in_thirty_days(cast: Cast) -> None:
    mentoring = running(cast.ada, cast.cleo)
    before = Standing.objects.get(member=cast.cleo, scope=SMTP).points
    say_it_helped(by=cast.ada, mentoring=mentoring)
    award = Award.objects.get(rule=Award.Rule.MENTORING)
    assert (award.member, award.giver, award.tags, award.points) == (cast.cleo, cast.ada, ["smtp"], POINTS["mentoring"])
    assert Standing.objects.get(member=cast.cleo, scope=SMTP).points == before + POINTS["mentoring"]
    assert "mentoring-helped" in told(cast.cleo)
    with pytest.raises(Conflict):
        say_it_helped(by=cast.ada, mentoring=mentoring)
    with pytest.raises(Forbidden):
        say_it_helped(by=cast.cleo, mentoring=mentoring)
    with clock.at(MORNING + 30 * DAY):
        say_it_helped(by=cast.ada, mentoring=mentoring)
    assert points(cast.cleo) == 2 * POINTS["mentoring"]


def test_taken_back_within_a_day_it_never_earned(cast: Cast) -> None:
    mentoring = running(cast.ada, cast.cleo)
    for _time in range(2):
        say_it_helped(by=cast.ada, mentoring=mentoring)
        take_back_helped(by=cast.ada, mentoring=mentoring)
        with pytest.raises(Conflict):
            take_back_helped(by=cast.ada, mentoring=mentoring)
    assert points(cast.cleo) == 0
    assert "mentoring-helped" not in told(cast.cleo)
    assert {row.why for row in Award.objects.filter(reverses__isnull=False)} == {Award.Why.UNSAID}
    say_it_helped(by=cast.ada, mentoring=mentoring)
    with clock.at(MORNING + DAY), pytest.raises(Conflict):
        take_back_helped(by=cast.ada, mentoring=mentoring)
    assert points(cast.cleo) == POINTS["mentoring"]


def test_nobody_fills_the_ledger_by_taking_back(cast: Cast) -> None:
    mentoring = running(cast.ada, cast.cleo)
    for _time in range(3):
        say_it_helped(by=cast.ada, mentoring=mentoring)
        take_back_helped(by=cast.ada, mentoring=mentoring)
    with pytest.raises(Conflict):
        say_it_helped(by=cast.ada, mentoring=mentoring)
    assert can_be_said(cast.ada, [mentoring]) == set()


def test_who_lost_the_standing_teaches_on_and_earns_nothing(cast: Cast) -> None:
    mentoring, asked = running(cast.ada, cast.ben), ask(cast.zoe, cast.ben)
    assert can_be_said(cast.ada, [mentoring]) == {mentoring.pk}
    knows(cast.ben, 10)
    assert can_be_said(cast.ada, [mentoring]) == set()
    with pytest.raises(Conflict):
        say_it_helped(by=cast.ada, mentoring=mentoring)
    with pytest.raises(Conflict):
        answer_learner(by=cast.ben, mentoring=asked, accept=True)
    assert Mentoring.objects.get(pk=mentoring.pk).is_running
    assert not MentoringHelped.objects.exists()


@pytest.mark.parametrize("who", ["ada", "ben"])
def test_it_ends_when_one_of_the_two_has_no_access_any_more(cast: Cast, who: str) -> None:
    mentoring, asked = running(cast.ada, cast.ben), ask(cast.ada, cast.cleo)
    suspend(by=cast.olga, member=cast.people[who])
    mentoring.refresh_from_db()
    asked.refresh_from_db()
    assert (mentoring.state, mentoring.ended_by) == ("ended", None)
    assert asked.state == ("ended" if who == "ada" else "asked")
    assert Mentor.objects.filter(member=cast.ben).exists() == (who == "ada")
    stale = Member.objects.get(pk=cast.people[who].pk)
    stale.is_active = True
    with pytest.raises((Forbidden, NotThere, Conflict)):
        end_mentoring(by=stale, mentoring=mentoring)
    with pytest.raises((Forbidden, NotThere)):
        ask(stale, cast.cleo)


def test_an_imported_author_neither_mentors_nor_learns(cast: Cast) -> None:
    ghost = Member.objects.create_user(
        None, handle="ghost", name="Ghost", organization=cast.organizations["corax"], source_site="dump", source_id="1"
    )
    with pytest.raises(Forbidden):
        offer_mentoring(by=ghost, offers=True)
    Mentor.objects.create(member=ghost)
    knows(ghost, 10_000)
    assert ghost not in mentors_seen_by(cast.ada, SMTP)
    with pytest.raises(NotThere):
        ask(cast.ada, ghost)
