"""How members say when and how they may be asked for help."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, TypedDict, Unpack

from django.utils.translation import gettext as _

from community.actions.checks import check
from community.actions.members import edit_profile
from community.errors import Invalid
from community.events import action
from community.models import Member, Reach
from community.rules import clock
from community.rules.languages import LANGUAGES

MOST_LANGUAGES = 5
MOST_A_DAY = 50
_LONGEST = timedelta(days=366)
_ENDS_BY_ITSELF = (Reach.State.AVAILABLE, Reach.State.AWAY)


class Said(TypedDict, total=False):
    """What a member can say about being asked; what is left out stays as it was."""

    opens_at: time | None
    closes_at: time | None
    working_days: Sequence[int] | None
    outside: str
    most_a_day: int | None
    languages: Sequence[str]
    contact: str


@action
def set_state(*, by: Member, state: str, until: datetime | None = None) -> Reach:
    """Say whether one can be asked now; after `until` it is again as the hours say.

    Raises Invalid for no such state, for `available` and `away` without a time, and for a time that is past or more
    than a year ahead.
    """
    if state not in Reach.State.values:
        raise Invalid({"state": _("Choose one of: %(states)s.") % {"states": ", ".join(Reach.State.values)}})
    if state == Reach.State.HOURS:
        until = None
    elif until is None and state in _ENDS_BY_ITSELF:
        raise Invalid({"until": _("Say until when.")})
    elif until is not None and not clock.now() < until <= clock.now() + _LONGEST:
        raise Invalid({"until": _("Choose a time in the future, within a year.")})
    row, _created = Reach.objects.update_or_create(member=by, defaults={"state": state, "until": until})
    return row


@action
def set_reach(*, by: Member, **said: Unpack[Said]) -> Reach:
    """Say when one works, whether one may be asked at other times, how often, in which languages, and how.

    Hours are local to one's own zone, and given whole: opening, closing and days, or none of them, which is as the
    center. Raises Invalid for each field that cannot be used.
    """
    wanted: dict[str, Any] = dict(said)
    row = Reach.objects.select_for_update().filter(member=by).first() or Reach(member=by)
    _check_hours(row, wanted)
    if "languages" in wanted:
        wanted["languages"] = _languages(wanted["languages"])
    if not 0 < (wanted.get("most_a_day") or 1) <= MOST_A_DAY:
        raise Invalid({"most_a_day": _("Give a number from 1 to %(most)d, or none.") % {"most": MOST_A_DAY}})
    if "contact" in wanted:
        wanted["contact"] = " ".join(wanted["contact"].split())
    for name, value in wanted.items():
        setattr(row, name, value)
    check(row, exclude={"member"})
    row, _created = Reach.objects.update_or_create(member=by, defaults=wanted)
    return row


@action
def edit_own_page(*, by: Member, profile: Mapping[str, Any], said: Said) -> Member:
    """Change what a member says of themselves and about being asked, all of it or nothing. Raises Invalid as both."""
    member = edit_profile(by=by, **profile)
    set_reach(by=member, **said)
    return member


@action
def change_reach(*, by: Member, state: tuple[str, datetime | None] | None, said: Said) -> None:
    """As `set_state`, unless there is none, and `set_reach`, both or neither."""
    if state is not None:
        set_state(by=by, state=state[0], until=state[1])
    if said:
        set_reach(by=by, **said)


def _check_hours(row: Reach, wanted: dict[str, Any]) -> None:
    names = ("opens_at", "closes_at", "working_days")
    if wanted.get("working_days") is not None:
        wanted["working_days"] = sorted(set(wanted["working_days"]))
        if not set(wanted["working_days"]) <= set(range(1, 8)):
            raise Invalid({"working_days": _("Days are numbers from 1, Monday, to 7, Sunday.")})
    missing = [name for name in names if wanted.get(name, getattr(row, name)) is None]
    if missing and len(missing) < len(names):
        raise Invalid(dict.fromkeys(missing, _("Give opening, closing and days, or none of them.")))


def _languages(codes: Sequence[str]) -> list[str]:
    chosen = list(dict.fromkeys(code.strip().lower() for code in codes if code.strip()))
    if unknown := [code for code in chosen if code not in LANGUAGES]:
        named = ", ".join(code[:20] for code in unknown[:5])
        raise Invalid({"languages": _("No language has this code: %(codes)s. Use two letters.") % {"codes": named}})
    if len(chosen) > MOST_LANGUAGES:
        raise Invalid({"languages": _("Name at most %(most)d languages.") % {"most": MOST_LANGUAGES}})
    return chosen
