"""What every form can do: take up an action's refusal at the fields it concerns."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from community.errors import Invalid


class ActionForm(forms.Form):
    """A form whose action may still refuse; nothing typed is lost then."""

    use_required_attribute = False

    def take(self, error: Invalid) -> None:
        """Show an action's refusal beside the fields it names, or above the form."""
        for name, message in error.fields.items():
            self.add_error(name if name in self.fields else None, message)

    def offer(self, name: str, things: QuerySet[Any] | Sequence[tuple[Any, Any]]) -> None:
        """Say what can be chosen in a field, where that depends on who asks."""
        setattr(self.fields[name], "queryset" if isinstance(things, QuerySet) else "choices", things)

    def accepted(self) -> dict[str, Any]:
        """What was typed, by the names of the action's parameters."""
        return dict(self.cleaned_data)
