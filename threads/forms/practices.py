"""Forms of practices: recording and revising one, suggesting an edit and deciding about it, names to watch for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.forms.base import ActionForm
from threads.forms.resolution import FieldsForm
from threads.forms.threads import TagsField
from threads.models import RECORD_FIELDS
from threads.queries.catalog import all_products
from threads.rules.limits import REASON_LENGTH, TITLE_LENGTH, WATCHED_NAME_LENGTH


class _TitledForm(FieldsForm):
    """What a practice says: its title and its four texts."""

    title = forms.CharField(
        label=_("Title"), max_length=TITLE_LENGTH, help_text=_("As somebody with this problem would say it.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("problem", "resolution"):
            self.fields[name].required = True
        self.order_fields(["title", *RECORD_FIELDS])


class PracticeForm(_TitledForm):
    """A practice: recorded from a thread, or revised."""

    product = forms.ModelChoiceField(
        all_products(), label=_("Product"), required=False, to_field_name="slug", empty_label=_("No product")
    )
    tags = TagsField(label=_("Tags"), required=False)
    reason = forms.CharField(
        label=_("Why this change"), max_length=REASON_LENGTH, required=False,
        help_text=_("A few words, for whoever reads its history. What was wrong, what is new, where it was tried."),
    )  # fmt: skip
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class SuggestionForm(_TitledForm):
    """Other words for a practice, as it was read in a version, maybe from a thread."""

    reason = forms.CharField(
        label=_("Why it is better so"), max_length=REASON_LENGTH,
        help_text=_("Whoever looks after the practice reads this first."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)
    thread = forms.IntegerField(required=False, widget=forms.HiddenInput)


class TakeUpForm(_TitledForm):
    """A suggestion as it is taken up, put right where needed; `version` is the practice's that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ReplyForm(ActionForm):
    """Why a suggestion is not taken up."""

    reply = forms.CharField(
        label=_("Why not"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Whoever suggested it reads this."),
    )  # fmt: skip


class NameForm(ActionForm):
    """A name to watch for."""

    name = forms.CharField(
        label=_("A name to watch for"), max_length=WATCHED_NAME_LENGTH,
        help_text=_("A customer, a project, or the end of your host names, as people write it."),
    )  # fmt: skip
