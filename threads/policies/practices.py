"""Who may do what in the archive. `rights` are found out when they are not given."""

from community.models import Member
from threads.models import Practice, Thread
from threads.policies.audience import may_see as may_see_audienced
from threads.policies.rights import Rights, rights_in
from threads.policies.threads import may_reply


def may_see(member: Member, practice: Practice) -> bool:
    """The predicate that agrees with `queries.archive.practices_visible_to`."""
    return may_see_audienced(member, practice)


def may_record(member: Member, thread: Thread, rights: Rights | None = None) -> bool:
    """Everyone who may write the record of a resolved thread may put it into the archive.

    Curators also when it is closed.
    """
    rights = rights or rights_in(member, thread)
    return rights.curates or may_reply(member, thread, rights)


def may_edit(member: Member, practice: Practice, rights: Rights | None = None) -> bool:
    """Whoever recorded a practice, and the curators of its space."""
    rights = rights or rights_in(member, practice)
    return rights.sees and (practice.recorded_by_id == member.pk or rights.curates)
