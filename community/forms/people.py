"""Forms about people: joining, inviting, describing oneself."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from community.forms.base import ActionForm
from community.models import Center, Invitation, Member, Organization
from community.queries.organizations import centers_of, invites_into
from community.rules.handles import HANDLE_PATTERN
from community.rules.zones import zones


class ErasureForm(ActionForm):
    """One's own handle, typed to say that it is meant."""

    handle = forms.CharField(
        label=_("Your handle"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Type it to say that you mean it. It cannot be undone."),
    )  # fmt: skip


class JoinForm(ActionForm):
    """Accepting an invitation."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    handle = forms.RegexField(
        HANDLE_PATTERN,
        label=_("Handle"),
        help_text=_("How others mention you: @handle. Lower-case letters, digits, dots and dashes."),
        error_messages={
            "invalid": _("Use lower-case letters, digits, dots and dashes; start and end with a letter or digit.")
        },
    )
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True)
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation

    def clean_handle(self) -> str:
        """Handles are in lower case."""
        return str(self.cleaned_data["handle"]).lower()

    def clean_password(self) -> str:
        """The password, when it is strong enough for this person."""
        password = str(self.cleaned_data["password"])
        person = Member(email=self.invitation.email, name=self.cleaned_data.get("name", ""))
        validate_password(password, person)
        return password


class InviteForm(ActionForm):
    """Inviting a person into an organization the inviter administers."""

    email = forms.EmailField(label=_("E-mail address"))
    organization = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Organization"), empty_label=_("Choose an organization")
    )
    center = forms.ModelChoiceField(
        Center.objects.none(), label=_("Center"), required=False, empty_label=_("No center")
    )

    def __init__(self, *args: Any, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = invites_into(by)
        self.offer("organization", allowed)
        self.offer("center", centers_of(allowed))
        if allowed.count() == 1:
            self.fields["organization"].initial = allowed.first()


class ProfileForm(ActionForm):
    """What a member says of themselves."""

    name = forms.CharField(label=_("Name"), max_length=120)
    about = forms.CharField(
        label=_("For what to ask me"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)
    present_without_name = forms.BooleanField(
        label=_("Count me without my name in the list of who is here"),
        required=False,
        help_text=_(
            "Others in a thread see who is reading it now, and who is writing. With this they see only that one more"
            " person is here: not who, and not that you write. What you post carries your name as always."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(zone, zone) for zone in zones()]
        self.offer("time_zone", [("", _("As my center")), *names])
