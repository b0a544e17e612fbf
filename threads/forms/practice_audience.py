"""The form that shows a practice to other people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.forms.base import ActionForm
from community.models import Member, Organization
from threads.models import Practice, PracticeAudience
from threads.policies.practices import may_change_audience
from threads.queries import public
from threads.queries.practice_audience import nameable_for
from threads.rules.limits import REASON_LENGTH


class PracticeAudienceForm(ActionForm):
    """Who may see a practice, with the preview that was shown of it."""

    audience = forms.ChoiceField(label=_("Who may see it"), widget=forms.RadioSelect)
    organizations = forms.ModelMultipleChoiceField(
        Organization.objects.none(), label=_("Organizations"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=_("Why"), max_length=REASON_LENGTH, help_text=_("Kept in its history, for those who see that.")
    )
    preview = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, practice: Practice, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("organizations", nameable_for(practice).order_by("name"))
        names = {
            PracticeAudience.CENTER: _("%(name)s only") % {"name": practice.center.name if practice.center else ""},
            PracticeAudience.ORGANIZATION: _("%(name)s only") % {"name": practice.organization.name},
            PracticeAudience.ORGANIZATIONS: _("%(name)s and those I name") % {"name": practice.organization.name},
            PracticeAudience.SPACE: _("Everyone in %(space)s") % {"space": practice.space.name},
            PracticeAudience.NETWORK: PracticeAudience.NETWORK.label,
            PracticeAudience.PUBLIC: PracticeAudience.PUBLIC.label,
        }
        cannot = {
            PracticeAudience.CENTER: practice.center_id is None,
            PracticeAudience.PUBLIC: not public.SERVED and practice.audience != PracticeAudience.PUBLIC,
        }
        rungs = [rung for rung in PracticeAudience if not cannot.get(rung)]
        self.offer("audience", [(r.value, names[r]) for r in rungs if may_change_audience(member, practice, r)])
