"""The names that the viewer's organization watches for, on a page of its own that no other organization sees."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.errors import Invalid, NotThere, Refused
from community.rendering.refusals import words_of
from community.rules.numbers import whole
from community.views.viewer import viewer
from threads.actions.names import unwatch_name, watch_name
from threads.forms.practices import NameForm
from threads.models import WatchedName
from threads.policies.names import may_remove_name
from threads.queries.names import watched_name, watched_names


@require_http_methods(["GET", "POST"])
def names(request: HttpRequest) -> HttpResponse:
    """See what is watched for, add a name, take one off."""
    member = viewer(request)
    if "remove" in request.POST:
        return _remove(request, watched_name(member, whole(request.POST["remove"], most_digits=9) or 0))
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = watch_name(by=member, **form.accepted())
        except Invalid as error:
            form.take(error)
        else:
            messages.success(request, _("“%(name)s” is watched for.") % {"name": made.name})
            return redirect("organization-names")
    context = {"names": watched_names(member), "form": form, "may_remove": may_remove_name(member)}
    return render(request, "threads/names.html", {**context, "organization": member.organization})


def _remove(request: HttpRequest, found: WatchedName | None) -> HttpResponse:
    if found is None:
        raise Http404
    try:
        unwatch_name(by=viewer(request), name=found)
    except NotThere as error:
        raise Http404 from error
    except Refused as error:
        messages.error(request, words_of(error))
    else:
        messages.success(request, _("“%(name)s” is watched for no more.") % {"name": found.name})
    return redirect("organization-names")
