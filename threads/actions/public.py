"""What strangers do to public practices: say whether one was helpful, and how it did for them.

They change no confidence. Who they are is not kept: only what tells the same address from another, for a month.
"""

import hashlib
import hmac
from datetime import timedelta

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from community.errors import Forbidden, Invalid, NotThere, TooMuch
from community.events import action
from community.models import Grant, Member
from community.rules import clock
from threads.actions.locking import lock_practice
from threads.actions.practice_telling import notify_about
from threads.actions.reviews import open_review
from threads.facts.practices import PUBLIC_REPORT
from threads.models import AGAINST, Practice, PublicKnock, PublicReport, PublicVote, Review
from threads.policies.practices import may_see
from threads.policies.public import may_handle_reports
from threads.queries.public import published_practices
from threads.rules.limits import (
    MOST_PUBLIC_ACTS_A_DAY,
    MOST_PUBLIC_ACTS_AN_HOUR,
    MOST_PUBLIC_ACTS_IN_ALL,
    MOST_REPORTS_A_DAY,
    MOST_REPORTS_OF_PRACTICE,
    NOTE_LENGTH,
    REASON_LENGTH,
    REPORTS_THAT_CHALLENGE,
    VERDICT_NOTE_LEAST,
)
from threads.rules.strangers import network_of
from threads.rules.texts import cleaned, one_line

_HOUR, _DAY, _KEPT, _MONTH = timedelta(hours=1), timedelta(days=1), timedelta(days=2), timedelta(days=30)


@action
def vote_publicly(*, practice: Practice, helpful: bool, address: str) -> None:
    """Say that a public practice was helpful, or not. Again from the same address within the month changes the vote."""
    _knock(_source(address))
    practice = _lock_public(practice)
    voter = _stand_in("voter", address, practice.pk)
    standing = PublicVote.objects.select_for_update().filter(practice=practice, voter=voter).first()
    if standing is None:
        PublicVote.objects.create(
            practice=practice, voter=voter, helpful=helpful, version=practice.published_version, at=clock.now()
        )
        _count(practice, helpful, 1)
    elif standing.helpful != helpful:
        standing.helpful, standing.version, standing.at = helpful, practice.published_version, clock.now()
        standing.save(update_fields=["helpful", "version", "at"])
        _count(practice, helpful, 1)
        _count(practice, not helpful, -1)


def _count(practice: Practice, helpful: bool, change: int) -> None:
    name = "helpful" if helpful else "unhelpful"
    Practice.objects.filter(pk=practice.pk).update(**{name: F(name) + change})


@action
def report_publicly(
    *, practice: Practice, outcome: str, text: str, address: str, environment: str = "", trap: str = ""
) -> PublicReport | None:
    """Say that a public practice did otherwise, to who looks after it. None for what a machine filled in (`trap`).

    When several say that it does not work somebody has to look at it. Raises TooMuch beyond the limits of a day.
    """
    if trap:
        return None
    if outcome not in PublicReport.Outcome.values:
        raise Invalid({"outcome": _("Choose how it did for you.")})
    text = cleaned("text", text, most=NOTE_LENGTH, needed=True)
    if len(text) < VERDICT_NOTE_LEAST:
        raise Invalid({"text": _("Say in a few words what was different.")})
    environment = one_line("environment", environment, most=REASON_LENGTH)
    source = _source(address)
    _knock(source)
    practice = _lock_public(practice)
    _check_reports(practice, source)
    report = PublicReport.objects.create(
        practice=practice, source=source, outcome=outcome, environment=environment, text=text,
        version=practice.published_version, at=clock.now(),
    )  # fmt: skip
    _tell(practice)
    if _is_challenged(practice):
        open_review(practice, kind=Review.Kind.CHALLENGED)
    return report


@action
def handle_reports(*, by: Member, practice: Practice, upto: int) -> int:
    """Say that somebody dealt with what strangers reported, up to the last one they read; how many there were."""
    practice = lock_practice(practice)
    if not may_see(by, practice):
        raise NotThere("no_practice")
    if not may_handle_reports(by, practice):
        raise Forbidden("only_curators")
    waiting = PublicReport.objects.filter(practice=practice, handled_at__isnull=True, pk__lte=upto)
    return waiting.update(handled_by=by, handled_at=clock.now())


def forget_knocks() -> int:
    """Forget what no limit counts any more."""
    return PublicKnock.objects.filter(at__lt=clock.now() - _KEPT).delete()[0]


def _lock_public(practice: Practice) -> Practice:
    locked = lock_practice(practice)
    if not published_practices().filter(pk=locked.pk).exists():
        raise NotThere("no_practice")
    return locked


def _knock(source: str) -> None:
    """Count somebody in, before anything is locked. Two processes at once may each let one more through."""
    now = clock.now()
    own = PublicKnock.objects.filter(source=source)
    much = own.filter(at__gt=now - _HOUR).count() >= MOST_PUBLIC_ACTS_AN_HOUR
    much = much or own.filter(at__gt=now - _DAY).count() >= MOST_PUBLIC_ACTS_A_DAY
    if much or PublicKnock.objects.filter(at__gt=now - _HOUR).count() >= MOST_PUBLIC_ACTS_IN_ALL:
        raise TooMuch("too_much_outside")
    PublicKnock.objects.create(source=source, at=now)


def _check_reports(practice: Practice, source: str) -> None:
    lately = PublicReport.objects.filter(at__gt=clock.now() - _DAY)
    if lately.filter(source=source).count() >= MOST_REPORTS_A_DAY:
        raise TooMuch("too_much_outside")
    if lately.filter(practice=practice).count() >= MOST_REPORTS_OF_PRACTICE:
        raise TooMuch("too_much_outside")


def _tell(practice: Practice) -> None:
    """Tell who looks after it, else the curators of its space, once a day."""
    to = [practice.owner_id] if practice.owner_id else []
    if not to:
        grants = Grant.objects.filter(space=practice.space_id, role=Grant.Role.CURATOR)
        to = list(grants.values_list("member_id", flat=True))
    key = f"{PUBLIC_REPORT.name}:{practice.pk}:{clock.now():%Y-%m-%d}"
    notify_about(practice, PUBLIC_REPORT, by=None, to=to, key=key)


def _is_challenged(practice: Practice) -> bool:
    """Whether so many say of what is published now that it does not work, and nobody has dealt with it."""
    said = PublicReport.objects.filter(
        practice=practice, version=practice.published_version, outcome__in=AGAINST, handled_at__isnull=True,
        at__gt=clock.now() - _MONTH,
    )  # fmt: skip
    return said.values("source").distinct().count() >= REPORTS_THAT_CHALLENGE


def _source(address: str) -> str:
    return _stand_in("source", address, 0)


def _stand_in(purpose: str, address: str, practice: int) -> str:
    """What stands for an address, this month and for this purpose only; IPv6 by the network it is in."""
    said = f"{purpose}|{practice}|{clock.now():%Y-%m}|{network_of(address)}"
    return hmac.new(settings.SECRET_KEY.encode(), said.encode(), hashlib.sha256).hexdigest()
