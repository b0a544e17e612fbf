"""Several changes to a thread at once: all of them, or none."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from community.errors import Invalid
from community.events import action
from community.models import Member
from threads.actions.following import follow
from threads.actions.ownership import leave, take
from threads.actions.records import save_record
from threads.actions.threads import edit_thread, plan
from threads.models import Thread


@action
def change_thread(
    *,
    by: Member,
    thread: Thread,
    edits: Mapping[str, Any],
    owner: str | None = "",
    following: bool | None = None,
    record: Mapping[str, str] | None = None,
    record_version: int | None = None,
    planned: Mapping[str, Any] | None = None,
) -> None:
    """Edit a thread (`edits` as for edit_thread), take (one's own handle) or leave it (None), follow, save its record.

    `planned` is what happens next, as for plan.

    Refused as each of these is; then nothing is changed at all.
    """
    if edits:
        edit_thread(by=by, thread=thread, **edits)
    if planned is not None:
        plan(by=by, thread=thread, **planned)
    if owner != "":
        _hand(thread, owner, by=by)
    if following is not None:
        follow(by=by, thread=thread, wanted=following)
    if record is not None:
        save_record(by=by, thread=thread, fields=record, version=record_version)


def _hand(thread: Thread, owner: str | None, *, by: Member) -> None:
    if owner is None:
        leave(by=by, thread=thread)
    elif owner == by.handle:
        take(by=by, thread=thread)
    else:
        raise Invalid({"owner": _("You take a thread for yourself: give your own handle, or null to leave it.")})
