"""`manage.py serve`: the whole site in one foreground process tree."""

import os
import sys
import tempfile
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from community.metrics.folder import FOLDER_VARIABLE, bury
from realtime.management.children import Child
from realtime.management.supervisor import Supervisor, listening_socket, refusal
from realtime.siblings import room_for
from threads.rules import semantic

WORKER_NICENESS = 5  # somebody waits for a page, nobody for what is done in the background
MODEL_NICENESS = 15  # it always has something to read while people write, and who asks it does without after 150 ms


class Command(BaseCommand):
    """Serves pages, sockets and background tasks until Ctrl-C or SIGTERM, which end everything and exit with 0.

    SIGHUP exchanges all processes one by one for new ones.
    """

    requires_system_checks = ()  # `prepare` and `check` have made them
    help = "Serve the site with Daphne and its task worker, in one foreground process tree."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen, and with how many processes."""
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (%(default)s)")
        parser.add_argument("--processes", type=int, default=1, help="web processes sharing the port (%(default)s)")
        parser.add_argument("--workers", type=int, default=1, help="processes for background tasks (%(default)s)")
        parser.add_argument(
            "--proxy-headers", action="store_true", help="believe X-Forwarded-For: only behind a proxy that sets it"
        )

    def handle(
        self, *, host: str, port: int, processes: int, workers: int, proxy_headers: bool, **options: Any
    ) -> None:
        """Refuses a port in use with one line and exit code 1."""
        if processes < 1:
            raise CommandError("--processes takes 1 or more")
        if workers < 0:
            raise CommandError("--workers takes 0 or more")
        try:
            listener = listening_socket(host, port)
        except OSError as error:
            raise CommandError(refusal(host, port, error)) from error
        if processes > 1 and not settings.REDIS_URL:
            self.stderr.write(
                "Several processes without REDIS_URL: what one writes reaches readers of another only by the sweep, "
                "within 2 seconds, and who is present is counted for each process apart."
            )
        work = (str(settings.BASE_DIR / "manage.py"), "work")
        siblings = room_for(processes)
        children = web_children(listener.fileno(), siblings.fileno(), processes, proxy_headers=proxy_headers)
        children += [Child(f"worker {number}", work, niceness=WORKER_NICENESS) for number in range(1, workers + 1)]
        if semantic.in_use():
            children.append(Child("model", (str(settings.BASE_DIR / "manage.py"), "model"), niceness=MODEL_NICENESS))
        self.stdout.write(f"Guildhall is at {address(host, port)} (Ctrl-C ends it)")
        self.stdout.flush()
        with listener, siblings, tempfile.TemporaryDirectory(prefix="guildhall-metrics-") as metrics:
            code = Supervisor(
                children,
                environment=child_environment() | {FOLDER_VARIABLE: metrics},
                say=self.stderr.write,
                buried=lambda pid: bury(pid, metrics),
            ).run()
        sys.exit(code)


def web_children(listener: int, siblings: int, processes: int, *, proxy_headers: bool) -> list[Child]:
    """Web processes on inherited descriptors: the listening socket, and what they tell each other."""
    arguments = ["-m", "realtime.server", "--fd", str(listener), "--siblings", str(siblings)]
    arguments += ["--proxy-headers"] if proxy_headers else []
    inherited = listener, siblings
    return [Child(f"web {place + 1}", [*arguments, "--place", str(place)], inherited) for place in range(processes)]


def child_environment() -> dict[str, str]:
    """What the children inherit, such that they mean the same whatever folder they were started from."""
    path = os.pathsep.join(filter(None, (str(settings.BASE_DIR), os.environ.get("PYTHONPATH"))))
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
        "DATA_DIR": str(settings.DATA_DIR),
        "PYTHONPATH": path,
        "PYTHONUNBUFFERED": "1",
    }


def address(host: str, port: int) -> str:
    """The address to open in a browser."""
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
