"""Forms for posts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from community.forms.base import ActionForm
from threads.rules.limits import BODY_LENGTH, CLIENT_ID_LENGTH, REASON_LENGTH, TITLE_LENGTH

_AREA = forms.Textarea(attrs={"rows": 8})


class ReplyForm(ActionForm):
    """A reply, or a note when `parent` names the post it goes under."""

    body = forms.CharField(
        label=_("Your reply"),
        max_length=BODY_LENGTH,
        widget=_AREA,
        error_messages={"required": _("Write something first.")},
    )
    parent = forms.IntegerField(required=False, widget=forms.HiddenInput)
    client_id = forms.CharField(required=False, max_length=CLIENT_ID_LENGTH, widget=forms.HiddenInput)


class EditPostForm(ActionForm):
    """An edit; `version` is the one that was read, so that nobody is overwritten unseen.

    The title is the problem's only.
    """

    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH, required=False)
    body = forms.CharField(label=_("Text"), max_length=BODY_LENGTH, widget=_AREA)
    reason = forms.CharField(
        label=_("Why"), max_length=REASON_LENGTH, required=False, help_text=_("Shown in the history.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
