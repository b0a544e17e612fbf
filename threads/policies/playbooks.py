"""Who sees, writes and runs playbooks. Each predicate implies that the member may see it."""

from community.models import Grant, Member, Space
from community.policies.members import is_organization_admin
from community.policies.spaces import may_see_space
from threads.models import Audience, Playbook, Run, Thread
from threads.policies.audience import is_in_audience
from threads.policies.rights import Rights, rights_in
from threads.policies.swarm import may_join

_OWN = (Audience.CENTER, Audience.ORGANIZATION)


def may_see(member: Member, playbook: Playbook) -> bool:
    """The predicate that agrees with `queries.playbooks.playbooks_visible_to`."""
    return is_in_audience(member, playbook)


def may_make(member: Member, space: Space, audience: str) -> bool:
    """Curators and moderators of the space; for their own organization its administrators too."""
    if not may_see_space(member, space):
        return False
    if member.is_superuser or has_role(member, space):
        return True
    return audience in _OWN and is_organization_admin(member, member.organization_id)


def has_role(member: Member, space: Space) -> bool:
    """Whether the member curates or moderates the space."""
    roles = (Grant.Role.CURATOR, Grant.Role.MODERATOR)
    return Grant.objects.filter(member=member, space=space, role__in=roles).exists()


def may_edit(member: Member, playbook: Playbook, rights: Rights | None = None) -> bool:
    """Whoever made it or looks after it, and curators."""
    rights = rights or rights_in(member, playbook)
    return rights.sees and (rights.curates or member.pk in (playbook.made_by_id, playbook.keeper_id))


def may_run(member: Member, thread: Thread, rights: Rights | None = None) -> bool:
    """Whoever may help with the thread goes through playbooks in it, while it is not resolved."""
    return may_join(member, thread, rights)


def may_mark(member: Member, run: Run, rights: Rights | None = None) -> bool:
    """The same people mark its steps."""
    return run.is_running and may_run(member, run.thread, rights)


def may_end(member: Member, run: Run, rights: Rights | None = None) -> bool:
    """They say what came of it, too; once the thread is resolved whoever started it, the thread's owner, moderators."""
    rights = rights or rights_in(member, run.thread)
    own = rights.moderates or member.pk in (run.started_by_id, run.thread.owner_id)
    return run.is_running and rights.sees and (own or may_run(member, run.thread, rights))


def may_unmark(member: Member, thread: Thread, marked_by: int | None, rights: Rights | None = None) -> bool:
    """Whoever marked a step takes that back; the thread's owner and moderators too."""
    rights = rights or rights_in(member, thread)
    return rights.sees and (member.pk in (marked_by, thread.owner_id) or rights.moderates)
