"""What the demo's people say of each other's part in what they solved together, who coaches whom, and who
shows it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from community.models import Member
from community.rules import clock
from reputation.actions.coaching import name_coach
from reputation.actions.evaluations import Said
from reputation.actions.profile import choose_shown
from reputation.models.profile import Circle
from reputation.rules.evaluations import QUALITIES
from threads.actions.evaluating import rate_part
from threads.importers.demo.network import Network
from threads.models import Thread
from threads.policies.evaluating import may_evaluate, took_part

# Coach, whom they coach, and who named them.
_COACHES = (("ada", "tomas", "olga"), ("noor", "ada", "olga"))
# One note for each, from whoever rates them first.
_NOTES = {
    "ada": "Your questions say exactly what you saw and when. That saved us an hour.",
    "ben": "Right as always. A word on why it works would let others do it without you.",
    "zoe": "Quick and kind. Please put the version into the first line.",
}


# Who shows what of their contribution profile, and to whom; all others show nothing.
_SHOWN: dict[str, dict[str, Any]] = {
    "cleo": {"contributions": Circle.NETWORK, "ledger": Circle.NETWORK},
    "ben": {"contributions": Circle.ORGANIZATION, "peers": Circle.ORGANIZATION},
    "zoe": {"peers": Circle.NETWORK},
}


def evaluate_each_other(network: Network, threads: Iterable[Thread], now: datetime) -> None:
    """Have those who took part in a resolved thread rate each other, a few hours after it was quiet."""
    for coach, member, by in _COACHES:
        name_coach(by=network.people[by], coach=network.people[coach], member=network.people[member])
    for handle, shown in _SHOWN.items():
        choose_shown(by=network.people[handle], **shown)
    noted: set[str] = set()
    for row in Thread.objects.filter(pk__in=[thread.pk for thread in threads]).order_by("last_activity_at", "pk"):
        with clock.at(min(row.last_activity_at + timedelta(hours=3), now)):
            _rate_all(row, noted)


def _rate_all(thread: Thread, noted: set[str]) -> None:
    people = list(took_part(thread).order_by("pk"))
    raters = [member for member in people if may_evaluate(member, thread)]
    for rater in raters:
        for member in people:
            if member.pk != rater.pk:
                note = "" if member.handle in noted else _NOTES.get(member.handle, "")
                noted |= {member.handle} if note else set()
                rate_part(by=rater, thread=thread, member=member, said=_said(rater, member, thread, note))


def _said(rater: Member, member: Member, thread: Thread, note: str) -> Said:
    """Scores from 3 to 5, which come out the same each time; every fourth is left out."""
    places = enumerate(QUALITIES)
    dice = {name: rater.pk * 7 + member.pk * 5 + thread.pk * 3 + place * 11 for place, name in places}
    scores = {name: 3 + throw % 3 for name, throw in dice.items() if throw % 4}
    return Said(scores or {"courtesy": 4}, note, "person" if note else "")
