"""What the server's web processes use, from /proc."""

import os
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """Seconds of processor, and kilobytes of memory: resident, and each process's share of what they share."""

    seconds: float
    resident: int
    proportional: int


def web_processes(supervisor: int) -> list[int]:
    """The children of `manage.py serve` that serve pages and sockets; the worker is not one of them."""
    children = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return sorted(pid for pid in children if _parent(pid) == supervisor and not _is_worker(pid))


def usage_of(processes: list[int]) -> Usage:
    """What they have used of the processor since they began, and of memory now."""
    memory = [_memory(pid) for pid in processes]
    return Usage(seconds_of(processes), sum(each["Rss"] for each in memory), sum(each["Pss"] for each in memory))


def seconds_of(processes: list[int]) -> float:
    """User and system time in seconds."""
    return sum(int(ticks) for pid in processes for ticks in _stat(pid)[11:13]) / TICKS


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _parent(pid: int) -> int | None:
    stat = _stat(pid)
    return int(stat[1]) if stat else None


def _is_worker(pid: int) -> bool:
    return b"work" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")


def _memory(pid: int) -> dict[str, int]:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    return {name: int(value.split()[0]) for name, _colon, value in (line.partition(":") for line in lines)}
