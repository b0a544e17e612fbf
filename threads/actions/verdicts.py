"""Members say how a practice did for them. What they have against it opens a review, and never changes its text."""

from datetime import timedelta

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid, NotThere, TooMuch
from community.events import action
from community.models import Member, Organization
from community.rules import clock
from threads.actions.judging import rejudge
from threads.actions.locking import lock_practice, lock_thread
from threads.actions.practice_telling import notify_about
from threads.actions.reviews import open_review
from threads.facts.practices import CHALLENGED
from threads.models import AGAINST, Practice, Review, Thread, Verdict
from threads.policies import threads as thread_policies
from threads.policies.practices import may_judge, may_see
from threads.queries.verdicts import own_verdict
from threads.rules.details import SECRET, details
from threads.rules.limits import MOST_AGAINST_A_DAY, MOST_AGAINST_OF_ORGANIZATION, NOTE_LENGTH, VERDICT_NOTE_LEAST
from threads.rules.texts import cleaned, one_line

ENVIRONMENT_LENGTH = 400
_DAY, _TWICE = timedelta(days=1), timedelta(hours=1)
_SAY_WHY = (*AGAINST, Verdict.Kind.CHANGES)


@action
def say_verdict(
    *,
    by: Member,
    practice: Practice,
    kind: str,
    environment: str = "",
    note: str = "",
    thread: Thread | None = None,
    version: int | None = None,
) -> Verdict:
    """Say how a practice did: it stands for the member until they say something else, and for their organization.

    `version` is the one that they read, `thread` where they used it. Only "worked" needs no word more. Saying the same
    again within the hour changes nothing. Raises Conflict when what they read says something else by now, TooMuch when
    they or their organization said too much against practices today.
    """
    thread = lock_thread(thread) if thread is not None else None
    practice = lock_practice(practice)
    _must_judge(by, practice, thread)
    found = Verdict(
        practice=practice, member=by, organization=by.organization, kind=_known(kind), note=_checked(kind, note),
        environment=_safe("environment", one_line("environment", environment, most=ENVIRONMENT_LENGTH)),
        version=_tried(practice, version), thread=thread, at=clock.now(),
    )  # fmt: skip
    standing = own_verdict(by, practice)
    if standing is not None and _is_the_same(standing, found):
        return standing
    if kind in AGAINST:
        _check_limits(by)
    if standing is not None:
        _supersede(standing)
    found.save()
    rejudge(practice, by=by)
    if kind in AGAINST:
        _challenge(practice, found)
    return found


@action
def withdraw_verdict(*, by: Member, practice: Practice) -> None:
    """Take back what one said of a practice; a review that it opened goes on. Nothing to take back is no matter."""
    practice = lock_practice(practice)
    if not may_see(by, practice):
        raise NotThere("no_practice")
    standing = own_verdict(by, practice)
    if standing is not None:
        _supersede(standing)
        rejudge(practice, by=by)


def _must_judge(by: Member, practice: Practice, thread: Thread | None) -> None:
    if not may_see(by, practice) or (thread is not None and not thread_policies.may_see(by, thread)):
        raise NotThere("no_practice")
    if not by.is_active or by.source_site:
        raise Forbidden("not_active")
    if not may_judge(by, practice):
        raise Conflict("may_not_judge", _("This practice is not finished, or retired: nobody can say how it did."))


def _known(kind: str) -> str:
    if kind not in Verdict.Kind.values:
        raise Invalid({"kind": _("Choose how it did for you.")})
    return kind


def _checked(kind: str, note: str) -> str:
    needed = kind in _SAY_WHY
    note = cleaned("note", note, most=NOTE_LENGTH, needed=needed)
    if needed and len(note) < VERDICT_NOTE_LEAST:
        raise Invalid({"note": _("Say in a few words what was different, so that others can use it.")})
    return _safe("note", note)


def _safe(name: str, text: str) -> str:
    if any(found.kind == SECRET for found in details(text)):
        raise Invalid({name: _("There is a password or key in this. Take it out; others read it.")})
    return text


def _tried(practice: Practice, version: int | None) -> int:
    """The version that a verdict is about."""
    if version is None:
        return practice.version
    if version > practice.version:
        raise Invalid({"version": _("There is no such version yet.")})
    if version < practice.judged_from:
        raise Conflict("revised_meanwhile", _("The practice says something else by now. Read it again first."))
    return version


def _is_the_same(standing: Verdict, found: Verdict) -> bool:
    """Whether it was said just now already, by the same organization, of the same text, and is not answered."""
    names = ("kind", "environment", "note", "organization_id", "version", "thread_id")
    same = all(getattr(standing, name) == getattr(found, name) for name in names)
    return same and standing.answered_by_id is None and found.at - standing.at < _TWICE


def _check_limits(by: Member) -> None:
    """Refuse what is too much in one day. Those of one organization are counted one after the other."""
    Organization.objects.select_for_update(no_key=True).get(pk=by.organization_id)
    lately = Verdict.objects.filter(kind__in=AGAINST, at__gt=clock.now() - _DAY)
    if lately.filter(member=by).count() >= MOST_AGAINST_A_DAY:
        raise TooMuch("too_much_against", _("You said much against practices today. Go on tomorrow."))
    if lately.filter(organization=by.organization).count() >= MOST_AGAINST_OF_ORGANIZATION:
        raise TooMuch("too_much_against", _("Your organization said much against practices today. Go on tomorrow."))


def _supersede(verdict: Verdict) -> None:
    verdict.superseded_at = clock.now()
    verdict.save(update_fields=["superseded_at"])


def _challenge(practice: Practice, verdict: Verdict) -> None:
    """Open a review for what somebody has against a practice, and tell who looks after it."""
    open_review(practice, kind=Review.Kind.CHALLENGED, by=verdict.member)
    concerned = {practice.owner_id, practice.recorded_by_id, practice.claimed_by_id}
    notify_about(
        practice, CHALLENGED, by=verdict.member, to=[pk for pk in concerned if pk], key=f"challenged:{verdict.pk}"
    )
