"""Erasing a member: what they wrote for others stays, and nothing says any more who they were."""

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid
from community.events import action, member_stream
from community.events.reactors import DOORS_CHANGED, MEMBER_CHANGED, MEMBER_ERASED, MEMBER_MOVED, react
from community.events.streams import streams_named
from community.models import ApiToken, Assignment, Event, Grant, InboxItem, InboxSetting, Invitation, Member, Reach
from community.policies.members import may_erase
from community.rendering.people import named
from community.rules import clock

NAME = "Former member"
_AT_ONCE = 500


@action
def erase_member(*, by: Member | None, member: Member, handle: str) -> Member:
    """Take everything that says who a member is out of the network, for good. `by` nobody: the operator's command.

    Posts stay under "Former member"; awards and votes stay, because they are about what others did and are numbers.
    Refused to others than themselves and network administrators. Raises Invalid unless `handle` is theirs, Conflict for
    imported authors, whose licences ask for the name, and for the last network administrator.
    """
    member = Member.objects.select_for_update(no_key=True, of=("self",)).get(pk=member.pk)
    if by is not None and not may_erase(by, member):
        raise Forbidden("only_own_erasure")
    if handle.strip().removeprefix("@").lower() != member.handle:
        raise Invalid({"handle": _("Type the handle as it is: it cannot be undone.")})
    _guard(member)
    was = Member(pk=member.pk, handle=member.handle, name=member.name, email=member.email)
    _forget_access(member, was)
    _rename(member)
    _rename_in_events(was, member)
    react(MEMBER_ERASED, member=member, was=was)
    react(MEMBER_CHANGED, member=member)
    react(MEMBER_MOVED, member=member)
    react(DOORS_CHANGED, member_ids=[member.pk])
    return member


def _guard(member: Member) -> None:
    if member.erased_at is not None:
        raise Conflict("erased", _("They are erased already."))
    if member.source_site:
        raise Conflict("imported", _("Imported authors are named because their licence asks for it."))
    others = Member.objects.filter(is_superuser=True, is_active=True).exclude(pk=member.pk)
    if member.is_superuser and not others.exists():
        raise Conflict("last_administrator", _("Make somebody else a network administrator first."))


def _rename(member: Member) -> None:
    """Who was suspended stays so: what they gave does not count again because they are gone."""
    was_active = member.is_active
    member.handle, member.name, member.email = f"former-{member.pk}", NAME, None
    member.about, member.time_zone, member.center = "", "", None
    member.is_active, member.is_superuser, member.present_without_name = False, False, False
    if was_active:
        member.left_at = clock.now()
    member.erased_at = clock.now()
    member.set_unusable_password()
    member.save()
    member.invited_spaces.clear()


def _forget_access(member: Member, was: Member) -> None:
    """Sessions, tokens, addresses, roles, what they are told and how they are reached."""
    for session in Session.objects.iterator(chunk_size=_AT_ONCE):
        if session.get_decoded().get(SESSION_KEY) == str(member.pk):
            session.delete()
    EmailAddress.objects.filter(user=member).delete()
    for model in (ApiToken, Assignment, Grant, InboxItem, InboxSetting, Reach):
        model.objects.filter(member=member).delete()
    Invitation.objects.filter(accepted_by=member).update(email="")
    Invitation.objects.filter(email=was.email or "", accepted_by=None).delete()
    logged = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Member, for_concrete_model=False), object_id=str(member.pk)
    )
    logged.update(object_repr=NAME, change_message="")


def _rename_in_events(was: Member, member: Member) -> None:
    """Whoever reads the log from the start finds nobody's name; their own stream is read by nobody any more."""
    Event.objects.filter(stream__in=streams_named([member_stream(member.pk)])).delete()
    rename_in(Event.objects.all(), was, member)


def rename_in(rows: "QuerySet[Any]", was: Member, member: Member) -> None:
    """Have the `data` of rows that name a member name them as they are called now."""
    found = rows.annotate(told=Cast("data", TextField())).filter(told__contains=f'"{was.handle}"')
    for batch in _batches(found.order_by("pk")):
        for row in batch:
            row.data = renamed(row.data, was, member)
        rows.model._default_manager.bulk_update(batch, ["data"])


def _batches(rows: "QuerySet[Any]") -> Iterator[list[Any]]:
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:_AT_ONCE]):
        yield batch
        last = batch[-1].pk


def renamed(told: Any, was: Member, member: Member) -> Any:
    """The same with a member named as they are called now, wherever it names them."""
    if isinstance(told, list):
        return [renamed(each, was, member) for each in told]
    if not isinstance(told, dict):
        return told
    if told.get("handle") == was.handle:
        return {**told, **named(member)}
    return {name: renamed(each, was, member) for name, each in told.items()}
