"""Who may do what in the swarm of a thread. `rights` are found out when they are not given.

A guest sees the thread and helps with it, but asks nobody else in and hands it to nobody who is not in the audience.
"""

from community.models import Member
from community.policies.members import is_organization_admin
from threads.models import ANSWERABLE, Asked, Guest, HandOver, Helper, HelpRequest, Meeting, Thread
from threads.policies.rights import Rights, is_removed, rights_in
from threads.policies.threads import may_own, may_reply


def may_join(member: Member, thread: Thread, rights: Rights | None = None) -> bool:
    """Whoever may reply may help with an unresolved thread, unless they were removed and not invited again."""
    return thread.is_unresolved and may_reply(member, thread, rights) and not is_removed(member, thread, rights)


def may_ask(member: Member, thread: Thread, rights: Rights | None = None) -> bool:
    """Whoever may help, and whoever asked the thread, may ask others who see it; guests do not."""
    rights = rights or rights_in(member, thread)
    return not rights.guest and may_join(member, thread, rights)


def may_let_in(member: Member, thread: Thread, rights: Rights | None = None, *, helps: bool | None = None) -> bool:
    """Only people of the thread's own organization open it further: its asker, owner, helpers and moderators.

    Its administrators and those of the network too; never somebody of a partner for a third party, never a guest.
    `helps` says whether the member does, when that is known.
    """
    rights = rights or rights_in(member, thread)
    if not rights.sees or rights.guest:
        return False
    if member.is_superuser:
        return True
    if member.organization_id != thread.organization_id or is_removed(member, thread, rights):
        return False
    if rights.moderates or member.pk in (thread.author_id, thread.owner_id):
        return True
    helps = is_helping(member, thread) if helps is None else helps
    if helps or rights.administers is not None:
        return helps or bool(rights.administers)
    return is_organization_admin(member, thread.organization_id)


may_widen = may_let_in


def may_withdraw(member: Member, request: HelpRequest, rights: Rights | None = None) -> bool:
    """Whoever asked, the thread's owner and moderators take a request back."""
    rights = rights or rights_in(member, request.thread)
    return rights.sees and (member.pk in (request.by_id, request.thread.owner_id) or rights.moderates)


def may_answer(member: Member, asked: Asked, rights: Rights | None = None) -> bool:
    """Whoever was asked answers, while somebody is still looked for and they said neither yes nor no."""
    open_still = asked.request.is_open and asked.answer in ANSWERABLE
    if not (member.is_active and asked.member_id == member.pk and open_still):
        return False
    return (rights or rights_in(member, asked.request.thread)).sees


def may_hand_over(member: Member, thread: Thread, rights: Rights | None = None) -> bool:
    """The owner hands over; for one who left the network, moderators and administrators of that organization do."""
    if thread.owner is None or not thread.is_unresolved:
        return False
    rights = rights or rights_in(member, thread)
    if not rights.sees:
        return False
    if thread.owner_id == member.pk:
        return not rights.reads_only
    if thread.owner.is_active or rights.guest:
        return False
    return rights.moderates or is_organization_admin(member, thread.owner.organization_id)


def may_accept(member: Member, hand_over: HandOver, rights: Rights | None = None) -> bool:
    """The one it is offered to; a note to whoever takes over, everybody who may own the thread."""
    thread = hand_over.thread
    to_them = hand_over.to_id in (None, member.pk) and member.pk != thread.owner_id
    offered = hand_over.state == HandOver.State.OFFERED and thread.is_unresolved
    return offered and to_them and may_own(member, thread, rights)


def may_withdraw_hand_over(member: Member, hand_over: HandOver, rights: Rights | None = None) -> bool:
    """Whoever offered it, the owner and moderators take an offer back."""
    rights = rights or rights_in(member, hand_over.thread)
    return rights.sees and (member.pk in (hand_over.by_id, hand_over.thread.owner_id) or rights.moderates)


def may_remove_helper(member: Member, thread: Thread, rights: Rights | None = None) -> bool:
    """The owner and moderators remove helpers. (Leaving is everybody's own act.)"""
    rights = rights or rights_in(member, thread)
    return rights.sees and (member.pk == thread.owner_id or rights.moderates)


def may_end_guest(member: Member, guest: Guest, rights: Rights | None = None) -> bool:
    """The owner, moderators, the asker, whoever let them in, and they themselves end a guest's right."""
    if member.pk == guest.member_id:
        return member.is_active
    rights = rights or rights_in(member, guest.thread)
    own = member.pk in (guest.invited_by_id, guest.thread.owner_id, guest.thread.author_id)
    return rights.sees and not rights.guest and (own or rights.moderates)


def may_log_meeting(member: Member, thread: Thread, rights: Rights | None = None, *, helps: bool | None = None) -> bool:
    """Those in the swarm, the asker and moderators write down calls, while the thread takes replies."""
    rights = rights or rights_in(member, thread)
    if not may_reply(member, thread, rights) or is_removed(member, thread, rights):
        return False
    if rights.moderates or member.pk in (thread.author_id, thread.owner_id):
        return True
    return is_helping(member, thread) if helps is None else helps


def may_delete_meeting(member: Member, meeting: Meeting, rights: Rights | None = None) -> bool:
    """Whoever wrote it down, and moderators."""
    rights = rights or rights_in(member, meeting.thread)
    stands = rights.sees and meeting.deleted_at is None
    return stands and (meeting.logged_by_id == member.pk or rights.moderates)


def is_helping(member: Member, thread: Thread) -> bool:
    """Whether the member helps with the thread now."""
    return Helper.objects.filter(thread=thread, member=member, until__isnull=True).exists()
