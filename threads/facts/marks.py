"""The tables that raise the marks of threads: all that the page of a thread shows alike to whoever sees it."""

from django.db.models import Model

from community.facts.marks import Watched, mark_of_record, mark_of_thread, mark_those_of, named_by, watch
from reputation.models import Vote
from threads.models import (
    Asked,
    HandOver,
    Helper,
    HelpRequest,
    Post,
    Practice,
    Product,
    ProductVersion,
    Relation,
    Resolution,
    Tag,
    Thread,
    TimelineEntry,
    WorkingRecord,
)

_OWN = (mark_of_thread("{row}.thread_id"),)
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
        *(Watched(_table(model), _OWN) for model in (Thread.tags.through, Thread.audience_organizations.through)),
        named_by(Product, "slug", "name"),
        named_by(ProductVersion, "name"),
        named_by(Tag, "slug"),
    )
    mark_those_of(f"SELECT {mark_of_thread('id')} FROM {_THREADS}")  # noqa: S608  (our own names)
    mark_those_of(f"SELECT {mark_of_record('thread_id')} FROM {_RECORDS}")  # noqa: S608  (the same)
