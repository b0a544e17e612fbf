"""Relating threads: a duplicate, or something that belongs beside it."""

from django.utils.translation import gettext as _

from community.errors import Forbidden, Invalid, NotThere
from community.events import action
from community.models import Member
from community.rules import clock
from threads.actions.locking import lock_thread
from threads.actions.telling import tell
from threads.facts.threads import THREAD_CHANGED
from threads.models import Relation, Thread
from threads.policies.threads import may_edit, may_see


@action
def relate(*, by: Member, thread: Thread, other: Thread, kind: str) -> Relation:
    """Say that `thread` duplicates, or is related to, `other`; saying it again changes nothing.

    For those who may edit the thread. Raises NotThere when they may not see the other one; readers who may not see it
    are never shown the relation.
    """
    thread = lock_thread(thread)
    if not may_edit(by, thread):
        raise Forbidden("only_asker_owner_or_moderator")
    if not may_see(by, other):
        raise NotThere("no_thread")
    if kind not in Relation.Kind.values or thread.pk == other.pk:
        raise Invalid({"kind": _("Choose another thread, and whether this one duplicates it or is related to it.")})
    relation, made = Relation.objects.get_or_create(
        thread=thread, other=other, kind=kind, defaults={"added_by": by, "added_at": clock.now()}
    )
    if made:
        thread.version += 1
        thread.save(update_fields=["version"])
        changes = {"relations": Relation.objects.filter(thread=thread).count()}
        tell(thread, THREAD_CHANGED, by=by, data={"changes": changes, "version": thread.version})
    return relation
