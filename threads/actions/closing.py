"""Closing a thread as a duplicate of one that is solved, and opening it again."""

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events import action
from community.models import Member
from community.rules import clock
from reputation.rules.privileges import Privilege
from threads.actions.locking import lock_record, lock_thread
from threads.actions.telling import tell_followers
from threads.actions.threads import apply_changes
from threads.facts.threads import CLOSED_AS_DUPLICATE
from threads.models import DuplicateClosing, Relation, Thread
from threads.policies.rights import rights_in
from threads.policies.subjects import subjects_of
from threads.policies.threads import may_see
from threads.policies.tidying import may_close_duplicate, may_open_again
from threads.queries.privileges import lacking
from threads.rules.limits import REASON_LENGTH
from threads.rules.texts import one_line


@action
def close_duplicate(*, by: Member, thread: Thread, other: Thread, reason: str = "") -> DuplicateClosing:
    """Close an unresolved thread because `other` solves the same problem; its followers are told, and led there.

    For who may edit the thread, and who earned enough in its subjects. Raises NotThere for what they do not see,
    Conflict when the thread is resolved or closed, Invalid when the other one is not resolved or its asker would not
    see it.
    """
    thread = lock_thread(thread)
    rights = rights_in(by, thread)
    if not rights.sees or not may_see(by, other):
        raise NotThere("no_thread")
    if not thread.is_unresolved:
        raise Conflict("not_open", _("This thread is not open."))
    if not may_close_duplicate(by, thread, rights):
        words = lacking(by, Privilege.DUPLICATES, subjects_of(thread))
        raise Forbidden("needs_standing", words if not rights.guest else "")
    other = Thread.objects.get(pk=other.pk)
    _check(thread, other)
    reason = one_line("reason", reason, most=REASON_LENGTH)
    lock_record(thread)  # so that nothing is written there once it is closed
    _relation, related = Relation.objects.get_or_create(
        thread=thread, other=other, kind=Relation.Kind.DUPLICATE, defaults={"added_by": by, "added_at": clock.now()}
    )
    closing = DuplicateClosing.objects.create(
        thread=thread, other=other, by=by, at=clock.now(), reason=reason, related=related
    )
    apply_changes(thread, {"status": Thread.Status.CLOSED}, by=by)
    tell_followers(thread, CLOSED_AS_DUPLICATE, by=by, target=f"duplicate:{closing.pk}")
    return closing


def _check(thread: Thread, other: Thread) -> None:
    if other.pk == thread.pk or other.status != Thread.Status.RESOLVED:
        raise Invalid({"other": _("Choose another thread that is resolved.")})
    asker = thread.author
    if asker.is_active and not asker.source_site and not may_see(asker, other):
        raise Invalid({"other": _("Whoever asked does not see that thread. Choose one that helps them.")})


@action
def open_again(*, by: Member, thread: Thread) -> Thread:
    """Say that a thread that was closed as a duplicate is none: it is open again.

    For its asker, its owner, moderators, and whoever closed it. Raises Conflict when it is not closed as one.
    """
    thread = lock_thread(thread)
    rights = rights_in(by, thread)
    if not rights.sees:
        raise NotThere("no_thread")
    closing = DuplicateClosing.objects.filter(thread=thread, undone_at__isnull=True).first()
    if closing is None or thread.status != Thread.Status.CLOSED:
        raise Conflict("not_a_duplicate", _("This thread was not closed as a duplicate, or is open again."))
    closing.thread = thread
    if not may_open_again(by, closing, rights):
        raise Forbidden("only_asker_owner_or_moderator")
    lock_record(thread)
    return apply_changes(thread, {"status": Thread.Status.OPEN}, by=by)
