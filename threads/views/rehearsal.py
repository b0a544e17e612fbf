"""What the first pages of a process need besides what they show is made before anybody asks for one."""

from django.db import Error
from django.http import Http404, HttpRequest
from django.template.loader import get_template
from django.urls import resolve, reverse

from community.queries.sessions import SessionStore, active_member
from community.views.shared import respond_kept
from community.views.templates import names_of_templates
from threads.queries.thread_page import ask_along
from threads.queries.threads import newest
from threads.views.loading import load_thread_page
from threads.views.thread_page import kept_thread


def rehearse(place: int) -> None:
    """Compile all templates, and draw the newest thread but so many for whoever opened it; nobody gets it.

    That makes the statements of a page, and has the database make them ready on the connection of this thread. Without
    a database, or a thread that its author sees, there is nothing to rehearse with.
    """
    for name in names_of_templates():
        get_template(name)
    try:
        found = newest(place)
        if found is not None:
            _draw(*found)
    except (Error, Http404):
        return


def _draw(pk: int, author: int) -> None:
    member = active_member(author)
    if member is None:
        return
    nobodys = "rehearsal"
    ask_along(member.pk, nobodys, pk=pk)
    SessionStore(nobodys).member()
    request = HttpRequest()
    request.method, request.path, request.user = "GET", reverse("thread", args=[pk]), member
    request.resolver_match = resolve(request.path)
    respond_kept(request, kept_thread(load_thread_page(request, pk)))
