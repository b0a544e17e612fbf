"""Merging practices that say the same: one stays, the other leads to it. It can be taken back."""

from collections.abc import Callable, Collection, Mapping

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, NotThere
from community.events import action
from community.models import Member
from community.rules import clock
from reputation.actions.awards import reverse
from reputation.models import Award
from threads.actions.adoption import move_adoptions
from threads.actions.claims import must_be_free
from threads.actions.crediting import credit_curating, is_their_own
from threads.actions.indexing import index_practice, unindex_practice
from threads.actions.judging import rejudge
from threads.actions.locking import lock_practice
from threads.actions.practice_telling import notify_about, spread, tell_practice
from threads.actions.practices import content_of, revise
from threads.actions.records import checked_fields
from threads.actions.retiring import bring_back, looking_after, must_retire, set_aside
from threads.actions.reviews import close_review
from threads.actions.uses import move_uses
from threads.facts.practices import MERGED, PRACTICE_CHANGED
from threads.models import DuplicatePair, Practice, PracticeVersion, Review, Verdict
from threads.policies.covering import covers
from threads.policies.practices import may_merge, may_see
from threads.rules.duplicates import in_order
from threads.rules.limits import REASON_LENGTH
from threads.rules.texts import one_line

Mover = Callable[[Practice, Practice], None]

# What goes along, besides uses, from the practice that goes to the one that stays; both are locked.
MOVERS: list[Mover] = [move_adoptions]


@action
def merge_practices(  # noqa: PLR0913  (what is chosen of two texts has many parts, each with its own name)
    *,
    by: Member,
    source: Practice,
    target: Practice,
    reason: str,
    version: int,
    fields: Mapping[str, str] | None = None,
    carry_verdicts: bool = False,
    keep: Collection[str] = (),
    mask: bool | Collection[str] = False,
) -> Practice:
    """Have `source` lead to `target`, which stays; `fields` is what the target says from now on where it changes.
    `keep` and `mask` as for `standard.settled`.

    Whoever used, adopted or subscribed to the one that goes does so with the one that stays. What was said of it, and
    that it was used, count on only with `carry_verdicts`, where both are for the same people. Its address leads to the
    target, for who sees both.

    Raises NotThere for an end that one does not see, Conflict when either is retired, merged or still being written,
    when somebody else works on it, when the target is at another version, or when text would reach people who may not
    see it; Exposed when the texts tell of somebody.
    """
    source, target = _locked(source, target)
    _judge(by, source, target)
    _guard(by, source, target, version)
    reason = one_line("reason", reason, most=REASON_LENGTH, needed=True)
    _write(by, source, target, fields or {}, reason, keep=keep, mask=mask)
    if carry_verdicts:
        _carry(source, target)
    Practice.objects.filter(merged_into=source).update(merged_into=target)
    source.merged_into = target
    set_aside(source, by=by, reason=reason, kind=PracticeVersion.Kind.MERGED)
    unindex_practice(source)
    move_uses(source, target, carried=carry_verdicts, by=by)
    for move in MOVERS:
        move(source, target)
    close_review(source, by=by, outcome=Review.Outcome.MERGED, reason=reason)
    rejudge(target)
    _close_pair(source, target, by)
    if not is_their_own(by, source, target):
        credit_curating(by, source, cause=f"merged:{source.pk}")
    _tell(source, target, by)
    return target


def _pair_of(source: Practice, target: Practice) -> DuplicatePair | None:
    first, second = in_order(source.pk, target.pk)
    rows = DuplicatePair.objects.select_for_update(of=("self",)).select_related("claimed_by")
    return rows.filter(first_id=first, second_id=second).first()


def _locked(source: Practice, target: Practice) -> tuple[Practice, Practice]:
    if source.pk == target.pk:
        raise Conflict("same", _("Choose another practice: it cannot be merged into itself."))
    led_here = Practice.objects.filter(merged_into=source).values_list("pk", flat=True)
    rows = {pk: lock_practice(Practice(pk=pk)) for pk in sorted({source.pk, target.pk, *led_here})}
    return rows[source.pk], rows[target.pk]


def _judge(by: Member, source: Practice, target: Practice) -> None:
    if not (may_see(by, source) and may_see(by, target)):
        raise NotThere("no_practice")
    if not may_merge(by, source, target):
        raise Forbidden("only_curators")


def _guard(by: Member, source: Practice, target: Practice, version: int) -> None:
    for practice in (source, target):
        must_be_free(by, practice)
        if practice.confidence == Practice.Confidence.ARCHIVED:
            words = _("“%(title)s” is retired or merged already.")
            raise Conflict("retired", words % {"title": practice.title})
        if practice.follows_record:
            words = _("“%(title)s” is still being written in its thread.")
            raise Conflict("unfinished", words % {"title": practice.title})
    pair = _pair_of(source, target)
    if pair is not None:
        must_be_free(by, pair)
    if target.version != version:
        words = _("Somebody changed the practice that stays. Compare again, then merge.")
        raise Conflict("revised_meanwhile", words)


def _write(
    by: Member,
    source: Practice,
    target: Practice,
    fields: Mapping[str, str],
    reason: str,
    *,
    keep: Collection[str],
    mask: bool | Collection[str],
) -> None:
    """What the target says from now on. Text of the source goes only where everybody who reads it then reads it now."""
    texts = target.fields | checked_fields(fields)
    if texts == target.fields:
        return
    if not covers(source, target):
        words = _("Some who see the one that stays may not see the other. Merge without its text.")
        raise Conflict("wider", words)
    content = content_of(target)._replace(fields=texts)
    revise(target, content, by=by, kind=PracticeVersion.Kind.MERGED, reason=reason, keep=keep, mask=mask)


def _carry(source: Practice, target: Practice) -> None:
    """Have what was said of the source count for the target, unless its member has said something of that."""
    if not (covers(source, target) and covers(target, source)):
        raise Conflict("wider", _("They are not for the same people. Merge without what was said of it."))
    said = Verdict.objects.filter(practice=target, superseded_at__isnull=True).values("member_id")
    standing = Verdict.objects.filter(practice=source, superseded_at__isnull=True, version__gte=source.judged_from)
    for verdict in standing.exclude(member_id__in=said).order_by("pk"):
        verdict.pk, verdict.practice, verdict.version = None, target, target.version
        verdict.thread = None
        verdict.save(force_insert=True)


def _close_pair(source: Practice, target: Practice, by: Member) -> None:
    first, second = in_order(source.pk, target.pk)
    state = {"state": DuplicatePair.State.MERGED, "decided_by": by, "decided_at": clock.now()}
    state |= {"claimed_by": None, "claimed_until": None}
    DuplicatePair.objects.filter(first_id=first, second_id=second).update(**state)


def _tell(source: Practice, target: Practice, by: Member) -> None:
    """Those who look after either; the one notice names the source, which leads on for who sees the target."""
    for practice in (source, target):
        data = {"practice": practice.pk, "confidence": practice.confidence, "version": practice.version}
        tell_practice(practice, PRACTICE_CHANGED, by=by, data=data)
    looking = looking_after(source)
    notify_about(source, MERGED, by=by, to=looking)
    spread(source, "merged", by=by, besides=looking)


@action
def unmerge(*, by: Member, practice: Practice, reason: str) -> Practice:
    """Take a merging back: the practice stands for itself again. What went along to the other one stays there.

    Raises Conflict when it is not merged.
    """
    practice = lock_practice(practice)
    must_retire(by, practice)
    reason = one_line("reason", reason, most=REASON_LENGTH, needed=True)
    if practice.merged_into_id is None:
        raise Conflict("not_merged", _("This practice was not merged into another one."))
    reverse(cause=f"merged:{practice.pk}", subject=f"practice:{practice.pk}", why=Award.Why.UNMERGED)
    practice.merged_into = None
    bring_back(practice, by=by, reason=reason)
    index_practice(practice)
    return practice
