"""The files of `/metrics`: what the dead have counted is kept, what they were is not, and files do not pile up."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from community.metrics.exposition import Counted
from community.metrics.folder import FOLDER_VARIABLE, bury
from tests.live import ROOT

PROCESS = """
import os
from prometheus_client import Counter, Gauge, Histogram
Counter("asked", "Asked.", ["who"]).labels(who="ada").inc(3)
Gauge("open", "Open.", multiprocess_mode="livesum").set(5)
Histogram("took", "Took.", buckets=(1, 2)).observe(1.5)
print(os.getpid())
"""


@pytest.fixture
def live_and_die(tmp_path: Path) -> Callable[[], int]:
    """A process that counts and ends; its id."""

    def run() -> int:
        environment = {FOLDER_VARIABLE: str(tmp_path)}
        return int(subprocess.check_output([sys.executable, "-c", PROCESS], env=environment, cwd=ROOT))

    return run


def values(folder: Path) -> dict[str, float]:
    """What a scrape would see."""
    return {
        sample.name + sample.labels.get("le", ""): sample.value
        for family in Counted(str(folder)).collect()
        for sample in family.samples
    }


def test_totals_never_fall_and_files_do_not_pile_up(tmp_path: Path, live_and_die: Callable[[], int]) -> None:
    for number in range(1, 5):
        pid = live_and_die()
        alive = values(tmp_path)
        assert alive == {
            "asked_total": 3.0 * number, "open": 5.0, "took_bucket1.0": 0.0, "took_bucket2.0": float(number),
            "took_bucket+Inf": float(number), "took_count": float(number), "took_sum": 1.5 * number,
        }  # fmt: skip

        bury(pid, str(tmp_path))

        assert values(tmp_path) == {name: value for name, value in alive.items() if name != "open"}
    assert {path.name for path in tmp_path.iterdir()} == {"counter_dead.db", "histogram_dead.db", "lock"}


def test_one_that_never_counted_is_buried_as_well(tmp_path: Path) -> None:
    bury(12345, str(tmp_path))

    assert values(tmp_path) == {}


def test_files_that_are_just_begun_are_in_nobodys_way(tmp_path: Path, live_and_die: Callable[[], int]) -> None:
    pid = live_and_die()
    alive = values(tmp_path)
    for kind in ("counter", "gauge_livesum", "histogram"):
        (tmp_path / f"{kind}_12345.db").touch()

    assert values(tmp_path) == alive
    bury(12345, str(tmp_path))
    bury(pid, str(tmp_path))
    assert values(tmp_path)["asked_total"] == 3.0
    assert {path.name for path in tmp_path.iterdir()} == {"counter_dead.db", "histogram_dead.db", "lock"}
