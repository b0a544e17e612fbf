"""The tables that raise the marks of threads: all that the page of a thread shows alike to whoever sees it."""

from django.db.models import Model

from community.facts.marks import (
    SIGHT,
    Watched,
    mark_of_record,
    mark_of_thread,
    mark_of_viewer,
    mark_those_of,
    named_by,
    sight_of,
    watch,
)
from reputation.models import Vote
from threads.models import (
    Asked,
    Governance,
    Guest,
    HandOver,
    Helper,
    HelpRequest,
    Keeper,
    Post,
    Practice,
    Product,
    ProductVersion,
    RecordVersion,
    Relation,
    Resolution,
    Tag,
    Thread,
    TimelineEntry,
    WorkingRecord,
)

_OWN = (mark_of_thread("{row}.thread_id"),)
_AUDIENCE = ("space_id", "audience", "organization_id", "center_id")
_THREADS, _RECORDS = Thread._meta.db_table, WorkingRecord._meta.db_table


def _table(model: type[Model]) -> str:
    return model._meta.db_table


def _through(model: type[Model], column: str) -> tuple[str]:
    """The mark of the thread of the row of another table that a row names."""
    found = f"(SELECT thread_id FROM {_table(model)} WHERE id = {{row}}.{column})"  # noqa: S608  (our own names)
    return (mark_of_thread(found),)


def register() -> None:
    """Have them watched."""
    watch(
        Watched(_THREADS, (mark_of_thread("{row}.id"),), when=("update", "delete")),
        Watched(_RECORDS, (mark_of_record("{row}.thread_id"),)),
        Watched(_table(Relation), (*_OWN, mark_of_thread("{row}.other_id"))),
        Watched(_table(Practice), _OWN, ("thread_id", "follows_record")),
        Watched(_table(Asked), _through(HelpRequest, "request_id")),
        Watched(_table(Vote), _through(Post, "post_id")),
        Watched(_table(Resolution.posts.through), _through(Resolution, "resolution_id")),
        *(Watched(_table(model), _OWN) for model in (Post, Resolution, TimelineEntry, Helper, HelpRequest, HandOver)),
        Watched(_table(Thread.tags.through), _OWN),
        Watched(_table(Thread.audience_organizations.through), (*_OWN, str(SIGHT))),
        Watched(_table(Practice.audience_organizations.through), (str(SIGHT),)),
        Watched(_table(Guest), (*_OWN, mark_of_viewer("{row}.member_id"))),
        Watched(_table(RecordVersion), (mark_of_record("{row}.record_id"),)),
        Watched(_table(Keeper), (mark_of_viewer("{row}.member_id"),)),
        sight_of(Governance, "mode"),
        sight_of(Thread, *_AUDIENCE),
        sight_of(Practice, *_AUDIENCE),
        sight_of(Post, "thread_id"),
        named_by(Product, "slug", "name"),
        named_by(ProductVersion, "name"),
        named_by(Tag, "slug"),
    )
    mark_those_of(f"SELECT {mark_of_thread('id')} FROM {_THREADS}")  # noqa: S608  (our own names)
    mark_those_of(f"SELECT {mark_of_record('thread_id')} FROM {_RECORDS}")  # noqa: S608  (the same)
