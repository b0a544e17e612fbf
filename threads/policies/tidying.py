"""Who puts what others wrote under other tags, and closes duplicates.

`rights` are found out when they are not given.
"""

from community.models import Member
from reputation.policies.privileges import has
from reputation.rules.privileges import Privilege
from threads.models import DuplicateClosing, Practice, Thread
from threads.policies.governance import Governing, governance_of
from threads.policies.practices import may_edit as may_edit_practice
from threads.policies.rights import Rights, rights_in
from threads.policies.subjects import subjects_of
from threads.policies.threads import may_edit


def may_retag(member: Member, thread: Thread, rights: Rights | None = None) -> bool:
    """Who may edit a thread; and while it is not closed, no guest, who earned enough in one of its present subjects."""
    rights = rights or rights_in(member, thread)
    if may_edit(member, thread, rights):
        return True
    if not rights.sees or rights.guest or thread.status == Thread.Status.CLOSED:
        return False
    return has(member, Privilege.RETAG, subjects_of(thread))


def may_retag_practice(
    member: Member, practice: Practice, rights: Rights | None = None, governing: Governing | None = None
) -> bool:
    """Who may edit a practice; and who earned enough in one of its present subjects, where it is not by approval."""
    rights, governing = rights or rights_in(member, practice), governing or governance_of(practice)
    if may_edit_practice(member, practice, rights, governing):
        return True
    if not rights.sees or practice.follows_record or not practice.is_current or governing.by_approval:
        return False
    return has(member, Privilege.RETAG, subjects_of(practice))


def may_close_duplicate(member: Member, thread: Thread, rights: Rights | None = None) -> bool:
    """Who may edit an unresolved thread, and, no guest, who earned enough in one of its subjects."""
    rights = rights or rights_in(member, thread)
    if not rights.sees or rights.guest or not thread.is_unresolved:
        return False
    return may_edit(member, thread, rights) or has(member, Privilege.DUPLICATES, subjects_of(thread))


def may_open_again(member: Member, closing: DuplicateClosing, rights: Rights | None = None) -> bool:
    """Who asked or owns the thread says that it is no duplicate; so do moderators, and whoever closed it."""
    rights = rights or rights_in(member, closing.thread)
    if not rights.sees or rights.guest or closing.undone_at is not None:
        return False
    return closing.by_id == member.pk or may_edit(member, closing.thread, rights)
