"""What the server's web processes use, from /proc."""

import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from tests.processes import descendants

PARTS = {
    b"postgres": "PostgreSQL",
    b"redis": "Redis",
    b"\0work\0": "worker",
    b"\0model\0": "model",
    b"multiprocessing": "load client",
}
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """Seconds of processor, and kilobytes of memory: resident, and each process's share of what they share."""

    seconds: float
    resident: int
    proportional: int


def web_processes(supervisor: int) -> list[int]:
    """The children of `manage.py serve` that serve pages and sockets; neither worker nor model is one of them."""
    children = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return sorted(pid for pid in children if _parent(pid) == supervisor and _serves(pid))


def usage_of(processes: list[int]) -> Usage:
    """What they have used of the processor since they began, and of memory now."""
    memory = [_memory(pid) for pid in processes]
    return Usage(seconds_of(processes), sum(each["Rss"] for each in memory), sum(each["Pss"] for each in memory))


def seconds_of(processes: list[int]) -> float:
    """User and system time in seconds."""
    return sum(int(ticks) for pid in processes for ticks in _stat(pid)[11:13]) / TICKS


def seconds_by_part(web: list[int]) -> dict[str, float]:
    """The seconds used so far by each part of what this program started, itself included."""
    used: dict[str, float] = defaultdict(float)
    for pid in {os.getpid()} | descendants(os.getpid()):
        used["web" if pid in web else _part_of(pid)] += seconds_of([pid])
    return used


def shares(before: dict[str, float], after: dict[str, float], seconds: float) -> str:
    """Who used how much of a core between the two, largest first."""
    used = {part: (after[part] - before.get(part, 0.0)) / seconds for part in after}
    ordered = sorted(used.items(), key=lambda item: -item[1])
    return ", ".join(f"{part} {share:.0%}" for part, share in ordered if share >= 0.01)


def _part_of(pid: int) -> str:
    line = _line(pid)
    named = (part for word, part in PARTS.items() if word in line)
    return "benchmark" if pid == os.getpid() else next(named, "other")


def _line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _parent(pid: int) -> int | None:
    stat = _stat(pid)
    return int(stat[1]) if stat else None


def _serves(pid: int) -> bool:
    return b"realtime.server" in _line(pid).split(b"\0")


def _memory(pid: int) -> dict[str, int]:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    return {name: int(value.split()[0]) for name, _colon, value in (line.partition(":") for line in lines)}
