"""`python -m realtime.server`: one web process of `manage.py serve`, on a listening socket that was inherited."""

import argparse
import asyncio
import gc
import resource
import sys

from channels.routing import get_default_application
from django.urls import get_resolver

from community.http import traffic, workers
from community.management.readiness import tell_ready
from community.rules.readers import readers
from realtime.server.memory import Collector
from realtime.server.protocols import quieten
from realtime.server.web import WebServer
from realtime.siblings import Siblings

# A page waits for Python's lock after each answer of the database: at most so long while the event loop writes.
SWITCH_SECONDS = 0.001
# Half a second, if the database answers.
REHEARSAL_SECONDS = 5.0


def main() -> None:
    """Loads the application with the collector off, settles the memory, and serves until SIGTERM or SIGINT."""
    options = arguments().parse_args()
    gc.disable()
    sys.setswitchinterval(SWITCH_SECONDS)
    allow_all_descriptors()
    quieten()
    application = get_default_application()
    from realtime import hub, transport  # noqa: PLC0415  (need Django, which the application has set up)

    transport.chosen()
    get_resolver().url_patterns  # noqa: B018  (loads all pages: who cannot serve them must not come to serve)
    from threads.views.rehearsal import rehearse  # noqa: PLC0415  (the same)

    workers.begin_with(rehearse, patience=REHEARSAL_SECONDS)

    readers.elsewhere = siblings = Siblings(options.siblings, options.place)
    server = WebServer(application, options.fd, siblings, hub=hub, proxy_headers=options.proxy_headers)
    asyncio.set_event_loop(server.loop)
    Collector(server.loop, lambda: len(server.sockets), at_rest, traffic.pages_under_way).settle()
    server.run(tell_ready)


def at_rest() -> bool:
    """Whether no request is being answered."""
    return not traffic.requests_under_way() and workers.at_rest()


def arguments() -> argparse.ArgumentParser:
    """What the supervisor says."""
    parser = argparse.ArgumentParser(prog="realtime.server", description=__doc__)
    parser.add_argument("--fd", type=int, required=True, help="descriptor of the listening socket")
    parser.add_argument("--siblings", type=int, required=True, help="descriptor of what those who share it tell")
    parser.add_argument("--place", type=int, required=True, help="which of them this one is, from 0")
    parser.add_argument("--proxy-headers", action="store_true", help="believe X-Forwarded-For and its like")
    return parser


def allow_all_descriptors() -> None:
    """A descriptor for each member on line: up to what the service manager allows."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    main()
