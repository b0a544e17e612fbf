"""Practices to curate, and what is said of them."""

from community.models import Member
from tests.cast import Cast
from threads.actions.practices import edit_practice, record_practice
from threads.actions.resolution import resolve
from threads.actions.reuse import use_practice
from threads.actions.threads import open_thread
from threads.models import Practice

RESOLUTION = "Disable the relay rule R7 on both gateways, then restart them one after the other."


def recorded(
    cast: Cast,
    title: str = "Mail loops between gateways",
    *,
    by: Member | None = None,
    space: str = "lobby",
    audience: str = "space",
    resolution: str = RESOLUTION,
) -> Practice:
    """A practice of Acme, recorded by Ben (or `by`) from a thread of Ada's."""
    thread = open_thread(
        by=cast.ada, space=cast.spaces[space], title=title, body="Since the update.", audience=audience,
        product=cast.products["mail-gateway"], tags=["smtp"],
    )  # fmt: skip
    record = {"problem": f"{title}, since the update.", "resolution": resolution}
    resolve(by=cast.ada, thread=thread, summary="It was a rule.", record=record)
    return fresh(record_practice(by=by or cast.ben, thread=thread))


def revised(practice: Practice, by: Member, **fields: str) -> Practice:
    """The practice with another text, by somebody who may edit it."""
    now = fresh(practice)
    edit_practice(by=by, practice=now, fields=fields, reason="Better so.", version=now.version)
    return fresh(now)


def used(cast: Cast, practice: Practice, times: int = 1, *, by: str = "ada", audience: str = "space") -> None:
    """Somebody uses the practice in that many threads of theirs."""
    member = cast.people[by]
    for _number in range(times):
        thread = open_thread(
            by=member, space=cast.spaces["lobby"], title="It loops here", body="Again.", audience=audience
        )
        use_practice(by=member, thread=thread, practice=practice)


def fresh(practice: Practice) -> Practice:
    """The practice as the database has it."""
    return Practice.objects.select_related("space", "product", "organization").get(pk=practice.pk)
