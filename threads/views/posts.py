"""Posts: writing them, and each one's own page with everything that can be done to it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community.errors import Conflict, Forbidden, Invalid, Refused
from community.rendering.refusals import words_of
from community.views.shared import respond_kept_once
from community.views.viewer import viewer
from reputation.queries.votes import voted_among
from threads.actions.drafts import drop_draft
from threads.actions.posts import delete_post, edit_post, post_reply, restore_post
from threads.actions.votes import vote as vote_for
from threads.forms.posts import EditPostForm, ReplyForm
from threads.models import Post, Thread
from threads.offers import post_offers
from threads.policies.posts import may_edit, may_see_text
from threads.policies.rights import rights_in
from threads.queries.attachments import unposted_in
from threads.queries.posts import notes_of, revisions_of, start_for
from threads.queries.resolutions import solution_ids, standing_resolution
from threads.rendering.fragments import post_fragment
from threads.rendering.source_text import source_text
from threads.views.attachments import with_files
from threads.views.loading import load_post, load_thread, load_thread_page, number_in
from threads.views.thread_page import kept_thread
from threads.views.versions import Version, versions_context


def place_in_thread(post: Post) -> str:
    """The address of the window that shows a post, at the post."""
    return f"{reverse('thread', args=[post.thread_id])}?from={start_for(post)}#post-{post.number}"


@require_GET
def permalink(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a post stands in its thread."""
    return redirect(place_in_thread(load_post(request, pk)))


@require_POST
def create(request: HttpRequest, pk: int) -> HttpResponse:
    """A reply, or a note; with an error the thread is shown again with what was typed."""
    member, thread = viewer(request), load_thread(request, pk)
    form = ReplyForm(request.POST)
    if form.is_valid():
        try:
            post = _write(request, thread, form)
        except Invalid as error:
            form.take(error)
        except (Conflict, Forbidden) as error:
            form.add_error(None, words_of(error))
        else:
            drop_draft(by=member, place=f"thread:{thread.pk}")
            return redirect(place_in_thread(post))
    return respond_kept_once(request, kept_thread(load_thread_page(request, pk)), {"form": form}, status=422)


def _write(request: HttpRequest, thread: Thread, form: ReplyForm) -> Post:
    member, data = viewer(request), form.cleaned_data
    parent = load_post(request, data["parent"]) if data["parent"] else None
    body = with_files(request, data["body"])
    files = unposted_in(member, body)
    return post_reply(
        by=member,
        thread=thread,
        body=body,
        parent=parent,
        client_id=data["client_id"] or None,
        attachments=files,
    )


@require_GET
def post(request: HttpRequest, pk: int) -> HttpResponse:
    """One post with all its notes and forms."""
    member, found = viewer(request), load_post(request, pk)
    thread = found.thread
    rights = rights_in(member, thread)
    solves = found.pk in solution_ids(standing_resolution(thread))
    after = number_in(request, "after")
    notes = notes_of(found, after=after)
    context = {
        "post": found, "thread": thread, "space": thread.space,
        "shown": post_fragment(found, is_solution=solves),
        "notes": [post_fragment(note) for note in notes],
        "can": dict.fromkeys(post_offers(member, found, rights), True),
        "voted": found.pk in voted_among(member, [found.pk]),
        "form": ReplyForm(),
        "place": f"post:{found.pk}",
        "text": mark_safe(found.html) if found.deleted_at and may_see_text(member, found, rights) else "",  # noqa: S308
    }  # fmt: skip
    return render(request, "threads/post.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a post; when somebody else did meanwhile, both texts are shown."""
    member, found = viewer(request), load_post(request, pk)
    if not may_edit(member, found):
        raise PermissionDenied
    initial = {"title": found.thread.title, "body": source_text(found), "version": found.version}
    form = _edit_form(found, request.POST or None, initial)
    context = {
        "post": found,
        "thread": found.thread,
        "space": found.thread.space,
        "form": form,
        "place": f"edit:{found.pk}",
    }
    if request.method == "POST" and form.is_valid():
        try:
            edit_post(by=member, post=found, **form.accepted())
        except Invalid as error:
            form.take(error)
        except Conflict:
            context["form"] = _edit_form(found, {**request.POST.dict(), "version": found.version})
            context["theirs"] = mark_safe(found.html)  # noqa: S308  (sanitized when written)
        else:
            drop_draft(by=member, place=f"edit:{found.pk}")
            return redirect(place_in_thread(found))
    return render(request, "threads/post_edit.html", context)


def _edit_form(found: Post, data: Any, initial: dict[str, Any] | None = None) -> EditPostForm:
    form = EditPostForm(data, initial=initial)
    if not found.is_problem:
        del form.fields["title"]
    return form


@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """What a post said over time, and what changed."""
    found = load_post(request, pk)
    if not may_see_text(viewer(request), found):
        raise Http404
    versions = [
        Version(
            row.number,
            row.editor,
            row.at,
            row.reason,
            {"title": row.title, "body": row.body} if row.title else {"body": row.body},
        )
        for row in revisions_of(found)
    ]
    labels = {"title": _("Title"), "body": ""}
    context = versions_context(versions, labels, number_in(request, "version"))
    return render(
        request,
        "threads/post_history.html",
        {"post": found, "thread": found.thread, "space": found.thread.space, **context},
    )


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a post out of sight; the message says how to bring it back."""
    found = load_post(request, pk)
    try:
        delete_post(by=viewer(request), post=found)
    except Conflict as error:
        messages.error(request, words_of(error))
        return redirect("post", pk=found.pk)
    if _by_script(request):
        return HttpResponse(status=204)
    messages.success(
        request, _("The post is deleted. Its own page (#%(number)d) brings it back.") % {"number": found.number}
    )
    return redirect(place_in_thread(found))


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a deleted post back."""
    found = load_post(request, pk)
    restore_post(by=viewer(request), post=found)
    if _by_script(request):
        return HttpResponse(status=204)
    messages.success(request, _("The post is back."))
    return redirect(place_in_thread(found))


@require_POST
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a post helped, or take it back."""
    found = load_post(request, pk)
    try:
        vote_for(by=viewer(request), post=found, value=request.POST.get("value") != "0")
    except Refused as error:
        messages.error(request, words_of(error))
    return redirect(place_in_thread(found))


def _by_script(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")
