"""Lists of threads narrowed by words: ranked by search, with the filters of a list."""

from dataclasses import asdict

from community.models import Member
from threads.models import Thread
from threads.queries.search import search
from threads.queries.threads import ThreadFilter, ThreadPage, listed

_FILTERS = ("space", "status", "product", "tag")


def threads_found(viewer: Member, wanted: ThreadFilter, *, after: str = "", limit: int = 30) -> ThreadPage:
    """A page of the threads the viewer may see: with words the best match first, else as `wanted` is sorted.

    A page can be shorter than `limit` before the end. Raises ValueError for a broken cursor.
    """
    if not wanted.q.strip():
        return listed(viewer, wanted, after=after, limit=limit)
    found = search(viewer, _text(wanted), kinds=["thread"], limit=limit, after=after)
    threads = [hit.subject for hit in found.hits if isinstance(hit.subject, Thread)]
    asker = wanted.author.lower()
    return ThreadPage([thread for thread in threads if asker in ("", thread.author.handle)], found.next)


def _text(wanted: ThreadFilter) -> str:
    """The words, and the filters in the language of search; the last of a kind counts there."""
    given = {name: str(value).replace('"', "") for name, value in asdict(wanted).items() if name in _FILTERS and value}
    return " ".join([wanted.q, *(f'{name}:"{value}"' for name, value in given.items())])
