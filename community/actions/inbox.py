"""Telling members what concerns them, and what they do with it."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from community.errors import Invalid
from community.events import action, emit, member_stream
from community.facts.inbox import INBOX_ADDED, INBOX_READ, NoticeKind, notice_kind
from community.models import InboxItem, InboxSetting, Member, Outbox
from community.queries.inbox import unread_count, unread_items, unwanted_by
from community.rendering.people import named
from community.rules import clock

MOST_AT_ONCE = 50


@action
def notify(
    *, recipients: Iterable[int], kind: NoticeKind, subject: str, target: str, actor: Member | None, key: str = ""
) -> None:
    """Put a notice into the inboxes of `recipients` (member ids), at most once each by `key`.

    The caller chooses recipients who may see the subject; the actor and those who declined the kind are left out.
    More than MOST_AT_ONCE are left to the worker, so that a reply to a followed-by-thousands thread stays quick.
    """
    wanted = sorted(set(recipients) - ({actor.pk} if actor else set()))
    if not wanted:
        return
    notice: dict[str, Any] = {
        "kind": kind.name, "subject": subject, "target": target,
        "actor": actor.pk if actor else None, "key": key or f"{kind.name}:{target}:{actor.pk if actor else 0}",
    }  # fmt: skip
    if len(wanted) > MOST_AT_ONCE:
        Outbox.objects.create(notice=notice, recipients=wanted, created_at=clock.now())
    else:
        _deliver(notice, wanted, actor)


@action
def deliver_outbox(*, outbox_id: int, batch: int = 200) -> bool:
    """Serve the next recipients of an outbox row, and drop the row after the last. True while there are more."""
    row = Outbox.objects.select_for_update().filter(pk=outbox_id).first()
    if row is None:
        return False
    actor = Member.objects.select_related("organization").filter(pk=row.notice["actor"]).first()
    _deliver(row.notice, row.recipients[row.delivered : row.delivered + batch], actor)
    row.delivered += batch
    if row.delivered >= len(row.recipients):
        row.delete()
        return False
    row.save(update_fields=["delivered"])
    return True


def _deliver(notice: dict[str, Any], recipients: list[int], actor: Member | None) -> None:
    told = InboxItem.objects.filter(member_id__in=recipients, key=notice["key"]).values_list("member_id", flat=True)
    left = sorted(set(recipients) - set(told) - unwanted_by(recipients, notice["kind"]))
    for member in Member.objects.filter(pk__in=left, is_active=True).order_by("pk"):
        item = InboxItem.objects.create(
            member=member, kind=notice["kind"], subject=notice["subject"], target=notice["target"],
            actor=actor, key=notice["key"], at=clock.now(),
        )  # fmt: skip
        emit(member_stream(member.pk), INBOX_ADDED, actor=actor, data=_frame(item, actor, unread_count(member)))


def _frame(item: InboxItem, actor: Member | None, unread: int) -> dict[str, object]:
    return {
        "item": item.pk,
        "kind": item.kind,
        "subject": item.subject,
        "target": item.target,
        "actor": named(actor) if actor else None,
        "unread": unread,
    }


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
