"""Telling members what concerns them, and what they do with it."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from community.errors import Invalid
from community.events import action, emit, member_stream
from community.events.reactors import those_who_see
from community.facts.inbox import INBOX_ADDED, INBOX_READ, NoticeKind, notice_kind
from community.models import InboxItem, InboxSetting, Member, Outbox
from community.queries.inbox import unread_count, unread_items
from community.rendering.people import named
from community.rules import clock
from community.rules.statements import rows_of, table

MOST_AT_ONCE = 50
_PUT = """
    INSERT INTO community_inboxitem (kind, subject, target, actor_id, key, at, member_id)
    SELECT %s, %s, %s, CAST(%s AS bigint), %s, %s, member.id FROM community_member AS member
    WHERE member.id IN ({}) AND member.is_active AND NOT EXISTS (
        SELECT 1 FROM community_inboxsetting AS setting
        WHERE setting.member_id = member.id AND setting.kind = %s AND NOT setting.wanted
    )
    ORDER BY member.id
    ON CONFLICT (member_id, key) DO NOTHING
    RETURNING id, member_id
"""


def notify(
    *, recipients: Iterable[int], kind: NoticeKind, subject: str, target: str, actor: Member | None, key: str = ""
) -> bool:
    """Put a notice into the inboxes of `recipients` (member ids), at most once each by `key`. Inside an action.

    The caller chooses recipients who may see the subject; the actor and those who declined the kind are left out.
    More than MOST_AT_ONCE are left to the worker, so that a reply to a followed-by-thousands thread stays quick.
    Whether any was put there at once.
    """
    wanted = sorted(set(recipients) - ({actor.pk} if actor else set()))
    if not wanted:
        return False
    notice: dict[str, Any] = {
        "kind": kind.name, "subject": subject, "target": target,
        "actor": actor.pk if actor else None, "key": key or f"{kind.name}:{target}:{actor.pk if actor else 0}",
    }  # fmt: skip
    if len(wanted) > MOST_AT_ONCE:
        Outbox.objects.create(notice=notice, recipients=wanted, created_at=clock.now())
        return False
    return _deliver(notice, wanted, actor)


@action
def deliver_outbox(*, outbox_id: int, batch: int = 200) -> bool:
    """Serve the next recipients of an outbox row, and drop the row after the last. True while there are more.

    Time has passed since they were chosen: who may not see the subject any more is told nothing.
    """
    row = Outbox.objects.select_for_update().filter(pk=outbox_id).first()
    if row is None:
        return False
    actor = Member.objects.select_related("organization").filter(pk=row.notice["actor"]).first()
    recipients = row.recipients[row.delivered : row.delivered + batch]
    _deliver(row.notice, sorted(those_who_see(row.notice["subject"], recipients)), actor)
    row.delivered += batch
    if row.delivered >= len(row.recipients):
        row.delete()
        return False
    row.save(update_fields=["delivered"])
    return True


def _deliver(notice: dict[str, Any], recipients: list[int], actor: Member | None) -> bool:
    about = {name: notice[name] for name in ("kind", "subject", "target")}
    who = named(actor) if actor else None
    put = sorted(_put(notice, recipients))
    for item, member in put:
        emit(member_stream(member), INBOX_ADDED, actor=actor, data={"item": item, **about, "actor": who})
    return bool(put)


def _put(notice: dict[str, Any], recipients: list[int]) -> list[tuple[int, int]]:
    """The ids of the notices that were not there yet, each with its member's, who is active and wants this kind.

    One statement however many recipients there are.
    """
    if not recipients:
        return []
    at = connection.ops.adapt_datetimefield_value(clock.now())
    given, members = table(("bigint",), [(member,) for member in recipients])
    values = [notice[name] for name in ("kind", "subject", "target", "actor", "key")]
    return [(item, member) for item, member in rows_of(_PUT.format(given), [*values, at, *members, notice["kind"]])]


def withdraw_notice(*, recipient: Member, key: str) -> None:
    """Take the notice with that key out of an inbox again: what it was about is there no more. Inside an action."""
    found = InboxItem.objects.filter(member=recipient, key=key).first()
    if found is None:
        return
    found.delete()
    if found.read_at is None:
        data = {"subjects": [found.subject], "unread": unread_count(recipient)}
        emit(member_stream(recipient.pk), INBOX_READ, actor=None, data=data)


@action
def mark_read(*, by: Member, subjects: list[str] | None = None) -> int:
    """Mark the member's notices about `subjects` read, or all of them; returns how many were unread."""
    items = unread_items(by)
    if subjects is not None:
        items = items.filter(subject__in=subjects)
    count = items.update(read_at=clock.now())
    if count:
        emit(member_stream(by.pk), INBOX_READ, actor=by, data={"subjects": subjects or [], "unread": unread_count(by)})
    return count


@action
def choose(*, by: Member, kind: str, wanted: bool) -> None:
    """Say whether the member wants notices of this kind. Raises Invalid for a kind that does not exist."""
    try:
        notice_kind(kind)
    except KeyError:
        raise Invalid({"kind": _("There is no such kind of notice.")}) from None
    InboxSetting.objects.update_or_create(member=by, kind=kind, defaults={"wanted": wanted})
