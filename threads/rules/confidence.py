"""How far a practice can be trusted, from what organizations said of it.

Organizations count, not members: each once, by what it said last. An unanswered "dangerous" of it outranks whatever its
other members say. The score is smoothed by four voices that were never given, two of them for the practice, so that few
voices do not shine; "dangerous" weighs twice. An organization that used it in a thread and said nothing is a quarter of
a voice for it, in the score alone: mere use never validates anything. All of it is reckoned in whole numbers: what a
page states is what is compared.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

WORKED, CHANGES, FAILED, OUTDATED, DANGEROUS = KINDS = ("worked", "changes", "failed", "outdated", "dangerous")
WORK_IN_PROGRESS, NOT_VALIDATED, VALIDATED, ARCHIVED = "work_in_progress", "not_validated", "validated", "archived"
UNFOUNDED, COMPUTED, APPROVED, IMPORTED = "", "computed", "approved", "imported"

SCORE_NEEDED = 60
NEEDED = 3
NEEDED_AMONG_FEW = 2
FEW_ORGANIZATIONS = 5


class Said(NamedTuple):
    """A standing verdict; `answered` when a review has dealt with it."""

    organization: int
    kind: str
    at: datetime
    id: int
    answered: bool = False

    @property
    def warns(self) -> bool:
        """Whether it says that somebody may come to harm, and nobody has dealt with it."""
        return self.kind == DANGEROUS and not self.answered


class Tally(NamedTuple):
    """How many organizations said what."""

    worked: int = 0
    changed: int = 0
    failed: int = 0
    outdated: int = 0
    dangerous: int = 0

    @property
    def working(self) -> int:
        """For how many it worked, as it is or with changes."""
        return self.worked + self.changed

    @property
    def against(self) -> int:
        """How many said something against it."""
        return self.failed + self.outdated + self.dangerous


class State(NamedTuple):
    """What else decides besides the tally. `needed` organizations have to say that it works.

    `unfinished`: it follows its thread's record, or lacks a resolution. `reopened`: its thread is unresolved, and no
    other organization than its own says that it works. `by_approval` and `approved`: it is governed so, and this text
    was approved. `warned`: somebody's "dangerous" is unanswered. `used`: by so many organizations that said nothing.
    """

    confidence: str
    basis: str
    tally: Tally
    needed: int = NEEDED
    unfinished: bool = False
    reopened: bool = False
    by_approval: bool = False
    approved: bool = False
    warned: bool = False
    used: int = 0


def counted(said: Iterable[Said]) -> dict[int, Said]:
    """The one verdict that counts for each organization: the newest, or its newest unanswered warning."""
    found: dict[int, Said] = {}
    for each in said:
        other = found.get(each.organization)
        if other is None or _rank(each) > _rank(other):
            found[each.organization] = each
    return found


def _rank(said: Said) -> tuple[bool, datetime, int]:
    return said.warns, said.at, said.id


def tally(counted_ones: Iterable[Said]) -> Tally:
    """How many organizations said what, when each is counted once."""
    kinds = [each.kind for each in counted_ones]
    return Tally(*(kinds.count(kind) for kind in KINDS))


def score(found: Tally, used: int = 0) -> int:
    """How well it did, 0 to 100, both ends never reached; 50 when nobody has said anything.

    Reckoned in quarters of a voice.
    """
    voices = sum(found) + found.dangerous + 4
    share, whole = 400 * found.worked + 300 * found.changed + 100 * used + 800, 4 * voices + used
    return (2 * share + whole) // (2 * whole)


def needed(organizations: int) -> int:
    """How many have to say that it works, where that many organizations take part."""
    return NEEDED_AMONG_FEW if organizations < FEW_ORGANIZATIONS else NEEDED


def judged(now: State) -> tuple[str, str]:
    """The confidence, and on what it is based."""
    if now.confidence == ARCHIVED:
        return ARCHIVED, now.basis
    kept = IMPORTED if now.basis == IMPORTED and not now.tally.against else UNFOUNDED
    if now.unfinished or now.reopened:
        return WORK_IN_PROGRESS, kept
    if now.by_approval:
        return (VALIDATED, APPROVED) if now.approved and not now.warned else (NOT_VALIDATED, kept)
    if is_confirmed(now):
        return VALIDATED, COMPUTED
    return (VALIDATED, IMPORTED) if kept else (NOT_VALIDATED, UNFOUNDED)


def is_confirmed(now: State) -> bool:
    """Whether enough organizations say that it works, few enough say otherwise, and nobody's warning is open."""
    return not now.warned and now.tally.working >= now.needed and score(now.tally, now.used) >= SCORE_NEEDED
