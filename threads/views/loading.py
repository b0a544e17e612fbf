"""Loading through the viewer: what they may not see is not there."""

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from community.models import Space
from community.queries.spaces import space_visible_to
from community.rules.numbers import whole
from community.views.viewer import arrival_of, viewer
from threads.models import Post, Practice, Thread
from threads.queries.archive import practices_visible_to, with_card_parts
from threads.queries.posts import posts_visible_to, with_fragment_parts
from threads.queries.thread_page import ThreadPage, thread_page_of
from threads.queries.threads import threads_visible_to, with_row_parts
from threads.queries.windows import start_of_last

M = TypeVar("M", bound=Model)
_LARGEST = 2**63 - 1
_MOST_DIGITS = 9


def _one(found: QuerySet[M], pk: int) -> M:
    if pk > _LARGEST:
        raise Http404
    return get_object_or_404(found, pk=pk)


def load_space(request: HttpRequest, slug: str) -> Space:
    """The space, if the viewer may see it."""
    found = space_visible_to(viewer(request), slug)
    if found is None:
        raise Http404
    return found


def load_thread(request: HttpRequest, pk: int) -> Thread:
    """The thread with what its header shows, if the viewer may see it."""
    related = ("product_version", "owner__organization", "next_action_by")
    return _one(with_row_parts(threads_visible_to(viewer(request))).select_related(*related), pk)


def load_thread_page(request: HttpRequest, pk: int) -> ThreadPage:
    """What the page of a thread is made of, if the viewer may see it: the window from `?from=`, a number or `last`."""
    last = request.GET.get("from") == "last"
    start = start_of_last(pk) if last and pk <= _LARGEST else number_in(request, "from", 1)
    found = thread_page_of(viewer(request), pk, start=start, arrival=arrival_of(request)) if pk <= _LARGEST else None
    if found is None:
        raise Http404
    return found


def load_post(request: HttpRequest, pk: int) -> Post:
    """The post with its thread, if the viewer may see it."""
    related = ("thread__space", "thread__organization", "thread__product", "parent")
    return _one(with_fragment_parts(posts_visible_to(viewer(request))).select_related(*related), pk)


def load_practice(request: HttpRequest, pk: int) -> Practice:
    """The practice with what its page shows, if the viewer may see it."""
    return _one(with_card_parts(practices_visible_to(viewer(request))).select_related("owner"), pk)


def number_in(request: HttpRequest, name: str, default: int = 0) -> int:
    """A number of the address's query, or the default when it is none."""
    found = whole(request.GET.get(name, ""), most_digits=_MOST_DIGITS)
    return default if found is None else found
