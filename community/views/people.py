"""The directory of people, inviting, and one's own profile."""

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from community.actions.erasure import erase_member
from community.actions.members import invite as invite_member
from community.actions.reach import edit_own_page
from community.errors import Invalid, Refused
from community.forms.people import ErasureForm, InviteForm
from community.forms.reach import OwnPageForm, said_before
from community.queries.members import people_listed_for
from community.queries.organizations import invites_into
from community.queries.reach import reach_row
from community.rendering.refusals import words_of
from community.views.viewer import viewer

PAGE = 50


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Members by handle, narrowed by what was typed."""
    text, after = request.GET.get("q", "")[:100].replace("\0", ""), request.GET.get("after", "")[:60].replace("\0", "")
    found = people_listed_for(viewer(request), text=text, after=after, limit=PAGE + 1)
    following = found[PAGE - 1].handle if len(found) > PAGE else None
    return render(request, "community/people.html", {"people": found[:PAGE], "q": text, "next": following})


@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody; the address to send them is shown afterwards."""
    member = viewer(request)
    if not invites_into(member).exists():
        raise PermissionDenied
    form = InviteForm(request.POST or None, by=member)
    invitation = None
    if request.method == "POST" and form.is_valid():
        try:
            invitation = invite_member(by=member, **form.accepted())
        except Invalid as error:
            form.take(error)
    address = request.build_absolute_uri(invitation.get_absolute_url()) if invitation else ""
    return render(request, "community/invite.html", {"form": form, "invitation": invitation, "address": address})


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """Change what one says of oneself, and of being asked."""
    member = viewer(request)
    initial = {name: getattr(member, name) for name in ("name", "about", "time_zone", "present_without_name")}
    form = OwnPageForm(request.POST or None, initial=initial | said_before(reach_row(member)))
    if request.method == "POST" and form.is_valid():
        try:
            edit_own_page(by=member, profile=form.profile(), said=form.said())
        except Invalid as error:
            form.take(error)
        else:
            messages.success(request, _("Your profile is saved."))
            return redirect("member", handle=member.handle)
    return render(request, "community/profile_edit.html", {"form": form, "member": member})


@require_http_methods(["GET", "POST"])
def erasure(request: HttpRequest) -> HttpResponse:
    """Erase oneself, for good; whoever typed their handle is signed out and nobody any more."""
    member = viewer(request)
    form = ErasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            erase_member(by=member, member=member, **form.accepted())
        except Invalid as error:
            form.take(error)
        except Refused as error:
            form.add_error(None, words_of(error))
        else:
            logout(request)
            return redirect("account_login")
    context = {"form": form, "member": member}
    return render(request, "community/erasure.html", context, status=422 if form.errors else 200)
