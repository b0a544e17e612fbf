"""What was given goes with its cause, also when somebody tries to keep it; and nobody is rewarded by their own word."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from community.actions.erasure import erase_member
from community.actions.members import reinstate, suspend
from community.errors import Conflict
from community.models import Member
from community.rules import clock
from reputation.actions.flagging import look_at
from reputation.actions.importing import append_awards, known_causes
from reputation.actions.mentoring import answer_learner, end_mentoring, offer_mentoring, say_it_helped, take_back_helped
from reputation.actions.rebuilding import differences
from reputation.actions.skills import declare_skills
from reputation.models import Award, Flag, FlagAward, FlagDecision, Mentoring, Standing, Vote
from reputation.queries.standing import standing_of
from reputation.rules.points import THRESHOLDS
from reputation.rules.skills import Declared
from tests.cast import Cast
from tests.reputation.suspending import counters_hold, replies, settle_all, thread_of, vote_for
from tests.threads.asking import HOUR, MORNING, everybody_works, problem
from tests.threads.curating import fresh, recorded
from tests.threads.test_answered import answered, asked, resolved, wrote
from threads.actions import patterns
from threads.actions.mentoring import ask_to_be_mentored
from threads.actions.merging import merge_practices, unmerge
from threads.actions.patterns import decide_about_pattern
from threads.actions.posts import delete_post, post_reply, restore_post
from threads.actions.records import save_record
from threads.actions.resolution import reopen, resolve
from threads.actions.reuse import use_practice, withdraw_use
from threads.actions.threads import open_thread
from threads.actions.verdicts import say_verdict, withdraw_verdict
from threads.models import Post, Practice, Thread

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def _wednesday(cast: Cast) -> Iterator[None]:
    with clock.at(MORNING):
        everybody_works(cast)
        yield


def flagged(award: Award) -> Flag:
    """A pattern that names one award."""
    flag = Flag.objects.create(kind=Flag.Kind.SERIAL, key=f"of {award.pk}", gifts=9, newest_at=award.at)
    flag.members.set([award.member_id, award.giver_id or 0])
    FlagAward.objects.create(flag=flag, award=award)
    return flag


def decided(cast: Cast, flag: Flag, state: str) -> None:
    """What Nia decided about it, done to the end."""
    look_at(by=cast.nia, flag=flag)
    now = Flag.objects.get(pk=flag.pk)
    decide_about_pattern(by=cast.nia, flag=now, state=state, reason="So it is.", version=now.version)
    while patterns.settle_waiting():
        pass


def of(member: Member, rule: str) -> list[int]:
    rows = Award.objects.filter(member=member, rule=rule).order_by("pk")
    return list(rows.values_list("points", flat=True))


def whys(member: Member) -> list[str]:
    rows = Award.objects.filter(member=member, reverses__isnull=False).order_by("pk")
    return list(rows.values_list("why", flat=True))


def solved(cast: Cast) -> tuple[Thread, Post]:
    thread = problem(cast)
    asked(cast, thread)
    post = wrote(cast, thread)
    resolved(cast.ada, thread)
    return thread, post


def test_who_deletes_their_help_afterwards_gives_back_what_answering_earned(cast: Cast) -> None:
    _thread, post = solved(cast)
    assert answered(cast.ben) == [8]
    delete_post(by=cast.ben, post=post)
    assert answered(cast.ben) == [8, -8]
    assert whys(cast.ben) == [Award.Why.DELETED]
    restore_post(by=cast.ben, post=post)
    assert answered(cast.ben) == [8, -8, 8]
    restore_post(by=cast.ben, post=post)
    assert standing_of(cast.ben) == 8
    assert differences(most=10) == (0, [])


def test_help_that_stands_elsewhere_is_enough(cast: Cast) -> None:
    thread = problem(cast)
    asked(cast, thread)
    first, second = wrote(cast, thread), wrote(cast, thread)
    resolved(cast.ada, thread)
    delete_post(by=cast.ben, post=first)
    assert answered(cast.ben) == [8]
    delete_post(by=cast.ben, post=second)
    assert answered(cast.ben) == [8, -8]


def test_words_in_the_record_are_enough_too(cast: Cast) -> None:
    thread = problem(cast)
    asked(cast, thread)
    post = wrote(cast, thread)
    with clock.at(MORNING + HOUR):
        save_record(by=cast.ben, thread=thread, fields={"cause": "The key of the zone had expired."}, version=0)
    resolved(cast.ada, thread)
    delete_post(by=cast.ben, post=post)
    assert answered(cast.ben) == [8]


def test_what_is_restored_after_reopening_earns_with_the_next_solution_only(cast: Cast) -> None:
    thread, post = solved(cast)
    delete_post(by=cast.ben, post=post)
    reopen(by=cast.ada, thread=thread)
    restore_post(by=cast.ben, post=post)
    assert answered(cast.ben) == [8, -8]
    resolved(cast.ada, thread)
    assert answered(cast.ben) == [8, -8, 8]


def test_what_was_restored_in_a_thread_that_ones_own_word_ended_earns_nothing(cast: Cast) -> None:
    """Ben resolved it himself: neither then nor by deleting and restoring does he earn."""
    thread = problem(cast)
    asked(cast, thread)
    post = wrote(cast, thread)
    Thread.objects.filter(pk=thread.pk).update(owner=cast.ben)
    resolved(cast.ben, thread)
    delete_post(by=cast.ben, post=post)
    restore_post(by=cast.ben, post=post)
    assert answered(cast.ben) == []


def test_who_wrote_nothing_before_it_was_solved_earns_nothing_by_a_restored_word(cast: Cast) -> None:
    thread = problem(cast)
    asked(cast, thread)
    resolved(cast.ada, thread)
    with clock.at(MORNING + 4 * HOUR):
        post = post_reply(by=cast.ben, thread=thread, body="Well done.")
        delete_post(by=cast.ben, post=post)
        restore_post(by=cast.ben, post=post)
    assert answered(cast.ben) == []


def test_reopened_while_withdrawn_it_is_not_given_again(cast: Cast) -> None:
    thread, _post = solved(cast)
    flag = flagged(Award.objects.get(rule=Award.Rule.ANSWERED))
    decided(cast, flag, "acted")
    assert answered(cast.ben) == [8, -8]
    reopen(by=cast.ada, thread=thread)
    decided(cast, flag, "dismissed")
    assert answered(cast.ben) == [8, -8]
    resolved(cast.ada, thread)
    assert answered(cast.ben) == [8, -8, 8]


def test_by_ones_own_word_it_is_not_given_again_either(cast: Cast) -> None:
    thread = problem(cast)
    post = wrote(cast, thread)
    with clock.at(MORNING + 2 * HOUR):
        resolve(by=cast.ada, thread=thread, posts=[post])
    flag = flagged(Award.objects.get(rule=Award.Rule.SOLUTION))
    decided(cast, flag, "acted")
    reopen(by=cast.ada, thread=thread)
    Thread.objects.filter(pk=thread.pk).update(owner=cast.ben)
    resolve(by=cast.ben, thread=thread, posts=[post])
    decided(cast, flag, "dismissed")
    assert of(cast.ben, "solution") == [15, -15]


def test_what_came_back_while_withdrawn_is_given_when_moderators_think_better(cast: Cast) -> None:
    """Its giver was suspended when it was withdrawn, and came back before it was dismissed."""
    posts = replies(thread_of(cast), cast.ben, 1)
    vote_for(cast.zoe, posts)
    use_practice(by=cast.zoe, thread=thread_of(cast), practice=recorded(cast))
    flags = [flagged(award) for award in Award.objects.filter(giver=cast.zoe, member=cast.ben)]
    suspend(by=cast.nia, member=cast.zoe)
    settle_all()
    for flag in flags:
        decided(cast, flag, "acted")
    reinstate(by=cast.nia, member=Member.objects.get(pk=cast.zoe.pk))
    settle_all()
    assert (sum(of(cast.ben, "helped")), sum(of(cast.ben, "reused"))) == (0, 0)
    for flag in flags:
        decided(cast, flag, "dismissed")
    assert (sum(of(cast.ben, "helped")), sum(of(cast.ben, "reused"))) == (10, 5)


def test_deleted_while_withdrawn_it_is_not_given_again(cast: Cast) -> None:
    _thread, post = solved(cast)
    flag = flagged(Award.objects.get(rule=Award.Rule.ANSWERED))
    decided(cast, flag, "acted")
    delete_post(by=cast.ben, post=post)
    decided(cast, flag, "dismissed")
    assert answered(cast.ben) == [8, -8]
    restore_post(by=cast.ben, post=post)
    assert answered(cast.ben) == [8, -8, 8]


def mentoring(cast: Cast) -> Mentoring:
    """Ben teaches Zoe."""
    open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Mail loops", body="Again.", tags=["smtp"])
    enough = {"points": THRESHOLDS["mentor"], "awards": 1}
    Standing.objects.update_or_create(member=cast.ben, scope="tag:smtp", defaults=enough)
    offer_mentoring(by=cast.ben, offers=True)
    declare_skills(by=cast.zoe, skills=[Declared("tag:smtp", 1, wants_to_learn=True)])
    return taught(cast)


def taught(cast: Cast) -> Mentoring:
    what = "How to read a queue, and what to do then."
    made = ask_to_be_mentored(by=cast.zoe, mentor=cast.ben, scope="tag:smtp", what=what)
    return answer_learner(by=cast.ben, mentoring=made, accept=True)


def test_a_mentoring_unsaid_while_withdrawn_is_not_given_again(cast: Cast) -> None:
    running = mentoring(cast)
    say_it_helped(by=cast.zoe, mentoring=running)
    flag = flagged(Award.objects.get(rule=Award.Rule.MENTORING))
    decided(cast, flag, "acted")
    take_back_helped(by=cast.zoe, mentoring=running)
    decided(cast, flag, "dismissed")
    assert of(cast.ben, "mentoring") == [15, -15]


def test_ending_a_mentoring_and_beginning_anew_earns_no_second_time_in_the_month(cast: Cast) -> None:
    say_it_helped(by=cast.zoe, mentoring=mentoring(cast))
    end_mentoring(by=cast.zoe, mentoring=Mentoring.objects.get())
    again = taught(cast)
    with pytest.raises(Conflict):
        say_it_helped(by=cast.zoe, mentoring=again)
    assert of(cast.ben, "mentoring") == [15]
    with clock.at(MORNING + timedelta(days=31)):
        say_it_helped(by=cast.zoe, mentoring=again)
    assert of(cast.ben, "mentoring") == [15, 15]


def merged(cast: Cast, source: Practice, target: Practice) -> None:
    now = fresh(target)
    merge_practices(by=cast.nia, source=source, target=now, reason="The same.", version=now.version)


def test_two_practices_that_become_one_were_used_once(cast: Cast) -> None:
    """Ben made both: used in one thread, they helped there once."""
    source, target = recorded(cast, "Mail goes round in circles"), recorded(cast)
    thread = thread_of(cast)
    for practice in (source, target):
        use_practice(by=cast.zoe, thread=thread, practice=practice)
    assert of(cast.ben, "reused") == [5, 5]
    merged(cast, source, target)
    assert sum(of(cast.ben, "reused")) == 5
    withdraw_use(by=cast.zoe, thread=thread, practice=fresh(target))
    assert sum(of(cast.ben, "reused")) == 0
    assert differences(most=10) == (0, [])


def test_what_both_earned_different_people_goes_with_the_use_of_what_they_became(cast: Cast) -> None:
    source, target = recorded(cast, "Mail goes round in circles", by=cast.finn), recorded(cast)
    thread = thread_of(cast)
    for practice in (source, target):
        use_practice(by=cast.zoe, thread=thread, practice=practice)
    merged(cast, source, target)
    assert (sum(of(cast.ben, "reused")), sum(of(cast.finn, "reused"))) == (5, 5)
    withdraw_use(by=cast.zoe, thread=thread, practice=fresh(target))
    assert (sum(of(cast.ben, "reused")), sum(of(cast.finn, "reused"))) == (0, 0)


def test_merging_and_unmerging_does_not_make_a_use_count_again(cast: Cast) -> None:
    source, target = recorded(cast, "Mail goes round in circles"), recorded(cast)
    thread = thread_of(cast)
    for _again in range(3):
        use_practice(by=cast.zoe, thread=thread, practice=fresh(source))
        merged(cast, source, target)
        unmerge(by=cast.nia, practice=fresh(source), reason="They differ after all.")
    assert sum(of(cast.ben, "reused")) == 5


def test_a_use_given_back_by_moderators_while_its_giver_is_suspended_waits_for_them(cast: Cast) -> None:
    practice = recorded(cast)
    thread = thread_of(cast)
    use_practice(by=cast.zoe, thread=thread, practice=practice)
    flag = flagged(Award.objects.get(rule=Award.Rule.REUSED, member=cast.ben))
    decided(cast, flag, "acted")
    suspend(by=cast.nia, member=cast.zoe)
    settle_all()
    decided(cast, flag, "dismissed")
    settle_all()
    assert sum(of(cast.ben, "reused")) == 0


def test_validation_goes_with_the_words_that_made_it_and_comes_back_with_them(cast: Cast) -> None:
    practice = recorded(cast)
    for name in ("zoe", "finn", "ada"):
        say_verdict(by=cast.people[name], practice=fresh(practice), kind="worked")
    withdraw_verdict(by=cast.ada, practice=practice)
    assert of(cast.ben, "validated") == [15], "two of four organizations are enough"
    withdraw_verdict(by=cast.finn, practice=practice)
    withdraw_verdict(by=cast.finn, practice=practice)
    assert of(cast.ben, "validated") == [15, -15]
    assert whys(cast.ben) == [Award.Why.WRONG]
    say_verdict(by=cast.finn, practice=fresh(practice), kind="worked")
    assert of(cast.ben, "validated") == [15, -15, 15]
    withdraw_verdict(by=cast.zoe, practice=practice)
    assert sum(of(cast.ben, "validated")) == 0
    assert differences(most=10) == (0, [])


def test_why_moderators_decided_is_not_told_of_who_was_erased(cast: Cast) -> None:
    use_practice(by=cast.zoe, thread=thread_of(cast), practice=recorded(cast))
    about, other = (flagged(Award.objects.get(rule=Award.Rule.REUSED, member=who)) for who in (cast.ben, cast.ada))
    for flag in (about, other):
        look_at(by=cast.nia, flag=flag)
        decide_about_pattern(by=cast.nia, flag=flag, state="dismissed", reason="Ben is new here.", version=1)
    erase_member(by=cast.nia, member=cast.ben, handle="ben")
    said = {flag.pk: flag.reason for flag in Flag.objects.all()}
    assert said == {about.pk: "…", other.pk: "Ben is new here."}
    assert set(FlagDecision.objects.filter(flag=about).values_list("reason", flat=True)) == {"…"}


def test_votes_from_elsewhere_go_with_a_post_and_come_back_with_it(cast: Cast) -> None:
    post = replies(thread_of(cast), cast.ben, 1)[0]
    before = clock.now() - timedelta(days=400)
    votes = [
        Award(
            member=cast.ben, rule="helped", rules_version=1, points=10, cause=f"vote:elsewhere:{number}",
            subject=f"post:{post.pk}", tags=["dns"], receiver_organization=cast.ben.organization, at=before,
        )
        for number in range(2)
    ]  # fmt: skip
    append_awards(awards=votes)
    vote_for(cast.zoe, [post])
    assert standing_of(cast.ben) == 30
    for _again in range(2):
        delete_post(by=cast.mo, post=post)
        assert standing_of(cast.ben) == 0
        restore_post(by=cast.mo, post=post)
        restore_post(by=cast.mo, post=post)
        assert standing_of(cast.ben) == 30
    assert {row.month for row in Award.objects.filter(cause__startswith="vote:elsewhere")} == {202510}
    assert known_causes({"vote:elsewhere:0"}) == {"vote:elsewhere:0"}
    assert differences(most=10) == (0, [])


def test_the_votes_of_who_was_suspended_do_not_come_back_by_erasing_them(cast: Cast) -> None:
    posts = replies(thread_of(cast), cast.ben, 2)
    vote_for(cast.zoe, posts)
    suspend(by=cast.nia, member=cast.zoe)
    settle_all()
    assert standing_of(cast.ben) == 0
    erase_member(by=cast.nia, member=cast.zoe, handle="zoe")
    settle_all()
    assert standing_of(cast.ben) == 0
    assert Vote.objects.filter(withheld_at=None).count() == 0
    assert counters_hold()
