"""Forms for resolving, and for the working record."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.forms.base import ActionForm
from threads.models import RECORD_FIELDS, Post
from threads.rules.limits import FIELD_LENGTH, REASON_LENGTH, SUMMARY_LENGTH


def _area(label: Any, help_text: Any = "", *, rows: int = 4) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=FIELD_LENGTH, widget=widget)


class FieldsForm(ActionForm):
    """The four fields of a record."""

    problem = _area(_("Problem"), _("What was observed, in the asker's words."))
    environment = _area(_("Environment"), _("Where it happens: products, versions, settings."))
    cause = _area(_("Cause"), _("Why it happens."))
    resolution = _area(_("Resolution"), _("What fixed it, step by step."), rows=6)

    def record(self) -> dict[str, str]:
        """The four texts by name, as far as they are asked for."""
        return {name: self.cleaned_data[name] for name in RECORD_FIELDS if name in self.fields}


class RecordForm(FieldsForm):
    """The working record; `version` is the one that was read, so that nobody is overwritten unseen."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ResolveForm(FieldsForm):
    """What fixed it: posts, a summary, the record; and whether it goes into the archive at once.

    `version` is the record's, as for RecordForm. When the thread is in the archive, neither is asked for; when it is
    there as work in progress, only the record, which goes there by itself.
    """

    posts = forms.ModelMultipleChoiceField(
        Post.objects.none(), label=_("Solving posts"), required=False, widget=forms.CheckboxSelectMultiple
    )
    summary = forms.CharField(
        label=_("What fixed it"), required=False, max_length=SUMMARY_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )
    record_practice = forms.BooleanField(label=_("Record it in the archive now"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: Any, recorded: bool, practised: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("posts", choices)
        for name in (*RECORD_FIELDS, "version", "record_practice") if recorded else ():
            del self.fields[name]
        if practised and not recorded:
            del self.fields["record_practice"]
        self.order_fields(["posts", "summary"])


class RestorationForm(forms.Form):
    """Which version to bring back, the newest version that was seen, and why where that is asked."""

    number = forms.IntegerField(min_value=1)
    version = forms.IntegerField(min_value=0)
    reason = forms.CharField(required=False, max_length=REASON_LENGTH)
