"""Asking for help: who is asked, what they answer, and what follows from it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from community.actions.inbox import choose
from community.errors import Conflict, Forbidden, Invalid, NotThere, TooMuch
from community.models import InboxItem, Member
from community.rules import clock
from tests.cast import Cast
from tests.threads.asking import HOUR, MORNING, answers, everybody_works, knows, problem, works
from threads.actions.asking import try_again
from threads.actions.helpers import join, remove_helper
from threads.actions.ownership import take
from threads.actions.requests import answer, ask_for_help, inform, pass_on, withdraw_request
from threads.actions.resolution import resolve
from threads.models import Asked, Helper, HelpRequest, Thread
from threads.rules.fairness import MOST_FIRSTS

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def _wednesday(cast: Cast) -> Iterator[None]:
    everybody_works(cast)
    with clock.at(MORNING):
        yield


def asked_by(request: HelpRequest, member: Member) -> Asked:
    return Asked.objects.get(request=request, member=member)


def ask(cast: Cast, thread: Thread, **more: Any) -> HelpRequest:
    given: dict[str, Any] = {"what": "Look at the resolver, please.", "due_at": clock.now() + 8 * HOUR, **more}
    return ask_for_help(by=given.pop("by", cast.ada), thread=thread, **given)


def notices(member: Member) -> list[str]:
    return list(InboxItem.objects.filter(member=member).order_by("pk").values_list("kind", flat=True))


def test_the_best_is_asked_first_and_the_next_after_a_no(cast: Cast) -> None:
    knows(cast.ben, 300)
    knows(cast.zoe, 100)
    thread = problem(cast)
    request = ask(cast, thread)
    assert answers(request) == [("ben", "")]
    assert "help-asked" in notices(cast.ben)
    assert asked_by(request, cast.ben).answer_by == MORNING + 2 * HOUR
    answer(by=cast.ben, asked=asked_by(request, cast.ben), answer="declined", note="On leave from noon.")
    assert answers(request) == [("ben", "declined"), ("zoe", "")]
    answer(by=cast.zoe, asked=asked_by(request, cast.zoe), answer="accepted")
    request.refresh_from_db()
    assert (request.state, answers(request)[1]) == ("answered", ("zoe", "accepted"))
    assert Helper.objects.get(thread=thread, until=None).member == cast.zoe
    assert notices(cast.ada).count("help-answered") == 2


def test_nobody_left_is_said(cast: Cast) -> None:
    knows(cast.ben, 300)
    take(by=cast.zoe, thread=(thread := problem(cast)))
    request = ask(cast, thread, target="tag", scope="tag:dns")
    answer(by=cast.ben, asked=asked_by(request, cast.ben), answer="declined", note="No.")
    request.refresh_from_db()
    assert request.state == "exhausted"
    assert "help-exhausted" in notices(cast.ada)
    assert "help-exhausted" in notices(cast.zoe)


def test_named_people_are_asked_in_their_order(cast: Cast) -> None:
    request = ask(cast, problem(cast), target="members", members=[cast.zoe, cast.ben])
    assert answers(request) == [("zoe", "")]
    answer(by=cast.zoe, asked=asked_by(request, cast.zoe), answer="declined", note="Sorry.")
    assert answers(request) == [("zoe", "declined"), ("ben", "")]


def test_an_organization_and_a_center_bound_who_is_asked(cast: Cast) -> None:
    knows(cast.ben, 300)
    knows(cast.zoe, 100)
    thread = problem(cast)
    request = ask(cast, thread, target="organization", organization=cast.organizations["brightline"])
    assert answers(request) == [("zoe", "")]
    request = ask(cast, thread, target="center", center=cast.centers["acme-lagos"])
    assert answers(request) == [("ben", "")]


def test_several_are_asked_at_once_and_who_is_not_needed_any_more_hears_of_it(cast: Cast) -> None:
    knows(cast.ben, 300)
    knows(cast.zoe, 100)
    request = ask(cast, problem(cast), at_once=2)
    assert answers(request) == [("ben", ""), ("zoe", "")]
    answer(by=cast.zoe, asked=asked_by(request, cast.zoe), answer="accepted")
    assert answers(request) == [("ben", "withdrawn"), ("zoe", "accepted")]
    assert "help-withdrawn" in notices(cast.ben)
    with pytest.raises(Conflict, match="no_longer_needed"):
        answer(by=cast.ben, asked=asked_by(request, cast.ben), answer="accepted")


def test_more_information_stops_the_clock_and_an_answer_starts_it_anew(cast: Cast) -> None:
    knows(cast.ben, 300)
    knows(cast.zoe, 100)
    request = ask(cast, problem(cast))
    asked = asked_by(request, cast.ben)
    answer(by=cast.ben, asked=asked, answer="more_information", note="Which resolver?")
    with clock.at(MORNING + 3 * HOUR):
        assert not pass_on(asked_id=asked.pk)
        try_again(request_id=request.pk)
        assert answers(request) == [("ben", "more_information")]
        inform(by=cast.ada, asked=asked, text="Unbound 1.17.")
        asked.refresh_from_db()
        assert (asked.answer, asked.information) == ("", "Unbound 1.17.")
        assert asked.answer_by > clock.now()
        assert "help-information" in notices(cast.ben)
        answer(by=cast.ben, asked=asked, answer="accepted")
    assert Helper.objects.filter(member=cast.ben, until=None).exists()


def test_who_waits_too_long_for_more_information_is_not_the_only_one_asked(cast: Cast) -> None:
    knows(cast.ben, 300)
    knows(cast.zoe, 100)
    request = ask(cast, problem(cast))
    answer(by=cast.ben, asked=asked_by(request, cast.ben), answer="more_information", note="Which one?")
    request.refresh_from_db()
    assert request.next_try_at is not None
    with clock.at(request.next_try_at):
        try_again(request_id=request.pk)
    assert answers(request) == [("ben", "more_information"), ("zoe", "")]
    with clock.at(MORNING + 5 * HOUR):
        answer(by=cast.ben, asked=asked_by(request, cast.ben), answer="accepted")


def test_nobody_is_asked_outside_their_hours_unless_it_is_critical_or_they_allow_it(cast: Cast) -> None:
    works(cast.ben, 18, 22)
    works(cast.zoe, 18, 22, outside="always")
    request = ask(cast, problem(cast), target="members", members=[cast.ben])
    assert (answers(request), request.next_try_at) == ([], MORNING + 8 * HOUR)
    assert answers(ask(cast, problem(cast), target="members", members=[cast.zoe])) == [("zoe", "")]
    critical = problem(cast, severity=1)
    assert answers(ask(cast, critical, target="members", members=[cast.ben])) == [("ben", "")]
    works(cast.ben, state="away", until=MORNING + 30 * HOUR)
    assert answers(ask(cast, problem(cast, severity=1), target="members", members=[cast.ben])) == []


def test_who_declines_to_be_asked_is_not_matched(cast: Cast) -> None:
    knows(cast.ben, 300)
    choose(by=cast.ben, kind="help-asked", wanted=False)
    request = ask(cast, problem(cast), target="tag", scope="tag:dns")
    assert (answers(request), request.state) == ([], "exhausted")


def test_the_suspended_the_absent_and_those_who_cannot_see_it_are_no_candidates(cast: Cast) -> None:
    for member in (cast.sam, cast.zoe, cast.finn):
        knows(member, 500)
    thread = problem(cast, audience="organization")
    assert answers(ask(cast, thread, target="tag", scope="tag:dns")) == []
    for member in (cast.sam, cast.zoe):
        with pytest.raises(Invalid) as unknown:
            ask(cast, thread, target="members", members=[member])
        assert "Nobody of this handle" in unknown.value.fields["members"]


def test_nobody_is_first_a_fourth_time_while_another_is_free(cast: Cast) -> None:
    knows(cast.ben, 300)
    knows(cast.zoe, 100)
    first = [answers(ask(cast, problem(cast)))[0][0] for _ in range(2 * MOST_FIRSTS + 1)]
    assert sorted(first[: 2 * MOST_FIRSTS]) == ["ben"] * MOST_FIRSTS + ["zoe"] * MOST_FIRSTS
    assert len(set(first)) >= 2
    with clock.at(MORNING + 25 * HOUR):
        assert answers(ask(cast, problem(cast)))[0][0] in {"ben", "zoe"}


def test_asking_the_same_one_by_name_is_refused_with_who_is_free(cast: Cast) -> None:
    knows(cast.ben, 300)
    knows(cast.zoe, 100)
    for _ in range(MOST_FIRSTS):
        ask(cast, problem(cast), target="members", members=[cast.ben])
    with pytest.raises(Conflict, match="Zoe") as refused:
        ask(cast, problem(cast), target="members", members=[cast.ben])
    assert refused.value.code == "asked_enough"
    request = ask(cast, problem(cast), target="members", members=[cast.ben, cast.zoe])
    assert answers(request) == [("zoe", "")]


def test_how_often_a_day_somebody_may_be_asked_is_kept(cast: Cast) -> None:
    works(cast.ben, most_a_day=1)
    ask(cast, problem(cast), target="members", members=[cast.ben])
    assert answers(ask(cast, problem(cast), target="members", members=[cast.ben])) == []


def test_resolving_ends_what_was_asked(cast: Cast) -> None:
    knows(cast.ben, 300)
    thread = problem(cast)
    request = ask(cast, thread)
    resolve(by=cast.ada, thread=thread, summary="It was the cache.")
    request.refresh_from_db()
    assert (request.state, answers(request)) == ("closed", [("ben", "withdrawn")])
    with pytest.raises(Conflict, match="no_longer_needed"):
        answer(by=cast.ben, asked=asked_by(request, cast.ben), answer="accepted")
    with pytest.raises(Conflict):
        ask(cast, thread)


def test_withdrawing_is_for_the_asker_the_owner_and_moderators(cast: Cast) -> None:
    request = ask(cast, problem(cast), target="members", members=[cast.ben])
    with pytest.raises(Forbidden):
        withdraw_request(by=cast.zoe, request=request)
    withdraw_request(by=cast.mo, request=request)
    with pytest.raises(Conflict):
        withdraw_request(by=cast.ada, request=request)


def test_only_the_asked_answers_and_says_why_not(cast: Cast) -> None:
    request = ask(cast, problem(cast), target="members", members=[cast.ben])
    asked = asked_by(request, cast.ben)
    with pytest.raises(Forbidden, match="not_asked"):
        answer(by=cast.zoe, asked=asked, answer="accepted")
    with pytest.raises(Invalid):
        answer(by=cast.ben, asked=asked, answer="declined")
    with pytest.raises(Invalid):
        answer(by=cast.ben, asked=asked, answer="maybe", note="Perhaps.")
    Member.objects.filter(pk=cast.ben.pk).update(is_active=False)
    with pytest.raises(NotThere):
        answer(by=Member.objects.get(pk=cast.ben.pk), asked=asked, answer="accepted")


def test_limits(cast: Cast) -> None:
    thread = problem(cast)
    for bad in ({"due_at": MORNING + timedelta(minutes=4)}, {"due_at": MORNING + timedelta(days=61)}, {"wanted": 6},
                {"at_once": 0}, {"what": " "}, {"what": "x" * 2001}, {"target": "everybody"}, {"target": "tag"},
                {"target": "members", "members": [cast.ada]}):  # fmt: skip
        with pytest.raises(Invalid):
            ask(cast, thread, **bad)
    assert not HelpRequest.objects.exists()


def test_too_many_at_once_in_one_thread(cast: Cast) -> None:
    thread = problem(cast)
    for member in (cast.ben, cast.zoe, cast.cleo, cast.finn, cast.mo):
        ask(cast, thread, target="members", members=[member])
    with pytest.raises(TooMuch):
        ask(cast, thread, target="members", members=[cast.olga])
    withdraw_request(by=cast.ada, request=HelpRequest.objects.latest("pk"))
    with pytest.raises(Conflict, match="asked already"):
        ask(cast, thread, target="members", members=[cast.ben])


def test_the_removed_is_asked_again_only_by_the_owner(cast: Cast) -> None:
    thread = problem(cast)
    take(by=cast.olga, thread=thread)
    join(by=cast.ben, thread=thread)
    remove_helper(by=cast.olga, thread=thread, member=cast.ben)
    with pytest.raises(Invalid):
        ask(cast, thread, target="members", members=[cast.ben])
    with pytest.raises(Forbidden, match="removed_from_swarm"):
        join(by=cast.ben, thread=thread)
    ask(cast, thread, by=cast.olga, target="members", members=[cast.ben])
    join(by=cast.ben, thread=thread)
