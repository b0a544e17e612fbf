"""Owning a thread: taking it, leaving it, and handing it over with a summary, which the other has to accept."""

from typing import Any

from django.utils.translation import gettext as _

from community.actions.inbox import notify
from community.errors import Conflict, Forbidden, Invalid, NotThere, TooMuch
from community.events import action
from community.facts.inbox import NoticeKind
from community.models import Member
from community.rendering.markdown import render
from community.rendering.people import named
from community.rules import clock
from threads.actions.ending import end_hand_over
from threads.actions.locking import lock_thread
from threads.actions.telling import follow_unless_declined, note_in_timeline, tell, tell_swarm
from threads.audience import followings_of
from threads.facts.swarm import HAND_OVER, HAND_OVER_ANSWER, HAND_OVER_OFFERED
from threads.models import HandOver, Helper, Thread
from threads.policies.swarm import may_accept, may_hand_over, may_withdraw_hand_over
from threads.policies.threads import may_own, may_see
from threads.rules.fairness import AN_HOUR, too_often
from threads.rules.limits import HAND_OVER_LEAST, HAND_OVER_LENGTH, NOTE_LENGTH
from threads.rules.texts import cleaned


@action
def take(*, by: Member, thread: Thread) -> Thread:
    """Become the owner of a thread that has none, or that is offered to whoever takes it over, or to oneself."""
    thread = lock_thread(thread)
    if not may_own(by, thread):
        raise Forbidden("may_not_own")
    if not thread.is_unresolved:
        raise Conflict("already_resolved", _("This thread is resolved already."))
    if thread.owner_id == by.pk:
        return thread
    offered = _offered(thread)
    if offered is not None and may_accept(by, offered):
        return _accept(offered, by=by)
    if thread.owner is not None:
        raise Conflict("has_owner", _("%(name)s took this thread first.") % {"name": thread.owner.name})
    if offered is not None:
        end_hand_over(offered, HandOver.State.WITHDRAWN, by=by)
    return set_owner(thread, by, by=by)


@action
def leave(*, by: Member, thread: Thread) -> Thread:
    """Give up owning a thread. What is offered to somebody, or to whoever takes it over, stays offered."""
    thread = lock_thread(thread)
    if thread.owner_id != by.pk:
        raise Forbidden("only_owner_leaves")
    return set_owner(thread, None, by=by)


def set_owner(
    thread: Thread, owner: Member | None, *, by: Member | None, changed: str = "owner", **more: Any
) -> Thread:
    """Give a locked thread another owner, or none. Who owns it is no helper besides."""
    thread.owner = owner
    thread.version += 1
    thread.save(update_fields=["owner", "version"])
    if owner is not None:
        helping = Helper.objects.filter(thread=thread, member=owner, until__isnull=True)
        helping.update(until=clock.now(), ended_by=owner)
        follow_unless_declined(thread, [owner.pk])
    tell_swarm(thread, by=by, changed=changed, **more)
    return thread


@action
def hand_over(*, by: Member, thread: Thread, summary: str, to: Member | None = None) -> HandOver:
    """Offer a thread to somebody, or to whoever takes it over, with what they have to know.

    Whoever owns it stays its owner until it is accepted. What was offered before is withdrawn.
    """
    thread = lock_thread(thread)
    if not may_see(by, thread):
        raise NotThere("no_thread")
    if not thread.is_unresolved:
        raise Conflict("already_resolved", _("This thread is resolved already."))
    if not may_hand_over(by, thread):
        raise Forbidden("only_owner_hands_over")
    summary = cleaned("summary", summary, most=HAND_OVER_LENGTH, needed=True)
    if len(summary) < HAND_OVER_LEAST:
        message = _("Say in at least %(least)d characters where it stands and what comes next.")
        raise Invalid({"summary": message % {"least": HAND_OVER_LEAST}})
    if to is not None:
        _check_taker(thread, to)
    _check_often(thread, to, by=by)
    if (before := _offered(thread)) is not None:
        end_hand_over(before, HandOver.State.WITHDRAWN, by=by)
    offered = HandOver.objects.create(
        thread=thread, by=by, to=to, summary=summary, html=render(summary), offered_at=clock.now()
    )
    data = {"hand_over": offered.pk, "by": named(by), "to": named(to) if to else None}
    note_in_timeline(thread, HAND_OVER_OFFERED, by=by, data=data | {"summary": summary})
    tell(thread, HAND_OVER_OFFERED, by=by, data=data)
    recipients = [to.pk] if to else _next_shift(thread)
    _tell_them(offered, HAND_OVER, recipients, by=by)
    return offered


def _check_often(thread: Thread, to: Member | None, *, by: Member) -> None:
    lately = HandOver.objects.filter(by=by, to=to, offered_at__gt=clock.now() - AN_HOUR)
    in_all = lately if to is not None else lately.filter(thread=thread)
    if too_often(in_all.values_list("thread_id", flat=True), thread.pk):
        raise TooMuch("too_often", _("You offered this again and again within the hour. Wait for an answer."))


def _check_taker(thread: Thread, to: Member) -> None:
    if not (to.is_active and not to.source_site and may_see(to, thread)):
        raise Invalid({"to": _("Nobody of this handle sees the thread. Choose somebody who does.")})
    if to.pk == thread.owner_id:
        raise Invalid({"to": _("They own the thread already. Choose somebody else.")})
    if not may_own(to, thread):
        message = _("%(name)s may not write in this thread. Choose somebody who may.")
        raise Invalid({"to": message % {"name": to.name}})


def _next_shift(thread: Thread) -> list[int]:
    """Who hears of a note to whoever takes over: the helpers, and those of the owner's organization who follow."""
    helpers = Helper.objects.filter(thread=thread, until__isnull=True).values_list("member_id", flat=True)
    following = [member for member, wanted in followings_of(thread).items() if wanted]
    organization = thread.owner.organization_id if thread.owner else thread.organization_id
    colleagues = Member.objects.filter(pk__in=following, organization_id=organization).values_list("pk", flat=True)
    return [*helpers, *colleagues]


@action
def answer_hand_over(*, by: Member, hand_over: HandOver, accepts: bool, note: str = "") -> Thread:
    """Accept a thread that was offered, or decline it. A note to whoever takes over is only accepted."""
    offered = _locked(hand_over, by=by)
    if accepts:
        return _accept(offered, by=by)
    if offered.to_id != by.pk:
        raise Forbidden("not_offered_to_you")
    note = cleaned("note", note, most=NOTE_LENGTH)
    end_hand_over(offered, HandOver.State.DECLINED, by=by, answer=note)
    _tell_them(offered, HAND_OVER_ANSWER, _owners(offered), by=by)
    return offered.thread


@action
def withdraw_hand_over(*, by: Member, hand_over: HandOver) -> None:
    """Take an offer back; the owner stays the owner."""
    offered = _locked(hand_over, by=by)
    if not may_withdraw_hand_over(by, offered):
        raise Forbidden("only_owner_hands_over")
    end_hand_over(offered, HandOver.State.WITHDRAWN, by=by)


@action
def put_note_away(*, by: Member, hand_over: HandOver) -> None:
    """Say that one has read what one was told when one took a thread over. Nobody else sees a difference: no event.

    Again changes nothing.
    """
    found = HandOver.objects.select_for_update(of=("self",), no_key=True).select_related("thread").get(pk=hand_over.pk)
    if not may_see(by, found.thread):
        raise NotThere("no_thread")
    if found.state != HandOver.State.ACCEPTED or found.answered_by_id != by.pk:
        raise Forbidden("not_offered_to_you")
    if found.put_away_at is None:
        found.put_away_at = clock.now()
        found.save(update_fields=["put_away_at"])


def _locked(hand_over: HandOver, *, by: Member) -> HandOver:
    thread = lock_thread(hand_over.thread_id)
    if not may_see(by, thread):
        raise NotThere("no_thread")
    offered = HandOver.objects.select_for_update(of=("self",), no_key=True).select_related("by", "to")
    found = offered.get(pk=hand_over.pk)
    found.thread = thread
    if found.state != HandOver.State.OFFERED:
        raise Conflict("hand_over_ended", _("This was answered or taken back already."))
    return found


def _accept(offered: HandOver, *, by: Member) -> Thread:
    thread, before = offered.thread, offered.thread.owner
    if not may_accept(by, offered):
        raise Forbidden("not_offered_to_you")
    set_owner(thread, by, by=by, changed="handed_over", **({"from": named(before)} if before else {}))
    if before is not None and before.is_active and may_see(before, thread):
        Helper.objects.get_or_create(
            thread=thread, member=before, until=None, defaults={"since": clock.now(), "invited_by": by}
        )
        tell_swarm(thread, by=by, changed="joined", member=before)
    end_hand_over(offered, HandOver.State.ACCEPTED, by=by)
    _tell_them(offered, HAND_OVER_ANSWER, {offered.by_id, *([before.pk] if before else [])}, by=by)
    return thread


def _owners(offered: HandOver) -> list[int]:
    return sorted({offered.by_id, *([offered.thread.owner_id] if offered.thread.owner_id else [])})


def _tell_them(offered: HandOver, kind: NoticeKind, members: "list[int] | set[int]", *, by: Member) -> None:
    notify(
        recipients=members,
        kind=kind,
        subject=f"thread:{offered.thread_id}",
        target=f"hand_over:{offered.pk}",
        actor=by,
        key=f"{kind.name}:{offered.pk}",
    )


def _offered(thread: Thread) -> HandOver | None:
    rows = HandOver.objects.select_for_update(of=("self",), no_key=True).select_related("by", "to")
    offered = rows.filter(thread=thread, state=HandOver.State.OFFERED).first()
    if offered is not None:
        offered.thread = thread
    return offered
