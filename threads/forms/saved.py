"""The form of a search that somebody keeps."""

from django import forms
from django.utils.translation import gettext_lazy as _

from community.forms.base import ActionForm
from threads.rules.limits import SAVED_NAME_LENGTH
from threads.rules.search_text import MAX_QUERY

KINDS = (
    ("", _("Everything")),
    ("thread", _("Threads")),
    ("practice", _("Practices")),
    ("playbook", _("Playbooks")),
    ("member", _("Members")),
)


class SavedSearchForm(ActionForm):
    """What it looks for, what it is called, and whether its member hears of what comes to fit it."""

    q = forms.CharField(
        label=_("Search for"), max_length=MAX_QUERY,
        help_text=_("Words, \"exact phrases\", and filters such as tag:vpn or product:mail-gateway."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Among"), choices=KINDS, required=False)
    name = forms.CharField(
        label=_("Name"), max_length=SAVED_NAME_LENGTH, required=False,
        help_text=_("What you call it. Without one it is called as it begins."),
    )  # fmt: skip
    notifies = forms.BooleanField(
        label=_("Tell me in my inbox when something new fits"), required=False, initial=True,
        help_text=_("Only what you may see, each thing once, at most 20 a day."),
    )  # fmt: skip
