"""What members say of practices: once a member, counted once an organization, and what follows from it."""

from datetime import timedelta

import pytest
from django.test import Client

from community.errors import Conflict, Forbidden, Invalid, NotThere, TooMuch
from community.events import thread_stream
from community.events.reading import missed
from community.models import InboxItem, Member
from community.rules import clock
from reputation.models import Award
from tests.cast import PASSWORD, Cast
from tests.threads.practicing import fresh, recorded, validated
from threads.actions.judging import answer_verdicts, rejudge
from threads.actions.practices import edit_practice
from threads.actions.resolution import reopen, resolve
from threads.actions.retiring import retire
from threads.actions.threads import edit_thread, open_thread
from threads.actions.verdicts import say_verdict, withdraw_verdict
from threads.actions.wip import start_practice
from threads.models import Practice, Review, Thread, TimelineEntry, Verdict
from threads.queries.verdicts import organizations_needed, standing_against, voices
from threads.rules.limits import MOST_AGAINST_A_DAY

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

States = Practice.Confidence
WHY = "It made things worse here."


def told(member: Member) -> list[str]:
    return list(InboxItem.objects.filter(member=member).order_by("pk").values_list("kind", flat=True))


def test_organizations_validate_and_members_of_one_do_not(cast: Cast) -> None:
    assert organizations_needed() == 2
    practice = recorded(cast)
    for name in ("ada", "ben", "olga"):
        say_verdict(by=cast.people[name], practice=practice, kind="worked")
    now = fresh(practice)
    assert (now.confidence, now.worked, now.score, now.basis) == (States.NOT_VALIDATED, 1, 60, "")
    say_verdict(by=cast.zoe, practice=practice, kind="changes", note="With one node only.")
    now = fresh(practice)
    assert (now.confidence, now.worked, now.changed, now.basis) == (States.VALIDATED, 1, 1, "computed")
    assert now.last_worked_at is not None
    assert now.place == now.place_now() > practice.place


def test_a_member_says_one_thing_at_a_time(cast: Cast) -> None:
    practice = recorded(cast)
    first = say_verdict(by=cast.zoe, practice=practice, kind="worked")
    assert say_verdict(by=cast.zoe, practice=practice, kind="worked") == first, "said twice at once is said once"
    second = say_verdict(by=cast.zoe, practice=practice, kind="failed", note=WHY)
    assert list(Verdict.objects.filter(superseded_at=None)) == [second]
    assert (fresh(practice).worked, fresh(practice).failed) == (0, 1)
    withdraw_verdict(by=cast.zoe, practice=practice)
    withdraw_verdict(by=cast.zoe, practice=practice)
    assert not Verdict.objects.filter(superseded_at=None).exists()
    assert (fresh(practice).failed, fresh(practice).score) == (0, 50)


def test_who_changes_company_takes_their_voice_along_and_does_not_double_it(cast: Cast) -> None:
    practice = recorded(cast)
    say_verdict(by=cast.zoe, practice=practice, kind="worked")
    Member.objects.filter(pk=cast.zoe.pk).update(organization=cast.organizations["corax"])
    rejudge_now(practice)
    assert voiced(practice) == {"brightline"}, "what was said is of whoever said it then"
    say_verdict(by=Member.objects.get(pk=cast.zoe.pk), practice=practice, kind="worked")
    assert voiced(practice) == {"corax"}
    assert fresh(practice).worked == 1


def voiced(practice: Practice) -> set[str]:
    standing = Verdict.objects.filter(practice=practice, superseded_at=None)
    return set(standing.values_list("organization__slug", flat=True))


def rejudge_now(practice: Practice) -> None:
    """As an action would, for a rule that was changed from outside."""
    from community.events import action
    from threads.actions.locking import lock_practice

    action(lambda: rejudge(lock_practice(practice)))()


def test_the_newest_word_of_an_organization_counts_and_a_warning_outranks_it(cast: Cast) -> None:
    practice = recorded(cast)
    say_verdict(by=cast.ada, practice=practice, kind="dangerous", note=WHY)
    say_verdict(by=cast.ben, practice=practice, kind="worked")
    now = fresh(practice)
    assert (now.worked, now.dangerous, now.warned_at is not None) == (0, 1, True)
    say_verdict(by=cast.ada, practice=practice, kind="worked")
    now = fresh(practice)
    assert (now.worked, now.dangerous, now.warned_at) == (1, 0, None)


def test_what_is_said_against_it_opens_one_review_and_changes_no_text(cast: Cast) -> None:
    practice = validated(cast)
    before = (practice.version, practice.fields)
    say_verdict(by=cast.cleo, practice=practice, kind="failed", note=WHY)
    say_verdict(by=cast.mo, practice=practice, kind="outdated", note="Version 5 has no queue runner.")
    review = Review.objects.get()
    assert (review.kind, review.state, review.practice_id) == ("challenged", "open", practice.pk)
    assert (fresh(practice).version, fresh(practice).fields) == before
    assert told(cast.ben).count("practice-challenged") == 2
    assert [row.kind for row in standing_against(cast.mo, practice)] == ["outdated", "failed"]


def test_one_organization_does_not_undo_what_three_confirmed_but_a_warning_does_at_once(cast: Cast) -> None:
    practice = validated(cast)
    say_verdict(by=cast.mo, practice=practice, kind="failed", note=WHY)
    assert fresh(practice).confidence == States.VALIDATED
    assert fresh(practice).score == 63
    say_verdict(by=cast.mo, practice=practice, kind="dangerous", note=WHY)
    now = fresh(practice)
    assert (now.confidence, now.warned_at is not None, now.place // 10**11) == (States.NOT_VALIDATED, True, 1)


def test_an_answered_warning_warns_no_more_and_may_be_said_again(cast: Cast) -> None:
    practice = validated(cast)
    warning = say_verdict(by=cast.mo, practice=practice, kind="dangerous", note=WHY)
    answered(cast, practice, [warning.pk])
    now = fresh(practice)
    assert now.warned_at is None
    assert now.dangerous == 1
    assert "verdict-answered" in told(cast.mo)
    again = say_verdict(by=cast.mo, practice=practice, kind="dangerous", note=WHY)
    assert again != warning
    assert fresh(practice).warned_at is not None


def answered(cast: Cast, practice: Practice, verdicts: list[int]) -> None:
    from community.events import action
    from threads.actions.locking import lock_practice

    @action
    def decide() -> None:
        review = Review.objects.get(practice=practice)
        review.practice = lock_practice(practice)
        answer_verdicts(review, by=cast.cleo, verdict_ids=verdicts)
        rejudge(review.practice)

    decide()


def test_another_resolution_asks_for_new_voices_and_another_wording_does_not(cast: Cast) -> None:
    practice = validated(cast)
    reworded = practice.resolution.replace("again, then", "again and then")
    edit_practice(by=cast.ben, practice=practice, fields={"resolution": reworded}, version=practice.version)
    assert fresh(practice).confidence == States.VALIDATED
    edit_practice(
        by=cast.ben, practice=practice, fields={"resolution": "Replace the disk and rebuild the array on both nodes."},
        version=fresh(practice).version,
    )  # fmt: skip
    now = fresh(practice)
    assert (now.confidence, now.judged_from, now.worked, now.score) == (States.NOT_VALIDATED, now.version, 0, 50)
    with pytest.raises(Conflict, match="Read it again"):
        say_verdict(by=cast.zoe, practice=practice, kind="worked", version=1)
    say_verdict(by=cast.zoe, practice=practice, kind="worked", version=now.version)
    say_verdict(by=cast.ada, practice=practice, kind="worked")
    assert fresh(practice).confidence == States.VALIDATED


def test_many_small_edits_make_no_great_one(cast: Cast) -> None:
    practice = validated(cast)
    words = practice.resolution.split()
    for place in range(len(words)):
        words[place] = f"word{'x' * place}"
        now = fresh(practice)
        edit_practice(by=cast.ben, practice=now, fields={"resolution": " ".join(words)}, version=now.version)
    assert fresh(practice).judged_from > 2


def test_a_reopened_thread_takes_back_only_what_nobody_else_confirmed(cast: Cast) -> None:
    alone, confirmed = recorded(cast), validated(cast, title="Another thing about mail")
    say_verdict(by=cast.ada, practice=alone, kind="worked")
    for practice in (alone, confirmed):
        reopen(by=cast.ada, thread=Thread.objects.get(practice=practice), reason="It is back.")
    assert fresh(alone).confidence == States.WORK_IN_PROGRESS
    assert fresh(confirmed).confidence == States.VALIDATED
    for practice in (alone, confirmed):
        resolve(by=cast.ada, thread=Thread.objects.get(practice=practice), summary="Done.")
    assert (fresh(alone).confidence, fresh(confirmed).confidence) == (States.NOT_VALIDATED, States.VALIDATED)


def test_a_reopened_thread_that_is_closed_leaves_its_practice_to_be_judged(cast: Cast) -> None:
    """Nobody goes on working on it, and nobody resolved it: the practice is open to everybody's word again, and
    curators look at it."""
    alone, confirmed = recorded(cast), validated(cast, title="Another thing about mail")
    for practice in (alone, confirmed):
        thread = Thread.objects.get(practice=practice)
        reopen(by=cast.ada, thread=thread, reason="It is back.")
        Review.objects.filter(practice=practice).delete()
        edit_thread(by=cast.mo, thread=thread, status="waiting")
        assert not Review.objects.filter(practice=practice).exists()
        edit_thread(by=cast.mo, thread=thread, status="closed")
        assert Review.objects.get(practice=practice).kind == "challenged"
    assert (fresh(alone).confidence, fresh(confirmed).confidence) == (States.NOT_VALIDATED, States.VALIDATED)
    assert fresh(alone).place == fresh(alone).place_now()
    for name in ("zoe", "finn"):
        say_verdict(by=cast.people[name], practice=alone, kind="worked")
    assert fresh(alone).confidence == States.VALIDATED


def test_opening_a_closed_thread_takes_back_what_nobody_else_confirmed(cast: Cast) -> None:
    practice = recorded(cast)
    thread = Thread.objects.get(practice=practice)
    reopen(by=cast.ada, thread=thread, reason="It is back.")
    edit_thread(by=cast.mo, thread=thread, status="closed")
    edit_thread(by=cast.mo, thread=thread, status="open")
    assert fresh(practice).confidence == States.WORK_IN_PROGRESS


def test_closing_a_resolved_thread_and_opening_it_changes_nothing(cast: Cast) -> None:
    practice = validated(cast)
    thread = Thread.objects.get(practice=practice)
    for status in ("closed", "open"):
        edit_thread(by=cast.mo, thread=thread, status=status)
        assert (fresh(practice).confidence, Review.objects.count()) == (States.VALIDATED, 0)
    assert Thread.objects.get(pk=thread.pk).status == "resolved"


def test_closing_a_thread_leaves_what_was_retired_and_what_is_unfinished(cast: Cast) -> None:
    practice = recorded(cast)
    thread = Thread.objects.get(practice=practice)
    reopen(by=cast.ada, thread=thread, reason="It is back.")
    retire(by=cast.nia, practice=practice, reason="Nobody uses that any more.")
    edit_thread(by=cast.mo, thread=thread, status="closed")
    assert fresh(practice).confidence == States.ARCHIVED
    open_one = open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Mail is lost", body="Since noon.")
    begun = start_practice(by=cast.ada, thread=open_one)
    edit_thread(by=cast.mo, thread=open_one, status="closed")
    assert (fresh(begun).confidence, fresh(begun).follows_record) == (States.WORK_IN_PROGRESS, True)
    assert not Review.objects.exists()


def test_who_may_say_what(cast: Cast) -> None:
    practice = recorded(cast, audience="organization")
    for name in ("zoe", "finn", "sam"):
        with pytest.raises(NotThere):
            say_verdict(by=cast.people[name], practice=practice, kind="worked")
        with pytest.raises(NotThere):
            withdraw_verdict(by=cast.people[name], practice=practice)
    hidden = open_thread(by=cast.mo, space=cast.spaces["backroom"], title="Hidden from Ben", body="x")
    with pytest.raises(NotThere):
        say_verdict(by=cast.ben, practice=practice, kind="worked", thread=hidden)
    Member.objects.filter(pk=cast.olga.pk).update(source_site="elsewhere")
    with pytest.raises(Forbidden):
        say_verdict(by=Member.objects.get(pk=cast.olga.pk), practice=practice, kind="worked")
    Practice.objects.filter(pk=practice.pk).update(confidence="archived")
    with pytest.raises(Conflict, match="retired"):
        say_verdict(by=cast.ben, practice=practice, kind="worked")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "wonderful"}, "kind"),
        ({"kind": "failed"}, "note"),
        ({"kind": "changes", "note": "hm"}, "note"),
        ({"kind": "worked", "note": "x" * 2001}, "note"),
        ({"kind": "worked", "environment": "x" * 401}, "environment"),
        ({"kind": "worked", "note": "Sign in with password: Xk39-fj2!lq0"}, "note"),
        ({"kind": "worked", "version": 99}, "version"),
    ],
)
def test_what_is_said_is_checked(cast: Cast, said: dict, field: str) -> None:
    practice = recorded(cast)
    with pytest.raises(Invalid) as refused:
        say_verdict(by=cast.zoe, practice=practice, **said)
    assert list(refused.value.fields) == [field]
    assert not Verdict.objects.exists()


def test_nobody_says_more_against_practices_in_a_day_than_anybody_can_have_tried(cast: Cast) -> None:
    practice = recorded(cast)
    for number in range(MOST_AGAINST_A_DAY):
        say_verdict(by=cast.zoe, practice=practice, kind="failed", note=f"{WHY} {number}")
    with pytest.raises(TooMuch):
        say_verdict(by=cast.zoe, practice=practice, kind="failed", note=WHY)
    say_verdict(by=cast.zoe, practice=practice, kind="worked")
    say_verdict(by=cast.cleo, practice=practice, kind="failed", note=WHY)
    Verdict.objects.update(at=clock.now() - timedelta(days=1, minutes=1))
    say_verdict(by=cast.zoe, practice=practice, kind="failed", note=WHY)


def test_validation_is_told_and_earns_once(cast: Cast) -> None:
    practice = validated(cast)
    award = Award.objects.get(rule="validated")
    assert (award.member, award.points, award.giver) == (cast.ben, 15, None)
    assert told(cast.ben).count("practice-validated") == 1
    entry = TimelineEntry.objects.get(thread=practice.thread, kind="practice.judged")
    assert (entry.practice, entry.actor, entry.data) == (practice, None, {"confidence": "validated"})
    for name in ("zoe", "finn"):
        withdraw_verdict(by=cast.people[name], practice=practice)
    assert fresh(practice).confidence == States.NOT_VALIDATED
    for name in ("zoe", "finn"):
        say_verdict(by=cast.people[name], practice=practice, kind="worked")
    assert fresh(practice).confidence == States.VALIDATED
    assert Award.objects.filter(rule="validated", reverses=None, reversal=None).count() == 1
    assert told(cast.ben).count("practice-validated") == 1


@pytest.mark.parametrize("how", ["against", "unsaid"])
def test_what_is_found_wrong_takes_its_reward_along(cast: Cast, how: str) -> None:
    practice = validated(cast)
    before = Award.objects.get(rule="validated")
    for name in ("zoe", "finn"):
        if how == "against":
            say_verdict(by=cast.people[name], practice=practice, kind="failed", note="Not for us, as it turned out.")
        else:
            withdraw_verdict(by=cast.people[name], practice=practice)
    assert fresh(practice).confidence == "not_validated"
    assert (before.reversal.points, before.reversal.why) == (-before.points, Award.Why.WRONG)
    for name in ("zoe", "finn"):
        say_verdict(by=cast.people[name], practice=practice, kind="worked")
    assert Award.objects.filter(rule="validated", reverses=None, reversal=None).count() == 1


def test_a_better_text_keeps_the_reward_until_somebody_speaks_against_it(cast: Cast) -> None:
    practice = validated(cast)
    edit_practice(
        by=cast.ben,
        practice=practice,
        fields={"resolution": "Replace the whole machine by hand."},
        version=practice.version,
    )
    assert fresh(practice).confidence == "not_validated"
    assert not Award.objects.exclude(reverses=None).exists()
    say_verdict(by=cast.finn, practice=fresh(practice), kind="outdated", note="Nobody has these machines.")
    assert Award.objects.get(reverses__rule="validated").why == Award.Why.WRONG


def test_what_a_thread_s_readers_may_not_see_is_not_told_there(cast: Cast) -> None:
    practice = recorded(cast, audience="organization")
    assert practice.thread is not None
    practice.thread.audience = "space"
    practice.thread.save()
    say_verdict(by=cast.ben, practice=practice, kind="worked")
    Practice.objects.filter(pk=practice.pk).update(audience="organizations")
    fresh(practice).audience_organizations.set([cast.organizations["brightline"], cast.organizations["corax"]])
    say_verdict(by=cast.zoe, practice=practice, kind="worked")
    assert fresh(practice).confidence == States.VALIDATED
    told = [event.kind for event in missed(thread_stream(practice.thread.pk), 0).events]
    assert "practice.judged" not in told
    client = Client()
    for name, sees in {"zoe": True, "mo": False}.items():
        assert client.login(username=f"{name}@example.org", password=PASSWORD)
        page = client.get(f"{practice.thread.get_absolute_url()}timeline/").content.decode()
        assert ("The practice made of it is now" in page) == sees


def test_pages_show_one_voice_an_organization(cast: Cast) -> None:
    practice = recorded(cast)
    say_verdict(by=cast.ada, practice=practice, kind="worked")
    say_verdict(by=cast.ben, practice=practice, kind="failed", note=WHY)
    say_verdict(by=cast.zoe, practice=practice, kind="worked", environment="Debian 13")
    found = {voice.verdict.organization.slug: voice for voice in voices(cast.mo, fresh(practice))}
    assert {slug: voice.verdict.kind for slug, voice in found.items()} == {"acme": "failed", "brightline": "worked"}
    assert (found["acme"].others, found["brightline"].others) == (1, 0)
    assert all(voice.counts for voice in found.values())
    Practice.objects.update(judged_from=2, version=2)
    assert not any(voice.counts for voice in voices(cast.mo, fresh(practice)))


def test_what_was_said_before_more_people_saw_it_stays_where_it_was_said(cast: Cast) -> None:
    practice = recorded(cast)
    early = say_verdict(by=cast.zoe, practice=practice, kind="failed", note=WHY, environment="Zoe's own node")
    Practice.objects.update(widened_at=clock.now())
    say_verdict(by=cast.finn, practice=practice, kind="failed", note="Failed here as well.")
    for name, words in {"finn": "", "mo": "", "zoe": WHY, "ada": WHY, "cleo": WHY, "nia": WHY}.items():
        shown = {voice.verdict.pk: voice.verdict for voice in voices(cast.people[name], fresh(practice))}
        assert shown[early.pk].note == words, name
        assert bool(shown[early.pk].environment) == bool(words), name
        assert {row.note for row in shown.values()} >= {"Failed here as well."}, name
