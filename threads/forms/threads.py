"""Forms for posting a problem, and changing what its thread says of itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.forms.base import ActionForm
from community.models import Member, Organization, Space
from community.queries.members import members_by_handle
from community.queries.organizations import organizations_in
from threads.models import UNRESOLVED, Audience, ProductVersion, Severity, Thread
from threads.queries.catalog import all_products, all_versions
from threads.rules.deflecting import SITTING_LENGTH, new_sitting
from threads.rules.limits import BODY_LENGTH, CLIENT_ID_LENGTH, ENVIRONMENT_LENGTH, NEXT_ACTION_LENGTH, TITLE_LENGTH


class TagsField(forms.Field):
    """Tags, separated by commas or spaces."""

    def to_python(self, value: Any) -> list[str]:
        """The tags one by one."""
        return str(value or "").replace(",", " ").split()

    def prepare_value(self, value: Any) -> Any:
        """Tags as they are typed."""
        return ", ".join(value) if isinstance(value, list) else value


class AboutForm(ActionForm):
    """What a thread is about: shared by asking and editing."""

    product = forms.ModelChoiceField(
        all_products(), label=_("Product"), required=False, to_field_name="slug", empty_label=_("No product")
    )
    product_version = forms.ModelChoiceField(
        all_versions(), label=_("Version"), required=False, empty_label=_("No version")
    )
    tags = TagsField(
        label=_("Tags"), required=False, help_text=_("Up to 8, separated by commas: what would somebody search for?")
    )
    severity = forms.TypedChoiceField(
        choices=Severity.choices, coerce=int, initial=Severity.NORMAL, label=_("Severity")
    )
    environment = forms.CharField(
        label=_("Environment"), required=False, max_length=ENVIRONMENT_LENGTH, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Versions, systems, how many people are affected."),
    )  # fmt: skip

    def clean_product_version(self) -> ProductVersion | None:
        """The version, when it is one of the product's."""
        version: ProductVersion | None = self.cleaned_data.get("product_version")
        product = self.cleaned_data.get("product")
        if version is not None and (product is None or version.product_id != product.pk):
            raise forms.ValidationError(_("This version belongs to another product. Choose one of the product's own."))
        return version


class AskForm(AboutForm):
    """Posting a problem. The audience's choices are those that make sense for the asker in this space."""

    title = forms.CharField(
        label=_("Title"),
        max_length=TITLE_LENGTH,
        help_text=_("What goes wrong, in one line, as you would say it to a colleague."),
    )
    body = forms.CharField(label=_("What happens"), max_length=BODY_LENGTH, widget=forms.Textarea(attrs={"rows": 12}))
    audience = forms.ChoiceField(label=_("Who may see it"), widget=forms.RadioSelect, initial=Audience.SPACE)
    organizations = forms.ModelMultipleChoiceField(
        Organization.objects.none(), label=_("Organizations"), required=False, widget=forms.CheckboxSelectMultiple
    )
    client_id = forms.CharField(required=False, max_length=CLIENT_ID_LENGTH, widget=forms.HiddenInput)
    sitting = forms.CharField(required=False, max_length=SITTING_LENGTH, initial=new_sitting, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: Member, space: Space, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = organizations_in(space).exclude(pk=by.organization_id)
        self.offer("organizations", others)
        rungs = [
            (Audience.SPACE, _("Everyone in %(space)s") % {"space": space.name}),
            (Audience.ORGANIZATIONS, _("My organization and those I name")),
            (Audience.ORGANIZATION, _("%(name)s only") % {"name": by.organization.name}),
        ]
        if by.center is not None:
            rungs.append((Audience.CENTER, _("%(name)s only") % {"name": by.center.name}))
        self.offer("audience", rungs)
        self.order_fields(["title", "body"])

    def clean(self) -> dict[str, Any]:
        """Named organizations need names."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("audience") == Audience.ORGANIZATIONS and not cleaned.get("organizations"):
            self.add_error("organizations", _("Name at least one organization besides your own."))
        return cleaned


class EditThreadForm(AboutForm):
    """Changing a thread. The status choices are those the editor may choose now."""

    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    status = forms.ChoiceField(label=_("Status"), required=False)
    next_action = forms.CharField(label=_("What happens next"), max_length=NEXT_ACTION_LENGTH, required=False)
    next_action_by = forms.CharField(
        label=_("Who does it"), max_length=40, required=False, help_text=_("A handle, like ada.")
    )
    next_action_due = forms.DateTimeField(
        label=_("By when (UTC)"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args: Any, thread: Thread, closes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = {thread.status}
        if thread.is_unresolved:
            allowed |= {*UNRESOLVED}
        if closes:
            allowed |= {Thread.Status.CLOSED} if thread.status != Thread.Status.CLOSED else {Thread.Status.OPEN}
        choices = [(value, label) for value, label in Thread.Status.choices if value in allowed]
        self.offer("status", choices)
        self.order_fields(["title", "status", "next_action", "next_action_by", "next_action_due"])

    def clean_next_action_by(self) -> Member | None:
        """The member with that handle."""
        handle = self.cleaned_data["next_action_by"].strip().lstrip("@")
        if not handle:
            return None
        found = members_by_handle([handle])
        if not found:
            raise forms.ValidationError(_("Nobody has this handle. Look it up under People."))
        return found[0]

    def plan(self) -> dict[str, Any]:
        """The next action, by the names of its action's parameters."""
        data = self.cleaned_data
        return {"what": data["next_action"], "who": data["next_action_by"], "due": data["next_action_due"]}
