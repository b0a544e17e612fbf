"""Posting a problem."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from community.errors import Invalid
from community.models import Space
from community.views.viewer import viewer
from threads.actions.drafts import drop_draft
from threads.actions.threads import open_thread
from threads.forms.threads import AskForm
from threads.queries.attachments import unposted_in
from threads.queries.similar import similar
from threads.views.attachments import with_files
from threads.views.loading import load_space


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, and what it posts; with an error everything typed stays, and likely answers are beside it."""
    space = load_space(request, slug)
    member = viewer(request)
    initial = {"title": request.GET.get("title", "")[:200]}
    form = AskForm(request.POST or None, by=member, space=space, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            given = {**form.accepted(), "body": with_files(request, form.cleaned_data["body"])}
            files = unposted_in(member, given["body"])
            thread = open_thread(by=member, space=space, attachments=files, **given)
        except Invalid as error:
            form.take(error)
        else:
            drop_draft(by=member, place=f"space:{space.slug}")
            return redirect(thread)
    return render(request, "threads/ask.html", _context(request, space, form))


def _context(request: HttpRequest, space: Space, form: AskForm) -> dict[str, object]:
    text = "\n".join([request.POST.get("title", ""), request.POST.get("body", "")]).strip()
    found = similar(viewer(request), text) if text else []
    return {
        "space": space,
        "form": form,
        "similar": found,
        "text": text,
    }
