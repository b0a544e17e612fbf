"""Coming in: by invitation only."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from community.actions.members import accept_invitation, sign_out
from community.errors import Invalid, Refused
from community.forms.people import JoinForm
from community.models import Member
from community.queries.invitations import invitation_by_token
from community.rendering.refusals import words_of


class InvitationOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Closes allauth's own sign-up: members join by the address in their invitation."""

    def logout(self, request: HttpRequest) -> None:
        """End the session, and with it its live connections."""
        member = request.user
        super().logout(request)
        if isinstance(member, Member):
            sign_out(by=member)

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Never."""
        return False


@login_not_required
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page of an invitation: who invites, and the form to join with."""
    invited = invitation_by_token(token)
    if invited is None:
        raise Http404
    form = JoinForm(request.POST or None, invitation=invited)
    context: dict[str, Any] = {"invitation": invited, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            member = accept_invitation(invitation=invited, **form.accepted())
        except Invalid as error:
            form.take(error)
        except Refused as error:
            form.add_error(None, words_of(error))
        else:
            login(request, member, backend="allauth.account.auth_backends.AuthenticationBackend")
            return redirect("home")
    return render(request, "account/invitation.html", context)
