"""Who may say that a practice was used, and take that back."""

from community.models import Grant, Member
from community.policies.members import is_organization_admin
from threads.models import Practice, Reuse, Thread
from threads.policies.rights import Rights, is_removed, rights_in
from threads.policies.threads import may_edit, may_reply


def may_use(member: Member, thread: Thread, rights: Rights | None = None) -> bool:
    """Whoever may reply says what they used, unless they were removed from the swarm."""
    return may_reply(member, thread, rights) and not is_removed(member, thread, rights)


def may_withdraw(member: Member, reuse: Reuse, rights: Rights | None = None) -> bool:
    """Whoever said it, the asker, the owner, and the space's moderators, while the thread takes replies."""
    rights = rights or rights_in(member, reuse.thread)
    if not may_reply(member, reuse.thread, rights):
        return False
    return reuse.by_id == member.pk or may_edit(member, reuse.thread, rights)


def takes_adoptions(practice: Practice) -> bool:
    """Whether organizations say of it what they make of it: while it is in use, also under a warning.

    Of what is still being written, or is out of use, they only take back what they said.
    """
    return practice.confidence not in (Practice.Confidence.ARCHIVED, Practice.Confidence.WORK_IN_PROGRESS)


def may_adopt(member: Member, organization_id: int) -> bool:
    """An organization's administrators, and those of its members who curate anywhere, decide what it works by."""
    if is_organization_admin(member, organization_id):
        return True
    if not member.is_active or member.organization_id != organization_id or member.granted is False:
        return False
    return Grant.objects.filter(member=member, role=Grant.Role.CURATOR).exists()
