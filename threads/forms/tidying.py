"""Forms with which somebody puts in order what others wrote."""

from django import forms
from django.utils.translation import gettext_lazy as _

from community.forms.base import ActionForm
from threads.forms.threads import TagsField
from threads.rules.limits import REASON_LENGTH


class TagsForm(ActionForm):
    """The tags of a thread."""

    tags = TagsField(
        label=_("Tags"), required=False, help_text=_("Up to 8, separated by commas: what would somebody search for?")
    )


class PracticeTagsForm(TagsForm):
    """The tags of a practice; `version` is the one that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class DuplicateForm(ActionForm):
    """The thread that solves the same problem."""

    other = forms.CharField(
        label=_("The thread that solves it"), max_length=200,
        help_text=_("Its address, or the number in it. It has to be resolved, and whoever asked here has to see it."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why it is the same"),
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
