"""What makes a hole in what is known: people ask, and nobody wrote it down, or nobody knows it."""

from dataclasses import dataclass

RECENT_DAYS = 28
BEFORE_DAYS = 84
ASKED_DAYS = RECENT_DAYS + BEFORE_DAYS
_LEAST_RISING = 3
_OFTEN_ASKED = 3
_PARTS = BEFORE_DAYS // RECENT_DAYS

UNWRITTEN, UNKNOWN = "unwritten", "unknown"


@dataclass(frozen=True)
class Covered:
    """One subject: practices by how far they are trusted, threads that are open, asked lately and before, experts.

    None are the experts of what is no subject: of all that has no product, or no tag.
    """

    validated: int = 0
    not_validated: int = 0
    open: int = 0
    recent: int = 0
    before: int = 0
    experts: int | None = 0

    @property
    def rising(self) -> bool:
        """Whether it is asked for at least twice as often as before, and not by chance."""
        return self.recent >= _LEAST_RISING and self.recent * _PARTS >= 2 * self.before + _PARTS

    @property
    def hole(self) -> str:
        """Why it is one, or empty: people ask, and there is no validated practice, or nobody who knows."""
        if self.open == 0 and self.recent + self.before < _OFTEN_ASKED:
            return ""
        if self.validated == 0:
            return UNWRITTEN
        return UNKNOWN if self.experts == 0 else ""
