"""Checks of what is given that several actions share. Each raises Invalid with what to do."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from community.errors import Invalid
from community.models import Center, Organization
from community.rules.zones import is_zone


def check(row: Model, *, exclude: Collection[str] = ()) -> None:
    """Refuse, field by field, what the model refuses: missing, malformed, or taken; `exclude` names other fields."""
    try:
        row.full_clean(exclude=set(exclude))
    except ValidationError as error:
        fields = {name: " ".join(messages) for name, messages in error.message_dict.items()}
        raise Invalid(fields) from error


def check_zone(name: str) -> None:
    """Refuse what is no time zone."""
    if not is_zone(name):
        raise Invalid({"time_zone": _("There is no such time zone. Use a name like Europe/Berlin.")})


def check_center(center: Center | None, organization: Organization) -> None:
    """Refuse a center of another organization."""
    if center is not None and center.organization_id != organization.pk:
        message = _("This center belongs to another organization. Choose one of the organization's own.")
        raise Invalid({"center": message})
