"""Lists of threads narrowed by words: ranked by search, with the filters of a list."""

from community.models import Member
from threads.models import Thread
from threads.queries.search import search
from threads.queries.threads import ThreadFilter, ThreadPage, listed

_FILTERS = {"space": "space", "status": "status", "product": "product", "tag": "tag", "author": "asker"}


def threads_found(viewer: Member, wanted: ThreadFilter, *, after: str = "", limit: int = 30) -> ThreadPage:
    """A page of the threads the viewer may see: with words the best match first, else as `wanted` is sorted.

    A page may be shorter than `limit` before the end. Raises ValueError for a broken cursor.
    """
    if not wanted.q.strip():
        return listed(viewer, wanted, after=after, limit=limit)
    filters = {name: value for field, name in _FILTERS.items() if (value := getattr(wanted, field))}
    found = search(viewer, wanted.q, kinds=["thread"], filters=filters, limit=limit, after=after)
    return ThreadPage([hit.subject for hit in found.hits if isinstance(hit.subject, Thread)], found.next)
