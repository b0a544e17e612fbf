"""Forms about what one knows: skills by topic, and certificates."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from community.errors import Invalid
from community.forms.base import ActionForm
from reputation.models import Skill
from reputation.rules.skills import MOST_SKILLS, Declared
from threads.queries.catalog import all_products
from threads.rules.texts import tag_slugs

BLANK_ROWS = 4
_TOPIC = {"list": "topics", "autocomplete": "off", "placeholder": _("#tag or product")}


class TopicField(forms.CharField):
    """A topic as people write it: a product by its name or slug, else a tag, with # or without."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=120, widget=forms.TextInput(attrs=_TOPIC), **kwargs)

    def clean(self, value: Any) -> str:
        """The scope of what was typed; nothing for nothing."""
        typed = str(super().clean(value)).strip()
        try:
            return scope_of(typed) if typed else ""
        except Invalid as error:
            raise ValidationError(error.detail) from error


def scope_of(typed: str) -> str:
    """The scope that a topic stands for. Raises Invalid when it can be none."""
    word = typed.strip()
    if not word.startswith("#"):
        named = all_products().filter(name__iexact=word) | all_products().filter(slug=word.lower())
        product = named.first()
        if product is not None:
            return f"product:{product.slug}"
    slugs = tag_slugs([word.removeprefix("#")])
    if len(slugs) != 1:
        raise Invalid({"scope": _now("Name a tag or a product.")})
    return f"tag:{slugs[0]}"


def topic_of(scope: str, products: dict[str, str]) -> str:
    """How a scope is written: the product's name, or the tag with #."""
    noun, _colon, slug = scope.partition(":")
    return products.get(slug, slug) if noun == "product" else f"#{slug}"


class SkillForm(forms.Form):
    """One line: a topic, how well, and whether one wants to learn more. Without a topic it says nothing."""

    use_required_attribute = False

    topic = TopicField(label=_("Topic"), required=False)
    level = forms.TypedChoiceField(
        label=_("How well"), coerce=int, choices=Skill.Level.choices, initial=Skill.Level.CAN_HELP, required=False
    )
    wants_to_learn = forms.BooleanField(label=_("Wants to learn more"), required=False)


SkillForms: "type[BaseFormSet[SkillForm]]" = formset_factory(
    SkillForm, extra=BLANK_ROWS, max_num=MOST_SKILLS, absolute_max=MOST_SKILLS + BLANK_ROWS
)


def declared_in(forms_given: "BaseFormSet[SkillForm]") -> list[Declared]:
    """What the lines say; a topic named twice is what its first line says."""
    said: dict[str, Declared] = {}
    for form in forms_given:
        given = form.cleaned_data
        if topic := given.get("topic"):
            said.setdefault(topic, Declared(topic, given["level"] or Skill.Level.CAN_HELP, given["wants_to_learn"]))
    return list(said.values())


class CertificateForm(ActionForm):
    """A certificate that one holds."""

    name = forms.CharField(label=_("Certificate"), max_length=120)
    issuer = forms.CharField(label=_("Issued by"), max_length=120)
    scope = TopicField(label=_("About"), help_text=_("The tag or product in which it counts."))
    issued_on = forms.DateField(label=_("Issued on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    expires_on = forms.DateField(
        label=_("In force until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    number = forms.CharField(label=_("Number"), required=False, max_length=80)
    url = forms.CharField(
        label=_("Address"), required=False, max_length=500, help_text=_("Where others can check it, if there is one.")
    )
