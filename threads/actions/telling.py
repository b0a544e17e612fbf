"""What several actions tell: a thread's change, its place in the timeline, its followers, its space."""

from collections.abc import Collection, Mapping
from typing import Any

from community.actions.inbox import notify
from community.events import emit, emit_change, thread_stream
from community.facts.inbox import NoticeKind
from community.facts.kinds import Kind
from community.models import Member
from community.rendering.people import named
from community.rules import clock
from community.rules.rows import insert_all
from reputation.actions.awards import About
from threads.actions.indexing import index_event, unindex_event
from threads.audience import followings_of
from threads.facts.swarm import AUDIENCE_WIDENED
from threads.facts.threads import SWARM_CHANGED
from threads.models import Audience, Following, Guest, Post, Practice, Thread, TimelineEntry
from threads.policies.threads import may_see


def tell(thread: Thread, kind: Kind, *, by: Member | None, data: dict[str, Any], html: str = "") -> None:
    """Emit to the thread's stream and hint to its space's list."""
    emit(thread_stream(thread.pk), kind, actor=by, data=data, html=html)
    emit_change(f"space:{thread.space.slug}")


def note_in_timeline(
    thread: Thread,
    kind: Kind,
    *,
    by: Member | None,
    data: dict[str, Any] | None = None,
    practice: Practice | None = None,
) -> TimelineEntry:
    """Keep a change in its place between the posts, found by what somebody wrote there.

    About a `practice` it is for those who see that, whoever they will be: `data` says nothing of it.
    """
    entry = TimelineEntry.objects.create(
        thread=thread, after_number=thread.last_number, kind=kind.name, actor=by, at=clock.now(), data=data or {},
        practice=practice,
    )  # fmt: skip
    index_event(entry)
    return entry


def forget_in_timeline(thread: Thread, kind: Kind, *names: str, **told: int) -> None:
    """Take what was told under these names out of those entries of this kind that told this: it is found no more."""
    where = {f"data__{key}": value for key, value in told.items()}
    for entry in TimelineEntry.objects.filter(thread=thread, kind=kind.name, **where):
        entry.data = {name: text for name, text in entry.data.items() if name not in names}
        entry.save(update_fields=["data"])
        unindex_event(entry.pk)


def tell_swarm(thread: Thread, *, by: Member | None, changed: str, member: Member | None = None, **more: Any) -> None:
    """Tell who owns the thread, who helps, and what happens next.

    `changed` says what is new: owner, next_action, handed_over, or a `member` who joined, left or was removed. `more`
    is for the timeline only.
    """
    data = swarm_data(thread)
    noted = data | {"changed": changed} | more
    if member is not None:
        noted["member"] = named(member)
    note_in_timeline(thread, SWARM_CHANGED, by=by, data=noted)
    tell(thread, SWARM_CHANGED, by=by, data=data)


def swarm_data(thread: Thread) -> dict[str, Any]:
    """The swarm as events name it."""
    owner, due, who = thread.owner, thread.next_action_due, thread.next_action_by
    helpers = Member.objects.filter(helping__thread=thread, helping__until__isnull=True)
    return {
        "owner": named(owner) if owner else None,
        "next_action": {
            "what": thread.next_action,
            "who": named(who) if who else None,
            "due": due.isoformat() if due else None,
        },
        "helpers": [named(helper) for helper in helpers.order_by("helping__since", "helping__pk")],
    }


def tell_audience(thread: Thread, *, by: Member | None, change: str, member: Member | None = None) -> None:
    """Tell how open the thread is now. The timeline names the guest, the stream says only how many there are."""
    organizations = [] if thread.audience != Audience.ORGANIZATIONS else _named(thread)
    guests = Guest.objects.filter(thread=thread, until__isnull=True).count()
    data = {"audience": thread.audience, "organizations": organizations, "guests": guests}
    noted = {**data, "change": change, **({"member": named(member)} if member else {})}
    note_in_timeline(thread, AUDIENCE_WIDENED, by=by, data=noted)
    tell(thread, AUDIENCE_WIDENED, by=by, data=data)


def _named(thread: Thread) -> list[str]:
    return list(thread.audience_organizations.order_by("name").values_list("name", flat=True))


def follow_unless_declined(thread: Thread, members: Collection[int]) -> None:
    """Have members hear of the thread they took part in, unless they said that they do not want to."""
    if members:
        rows = [Following(member_id=member, thread=thread, since=clock.now()) for member in sorted(members)]
        insert_all(rows, unless_there=True)


def tell_followers(
    thread: Thread,
    kind: NoticeKind,
    *,
    by: Member | None,
    target: str,
    besides: Collection[int] = (),
    followings: Mapping[int, bool] | None = None,
) -> None:
    """Put a notice into the inbox of everyone who follows the thread and may see it; `followings` when known."""
    followings = followings_of(thread) if followings is None else followings
    recipients = [member for member, wanted in followings.items() if wanted and member not in besides]
    notify(recipients=recipients, kind=kind, subject=f"thread:{thread.pk}", target=target, actor=by)


def tell_author(post: Post, kind: NoticeKind, *, by: Member) -> None:
    """Put a notice about a post into its author's inbox, if they may still see the thread."""
    if may_see(post.author, post.thread):
        subject, target = f"thread:{post.thread_id}", f"post:{post.pk}"
        notify(recipients=[post.author_id], kind=kind, subject=subject, target=target, actor=by)


def about(thread: Thread) -> About:
    """The subjects in which what is earned in this thread counts."""
    tags = tuple(thread.tags.values_list("slug", flat=True))
    return About(product=thread.product.slug if thread.product else "", tags=tags, space=thread.space.slug)
