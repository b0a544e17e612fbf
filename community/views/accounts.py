"""Coming in: by invitation only."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.actions.access import password_changed, set_password
from community.actions.members import accept_invitation
from community.errors import Invalid, Refused
from community.forms.people import JoinForm
from community.models import Member
from community.queries.invitations import invitation_by_token
from community.rendering.refusals import words_of


class InvitationOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Closes allauth's own sign-up: members join by the address in their invitation."""

    def set_password(self, user: Member, password: str) -> None:
        """Another password: what was signed in by the old one ends."""
        set_password(member=user, password=password)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """The page to sign in on, which has the browser forget what it kept for who just left."""
        page = str(super().get_logout_redirect_url(request))
        return f"{page}?signed-out={request.user.pk}" if request.user.is_authenticated else page

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Never."""
        return False


class SignsOutElsewhere:
    """Listed among the validators of passwords, because Django tells those of every new password, whoever set it."""

    def validate(self, password: str, user: Member | None = None) -> None:
        """Any will do."""

    def get_help_text(self) -> str:
        """What comes of it."""
        return _("A new password signs you out everywhere else.")

    def password_changed(self, password: str, user: Member | None = None) -> None:  # noqa: ARG002
        """Ends the live connections that the old one let in; who never signed in has none."""
        if user is not None and user.last_login is not None:
            password_changed(member=user)


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
