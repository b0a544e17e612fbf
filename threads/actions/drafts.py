"""Drafts: what somebody typed and has not sent."""

import json
from typing import Any

from django.utils.translation import gettext as _

from community.errors import Invalid
from community.events import action
from community.models import Member
from community.rules import clock
from threads.models import Draft
from threads.rules.limits import DRAFT_LENGTH

_PLACE_LENGTH = 80


@action
def save_draft(*, by: Member, place: str, content: dict[str, Any]) -> Draft:
    """Keep what the member typed at a place (`space:<slug>`, `thread:<id>`), instead of what was kept before."""
    if not place or len(place) > _PLACE_LENGTH:
        raise Invalid({"place": _("Name the place of the draft.")})
    if len(json.dumps(content)) > DRAFT_LENGTH:
        raise Invalid({"content": _("This draft is too long to be kept on the server.")})
    draft, _made = Draft.objects.update_or_create(
        member=by, place=place, defaults={"content": content, "saved_at": clock.now()}
    )
    return draft


@action
def drop_draft(*, by: Member, place: str) -> None:
    """Forget the member's draft at a place."""
    Draft.objects.filter(member=by, place=place).delete()
