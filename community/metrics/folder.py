"""The folder in which all processes of `manage.py serve` keep their values for `/metrics`.

Each process writes files of its own. What a process that ended has counted is added to the files of the dead, so that
totals never fall and restarts leave nothing behind.
"""

import contextlib
import fcntl
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import mark_process_dead

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
DEAD = "dead"
COUNTED = ("counter", "histogram", "summary")


def bury(pid: int, folder: str) -> None:
    """Keeps what a process that ended has counted; its gauges, such as open sockets, count no more."""
    with locked(folder, fcntl.LOCK_EX):
        mark_process_dead(pid, folder)
        for kind in COUNTED:
            _move(Path(folder, f"{kind}_{pid}.db"), Path(folder, f"{kind}_{DEAD}.db"))
        for left in Path(folder).glob(f"gauge_*_{pid}.db"):
            left.unlink()


def _move(source: Path, target: Path) -> None:
    """Adds all values of one file to another."""
    if not source.exists():
        return
    sums: dict[str, float] = defaultdict(float)
    for path in filter(has_values, (source, target)):
        for key, value, _timestamp, _position in MmapedDict.read_all_values_from_file(str(path)):
            sums[key] += value
    making = target.with_suffix(".making")
    making.unlink(missing_ok=True)
    values = MmapedDict(str(making))
    for key, value in sums.items():
        values.write_value(key, value, 0.0)
    values.close()
    making.replace(target)
    source.unlink()


def has_values(path: Path) -> bool:
    """Whether it can be read: a file is empty for a moment after a process, perhaps killed just then, made it."""
    return path.exists() and path.stat().st_size > 0


@contextlib.contextmanager
def locked(folder: str, how: int) -> Iterator[None]:
    """While the block runs nobody moves values about, so that none is read twice or not at all."""
    descriptor = os.open(Path(folder, "lock"), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)
