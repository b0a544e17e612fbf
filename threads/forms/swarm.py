"""Forms of the swarm: asking for help, handing over, letting in, opening further."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.errors import Invalid
from community.forms.base import ActionForm
from community.models import Center, Member, Organization
from community.queries.members import members_by_handle
from community.queries.organizations import centers_of, member_organizations
from community.rendering.hours import zone_of
from community.rules import clock
from threads.models import Audience, HelpRequest, Thread
from threads.queries.guests import RUNGS, nameable_in
from threads.rules.limits import ASKING_LENGTH, HAND_OVER_LEAST, HAND_OVER_LENGTH, MOST_WANTED, TAG_LENGTH
from threads.rules.texts import tag_slugs

_LONGEST_LIST = 4_000  # room for more handles than may be named anywhere
NOBODY = _("Nobody of this handle sees the thread. Look it up under People.")


def sent_as(given: str, *said: object) -> str | None:
    """The name under which a form is sent: that of its page, with what was typed; other words are another thing."""
    words = hashlib.sha256(repr(said).encode(errors="replace")).hexdigest()[:16]
    return f"{given}-{words}" if given else None


class SentOnceField(forms.CharField):
    """The name of one page's form, so that pressing its button twice sends it once."""

    def __init__(self) -> None:
        super().__init__(required=False, max_length=40, widget=forms.HiddenInput, initial=lambda: uuid4().hex)


class HandlesField(forms.CharField):
    """Members by their handles, separated by commas or spaces, in this order."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=_LONGEST_LIST, **kwargs)

    def clean(self, value: Any) -> list[Member]:
        """The members with these handles."""
        handles = [part.lstrip("@").lower() for part in str(super().clean(value)).replace(",", " ").split()]
        found = {member.handle: member for member in members_by_handle(handles)}
        if any(handle not in found for handle in handles):
            raise forms.ValidationError(NOBODY)
        return [found[handle] for handle in handles]


class HelpForm(ActionForm):
    """A request for help. `due` is one of a few usual times, or `due_at` in the asker's zone."""

    target = forms.ChoiceField(
        label=_("Whom to ask"),
        choices=HelpRequest.Target.choices,
        widget=forms.RadioSelect,
        initial=HelpRequest.Target.MATCHED,
        help_text=_("They are asked one after another, within their hours, until somebody helps."),
    )
    members = HandlesField(label=_("These people"), required=False, help_text=_("Handles, like ada, in your order."))
    organization = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Organization"), required=False, to_field_name="slug", empty_label="–"
    )
    center = forms.ModelChoiceField(Center.objects.none(), label=_("Center"), required=False, empty_label="–")
    tag = forms.CharField(label=_("Topic"), required=False, max_length=TAG_LENGTH, help_text=_("A tag, like dns."))
    what = forms.CharField(
        label=_("What is needed"), max_length=ASKING_LENGTH, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("So that somebody who does not know the thread can say yes or no."),
    )  # fmt: skip
    due = forms.ChoiceField(label=_("By when"))
    due_at = forms.DateTimeField(
        label=_("Another time"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    wanted = forms.TypedChoiceField(label=_("How many people"), coerce=int, initial=1)
    at_once = forms.TypedChoiceField(label=_("How many to ask at once"), coerce=int, initial=1)
    client_id = SentOnceField()

    def __init__(self, *args: Any, by: Member, thread: Thread, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._by, self._thread = by, thread
        organizations = member_organizations().order_by("name")
        self.offer("organization", organizations)
        self.offer("center", centers_of(organizations).select_related("organization").order_by("name"))
        self.offer("due", [*_DUE, ("other", _("Another time"))])
        numbers = [(number, str(number)) for number in range(1, MOST_WANTED + 1)]
        self.offer("wanted", numbers)
        self.offer("at_once", numbers)
        self.fields["due"].initial = _USUAL[thread.severity]
        self.fields["due_at"].help_text = _("In your time zone, %(zone)s.") % {"zone": zone_of(by)}

    def clean_due_at(self) -> Any:
        """The time in the asker's own zone."""
        at = self.cleaned_data.get("due_at")
        return at if at is None else timezone.make_aware(timezone.make_naive(at), zone_of(self._by))

    def clean_tag(self) -> str:
        """The topic in its one spelling."""
        try:
            return next(iter(tag_slugs([self.cleaned_data["tag"]])), "")
        except Invalid as error:
            raise forms.ValidationError(error.detail) from error

    def clean(self) -> dict[str, Any]:
        """What belongs to the choices needs to be given: another time, whom by name, the place, the topic."""
        cleaned = super().clean() or self.cleaned_data
        name, message = _NEEDED.get(cleaned.get("target", ""), ("", ""))
        if name and not cleaned.get(name) and name not in self.errors:
            self.add_error(name, message)
        if cleaned.get("due") == "other" and not cleaned.get("due_at") and "due_at" not in self.errors:
            self.add_error("due_at", _("Choose the time."))
        return cleaned

    def forget_the_rest(self) -> None:
        """Hold nothing against anybody but what they said of whom to ask: they only want to see who that is."""
        for name in set(self.errors) - _WHOM:
            del self.errors[name]

    def whom(self) -> dict[str, Any] | None:
        """What was said of whom to ask; None as long as that is not known."""
        if not self.is_bound or _WHOM & set(self.errors):
            return None
        return {name: self.cleaned_data.get(name) for name in _WHOM}

    def accepted(self) -> dict[str, Any]:
        """What was typed, by the names of the action's parameters."""
        data = self.cleaned_data
        due = data["due_at"] if data["due"] == "other" else clock.now() + _SPANS[data["due"]]
        return {
            "what": data["what"],
            "due_at": due,
            "target": data["target"],
            "members": data["members"],
            "organization": data["organization"],
            "center": data["center"],
            "scope": f"tag:{data['tag']}" if data["tag"] else "",
            "wanted": data["wanted"],
            "at_once": data["at_once"],
            "client_id": sent_as(
                data["client_id"], self._thread.pk, data["what"], *(data[name] for name in _WHOM_SENT)
            ),
        }


_WHOM_SENT = ("target", "members", "organization", "center", "tag", "due")
_WHOM = frozenset({"target", "members", "organization", "center", "tag"})
_NEEDED = {
    "members": ("members", _("Name at least one member.")),
    "organization": ("organization", _("Choose the organization.")),
    "center": ("center", _("Choose the center.")),
    "tag": ("tag", _("Name the topic: a tag.")),
}
_DUE = (
    ("half", _("In half an hour")),
    ("hour", _("In an hour")),
    ("four", _("In four hours")),
    ("day", _("Tomorrow at this time")),
    ("three", _("In three days")),
)
_SPANS = {
    "half": timedelta(minutes=30),
    "hour": timedelta(hours=1),
    "four": timedelta(hours=4),
    "day": timedelta(days=1),
    "three": timedelta(days=3),
}
# By severity: what is critical cannot wait for tomorrow.
_USUAL = {1: "hour", 2: "four", 3: "day", 4: "three"}


class HandOverForm(ActionForm):
    """A hand-over, to somebody or to whoever takes over."""

    summary = forms.CharField(
        label=_("Where it stands"), max_length=HAND_OVER_LENGTH, min_length=HAND_OVER_LEAST,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("What is known, what was tried, what comes next. Everybody who sees the thread reads it."),
    )  # fmt: skip
    to = HandlesField(
        label=_("To whom"),
        required=False,
        help_text=_("A handle, like ada. Empty: a note for whoever takes over, as at the end of a shift."),
    )

    def clean_to(self) -> Member | None:
        """One member, or nobody by name."""
        members: list[Member] = self.cleaned_data["to"]
        if len(members) > 1:
            raise forms.ValidationError(_("Name one member."))
        return members[0] if members else None


class LetInForm(ActionForm):
    """Letting one person in, with the preview that was shown."""

    member = HandlesField(label=_("Whom"), help_text=_("A handle, like ada."))
    reads_only = forms.BooleanField(label=_("Only to read"), required=False)
    preview = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def clean_member(self) -> Member:
        """One member."""
        members: list[Member] = self.cleaned_data["member"]
        if len(members) != 1:
            raise forms.ValidationError(_("Name one member."))
        return members[0]


class WidenForm(ActionForm):
    """A wider audience, with the preview that was shown."""

    audience = forms.ChoiceField(label=_("Who may see it"), widget=forms.RadioSelect)
    organizations = forms.ModelMultipleChoiceField(
        Organization.objects.none(), label=_("Organizations"), required=False, widget=forms.CheckboxSelectMultiple
    )
    preview = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, thread: Thread, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("organizations", nameable_in(thread).order_by("name"))
        now = RUNGS.index(thread.audience)
        names = {
            Audience.ORGANIZATION: _("%(name)s only") % {"name": thread.organization.name},
            Audience.ORGANIZATIONS: _("%(name)s and those I name") % {"name": thread.organization.name},
            Audience.SPACE: _("Everyone in %(space)s") % {"space": thread.space.name},
        }
        wider = [
            (rung, names[Audience(rung)])
            for place, rung in enumerate(RUNGS)
            if place > now or (rung == thread.audience == Audience.ORGANIZATIONS)
        ]
        self.offer("audience", wider)
