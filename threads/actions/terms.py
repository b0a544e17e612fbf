"""Curators take turns: from when until when somebody curates a space. The worker gives the role and takes it back."""

from datetime import datetime

from django.utils.translation import gettext as _

from community.actions.inbox import notify
from community.errors import Conflict, Forbidden, Invalid
from community.events import action
from community.events.reactors import DOORS_CHANGED, react
from community.facts.inbox import NoticeKind
from community.models import Grant, Member, Space
from community.rules import clock
from threads.facts.practices import TERM_BEGINS, TERM_ENDS
from threads.models import CuratorTerm, Practice
from threads.policies.desk import may_plan_terms


@action
def plan_term(*, by: Member, space: Space, member: Member, starts_at: datetime, ends_at: datetime) -> CuratorTerm:
    """Plan who curates a space from when until when. Terms of different people may overlap, to hand over.

    Raises Invalid for a time that is over or somebody who cannot sign in, Conflict when they have a term then already.
    """
    if not may_plan_terms(by):
        raise Forbidden("only_administrators")
    if ends_at <= starts_at or ends_at <= clock.now():
        raise Invalid({"ends_at": _("Choose an end that comes after the beginning, and is not over.")})
    if not member.is_active or member.source_site:
        raise Invalid({"member": _("Nobody of this handle can sign in. Look it up under People.")})
    space = Space.objects.select_for_update().get(pk=space.pk)
    others = CuratorTerm.objects.filter(space=space, member=member, ended_at__isnull=True)
    if others.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise Conflict("has_a_term", _("They have a term in this space at that time already."))
    return CuratorTerm.objects.create(space=space, member=member, starts_at=starts_at, ends_at=ends_at, by=by)


@action
def cancel_term(*, by: Member, term: CuratorTerm) -> None:
    """Take a planned term back; one that has begun ends now."""
    if not may_plan_terms(by):
        raise Forbidden("only_administrators")
    locked = _locked(term.pk)
    if locked is None or locked.ended_at is not None:
        raise Conflict("ended_already", _("This term is over."))
    if locked.began_at is None:
        locked.delete()
    else:
        _end(locked)


@action
def begin_term(*, term_id: int) -> bool:
    """Give the role for a term whose time has come; False when there is nothing to do."""
    term = _locked(term_id)
    now = clock.now()
    if term is None or term.began_at is not None or term.starts_at > now:
        return False
    term.began_at = now
    if term.ends_at <= now or not term.member.is_active:
        term.ended_at = now
        term.save(update_fields=["began_at", "ended_at"])
        return False
    _held, term.grant_made = Grant.objects.get_or_create(
        member=term.member, role=Grant.Role.CURATOR, space=term.space, defaults={"granted_by": term.by}
    )
    term.save(update_fields=["began_at", "grant_made"])
    _tell(term, TERM_BEGINS)
    return True


@action
def end_term(*, term_id: int) -> bool:
    """Take the role back when a term is over; False when there is nothing to do."""
    term = _locked(term_id)
    if term is None or term.began_at is None or term.ended_at is not None or term.ends_at > clock.now():
        return False
    _end(term)
    return True


def _end(term: CuratorTerm) -> None:
    """Only a role that a term gave ends with it, and goes over to another term of theirs that runs."""
    term.ended_at = clock.now()
    term.save(update_fields=["ended_at"])
    if term.grant_made:
        running = CuratorTerm.objects.filter(
            space=term.space, member=term.member, began_at__isnull=False, ended_at__isnull=True
        )
        after = running.order_by("pk").first()
        if after is not None:
            after.grant_made = True
            after.save(update_fields=["grant_made"])
            return
        Grant.objects.filter(member=term.member, role=Grant.Role.CURATOR, space=term.space).delete()
    if not Grant.objects.filter(member=term.member, role=Grant.Role.CURATOR, space=term.space).exists():
        claimed = Practice.objects.filter(space=term.space, claimed_by=term.member)
        claimed.update(claimed_by=None, claimed_until=None)
    _tell(term, TERM_ENDS)


def _locked(pk: int) -> CuratorTerm | None:
    rows = CuratorTerm.objects.select_for_update(of=("self",)).select_related("space", "member", "by")
    return rows.filter(pk=pk).first()


def _tell(term: CuratorTerm, kind: NoticeKind) -> None:
    name = f"term:{term.pk}"
    notify(recipients=[term.member_id], kind=kind, subject=name, target=name, actor=None)
    react(DOORS_CHANGED, member_ids=[term.member_id])
