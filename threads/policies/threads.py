"""Who may do what in a thread. Each predicate implies that the member may see it.

`rights` are found out when they are not given; give them when asking several questions about one thread.
"""

from community.models import Member, Space
from community.policies.spaces import may_see_space
from threads.models import Practice, Thread
from threads.policies.audience import guest_right, is_in_audience
from threads.policies.audience import may_see as may_see_audienced
from threads.policies.rights import Rights, is_removed, rights_in


def may_see(member: Member, thread: Thread) -> bool:
    """The predicate that agrees with `queries.threads.threads_visible_to`."""
    return may_see_audienced(member, thread)


def may_post(member: Member, space: Space) -> bool:
    """Whoever sees a space may post problems there."""
    return may_see_space(member, space)


def may_reply(member: Member, thread: Thread, rights: Rights | None = None) -> bool:
    """Whoever sees a thread may reply to it, until it is closed; but not who was let in only to read."""
    if thread.status == Thread.Status.CLOSED:
        return False
    if rights is not None:
        return rights.sees and not rights.reads_only
    return is_in_audience(member, thread) or bool(guest_right(member, thread))


def may_edit(member: Member, thread: Thread, rights: Rights | None = None) -> bool:
    """The asker, the owner and the space's moderators change what a thread says of itself."""
    rights = rights or rights_in(member, thread)
    return rights.sees and (_has_part(member, thread) or rights.moderates)


def may_resolve(member: Member, thread: Thread, rights: Rights | None = None) -> bool:
    """The asker, the owner, and the space's moderators and curators say what fixed it; they also reopen."""
    rights = rights or rights_in(member, thread)
    return rights.sees and (_has_part(member, thread) or rights.moderates or rights.curates)


def may_reopen(member: Member, thread: Thread, rights: Rights | None = None) -> bool:
    """Whoever may resolve a thread may reopen it."""
    return may_resolve(member, thread, rights)


def may_close(member: Member, thread: Thread, rights: Rights | None = None) -> bool:
    """Moderators close threads and open them again."""
    return (rights or rights_in(member, thread)).moderates


def may_own(member: Member, thread: Thread, rights: Rights | None = None) -> bool:
    """Whoever may reply may take a thread that has no owner, unless they were removed from its swarm."""
    return may_reply(member, thread, rights) and not is_removed(member, thread, rights)


def may_write_record(
    member: Member, thread: Thread, rights: Rights | None = None, *, recorded: bool | None = None
) -> bool:
    """Everyone who may reply writes the working record, until it is in the archive; work goes on in the practice.

    Not who was removed from the swarm. `recorded` says whether it is in the archive, when that is known. Asked for many
    at once: `policies.sight.writable` and `Sight.writes`.
    """
    if not may_reply(member, thread, rights) or is_removed(member, thread, rights):
        return False
    return not (in_archive(thread) if recorded is None else recorded)


def in_archive(thread: Thread) -> bool:
    """Whether the thread's record went into the archive for good; not while a practice follows it."""
    return Practice.objects.filter(thread=thread, follows_record=False).exists()


def has_practice(thread: Thread) -> bool:
    """Whether a practice was made of it, or begun."""
    return Practice.objects.filter(thread=thread).exists()


def _has_part(member: Member, thread: Thread) -> bool:
    return member.pk in (thread.author_id, thread.owner_id)
