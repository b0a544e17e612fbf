"""How long pages take on the real server: `python -m tests.benchmarks.pages`.

A thread of 50 posts beside one of 5,000 (and of 50,000 with `--longest`), in turn on the same server, one request at a
time; so the ratio holds even when the machine is busy. Prints medians in milliseconds and ratios to the short thread.
"""

import argparse
import http.client
import os
import statistics
import tempfile
import time
from pathlib import Path

SHORT, LONG, LONGEST = 50, 5_000, 50_000


def main() -> None:
    """Make a site of its own, ask, print, and end it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--longest", action="store_true", help=f"a thread of {LONGEST:,} posts as well")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        os.environ.pop("DATABASE_URL", None)
        lengths = [SHORT, LONG, *([LONGEST] if options.longest else [])]
        cookie, addresses = _site(lengths)
        from tests.live import LiveSite
        from tests.services import free_port

        site = LiveSite(Path(folder), free_port())
        site.start()
        try:
            _report(_measured(site.port, cookie, addresses, options.rounds), f"thread of {SHORT:,}")
        finally:
            site.stop()


def _site(lengths: list[int]) -> tuple[str, dict[str, str]]:
    """Migrate, write the threads, sign somebody in: the session cookie, and the addresses to ask for by name."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from tests.cast import make_cast
    from tests.longthreads import lengthen
    from threads.actions.threads import open_thread

    call_command("migrate", verbosity=0)
    cast = make_cast()
    addresses: dict[str, str] = {}
    for length in lengths:
        thread = open_thread(by=cast.ada, space=cast.spaces["lobby"], title=f"A thread of {length}", body="It goes on.")
        lengthen(thread, [cast.ben, cast.zoe, cast.finn], length - 1)
        addresses |= {
            f"thread of {length:,}": f"/threads/{thread.pk}/",
            f"last page of {length:,}": f"/threads/{thread.pk}/?from=last",
        }
    client = Client()
    client.force_login(cast.olga, backend="allauth.account.auth_backends.AuthenticationBackend")
    more = {"space": "/spaces/lobby/", "home": "/", "archive": "/archive/", "search": "/search/?q=goes"}
    return f"sessionid={client.cookies['sessionid'].value}", addresses | more


def _measured(port: int, cookie: str, addresses: dict[str, str], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each request, the addresses in turn, after three rounds that do not count."""
    took: dict[str, list[float]] = {name: [] for name in addresses}
    for turn in range(rounds + 3):
        for name, address in addresses.items():
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            started = time.perf_counter()
            connection.request("GET", address, headers={"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            if answer.status != http.client.OK:
                raise SystemExit(f"{address} answered {answer.status}")
            if turn >= 3:
                took[name].append((time.perf_counter() - started) * 1000)
            connection.close()
    return took


def _report(took: dict[str, list[float]], beside: str) -> None:
    base = statistics.median(took[beside])
    print(f"{'page':24}{'median ms':>10}{'ratio':>8}")  # noqa: T201  (what the command is for)
    for name, times in took.items():
        median = statistics.median(times)
        print(f"{name:24}{median:>10.1f}{median / base:>8.2f}")  # noqa: T201  (as above)


if __name__ == "__main__":
    main()
