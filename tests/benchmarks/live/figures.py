"""Figures, what they are held against, and the table of them."""

import math
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One line of the table. `good` is None for what is only told, held against nothing."""

    row: str
    what: str
    value: str
    reference: str = ""
    good: bool | None = None


def at_most(row: str, what: str, value: float, limit: float, unit: str) -> Figure:
    """A figure that must not be larger."""
    return Figure(row, what, f"{value:.3g} {unit}".strip(), f"at most {limit:g} {unit}".strip(), value <= limit)


def at_least(row: str, what: str, value: float, limit: float, unit: str) -> Figure:
    """A figure that must not be smaller."""
    return Figure(row, what, f"{value:.4g} {unit}".strip(), f"at least {limit:g} {unit}".strip(), value >= limit)


def none_of(row: str, what: str, count: int) -> Figure:
    """Something that must not happen."""
    return Figure(row, what, f"{count:,}", "none", count == 0)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def spread(nanoseconds: Sequence[float]) -> tuple[float, float]:
    """Median and 99th percentile in milliseconds."""
    return percentile(nanoseconds, 50) / 1e6, percentile(nanoseconds, 99) / 1e6


def shown(nanoseconds: Sequence[float]) -> str:
    """Median and 99th percentile as the tables give them."""
    return "{:.1f} / {:.1f} ms".format(*spread(nanoseconds))


def table(figures: Iterable[Figure]) -> str:
    """All of them, aligned, with a verdict for what is held against something."""
    lines = [("row", "figure", "measured", "reference", "")]
    verdicts = {None: "", True: "reached", False: "MISSED"}
    lines += [(each.row, each.what, each.value, each.reference, verdicts[each.good]) for each in figures]
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def machine() -> str:
    """What this was measured on."""
    facts = Path("/proc/meminfo").read_text().split(maxsplit=2)
    cores = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    model = cores[0].partition(": ")[2] if cores else platform.machine()
    load = Path("/proc/loadavg").read_text().split()[0]
    return (
        f"{len(cores)} cores ({model}), {int(facts[1]) // 1024**2} GiB, Linux {platform.release()}, "
        f"Python {platform.python_version()}, load {load} before the run"
    )
