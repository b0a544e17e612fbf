"""Notes of which their readers asked for a review, for the moderators of the space."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community.errors import Invalid, Refused
from community.rendering.refusals import words_of
from community.views.viewer import viewer
from reputation.models import NoteAnswer
from threads.actions.note_reviews import decide_about_note, look_who_wrote
from threads.forms.evaluating import OutcomeForm
from threads.queries.evaluating import review_visible_to, reviews_waiting

_LARGEST = 2**63 - 1


@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Those that wait for the viewer, the oldest first."""
    return render(request, "threads/note_reviews.html", {"waiting": reviews_waiting(viewer(request))})


def _load(request: HttpRequest, pk: int) -> NoteAnswer:
    found = review_visible_to(viewer(request), pk) if pk <= _LARGEST else None
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them: the note, what its reader says, who wrote it for those who looked; and deciding."""
    member, found = viewer(request), _load(request, pk)
    form = OutcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            decide_about_note(by=member, answer=found, **form.accepted())
        except Invalid as error:
            form.take(error)
        except Refused as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, _("Decided. Both of them read it."))
            return redirect("note-reviews")
    looked = any(look.by_id == member.pk for look in found.looks.all())
    context = {
        "review": found,
        "note": found.evaluation,
        "rater": found.evaluation.rater if looked else None,
        "form": form,
    }
    return render(request, "threads/note_review.html", context, status=422 if form.errors else 200)


@require_POST
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """Look who wrote it; that is kept."""
    look_who_wrote(by=viewer(request), answer=_load(request, pk))
    return redirect("note-review", pk)
