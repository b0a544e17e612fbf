"""Drafts and deflections: what happens while a problem is being written."""

import json
from typing import Any

from django.utils.translation import gettext as _

from community.errors import Invalid, NotThere
from community.events import action
from community.models import Member
from community.rules import clock
from community.rules.numbers import whole
from threads.models import Deflection, Draft
from threads.queries.archive import practices_visible_to
from threads.queries.threads import threads_visible_to
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


@action
def record_deflection(*, by: Member, text: str, chosen: str) -> Deflection:
    """Remember that the member chose a likely answer (`thread:12`, `practice:3`) instead of posting what they typed."""
    noun, _colon, number = chosen.partition(":")
    things = {"thread": threads_visible_to(by), "practice": practices_visible_to(by)}.get(noun)
    if things is None or not things.filter(pk=whole(number)).exists():
        raise NotThere("no_such_answer")
    return Deflection.objects.create(member=by, text=text.replace("\0", "")[:4000], chosen=chosen, at=clock.now())
