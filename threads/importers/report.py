"""What an import did, counted: for every file read = made + already there + skipped."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext as _


@dataclass
class FileTally:
    """The rows of one file."""

    name: str
    read: int = 0
    made: int = 0
    there: int = 0
    skipped: Counter[str] = field(default_factory=Counter)

    def count(self, *, made: int, there: int, lost: int) -> None:
        """Add a slice; `lost` rows have no place, which only happens when the database was changed meanwhile."""
        self.made += made
        self.there += there
        if lost:
            self.skipped[_("has no place in the database")] += lost

    def skip(self, reason: str, number: int) -> None:
        """Add rows that are left out for a reason."""
        if number:
            self.skipped[reason] += number

    @property
    def adds_up(self) -> bool:
        """Whether every row that was read is accounted for."""
        return self.read == self.made + self.there + self.skipped.total()


@dataclass
class Report:
    """The tallies of all files, remarks on what was mended, with how often, and what was broken and left out."""

    files: dict[str, FileTally] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    remarks: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def of(self, name: str) -> FileTally:
        """The tally of one file."""
        return self.files.setdefault(name, FileTally(name))

    @property
    def read(self) -> int:
        """All rows read."""
        return sum(tally.read for tally in self.files.values())

    def lines(self) -> list[str]:
        """The table that is shown at the end."""
        head = (_("file"), _("read"), _("made"), _("already there"), _("skipped"))
        rows = [
            (tally.name, f"{tally.read:,}", f"{tally.made:,}", f"{tally.there:,}", f"{tally.skipped.total():,}")
            for tally in self.files.values()
        ]
        table = _aligned([head, *rows, self._sum()])
        broken = ["", _("Broken, and left out:"), *(f"  {line}" for line in self.broken)] if self.broken else []
        return [*table, *self._reasons(), *self._remarks(), *broken]

    def _sum(self) -> tuple[str, ...]:
        tallies = self.files.values()
        numbers = (
            self.read,
            sum(tally.made for tally in tallies),
            sum(tally.there for tally in tallies),
            sum(tally.skipped.total() for tally in tallies),
        )
        return (_("all"), *(f"{number:,}" for number in numbers))

    def _reasons(self) -> list[str]:
        lines = [
            f"  {tally.name}: {count:,} × {reason}"
            for tally in self.files.values()
            for reason, count in tally.skipped.most_common()
        ]
        return ["", _("Skipped, and why:"), *lines] if lines else []

    def _remarks(self) -> list[str]:
        lines = [f"  {count:,} × {remark}" for remark, count in self.remarks.most_common() if count]
        lines += [f"  {_('%(name)s is not there') % {'name': name}}" for name in self.missing]
        return ["", _("Remarks:"), *lines] if lines else []


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join([name.ljust(widths[0]), *map(str.rjust, numbers, widths[1:])]) for name, *numbers in rows]
