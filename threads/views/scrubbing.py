"""Taking details out of all that a practice ever said."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.errors import NotThere, Refused
from community.rendering.refusals import words_of
from community.rules.numbers import whole
from community.views.viewer import viewer
from threads.actions.scrubbing import scrub_practice
from threads.policies.practices import may_scrub
from threads.queries.names import names_watched_for
from threads.queries.scrubbing import merged_for, said_in_thread, texts_ever
from threads.rules.masking import found_in
from threads.views.loading import load_practice
from threads.views.standard import shown_ever


@require_http_methods(["GET", "POST"])
def scrub(request: HttpRequest, pk: int) -> HttpResponse:
    """See what of all that was ever said tells of somebody, and choose what is to go."""
    member, practice = viewer(request), load_practice(request, pk)
    if practice.follows_record or not may_scrub(member, practice):
        raise PermissionDenied
    if request.method == "POST":
        digests, version = request.POST.getlist("digest"), whole(request.POST.get("version", "")) or 0
        try:
            scrub_practice(by=member, practice=practice, digests=digests, version=version)
        except NotThere as error:
            raise Http404 from error
        except Refused as error:
            messages.error(request, words_of(error))
            return redirect("practice-scrubbing", pk=pk)
        messages.success(request, _("They are taken out of every version."))
        return redirect(practice)
    texts = texts_ever([practice, *merged_for(member, practice)], member)
    found = shown_ever(found_in(texts, names_watched_for(member)), texts)
    context = {"practice": practice, "details": found, "in_thread": said_in_thread(member, practice)}
    return render(request, "threads/practice_scrubbing.html", context)
