"""Sending bulletins, saying that one has read them, taking them back."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from community.actions.duties import each, put_off
from community.actions.inbox import notify
from community.errors import Forbidden, Invalid, NotThere, TooMuch
from community.events import action
from community.events.duties import every
from community.models import Member, Organization, Space, WorkRole
from community.rendering.markdown import render
from community.rules import clock
from community.rules.rows import insert_all
from threads.actions.audiences import check_chosen
from threads.facts.spreading import BULLETIN, BULLETIN_DUE
from threads.models import Audience, Bulletin, Playbook, Practice, Receipt
from threads.policies.bulletins import may_end, may_see, may_send
from threads.policies.playbooks import may_see as sees_playbook
from threads.policies.practices import may_see as sees_practice
from threads.queries.bulletins import asked_by, bulletins_to_remind, is_to_remind, missing_from
from threads.rules.limits import BULLETIN_LENGTH, MOST_BULLETINS_A_DAY, TITLE_LENGTH
from threads.rules.texts import cleaned, one_line

SOONEST, LATEST = timedelta(hours=1), timedelta(days=90)
REMINDERS = "remind of bulletins"
_DAY = timedelta(days=1)


@action
def send_bulletin(  # noqa: PLR0913  (a bulletin has many parts, each with its own name)
    *,
    by: Member,
    space: Space,
    audience: str,
    title: str,
    text: str,
    organizations: Sequence[Organization] = (),
    role: WorkRole | None = None,
    acknowledge_until: datetime | None = None,
    practice: Practice | None = None,
    playbook: Playbook | None = None,
) -> Bulletin:
    """Tell everybody in an audience something; who has the `role`, where one is given, is told of it.

    With `acknowledge_until` they are asked to say by then that they have read it. A `practice` or `playbook` that it is
    about is one that the sender sees; of those told, who sees it is led there.
    """
    _guard(by, space, audience, organizations, acknowledge_until)
    _guard_subjects(by, practice, playbook)
    text = cleaned("text", text, most=BULLETIN_LENGTH, needed=True)
    bulletin = Bulletin.objects.create(
        space=space, audience=audience, organization=by.organization, center=by.center,
        title=one_line("title", title, most=TITLE_LENGTH, needed=True), text=text, html=render(text), role=role,
        acknowledge_until=acknowledge_until, practice=practice, playbook=playbook, sent_by=by,
    )  # fmt: skip
    bulletin.audience_organizations.set(organizations if audience == Audience.ORGANIZATIONS else ())
    told = asked_by(bulletin, clock.now().date()).order_by("pk").values_list("pk", flat=True)
    subject = f"bulletin:{bulletin.pk}"
    notify(recipients=list(told), kind=BULLETIN, subject=subject, target=subject, actor=by)
    return bulletin


def _guard(
    by: Member, space: Space, audience: str, organizations: Sequence[Organization], until: datetime | None
) -> None:
    if audience in Audience.values and not may_send(by, space, audience):
        raise Forbidden("may_not_send", _("Who moderates or curates the space sends bulletins there."))
    check_chosen(by, space, audience, organizations)
    now = clock.now()
    if until is not None and not now + SOONEST <= until <= now + LATEST:
        raise Invalid({"acknowledge_until": _("Give at least an hour, and at most 90 days.")})
    if Bulletin.objects.filter(sent_by=by, sent_at__gt=now - _DAY).count() >= MOST_BULLETINS_A_DAY:
        raise TooMuch("too_many_bulletins", _("You sent many bulletins today. Go on tomorrow."))


def _guard_subjects(by: Member, practice: Practice | None, playbook: Playbook | None) -> None:
    if practice is not None and not sees_practice(by, practice):
        raise Invalid({"practice": _("There is no such practice that you see.")})
    if playbook is not None and not sees_playbook(by, playbook):
        raise Invalid({"playbook": _("There is no such playbook that you see.")})


@action
def acknowledge(*, by: Member, bulletin: Bulletin) -> None:
    """Say that one has read it, also when the time is over; again changes nothing. Nobody waits for anybody else."""
    if not may_see(by, bulletin):
        raise NotThere("no_bulletin")
    row = Receipt(bulletin=bulletin, member=by, organization=by.organization, at=clock.now())
    insert_all([row], unless_there=True)


@action
def remind(*, bulletin_id: int) -> bool:
    """Tell those who have not read it by now that it is to be read, once. For the worker; False when it is not due."""
    rows = Bulletin.objects.select_for_update(of=("self",)).select_related("space", "sent_by")
    bulletin = rows.filter(pk=bulletin_id, ended_at__isnull=True, reminded_at__isnull=True).first()
    now = clock.now()
    if bulletin is None or not is_to_remind(bulletin, now):
        return False
    bulletin.reminded_at = now
    bulletin.save(update_fields=["reminded_at"])
    subject = f"bulletin:{bulletin.pk}"
    told = list(missing_from(bulletin, now.date()).order_by("pk").values_list("pk", flat=True))
    notify(recipients=told, kind=BULLETIN_DUE, subject=subject, target=subject, actor=None, key=f"reminded:{subject}")
    return True


def remind_all() -> int:
    """Remind of all bulletins for which it is time."""
    due = bulletins_to_remind(clock.now(), besides=put_off(REMINDERS))
    return each(REMINDERS, due, lambda pk: remind(bulletin_id=pk))


def register() -> None:
    """Have the worker remind; called once at start-up."""
    every(60, REMINDERS, remind_all)


@action
def end_bulletin(*, by: Member, bulletin: Bulletin) -> Bulletin:
    """Take it back: it is shown to nobody else any more. Again changes nothing."""
    bulletin = Bulletin.objects.select_for_update(of=("self",)).select_related("space").get(pk=bulletin.pk)
    if not may_see(by, bulletin):
        raise NotThere("no_bulletin")
    if bulletin.ended_at is not None:
        return bulletin
    if not may_end(by, bulletin):
        raise Forbidden("may_not_end", _("Who sent it takes it back, or who administers the organization it is for."))
    bulletin.ended_at, bulletin.ended_by = clock.now(), by
    bulletin.save(update_fields=["ended_at", "ended_by"])
    return bulletin
