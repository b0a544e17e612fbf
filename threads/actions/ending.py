"""What ends in a thread when it is resolved or closed: nobody is looked for any more, and it is not handed over.

And what ends when it is open again: that it was a duplicate."""

from community.actions.inbox import notify
from community.models import Member
from community.rendering.people import named
from community.rules import clock
from threads.actions.telling import note_in_timeline, tell
from threads.facts.swarm import HAND_OVER_ANSWERED, HELP_ENDED, NOT_NEEDED
from threads.models import ANSWERABLE, Asked, DuplicateClosing, HandOver, HelpRequest, Relation, Thread


def end_asking(thread: Thread, *, by: Member) -> None:
    """End every open request of a thread, which the caller has locked, and an open hand-over."""
    rows = HelpRequest.objects.select_for_update(no_key=True).filter(thread=thread, state=HelpRequest.State.OPEN)
    for request in rows.order_by("pk"):
        request.thread = thread
        end_request(request, HelpRequest.State.CLOSED, by=by)
    offered = HandOver.objects.select_for_update(no_key=True).filter(thread=thread, state=HandOver.State.OFFERED)
    for hand_over in offered:
        hand_over.thread = thread
        end_hand_over(hand_over, HandOver.State.WITHDRAWN, by=by)


def end_closing(thread: Thread, *, by: Member) -> None:
    """A locked thread that was closed as a duplicate is open again: it is none, whoever says so."""
    closing = DuplicateClosing.objects.filter(thread=thread, undone_at__isnull=True).first()
    if closing is None:
        return
    closing.undone_by, closing.undone_at = by, clock.now()
    closing.save(update_fields=["undone_by", "undone_at"])
    if closing.related:
        kind = Relation.Kind.DUPLICATE
        Relation.objects.filter(thread=thread, other_id=closing.other_id, kind=kind).delete()


def end_request(request: HelpRequest, state: HelpRequest.State, *, by: Member | None) -> None:
    """End a request that is locked, and tell those who were still thinking about it."""
    request.state, request.ended_at, request.next_try_at = state, clock.now(), None
    request.save(update_fields=["state", "ended_at", "next_try_at"])
    waiting = Asked.objects.select_for_update(no_key=True).filter(request=request, answer__in=ANSWERABLE)
    members = [asked.member_id for asked in waiting.order_by("pk")]
    waiting.update(answer=Asked.Answer.WITHDRAWN, answered_at=clock.now())
    thread = request.thread
    data = {"request": request.pk, "state": str(state)}
    note_in_timeline(thread, HELP_ENDED, by=by, data=data)
    tell(thread, HELP_ENDED, by=by, data=data)
    notify(
        recipients=members,
        kind=NOT_NEEDED,
        subject=f"thread:{thread.pk}",
        target=f"request:{request.pk}",
        actor=by,
        key=f"{NOT_NEEDED.name}:{request.pk}",
    )


def withdraw_offers(thread: Thread, to: Member, *, by: Member | None) -> None:
    """Take back that a locked thread is offered to somebody who can take it over no more."""
    offered = HandOver.objects.select_for_update(no_key=True).filter(thread=thread, state=HandOver.State.OFFERED)
    for hand_over in offered.filter(to=to):
        hand_over.thread = thread
        end_hand_over(hand_over, HandOver.State.WITHDRAWN, by=by)


def end_hand_over(hand_over: HandOver, state: HandOver.State, *, by: Member | None, answer: str = "") -> None:
    """Accept, decline or withdraw an offered hand-over that is locked; its `thread` has who owns it now."""
    hand_over.state, hand_over.answered_by, hand_over.answered_at = state, by, clock.now()
    hand_over.answer = answer
    hand_over.save(update_fields=["state", "answered_by", "answered_at", "answer"])
    thread = hand_over.thread
    owner = named(thread.owner) if thread.owner else None
    data = {"hand_over": hand_over.pk, "state": str(state), "owner": owner}
    note_in_timeline(thread, HAND_OVER_ANSWERED, by=by, data=data)
    tell(thread, HAND_OVER_ANSWERED, by=by, data=data)
