"""What the worker looks after of badges: that everybody holds what the rules of today say."""

from datetime import datetime, timedelta

from community.actions.duties import each
from community.events.duties import every
from community.rules import clock
from reputation.actions.badges import settle_badges
from reputation.queries.badges import members_from, unsettled

BADGES_DUTY = "judge badges anew"
AT_ONCE = 200
EVERY = timedelta(days=1)


class Round:
    """A way through all members, a few at a time; from the start again a day after it began.

    Each worker goes its own, from its start on: so what a new version of the rules says is done soon.
    """

    def __init__(self) -> None:
        self._after: int | None = None
        self._next = datetime.min.replace(tzinfo=clock.now().tzinfo)

    def go_on(self) -> int:
        """Judge the next members; how many badges were given and withdrawn."""
        if self._after is None:
            if clock.now() < self._next:
                return 0
            self._after, self._next = 0, clock.now() + EVERY
        members = members_from(self._after, AT_ONCE)
        changed = each(BADGES_DUTY, unsettled(members), lambda pk: settle_badges(member_id=pk))
        self._after = members[-1] if len(members) == AT_ONCE else None
        return changed


def register() -> None:
    """Have the worker do it; called once at start-up."""
    every(5, BADGES_DUTY, Round().go_on)
