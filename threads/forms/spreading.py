"""Forms about how practices spread."""

import re
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from community.forms.base import ActionForm
from community.models import Member, Organization, Space, WorkRole
from community.queries.organizations import member_organizations
from community.queries.spaces import spaces_visible_to
from threads.models import Adoption, Audience
from threads.queries.archive import practices_visible_to
from threads.queries.playbooks import playbooks_visible_to
from threads.queries.subscriptions import work_roles
from threads.rules.limits import BULLETIN_LENGTH, FIELD_LENGTH, REASON_LENGTH, TITLE_LENGTH


class AdoptionForm(ActionForm):
    """What an organization makes of a practice."""

    state = forms.ChoiceField(
        label=_("What your organization makes of it"), choices=Adoption.State.choices, widget=forms.RadioSelect
    )
    variant = forms.CharField(
        label=_("Your variant"), required=False, max_length=FIELD_LENGTH, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Needed when you adapted it: what you do instead, or besides. Markdown."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why"), required=False, max_length=REASON_LENGTH,
        help_text=_("Needed when it is not applicable. Only your organization reads it."),
    )  # fmt: skip
    shares = forms.ChoiceField(
        label=_("What others who see the practice may know"), choices=Adoption.Shares.choices, widget=forms.RadioSelect,
        initial=Adoption.Shares.STATE,
    )  # fmt: skip


class NumberedField(forms.CharField):
    """Something named by its number or the address of its `page`, among what is `found`."""

    found: QuerySet[Any]

    def __init__(self, page: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._number = re.compile(rf"(?:#|(?:.*/)?{page}/)?(\d{{1,18}})/?(?:[?#].*)?")

    def clean(self, value: str) -> Any:
        """The thing, none where nothing was typed."""
        text = str(super().clean(value)).strip()
        if not text:
            return None
        number = self._number.fullmatch(text)
        thing = self.found.filter(pk=int(number[1])).first() if number else None
        if thing is None:
            raise forms.ValidationError(_("Nothing that you see has this number or address."))
        return thing


class BulletinForm(ActionForm):
    """A bulletin: what it says, to whom, and by when they should say that they have read it."""

    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    text = forms.CharField(
        label=_("Text"), max_length=BULLETIN_LENGTH, widget=forms.Textarea(attrs={"rows": 8}), help_text=_("Markdown.")
    )
    space = forms.ModelChoiceField(
        Space.objects.none(), label=_("Space"), to_field_name="slug", empty_label=_("Choose a space")
    )
    audience = forms.ChoiceField(label=_("For whom"), choices=Audience.choices, widget=forms.RadioSelect)
    organizations = forms.ModelMultipleChoiceField(
        Organization.objects.none(), label=_("Named organizations"), required=False, to_field_name="slug",
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    role = forms.ModelChoiceField(
        WorkRole.objects.none(), label=_("Only tell who has the role"), required=False, empty_label=_("Everybody")
    )
    practice = NumberedField(
        "practices", label=_("About a practice"), required=False, max_length=200,
        help_text=_("Its number or the address of its page. Who sees the practice is led there."),
    )  # fmt: skip
    playbook = NumberedField(
        "playbooks", label=_("About a playbook"), required=False, max_length=200,
        help_text=_("Its number or the address of its page. Who sees the playbook is led there."),
    )  # fmt: skip
    acknowledge_until = forms.DateTimeField(
        label=_("To be read by (UTC)"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("They are asked to say that they have read it; you see how many have."),
    )  # fmt: skip

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("space", spaces_visible_to(member).order_by("name"))
        self.offer("organizations", member_organizations().order_by("name"))
        self.offer("role", work_roles())
        numbered = {"practice": practices_visible_to(member), "playbook": playbooks_visible_to(member)}
        for name, things in numbered.items():
            cast(NumberedField, self.fields[name]).found = things
