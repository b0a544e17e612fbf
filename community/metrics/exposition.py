"""All values of all processes in Prometheus' text format."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import nullcontext
from importlib.metadata import version
from pathlib import Path
from platform import python_version

import django
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from community.metrics.folder import FOLDER_VARIABLE, has_values, locked
from community.queries.outbox import Waiting

CONTENT_TYPE = CONTENT_TYPE_LATEST


class Looked(Collector):
    """What is looked up when asked, instead of counted. Without the database nothing is known of its queue."""

    def __init__(self, queue: Waiting | None) -> None:
        self._queue = queue

    def collect(self) -> Iterator[Metric]:
        """The database, its queue, and what runs."""
        queue = self._queue
        yield GaugeMetricFamily("guildhall_database_up", "Whether the database answers.", 0 if queue is None else 1)
        if queue is not None:
            yield GaugeMetricFamily("guildhall_outbox_rows", "Notices that wait for a worker.", queue.rows)
            yield GaugeMetricFamily(
                "guildhall_outbox_oldest_seconds", "How long the oldest of them has waited.", queue.seconds
            )
        versions = {"python": python_version(), "django": django.__version__, "daphne": version("daphne")}
        yield InfoMetricFamily("guildhall_build", "What runs.", versions)


class Counted(Collector):
    """What all processes counted; the library's own collector stumbles over the file that a process just begins."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)

    def collect(self) -> Iterator[Metric]:
        """All values of all files."""
        files = [str(path) for path in self._folder.glob("*.db") if has_values(path)]
        yield from MultiProcessCollector.merge(files, accumulate=True)


def exposition(queue: Waiting | None) -> bytes:
    """Of all processes when `manage.py serve` runs them, else of this one."""
    folder = os.environ.get(FOLDER_VARIABLE)
    registry = CollectorRegistry() if folder else REGISTRY
    with locked(folder, fcntl.LOCK_SH) if folder else nullcontext():
        if folder:
            registry.register(Counted(folder))
        counted = generate_latest(registry)
    looked = CollectorRegistry()
    looked.register(Looked(queue))
    return counted + generate_latest(looked)
