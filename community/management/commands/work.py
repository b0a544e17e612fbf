"""`manage.py work`: the worker process."""

import logging
import signal
import threading
import time
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from community.actions.duties import is_away
from community.actions.outbox import deliver_waiting
from community.events.duties import Duty, due, duties
from community.management.readiness import tell_ready
from community.metrics.instruments import WORKER_DELIVERIES, WORKER_FAILURES

log = logging.getLogger(__name__)
PAUSE = 0.5
PAUSE_AFTER_ERROR = 5.0


class Command(BaseCommand):
    """Delivers what actions left in the outbox and looks after what is due, until SIGTERM or Ctrl-C.

    Any number of workers may run.
    """

    help = "Deliver notices with many recipients, and do what is due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to stop when there is nothing left to do."""
        parser.add_argument("--once", action="store_true", help="do what is waiting, then end")

    def handle(self, *, once: bool, **options: Any) -> None:
        """Look every half second; after a database error wait longer and go on."""
        if once:
            deliver_waiting()
            _look_after(duties())
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        tell_ready()
        while not stop.is_set():
            stop.wait(_work())


def _work() -> float:
    """Do what is waiting; returns how long to pause."""
    try:
        close_old_connections()
        WORKER_DELIVERIES.inc(deliver_waiting())
    except DatabaseError:
        WORKER_FAILURES.inc()
        log.exception("the worker could not deliver and tries again")
        return PAUSE_AFTER_ERROR
    return PAUSE if _look_after(due(time.monotonic())) else PAUSE_AFTER_ERROR


def _look_after(found: Iterable[Duty]) -> bool:
    """Do these duties, each failing by itself; false when the database is away."""
    for duty in found:
        try:
            duty.work()
        except Exception as error:
            WORKER_FAILURES.inc()
            log.exception("the worker could not do %s and tries again", duty.name)
            if is_away(error):
                return False
    return True
