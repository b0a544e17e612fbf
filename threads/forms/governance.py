"""The form that says how practices are looked after."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.forms.base import ActionForm
from community.models import Space
from threads.forms.swarm import HandlesField
from threads.models import Governance, Tag
from threads.queries.catalog import all_products, tag_with_slug
from threads.rules.limits import REASON_LENGTH, TAG_LENGTH


class GovernanceForm(ActionForm):
    """Of which practices it is the rule, where it holds, and what it says."""

    product = forms.ModelChoiceField(all_products(), label=_("Product"), required=False)
    tag = forms.CharField(label=_("Or tag"), required=False, max_length=TAG_LENGTH)
    space = forms.ModelChoiceField(
        Space.objects.none(),
        label=_("Where"),
        required=False,
        empty_label=_("In the whole network"),
        to_field_name="slug",
    )
    mode = forms.ChoiceField(
        label=_("How they are looked after"), choices=Governance.Mode.choices, widget=forms.RadioSelect,
        help_text=_("By experience: who knows them edits, organizations validate. By approval: every change is a "
                    "suggestion, and those responsible approve what is valid."),
    )  # fmt: skip
    keepers = HandlesField(
        label=_("Responsible, by approval"), required=False,
        help_text=_("Handles, like ada, with commas between them; the curators of the space besides."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Why"), max_length=REASON_LENGTH)

    def clean_tag(self) -> Tag | None:
        """The tag of that name, when one was given."""
        slug = self.cleaned_data["tag"].strip().lower()
        found = tag_with_slug(slug) if slug else None
        if slug and found is None:
            raise forms.ValidationError(_("Nothing has this tag."))
        return found

    def clean(self) -> dict[str, Any]:
        """A product or a tag, and one of them."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and (data["product"] is None) == (data["tag"] is None):
            self.add_error("product", _("Choose a product or a tag."))
        return data
