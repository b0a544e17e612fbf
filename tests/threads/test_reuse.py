"""Practices used in threads: once a thread, credited to who made them, a review when they solved it, taken back."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from community.actions.members import edit_profile, suspend
from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events import thread_stream
from community.events.reading import missed
from community.models import Event, InboxItem, Member, Stream
from community.rules import clock
from reputation.models import Award, Standing
from tests.cast import Cast
from tests.realtime.test_access import in_the_admin
from tests.threads.practicing import FIELDS, fresh, recorded, validated
from threads.actions.guests import widen
from threads.actions.judging import rejudge_marked
from threads.actions.merging import merge_practices, unmerge
from threads.actions.practice_duties import judge_marked
from threads.actions.practices import edit_practice
from threads.actions.resolution import reopen, resolve
from threads.actions.retiring import retire
from threads.actions.reuse import use_practice, withdraw_use
from threads.actions.threads import open_thread
from threads.actions.verdicts import say_verdict
from threads.models import Practice, Reuse, SearchEntry, Thread, TimelineEntry, Verdict, WorkingRecord
from threads.queries.guests import preview_of_widening
from threads.queries.reuse import own_open_threads, reuses_in, threads_using, usable_in
from threads.queries.timeline import told_to
from threads.queries.upkeep import to_rejudge
from threads.rules.limits import MOST_CREDITS_A_DAY

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def asked(cast: Cast, by: str = "zoe", *, space: str = "lobby", audience: str = "space") -> Thread:
    """A thread of somebody's, of the same kind."""
    words = "Mail waits in the gateway"
    return open_thread(by=cast.people[by], space=cast.spaces[space], title=words, body="Again.", audience=audience)


def earned(member: Member) -> list[int]:
    rows = Award.objects.filter(member=member, rule=Award.Rule.REUSED).order_by("pk")
    return list(rows.values_list("points", flat=True))


def lines(viewer: Member, thread: Thread) -> list[dict[str, object]]:
    entries = told_to(viewer, TimelineEntry.objects.filter(thread=thread, kind="practice.applied"))
    return list(entries.values_list("data", flat=True))


def test_a_use_is_said_once_counted_and_credited_to_every_maker(cast: Cast) -> None:
    practice, thread = recorded(cast), asked(cast)
    edit_practice(
        by=cast.cleo, practice=practice, fields={"cause": "The queue runner had died."}, reason="Clearer.", version=1
    )
    use = use_practice(by=cast.zoe, thread=thread, practice=practice)
    assert use_practice(by=cast.ben, thread=thread, practice=practice) == use
    assert (fresh(practice).reuse_count, use.practice_version, use.by) == (1, 2, cast.zoe)
    assert [earned(cast.people[name]) for name in ("ben", "cleo", "ada", "zoe")] == [[5], [5], [], []]
    told = InboxItem.objects.filter(kind="practice-reused")
    assert set(told.values_list("member__handle", "subject")) == {
        ("ben", f"practice:{practice.pk}"), ("cleo", f"practice:{practice.pk}"),
    }  # fmt: skip
    assert not told.filter(target__startswith="thread:").exists(), "where it was used is not said"
    assert lines(cast.ada, thread) == [{"use": use.pk}]
    assert Event.objects.filter(stream__subject_id=thread.pk, kind="practice.applied").get().data == {}
    assert not Verdict.objects.exists(), "that it was used is no verdict"


def test_a_use_is_a_quarter_of_a_voice_of_an_organization_that_said_nothing(cast: Cast) -> None:
    practice = recorded(cast)
    for _again in range(3):
        use_practice(by=cast.zoe, thread=asked(cast), practice=practice)
    assert (fresh(practice).used, fresh(practice).score) == (1, 53), "however often, and by however many of its members"
    use_practice(by=cast.ada, thread=asked(cast, "ada"), practice=practice)
    assert fresh(practice).used == 1, "not by its own"
    use_practice(by=cast.finn, thread=asked(cast, "finn"), practice=practice)
    assert (fresh(practice).used, fresh(practice).confidence) == (2, "not_validated")
    say_verdict(by=cast.zoe, practice=practice, kind="worked")
    assert (fresh(practice).worked, fresh(practice).used, fresh(practice).score) == (1, 1, 62), (
        "its word counts instead"
    )
    withdraw_use(by=cast.finn, thread=Thread.objects.get(author=cast.finn), practice=practice)
    assert (fresh(practice).used, fresh(practice).score) == (0, 60)


def test_a_use_that_not_everybody_sees_counts_for_nothing_until_they_do(cast: Cast) -> None:
    """Or the score would tell of it."""
    practice, thread = recorded(cast), asked(cast, audience="organization")
    use_practice(by=cast.zoe, thread=thread, practice=practice)
    assert (fresh(practice).reuse_count, fresh(practice).used, fresh(practice).score) == (1, 0, 50)
    widen(by=cast.zoe, thread=thread, audience="space", preview=preview_of_widening(thread, "space", ()).digest)
    assert rejudge_marked(practice_id=practice.pk)
    assert (fresh(practice).used, fresh(practice).score) == (1, 53)


def test_a_use_of_what_it_said_before_counts_no_more(cast: Cast) -> None:
    practice = recorded(cast)
    use_practice(by=cast.zoe, thread=asked(cast), practice=practice)
    other = {"resolution": "Replace the disk of the gateway, then restore the queue from its copy."}
    edit_practice(by=cast.cleo, practice=practice, fields=other, reason="It was the disk.", version=1)
    assert (fresh(practice).used, fresh(practice).score) == (0, 50)


def test_nobody_earns_by_using_what_they_made_nor_without_end_from_one(cast: Cast) -> None:
    practice = recorded(cast)
    use_practice(by=cast.ben, thread=asked(cast), practice=practice)
    assert earned(cast.ben) == []
    for _time in range(MOST_CREDITS_A_DAY + 2):
        use_practice(by=cast.zoe, thread=asked(cast), practice=practice)
    assert earned(cast.ben) == [5] * MOST_CREDITS_A_DAY
    assert fresh(practice).reuse_count == MOST_CREDITS_A_DAY + 3
    use_practice(by=cast.finn, thread=asked(cast, "finn"), practice=practice)
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        use_practice(by=cast.zoe, thread=asked(cast), practice=practice)
    assert earned(cast.ben) == [5] * (MOST_CREDITS_A_DAY + 2)


def test_that_it_solved_it_resolves_and_is_a_verdict(cast: Cast) -> None:
    practice, thread = recorded(cast), asked(cast)
    with pytest.raises(Conflict):
        use_practice(by=cast.zoe, thread=thread, practice=practice, solved=True)
    assert not Reuse.objects.exists(), "what is refused leaves nothing"
    use = use_practice(
        by=cast.zoe, thread=thread, practice=practice, solved=True, resolve=True, environment="Gateway 4.3"
    )
    thread.refresh_from_db()
    assert (thread.status, thread.resolutions.get().summary) == ("resolved", FIELDS["resolution"])
    verdict = Verdict.objects.get()
    assert (verdict.member, verdict.kind, verdict.thread, verdict.environment) == (
        cast.zoe, "worked", thread, "Gateway 4.3",
    )  # fmt: skip
    assert (fresh(practice).worked, use.solved_by) == (1, cast.zoe)
    assert lines(cast.ada, thread) == [{"use": use.pk, "solved": True}]
    again = use_practice(by=cast.zoe, thread=thread, practice=practice, solved=True)
    assert (again, Verdict.objects.count(), earned(cast.ben)) == (use, 1, [5])


def test_what_a_member_said_already_stays(cast: Cast) -> None:
    practice, thread = recorded(cast), asked(cast)
    say_verdict(by=cast.zoe, practice=practice, kind="changes", note="With one node only.")
    use_practice(by=cast.zoe, thread=thread, practice=practice, solved=True, resolve=True)
    assert Verdict.objects.get().kind == "changes"


def test_used_first_and_found_to_have_solved_it_later(cast: Cast) -> None:
    practice, thread = recorded(cast), asked(cast)
    first = use_practice(by=cast.ada, thread=thread, practice=practice)
    resolve(by=cast.zoe, thread=thread, summary="It runs.")
    then = use_practice(by=cast.zoe, thread=thread, practice=practice, solved=True)
    assert (then.pk, then.by, then.solved_by) == (first.pk, cast.ada, cast.zoe)
    reopen(by=cast.zoe, thread=thread, reason="It came back.")
    then.refresh_from_db()
    assert (then.solved_by, then.solved_at, then.until) == (None, None, None)
    assert lines(cast.ada, thread) == [{"use": then.pk}], "nobody reads of an open thread that it was solved"
    told = [event.kind for event in missed(thread_stream(thread.pk), 0).events]
    assert told[told.index("thread.resolved") :].count("practice.applied") == 2


def test_only_who_may_resolve_resolves_with_it(cast: Cast) -> None:
    practice, thread = recorded(cast), asked(cast)
    with pytest.raises(Forbidden):
        use_practice(by=cast.finn, thread=thread, practice=practice, solved=True, resolve=True)
    assert not Reuse.objects.exists()
    assert not Verdict.objects.exists()


def test_what_is_out_of_use_or_warned_of_is_used_by_nobody(cast: Cast) -> None:
    practice, thread = recorded(cast), asked(cast)
    say_verdict(by=cast.finn, practice=practice, kind="dangerous", note="It deleted the queue here.")
    with pytest.raises(Conflict, match="warns"):
        use_practice(by=cast.zoe, thread=thread, practice=practice)
    use_practice(by=cast.zoe, thread=thread, practice=practice, solved=True, resolve=True)
    assert Verdict.objects.filter(member=cast.zoe, kind="worked").exists(), "who it helped says so"
    other = recorded(cast, title="Another")
    retire(by=cast.cleo, practice=other, reason="Old.")
    with pytest.raises(Conflict, match="out of use"):
        use_practice(by=cast.zoe, thread=asked(cast), practice=other)
    own = Thread.objects.get(pk=practice.thread_id or 0)
    with pytest.raises(Invalid):
        use_practice(by=cast.ada, thread=own, practice=practice)


def test_what_was_taken_back_is_earned_no_more(cast: Cast) -> None:
    practice, thread = recorded(cast), asked(cast)
    before = Standing.objects.get(member=cast.ben, scope="").points
    use_practice(by=cast.zoe, thread=thread, practice=practice)
    with pytest.raises(Forbidden):
        withdraw_use(by=cast.finn, thread=thread, practice=practice)
    for _time in range(2):
        withdraw_use(by=cast.zoe, thread=thread, practice=practice)
    assert earned(cast.ben) == [5, -5]
    assert Standing.objects.get(member=cast.ben, scope="").points == before
    assert fresh(practice).reuse_count == 0
    assert lines(cast.ada, thread) == []
    assert not SearchEntry.objects.filter(kind=SearchEntry.Kind.EVENT, subject_id=thread.pk).exists()
    again = use_practice(by=cast.zoe, thread=thread, practice=practice)
    assert (again.until, earned(cast.ben), fresh(practice).reuse_count) == (None, [5, -5, 5], 1)


def test_merged_practices_take_their_uses_along(cast: Cast) -> None:
    source, target = recorded(cast, title="Mail goes round in circles"), recorded(cast)
    both, only, own = asked(cast), asked(cast), Thread.objects.get(pk=target.thread_id or 0)
    use_practice(by=cast.zoe, thread=both, practice=target)
    use_practice(by=cast.zoe, thread=both, practice=source)
    use_practice(by=cast.zoe, thread=only, practice=source)
    use_practice(by=cast.ada, thread=own, practice=source, solved=True)
    resolve(by=cast.zoe, thread=both, summary="It runs.")
    use_practice(by=cast.zoe, thread=both, practice=source, solved=True)
    given = sum(earned(cast.ben))
    merge_practices(by=cast.cleo, source=source, target=target, reason="The same.", version=1)
    standing = Reuse.objects.filter(until=None)
    assert {(use.thread_id, use.practice_id) for use in standing} == {(both.pk, target.pk), (only.pk, target.pk)}
    assert standing.get(thread=both).solved_by == cast.zoe
    assert (fresh(source).reuse_count, fresh(target).reuse_count) == (0, 2)
    assert sum(earned(cast.ben)) == given - 5, "what was earned stays, but once for one use"
    third = asked(cast)
    use_practice(by=cast.zoe, thread=third, practice=source)
    assert Reuse.objects.get(thread=third).practice == target
    unmerge(by=cast.cleo, practice=source, reason="They differ.")
    assert fresh(target).reuse_count == 3


@pytest.mark.parametrize(("carried", "used"), [(False, 0), (True, 1)])
def test_a_use_of_what_was_merged_counts_only_with_what_was_said_of_it(cast: Cast, carried: bool, used: int) -> None:
    """Nor when that said something else by then."""
    source, target = recorded(cast, title="Mail goes round in circles"), recorded(cast)
    use_practice(by=cast.finn, thread=asked(cast, "finn"), practice=source)
    other = {"resolution": "Replace the disk of the gateway, then restore the queue from its copy."}
    edit_practice(by=cast.cleo, practice=source, fields=other, reason="It was the disk.", version=1)
    use_practice(by=cast.zoe, thread=asked(cast), practice=source)
    assert fresh(source).used == 1
    reason = "The same."
    merge_practices(by=cast.cleo, source=fresh(source), target=target, reason=reason, version=1, carry_verdicts=carried)
    assert (fresh(target).reuse_count, fresh(target).used, fresh(target).score) == (2, used, 53 if used else 50)
    assert set(Reuse.objects.filter(until=None).values_list("by__handle", "practice_version")) == {
        ("finn", 0), ("zoe", used),
    }  # fmt: skip


def test_of_two_joined_uses_that_of_the_present_text_counts(cast: Cast) -> None:
    """For whose it was: an organization that used the other text alone did not use this one."""
    source, target = recorded(cast, title="Mail goes round in circles"), recorded(cast)
    first, second, third = asked(cast), asked(cast), asked(cast, "finn")
    for practice, thread, name in (
        (source, first, "zoe"), (target, first, "cleo"), (source, second, "mo"), (target, third, "finn"),
        (source, third, "finn"),
    ):  # fmt: skip
        use_practice(by=cast.people[name], thread=thread, practice=practice)
    merge_practices(by=cast.cleo, source=source, target=target, reason="The same.", version=1)
    kept = Reuse.objects.filter(until=None).order_by("thread_id").values_list("by__handle", "practice_version")
    assert list(kept) == [("zoe", 1), ("mo", 0), ("finn", 1)]
    assert fresh(target).used == 2, "by Brightline and Corax, not by the network office"


def test_who_leaves_or_goes_elsewhere_takes_a_use_along(cast: Cast) -> None:
    practice, untouched = recorded(cast), recorded(cast, title="Mail goes round in circles")
    use_practice(by=cast.zoe, thread=asked(cast), practice=practice)
    use_practice(by=cast.finn, thread=asked(cast, "finn"), practice=practice)
    use_practice(by=cast.zoe, thread=asked(cast), practice=untouched)
    withdraw_use(by=cast.zoe, thread=Thread.objects.filter(author=cast.zoe).latest("pk"), practice=untouched)
    edit_profile(by=cast.zoe, name="Zoe", about="Other words.", time_zone="")
    assert to_rejudge() == [], "what they say of themselves is no matter"
    suspend(by=cast.nia, member=cast.finn)
    assert to_rejudge() == [practice.pk]
    assert judge_marked() == 1
    assert (fresh(practice).used, fresh(practice).score) == (1, 53)
    in_the_admin(cast, f"member/{cast.zoe.pk}", organization=cast.organizations["acme"].pk)
    assert to_rejudge() == [practice.pk]
    judge_marked()
    assert (fresh(practice).used, fresh(practice).score) == (0, 50), "of the organization that made it"


def test_timelines_follow_what_is_merged_and_taken_back(cast: Cast) -> None:
    source, target = recorded(cast, title="Mail goes round in circles"), recorded(cast)
    both, only, own = asked(cast), asked(cast), Thread.objects.get(pk=target.thread_id or 0)
    for practice, thread in ((target, both), (source, both), (source, only), (source, own)):
        use_practice(by=cast.zoe, thread=thread, practice=practice)
    resolve(by=cast.zoe, thread=both, summary="It runs.")
    use_practice(by=cast.zoe, thread=both, practice=source, solved=True)
    merge_practices(by=cast.cleo, source=source, target=target, reason="The same.", version=1)
    told = TimelineEntry.objects.filter(kind="practice.applied").order_by("thread_id")
    uses = {use.thread_id: use for use in Reuse.objects.filter(until=None)}
    assert [(entry.thread_id, entry.practice, entry.data) for entry in told] == [
        (both.pk, target, {"use": uses[both.pk].pk, "solved": True}), (only.pk, target, {"use": uses[only.pk].pk}),
    ]  # fmt: skip
    reopen(by=cast.zoe, thread=both, reason="It came back.")
    assert lines(cast.ada, both) == [{"use": uses[both.pk].pk}]
    withdraw_use(by=cast.zoe, thread=only, practice=source)
    assert lines(cast.ada, only) == []
    unmerge(by=cast.cleo, practice=source, reason="They differ.")
    withdraw_use(by=cast.zoe, thread=both, practice=target)
    assert not told.all().exists()
    assert not SearchEntry.objects.filter(kind=SearchEntry.Kind.EVENT, subject_id__in=[both.pk, only.pk]).exists()


def test_older_lines_come_to_name_the_use_that_they_tell_of(cast: Cast) -> None:
    """What the migration makes of entries from before."""
    source, target = recorded(cast, title="Mail goes round in circles"), recorded(cast)
    threads = [asked(cast) for _time in range(4)]
    both, moved, back, untouched = threads
    for practice, thread in ((target, both), (source, both), (source, moved), (source, back), (target, untouched)):
        use_practice(by=cast.zoe, thread=thread, practice=practice)
    entries = TimelineEntry.objects.filter(kind="practice.applied")
    before: dict[int, tuple[int | None, dict[str, bool]]] = {e.pk: (e.practice_id, {}) for e in entries}
    merge_practices(by=cast.cleo, source=source, target=target, reason="The same.", version=1)
    withdraw_use(by=cast.zoe, thread=back, practice=target)
    whose = dict(zip(before, (both, both, moved, back, untouched), strict=True))
    entries.delete()
    for pk, (practice_id, data) in before.items():
        TimelineEntry.objects.create(
            pk=pk, thread=whose[pk], after_number=1, kind="practice.applied", practice_id=practice_id, data=data
        )
    name_uses = import_module("threads.migrations.0016_what_versions_keep").name_uses
    for _again in range(2):
        name_uses(apps, SimpleNamespace(connection=connection))
    uses = {use.thread_id: use.pk for use in Reuse.objects.filter(until=None)}
    assert [(entry.thread_id, entry.practice_id, entry.data) for entry in entries.order_by("thread_id")] == [
        (thread.pk, target.pk, {"use": uses[thread.pk]}) for thread in (both, moved, untouched)
    ]  # fmt: skip


HIDDEN = {"space": "alliance", "audience": "organization"}


def test_what_some_may_not_see_leaves_nothing_for_them(cast: Cast) -> None:
    """A practice of Acme's own, used by Acme in a thread for everybody."""
    practice = recorded(cast, title="Swordfish", resolution="Swordfish it.", **HIDDEN)
    thread = asked(cast, "ada")
    events = Event.objects.filter(stream__kind=Stream.Kind.THREAD, stream__subject_id=thread.pk)
    before = events.count()
    with pytest.raises(NotThere):
        use_practice(by=cast.zoe, thread=thread, practice=practice)
    with pytest.raises(Invalid, match="what fixed it"):
        use_practice(by=cast.ada, thread=thread, practice=practice, solved=True, resolve=True)
    use_practice(by=cast.ada, thread=thread, practice=practice)
    assert events.count() == before
    assert not WorkingRecord.objects.filter(thread=thread).exclude(resolution="").exists()
    assert [[use.practice_id for use in reuses_in(cast.people[name], thread)] for name in ("ben", "zoe", "finn")] == [
        [practice.pk], [], [],
    ]  # fmt: skip
    assert [set(line) for line in lines(cast.ben, thread)] == [{"use"}]
    assert lines(cast.zoe, thread) == []
    assert [each.for_all for each in usable_in(cast.ben, thread, "Swordfish")] == [False]
    assert "Swordfish" not in usable_in(cast.ben, thread, "Swordfish")[0].markdown
    assert usable_in(cast.zoe, thread, "Swordfish") == []


def test_where_it_was_used_is_told_to_who_sees_the_thread(cast: Cast) -> None:
    practice = recorded(cast)
    hidden, shown = asked(cast, "zoe", space="alliance", audience="organization"), asked(cast, "finn")
    use_practice(by=cast.zoe, thread=hidden, practice=practice)
    use_practice(by=cast.finn, thread=shown, practice=practice)
    assert threads_using(cast.cleo, practice) == ([shown, hidden], 2)
    for name in ("ada", "ben", "finn"):
        assert threads_using(cast.people[name], practice) == ([shown], 1), name
    assert own_open_threads(cast.zoe, practice) == []
    mine = asked(cast)
    assert own_open_threads(cast.zoe, practice) == [mine]


def test_a_link_cannot_be_broken_by_a_title(cast: Cast) -> None:
    practice = validated(cast, title="a](https://evil.example) *b* <i>")
    (found,) = [each for each in usable_in(cast.zoe, asked(cast), "evil") if each.practice == practice]
    from community.rendering.markdown import render

    html = str(render(found.markdown))
    assert html.count("<a ") == 1
    assert f'href="/practices/{practice.pk}/"' in html
    assert "<i>" not in html
    assert Practice.objects.filter(pk=practice.pk).exists()
