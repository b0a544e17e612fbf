"""Opening a thread to people whom its audience does not reach: one person by name, or a wider audience.

Whoever does it says what they were shown of it before (`preview`); when that is not true any more it is shown again.
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from community.actions.inbox import notify
from community.errors import Conflict, Forbidden, Invalid, NotThere, TooMuch
from community.events import action
from community.events.reactors import DOORS_CHANGED, react
from community.models import Member, Organization
from community.rules import clock
from threads.actions.ending import withdraw_offers
from threads.actions.helpers import stop_asking, welcome_back
from threads.actions.index_work import put_opened
from threads.actions.locking import lock_thread
from threads.actions.mirroring import mirror_audience
from threads.actions.telling import tell_audience, tell_swarm
from threads.actions.uses import mark_used_in
from threads.facts.swarm import LET_IN
from threads.models import Audience, Guest, Helper, Thread
from threads.policies.audience import is_in_audience
from threads.policies.swarm import may_end_guest, may_let_in, may_widen
from threads.policies.threads import may_see
from threads.queries.guests import RUNGS, Preview, nameable_in, preview_for, preview_of_widening
from threads.rules.fairness import AN_HOUR, too_often


@action
def let_in(*, by: Member, thread: Thread, member: Member, preview: str, reads_only: bool = False) -> Guest:
    """Let one person into a thread whose audience does not reach them; nobody else of their organization."""
    thread = lock_thread(thread)
    _check_may(by, thread)
    if not member.is_active or member.source_site:
        raise Invalid({"member": _("They cannot come in: they have no account any more, or never had one.")})
    if is_in_audience(member, thread):
        raise Conflict("sees_it_already", _("%(name)s sees this thread already.") % {"name": member.name})
    _check_preview(preview_for(thread, member), preview)
    lately = Guest.objects.filter(invited_by=by, member=member, since__gt=clock.now() - AN_HOUR)
    if too_often(lately.values_list("thread_id", flat=True), thread.pk):
        message = _("You let %(name)s in again and again within the hour. Wait a while.") % {"name": member.name}
        raise TooMuch("too_often", message)
    return admit(thread, member, by=by, reads_only=reads_only)


def admit(thread: Thread, member: Member, *, by: Member, reads_only: bool = False) -> Guest:
    """Let somebody into a locked thread; a guest who is there already stays, and may from now on what is said here."""
    welcome_back(thread, [member.pk])
    guest, made = Guest.objects.get_or_create(
        thread=thread,
        member=member,
        until=None,
        defaults={"invited_by": by, "since": clock.now(), "reads_only": reads_only},
    )
    if not made and guest.reads_only == reads_only:
        return guest
    if not made:
        guest.reads_only = reads_only
        guest.save(update_fields=["reads_only"])
    tell_audience(thread, by=by, change="let_in", member=member)
    react(DOORS_CHANGED, member_ids=[member.pk], thread_ids=[thread.pk])
    if made:
        put_opened("thread", thread.pk)
        subject = f"thread:{thread.pk}"
        notify(
            recipients=[member.pk],
            kind=LET_IN,
            subject=subject,
            target=subject,
            actor=by,
            key=f"{LET_IN.name}:{guest.pk}",
        )
    return guest


@action
def end_guest(*, by: Member, thread: Thread, member: Member) -> None:
    """End what lets somebody in; where the audience does not reach them they see nothing any more."""
    thread = lock_thread(thread)
    if not may_see(by, thread):
        raise NotThere("no_thread")
    guest = Guest.objects.select_for_update(no_key=True).filter(thread=thread, member=member, until=None).first()
    if guest is None:
        if by.pk == member.pk or may_let_in(by, thread):
            return
        raise Forbidden("may_not_let_in")
    guest.thread = thread
    if not may_end_guest(by, guest):
        raise Forbidden("may_not_let_in")
    show_out(guest, by=by)


def show_out(guest: Guest, *, by: Member | None) -> None:
    """End a guest's right in a locked thread, and what they do there."""
    thread, member = guest.thread, guest.member
    guest.until, guest.ended_by = clock.now(), by
    guest.save(update_fields=["until", "ended_by"])
    if not is_in_audience(member, thread):
        stop_asking(thread, member)
        withdraw_offers(thread, member, by=by)
        owned = thread.owner_id == member.pk
        if owned:
            thread.owner = None
            thread.version += 1
            thread.save(update_fields=["owner", "version"])
        helping = Helper.objects.filter(thread=thread, member=member, until__isnull=True)
        if helping.update(until=clock.now(), ended_by=by) or owned:
            tell_swarm(thread, by=by, changed="left", member=member)
    tell_audience(thread, by=by, change="ended", member=member)
    react(DOORS_CHANGED, member_ids=[member.pk], thread_ids=[thread.pk])


@action
def widen(
    *, by: Member, thread: Thread, audience: str, preview: str, organizations: Sequence[Organization] = ()
) -> Thread:
    """Open a thread to a wider audience: the organization, more named ones, or the space. It never gets narrower.

    A practice that was made of it stays as it was; one that is still written in it opens with it.
    """
    thread = lock_thread(thread)
    _check_may(by, thread)
    organizations = tuple(dict.fromkeys(organizations)) if audience == Audience.ORGANIZATIONS else ()
    check_wider(thread, audience, organizations)
    _check_preview(preview_of_widening(thread, audience, organizations), preview)
    thread.audience = audience
    thread.version += 1
    thread.save(update_fields=["audience", "version"])
    if audience == Audience.ORGANIZATIONS:
        thread.audience_organizations.add(*organizations)
    put_opened("thread", thread.pk)
    mirror_audience(thread)
    mark_used_in(thread)
    tell_audience(thread, by=by, change="widened")
    react(DOORS_CHANGED, thread_ids=[thread.pk])
    return thread


def check_wider(thread: Thread, audience: str, organizations: Sequence[Organization]) -> None:
    """Refuse what is no wider audience, and organizations that cannot enter the space."""
    if audience not in RUNGS or RUNGS.index(audience) < RUNGS.index(thread.audience):
        raise Invalid({"audience": _("Choose a wider audience than the present one.")})
    if audience == Audience.ORGANIZATIONS:
        if not organizations:
            raise Invalid({"organizations": _("Name at least one organization besides your own.")})
        within = set(nameable_in(thread).values_list("pk", flat=True))
        if outside := [each.name for each in organizations if each.pk not in within]:
            message = _("%(names)s cannot enter this space, or sees the thread already. Name others.")
            raise Invalid({"organizations": message % {"names": ", ".join(outside)}})
    elif audience == thread.audience:
        raise Conflict("no_wider", _("The thread is open to them already."))


def _check_may(by: Member, thread: Thread) -> None:
    if not may_see(by, thread):
        raise NotThere("no_thread")
    if not (may_let_in(by, thread) and may_widen(by, thread)):
        raise Forbidden("may_not_let_in")


def _check_preview(now: Preview, shown: str) -> None:
    if shown != now.digest:
        raise Conflict("preview_changed")
