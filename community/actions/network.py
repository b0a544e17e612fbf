"""What the actions of network administrators share."""

from django.core.exceptions import ValidationError
from django.db.models import Model

from community.errors import Forbidden, Invalid
from community.models import Member
from community.policies.network import may_administer


def judge_administrator(by: Member) -> None:
    """Refuse everybody but network administrators."""
    if not may_administer(by):
        raise Forbidden("only_network_administrators")


def check(row: Model) -> None:
    """Raise Invalid, field by field, for what the model refuses: missing, malformed, or taken."""
    try:
        row.full_clean()
    except ValidationError as error:
        fields = {name: " ".join(messages) for name, messages in error.message_dict.items()}
        raise Invalid(fields) from error
