"""Using in a thread what a practice of the archive says, and saying that it solved the thread."""

from datetime import timedelta

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events import action
from community.models import Member
from community.rules import clock
from reputation.actions.awards import grant, take_back
from reputation.models import Award
from threads.actions.judging import rejudge
from threads.actions.locking import lock_practice, lock_record, lock_thread
from threads.actions.practice_telling import about_practice, notify_about
from threads.actions.records import write_record
from threads.actions.resolution import resolve as resolve_thread
from threads.actions.telling import tell
from threads.actions.uses import count_uses, forget_use, mend_note, note_use, rewards_of
from threads.actions.verdicts import say_verdict
from threads.audience import everybody_sees
from threads.facts.spreading import REUSED
from threads.facts.swarm import PRACTICE_APPLIED
from threads.models import RECORD_FIELDS, Practice, Reuse, Thread, Verdict
from threads.policies.practices import may_judge
from threads.policies.practices import may_see as may_see_practice
from threads.policies.spreading import may_use, may_withdraw
from threads.policies.threads import may_write_record
from threads.queries.archive import canonical_of
from threads.queries.makers import makers_of
from threads.queries.verdicts import own_verdict
from threads.rules.limits import MOST_CREDITED, MOST_CREDITS_A_DAY, SUMMARY_LENGTH

_NOT_THE_PROBLEM = tuple(name for name in RECORD_FIELDS if name != "problem")
_DAY = timedelta(days=1)


@action
def use_practice(
    *,
    by: Member,
    thread: Thread,
    practice: Practice,
    solved: bool = False,
    resolve: bool = False,
    summary: str = "",
    environment: str = "",
) -> Reuse:
    """Say that the practice is used in the thread, or that it `solved` it; again changes nothing.

    What the practice says goes into those fields of the working record that are empty, but for the problem, which is
    this thread's own. That it solved the thread is also the member's "worked for us", unless they said something of it
    already; that it was used counts a little while their organization has said nothing (`rules/confidence.py`).
    With `resolve` an open thread is resolved by it, with the `summary` or the beginning of what the practice
    says. Its makers earn standing.

    Where not everybody who sees the thread sees the practice, nothing of it goes there, and the others are not told.
    Raises NotThere when they do not see the practice, Conflict when it is out of use or warned of (and did not solve
    the thread all the same), and when the thread is neither resolved nor to be.
    """
    thread = lock_thread(thread)
    _judge(by, thread, practice)
    practice = _locked(by, thread, practice, resolves=solved and resolve)
    use = Reuse.objects.filter(thread=thread, practice=practice, until__isnull=True).first()
    if use is None:
        _guard(thread, practice, solved=solved)
        use = _use(thread, practice, by=by)
        rejudge(practice, by=by)
    if solved and use.solved_at is None:
        _solve(use, thread, practice, by=by, resolves=resolve, summary=summary)
        _say_that_it_worked(practice, thread, by=by, environment=environment)
    return use


def _judge(by: Member, thread: Thread, practice: Practice) -> None:
    if not may_use(by, thread):
        raise Forbidden("may_not_write_record")
    if not may_see_practice(by, practice):
        raise NotThere("no_practice")


def _locked(by: Member, thread: Thread, practice: Practice, *, resolves: bool) -> Practice:
    """The practice, or the one that it was merged into, locked after the record, with the thread's own by id."""
    used = _canonical(by, practice)
    lock_record(thread)
    ids = {used.pk}
    if resolves:
        ids.update(Practice.objects.filter(thread=thread).values_list("pk", flat=True))
    rows = {pk: lock_practice(Practice(pk=pk)) for pk in sorted(ids)}
    if rows[used.pk].merged_into_id is not None:
        raise Conflict("merged_meanwhile", _("This practice was merged into another one just now. Look again."))
    return rows[used.pk]


def _canonical(by: Member, practice: Practice) -> Practice:
    """The practice, or the one that it is merged into by now."""
    now = Practice.objects.filter(pk=practice.pk).first()
    used = canonical_of(by, now) if now is not None else None
    if used is None:
        raise NotThere("no_practice")
    return used


def _guard(thread: Thread, practice: Practice, *, solved: bool) -> None:
    if practice.thread_id == thread.pk:
        raise Invalid({"practice": _("This practice comes from this very thread.")})
    if solved:
        return
    if practice.confidence == Practice.Confidence.ARCHIVED:
        raise Conflict("retired", _("This practice is out of use. Look for one that took its place."))
    if practice.warned_at is not None:
        raise Conflict("warned", _("Somebody warns of this practice. Read the warning; use it when that is answered."))


def _use(thread: Thread, practice: Practice, *, by: Member) -> Reuse:
    use = Reuse.objects.create(thread=thread, practice=practice, practice_version=practice.version, by=by)
    count_uses(practice)
    note_use(use, thread, practice, by=by)
    if everybody_sees(practice, thread):
        tell(thread, PRACTICE_APPLIED, by=by, data={})
        if may_write_record(by, thread):
            _fill(thread, practice, by=by)
    _credit(use, practice, by=by)
    return use


def _fill(thread: Thread, practice: Practice, *, by: Member) -> None:
    record = lock_record(thread)
    empty = {name: getattr(practice, name) for name in _NOT_THE_PROBLEM if not getattr(record, name).strip()}
    found = {name: text for name, text in empty.items() if text}
    if found:
        write_record(thread, found, by=by, version=record.version, together=True)


def _credit(use: Reuse, practice: Practice, *, by: Member) -> None:
    """Reward those who made it, but nobody for their own use, and not without end from one to another."""
    makers = [pk for pk in makers_of(practice) if pk != by.pk]
    found = Member.objects.filter(pk__in=makers, is_active=True).order_by("pk")
    today = Award.objects.filter(rule=Award.Rule.REUSED, giver=by, at__gt=clock.now() - _DAY, reverses__isnull=True)
    given = list(today.filter(member__in=makers).values_list("member_id", flat=True))
    about = about_practice(practice)
    for maker in [each for each in found if given.count(each.pk) < MOST_CREDITS_A_DAY][:MOST_CREDITED]:
        grant(
            member=maker, rule=Award.Rule.REUSED, cause=f"{_subject(use)}:{maker.pk}", subject=_subject(use),
            about=about, giver=by,
        )  # fmt: skip
    notify_about(practice, REUSED, by=by, to=makers, key=f"reused:{use.pk}")


def _subject(use: Reuse) -> str:
    return f"reuse:{use.pk}"


def _solve(use: Reuse, thread: Thread, practice: Practice, *, by: Member, resolves: bool, summary: str) -> None:
    if thread.is_unresolved and not resolves:
        raise Conflict("not_resolved", _("This thread is not resolved yet. Resolve it with the practice."))
    for_all = everybody_sees(practice, thread)
    if thread.is_unresolved:
        text = summary.strip() or (practice.resolution[:SUMMARY_LENGTH] if for_all else "")
        if not text:
            raise Invalid({"summary": _("Not everybody here sees that practice: write what fixed it.")})
        resolve_thread(by=by, thread=thread, summary=text)
    use.solved_by, use.solved_at = by, clock.now()
    use.save(update_fields=["solved_by", "solved_at"])
    mend_note(use)
    if for_all:
        tell(thread, PRACTICE_APPLIED, by=by, data={})


def _say_that_it_worked(practice: Practice, thread: Thread, *, by: Member, environment: str) -> None:
    """As a review: unless it cannot be judged, or the member's word on what it says now stands."""
    said = own_verdict(by, practice)
    if may_judge(by, practice) and (said is None or said.version < practice.judged_from):
        say_verdict(by=by, practice=practice, kind=Verdict.Kind.WORKED, environment=environment, thread=thread)


@action
def withdraw_use(*, by: Member, thread: Thread, practice: Practice) -> None:
    """Say that the practice was not used there after all: what its makers earned with it is taken back.

    What a member said of the practice stays. Nothing to take back is no matter.
    """
    thread = lock_thread(thread)
    if not may_see_practice(by, practice):
        raise NotThere("no_practice")
    practice = lock_practice(_canonical(by, practice))
    use = Reuse.objects.filter(thread=thread, practice=practice, until__isnull=True).first()
    if use is None:
        return
    use.thread = thread
    if not may_withdraw(by, use):
        raise Forbidden("may_not_write_record")
    use.until, use.ended_by = clock.now(), by
    use.save(update_fields=["until", "ended_by"])
    count_uses(practice)
    rejudge(practice, by=by)
    for award in rewards_of(use):
        take_back(award=award, why=Award.Why.UNUSED)
    forget_use(use)
    if everybody_sees(practice, thread):
        tell(thread, PRACTICE_APPLIED, by=by, data={})
