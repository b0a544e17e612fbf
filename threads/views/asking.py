"""Posting a problem."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from community.errors import Invalid
from community.models import Space
from community.views.viewer import viewer
from threads.actions.deflecting import Sitting, note_shown
from threads.actions.drafts import drop_draft
from threads.actions.threads import open_thread
from threads.forms.threads import AskForm
from threads.queries.attachments import unposted_in
from threads.queries.similar import similar
from threads.views.attachments import with_files
from threads.views.loading import load_space


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, and what it posts; with an error everything typed stays, and likely answers are beside it.

    Without JavaScript a button shows those, and posts nothing.
    """
    space = load_space(request, slug)
    member = viewer(request)
    looks = "look" in request.POST
    typed = None if looks else request.POST or None
    form = AskForm(typed, by=member, space=space, initial=_initial(request))
    if request.method == "POST" and not looks and form.is_valid():
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
    name = request.POST.get("sitting", "")
    if shown := [f"{hit.kind}:{hit.id}" for hit in found]:
        note_shown(by=viewer(request), sitting=Sitting(name, space, text), shown=shown)
    return {
        "space": space,
        "form": form,
        "similar": found,
        "text": text,
        "sitting": name,
    }


def _initial(request: HttpRequest) -> dict[str, object]:
    """What the form begins with: all that was typed, when somebody only looks for answers."""
    if "look" not in request.POST:
        return {"title": request.GET.get("title", "")[:200]}
    several = {"organizations": request.POST.getlist("organizations")}
    return {**request.POST.dict(), **several}
