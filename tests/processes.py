"""Looking at processes from outside, for tests of the process tree."""

import time
from collections.abc import Callable
from pathlib import Path

from tests.services.processes import PATIENCE_SECONDS


def until(condition: Callable[[], object]) -> None:
    """Returns as soon as the condition holds; fails the test when it does not come to hold."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether the process is there and not merely waiting to be collected."""
    return _stat(pid)[:1] not in ([], ["Z"])


def descendants(pid: int) -> set[int]:
    """The process ids of the children, their children, and so on."""
    parents = {int(entry.name): _stat(int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    found, edge = set[int](), {pid}
    while edge:
        edge = {child for child, stat in parents.items() if stat and int(stat[1]) in edge}
        found |= edge
    return found


def command(pid: int) -> list[bytes]:
    """What the process was started with; nothing for one that is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return []


def _stat(pid: int) -> list[str]:
    """State, parent and more from /proc; nothing for a process that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
