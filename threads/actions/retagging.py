"""Putting what others wrote under other tags."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events import action
from community.models import Member
from reputation.rules.privileges import Privilege
from threads.actions.locking import lock_practice, lock_thread
from threads.actions.practices import content_of, must_be_text, revise
from threads.actions.threads import apply_changes, change_tags, tags_named
from threads.models import Practice, PracticeVersion, Thread
from threads.policies.governance import governance_of
from threads.policies.rights import rights_in
from threads.policies.subjects import subjects_of
from threads.policies.tidying import may_retag, may_retag_practice
from threads.queries.privileges import lacking


@action
def retag_thread(*, by: Member, thread: Thread, tags: Iterable[str]) -> Thread:
    """Put a thread under these tags instead of its own. The same ones again change nothing.

    For who may edit it, and who earned enough in one of its subjects as they are; its timeline says who did it.
    """
    thread = lock_thread(thread)
    rights = rights_in(by, thread)
    if not rights.sees:
        raise NotThere("no_thread")
    if not may_retag(by, thread, rights):
        raise _refused(by, thread, is_guest=rights.guest)
    changes = change_tags(thread, tags)
    return apply_changes(thread, changes, by=by) if changes else thread


@action
def retag_practice(*, by: Member, practice: Practice, tags: Iterable[str], version: int) -> Practice:
    """Put a practice under these tags instead of its own, as a version of it. The same ones again change nothing.

    For who may edit it, and who earned enough in one of its subjects as they are. Raises Conflict when there is a
    newer version, and where tags would put it under other rules of approval, which is for who sets those.
    """
    practice = lock_practice(practice)
    rights = rights_in(by, practice)
    if not rights.sees:
        raise NotThere("no_practice")
    must_be_text(practice)
    governing = governance_of(practice)
    if not may_retag_practice(by, practice, rights, governing):
        if governing.by_approval:
            raise Forbidden("may_not_edit_practice", _("It is looked after by approval. Suggest an edit."))
        raise _refused(by, practice)
    if version != practice.version:
        raise Conflict("revised_meanwhile", _("Somebody revised this practice meanwhile. Look at it, then try again."))
    slugs = sorted(tag.slug for tag in tags_named(tags))
    revise(practice, content_of(practice)._replace(tags=slugs), by=by, kind=PracticeVersion.Kind.EDITED)
    if not rights.curates and governance_of(practice).by_approval:
        raise Invalid({"tags": _("One of these tags is looked after by approval. Ask a curator to add it.")})
    return practice


def _refused(by: Member, thing: Thread | Practice, *, is_guest: bool = False) -> Forbidden:
    words = lacking(by, Privilege.RETAG, subjects_of(thing))
    return Forbidden("needs_standing", "" if is_guest else words)
