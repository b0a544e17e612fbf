"""What hangs on the uses of practices in threads: their count, their lines in timelines, where they go in a merging."""

from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from community.models import Member
from community.rules import clock
from reputation.actions.awards import standing_for, take_back
from reputation.actions.sums import lock_standings
from reputation.models import Award
from threads.actions.indexing import unindex_event
from threads.actions.telling import note_in_timeline, tell
from threads.audience import everybody_sees
from threads.facts.swarm import PRACTICE_APPLIED
from threads.models import Practice, Reuse, Thread, TimelineEntry


def count_uses(practice: Practice) -> None:
    """Count anew in how many threads a locked practice is used."""
    practice.reuse_count = Reuse.objects.filter(practice=practice, until__isnull=True).count()
    practice.save(update_fields=["reuse_count"])


def note_use(use: Reuse, thread: Thread, practice: Practice, *, by: Member) -> None:
    """Keep in the thread's timeline that the practice was used there, by the number of the use."""
    note_in_timeline(thread, PRACTICE_APPLIED, by=by, practice=practice, data={"use": use.pk})


def mend_note(use: Reuse) -> None:
    """Have the timeline say what is so of a use: of which practice, and whether it solved the thread."""
    solved = {"solved": True} if use.solved_at else {}
    _notes(use).update(practice=use.practice_id, data={"use": use.pk, **solved})


def forget_use(use: Reuse) -> None:
    """Have the timeline and search say nothing of a use any more."""
    for entry in _notes(use):
        unindex_event(entry.pk)
        entry.delete()


def _notes(use: Reuse) -> QuerySet[TimelineEntry]:
    return TimelineEntry.objects.filter(thread=use.thread_id, kind=PRACTICE_APPLIED.name, data__use=use.pk)


def move_uses(source: Practice, target: Practice, *, carried: bool, by: Member) -> None:
    """Have the threads that used `source` use `target`, which stays; both are locked.

    Where both were used the older stays, and has solved the thread when either has. The thread that the target comes
    from does not use it. What they used was the text of the source: that they did counts in the score of the target
    only with `carried`, where it was the present text; otherwise their version is 0.
    """
    used = Reuse.objects.filter(practice=target, until__isnull=True).select_related("by")
    there = {use.thread_id: use for use in used}
    joined = []
    for use in Reuse.objects.filter(practice=source, until__isnull=True).select_related("by").order_by("pk"):
        present = carried and use.practice_version >= source.judged_from
        use.practice_version = target.version if present else 0
        other = there.get(use.thread_id)
        if use.thread_id == target.thread_id:
            _end(use)
        elif other is None:
            use.practice = target
            use.save(update_fields=["practice", "practice_version"])
            mend_note(use)
        else:
            joined.append(_join(use, other, target))
    _ended_by_merging().filter(practice=source).update(practice=target)
    _reward_once(joined, besides=[by.pk, target.recorded_by_id])
    for practice in (source, target):
        count_uses(practice)


def _join(use: Reuse, other: Reuse, target: Practice) -> tuple[Reuse, Reuse]:
    """Leave one of two uses in a thread, for the target: the older, which says what either says.

    Of which version it is it says for both only where both are of one organization, which is what counts once. Gives
    the one that stays, and the one that goes.
    """
    kept, gone = (use, other) if use.pk < other.pk else (other, use)
    _end(gone)
    if kept.solved_at is None:
        kept.solved_by, kept.solved_at = gone.solved_by, gone.solved_at
    if gone.by.organization_id == kept.by.organization_id:
        kept.practice_version = max(kept.practice_version, gone.practice_version)
    kept.practice = target
    kept.save(update_fields=["practice", "practice_version", "solved_by", "solved_at"])
    mend_note(kept)
    return kept, gone


def _reward_once(joined: Iterable[tuple[Reuse, Reuse]], *, besides: Collection[int]) -> None:
    """Whoever was rewarded for both of two uses that became one gives one of them back.

    Merging changes the standings of those `besides` afterwards.
    """
    twice: list[Award] = []
    for kept, gone in joined:
        again = list(standing_for(f"reuse:{gone.pk}"))
        had = {award.member_id for award in rewards_of(kept) if award not in again}
        twice += [award for award in again if award.member_id in had]
    lock_standings([*besides, *(award.member_id for award in twice)])
    for award in sorted(twice, key=lambda award: (award.member_id, award.pk)):
        take_back(award=award, why=Award.Why.MERGED)


def rewards_of(use: Reuse) -> list[Award]:
    """What stands of what a use gave, and of those that became one with it when practices were merged."""
    rows = _ended_by_merging().filter(thread=use.thread_id, practice=use.practice_id)
    ids = [use.pk, *rows.values_list("pk", flat=True)]
    found = [award for pk in ids for award in standing_for(f"reuse:{pk}")]
    return sorted(found, key=lambda award: (award.member_id, award.pk))


def _ended_by_merging() -> QuerySet[Reuse]:
    return Reuse.objects.filter(until__isnull=False, ended_by__isnull=True)


def _end(use: Reuse) -> None:
    use.until = clock.now()
    use.save(update_fields=["until"])
    forget_use(use)


def loosen_solved(thread: Thread, *, by: Member) -> None:
    """Say no more that a practice solved a locked thread, which is open again; that it was used there stays."""
    solved = Reuse.objects.filter(thread=thread, solved_at__isnull=False).select_related("practice__space")
    for use in solved.order_by("pk"):
        use.solved_by, use.solved_at = None, None
        use.save(update_fields=["solved_by", "solved_at"])
        mend_note(use)
        if use.until is None and everybody_sees(use.practice, thread):
            tell(thread, PRACTICE_APPLIED, by=by, data={})


def mark_used_in(thread: Thread) -> None:
    """Have practices that are used in a thread judged anew: other people see the thread now, and its uses may count."""
    used = Reuse.objects.filter(thread=thread, until__isnull=True).values("practice_id")
    Practice.objects.filter(pk__in=used).update(rejudge=True)


def mark_used_by(member: Member) -> None:
    """Have practices judged anew that a member used, whose access or organization is another one now."""
    used = Reuse.objects.filter(by=member, until__isnull=True).values("practice_id")
    Practice.objects.filter(pk__in=used).update(rejudge=True)
