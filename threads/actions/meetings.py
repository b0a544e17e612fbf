"""Writing down calls and meetings about a thread: who was there and what came of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events import action
from community.models import Member
from community.rendering.markdown import render
from community.rendering.people import named
from community.rules import clock
from threads.actions.locking import lock_thread
from threads.actions.sending import made_once, sent_by
from threads.actions.telling import forget_in_timeline, note_in_timeline, tell
from threads.audience import seen_by
from threads.facts.swarm import MEETING_DELETED, MEETING_LOGGED
from threads.models import Meeting, Thread
from threads.policies.swarm import may_delete_meeting, may_log_meeting
from threads.policies.threads import may_see
from threads.rules.limits import ATTENDEES_LENGTH, LONGEST_MEETING, MOST_ATTENDEES, OUTCOME_LENGTH
from threads.rules.texts import cleaned, one_line

_CLOCKS_DIFFER = timedelta(minutes=5)
_LONGEST_AGO = timedelta(days=3653)


@made_once(lambda sent: sent, sent_by("logged_by", Meeting.objects.all()))
@action
def log_meeting(  # noqa: PLR0913  (a meeting has many parts, each with its own name)
    *,
    by: Member,
    thread: Thread,
    kind: str,
    held_at: datetime,
    minutes: int,
    outcome: str,
    attendees: Sequence[Member] = (),
    others: str = "",
    client_id: str | None = None,
) -> Meeting:
    """Write down a call or meeting. `others` names people who are no members. The same `client_id` again returns the
    same meeting.

    Raises Invalid for what cannot be used: nobody named, an attendee who does not see the thread, a time to come.
    """
    thread = lock_thread(thread)
    if not may_see(by, thread):
        raise NotThere("no_thread")
    if not may_log_meeting(by, thread):
        raise Forbidden("may_not_log_meeting")
    people = list({member.pk: member for member in attendees}.values())
    meeting = Meeting(
        thread=thread, kind=kind, held_at=held_at, minutes=minutes, logged_by=by, logged_at=clock.now(),
        client_id=client_id or None,
        others=one_line("others", others, most=ATTENDEES_LENGTH),
        outcome=cleaned("outcome", outcome, most=OUTCOME_LENGTH, needed=True),
    )  # fmt: skip
    _check(meeting, people)
    meeting.html = render(meeting.outcome)
    meeting.save()
    meeting.attendees.set(people)
    data = {"meeting": meeting.pk, "attendees": [named(member) for member in people]}
    note_in_timeline(thread, MEETING_LOGGED, by=by, data=data | _more(meeting))
    tell(thread, MEETING_LOGGED, by=by, data=data)
    return meeting


@action
def delete_meeting(*, by: Member, meeting: Meeting) -> None:
    """Take back what was written of a meeting: by whoever wrote it, or a moderator."""
    thread = lock_thread(meeting.thread_id)
    found = Meeting.objects.select_for_update(of=("self",), no_key=True).filter(pk=meeting.pk).first()
    if found is None or not may_see(by, thread):
        raise NotThere("no_meeting")
    if found.deleted_at is not None:
        raise Conflict("meeting_deleted_already")
    found.thread = thread
    if not may_delete_meeting(by, found):
        raise Forbidden("only_author_or_moderator_deletes_meeting")
    found.deleted_at, found.deleted_by = clock.now(), by
    found.save(update_fields=["deleted_at", "deleted_by"])
    forget_in_timeline(thread, MEETING_LOGGED, "outcome", "others", "url", meeting=found.pk)
    note_in_timeline(thread, MEETING_DELETED, by=by, data={"meeting": found.pk})
    tell(thread, MEETING_DELETED, by=by, data={"meeting": found.pk})


def _check(meeting: Meeting, people: Sequence[Member]) -> None:
    if meeting.kind not in Meeting.Kind.values:
        raise Invalid({"kind": _("Choose a call or a meeting.")})
    if meeting.held_at > clock.now() + _CLOCKS_DIFFER:
        raise Invalid({"held_at": _("This is still to come. Write it down afterwards.")})
    if meeting.held_at < clock.now() - _LONGEST_AGO:
        raise Invalid({"held_at": _("This is more than ten years ago. Look at the year.")})
    if not 1 <= meeting.minutes <= LONGEST_MEETING:
        raise Invalid({"minutes": _("Give minutes from 1 to %(most)d.") % {"most": LONGEST_MEETING}})
    if not people and not meeting.others:
        raise Invalid({"attendees": _("Say who was there.")})
    if len(people) > MOST_ATTENDEES:
        raise Invalid({"attendees": _("Name at most %(most)d members.") % {"most": MOST_ATTENDEES}})
    if {member.pk for member in people} - seen_by(meeting.thread_id, [member.pk for member in people]):
        raise Invalid({"attendees": _("Nobody of this handle sees the thread. Look it up under People.")})


def _more(meeting: Meeting) -> dict[str, Any]:
    """For the timeline only, where the thread's readers see it with the rest."""
    return {
        "kind": meeting.kind,
        "minutes": meeting.minutes,
        "others": meeting.others,
        "outcome": meeting.outcome,
        "held_at": meeting.held_at.isoformat(),
        "url": f"{reverse('thread-meetings', args=[meeting.thread_id])}?before={meeting.pk + 1}#meeting-{meeting.pk}",
    }
