"""What there is to read: `python -m tests.benchmarks.pages.content LENGTH...` fills the database of the environment.

Prints as JSON the addresses of the pages by name, threads that nobody has read yet, and sessions of readers.
"""

import json
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from community.models import Member, Space
    from threads.models import Thread

POSTS = 20
UNREAD = 60
SOLVED = 20
REPLY = """The relay at **gate {0}** answers, but the controller drops its lease every few minutes:

    10:0{0} lease lost, retrying in 30 s

Have you compared the firmware? [The notes](https://example.com/{0}) say that 4.2 mends this. Otherwise:

1. stop the controller and clear its table,
2. start it with `--fresh`, and wait for two renewals.
"""


def main(lengths: list[int]) -> None:
    """Fill and print."""
    import django

    django.setup()
    from django.core.management import call_command

    from community.models import Member, Space

    call_command("migrate", verbosity=0)
    call_command("seed_network", members=300, centers=60, threads=200, verbosity=0, stdout=sys.stderr)
    people = list(Member.objects.filter(is_active=True).order_by("pk")[: UNREAD + 3])
    space = Space.objects.get(slug="load-commons")
    solved(space, people)
    unread = [thread_of(POSTS, space, people) for _ in range(UNREAD)]
    pages = {
        "thread": address(thread_of(POSTS, space, people)),
        "space": f"/spaces/{space.slug}/",
        "home": "/",
        "archive": "/archive/",
        "search": "/search/?q=relay+lease",
    }
    sessions = [session_of(one) for one in people]
    long = {str(length): address(long_thread(length, space, people)) for length in lengths}
    told = {"pages": pages, "unread": [address(one) for one in unread], "sessions": sessions, "long": long}
    print(json.dumps(told))  # noqa: T201  (for the program that started this one)


def thread_of(posts: int, space: "Space", people: "list[Member]") -> "Thread":
    """A thread written as members write one."""
    from threads.actions.posts import post_reply
    from threads.actions.threads import open_thread

    thread = open_thread(by=people[0], space=space, title="The gate drops its lease", body=REPLY.format(0))
    for number in range(1, posts):
        post_reply(by=people[number % 3], thread=thread, body=REPLY.format(number))
    return thread


def solved(space: "Space", people: "list[Member]") -> None:
    """Something for the archive."""
    from threads.actions.practices import record_practice
    from threads.actions.resolution import resolve

    for _ in range(SOLVED):
        thread = thread_of(2, space, people)
        resolve(by=people[0], thread=thread, record={"problem": "The lease is lost.", "resolution": REPLY.format(1)})
        record_practice(by=people[0], thread=thread)


def long_thread(posts: int, space: "Space", people: "list[Member]") -> "Thread":
    """A thread of any length, written in bulk."""
    from tests.longthreads import lengthen

    thread = thread_of(1, space, people)
    lengthen(thread, people[:3], posts - 1)
    return thread


def address(thread: "Thread") -> str:
    """Where its page is."""
    return f"/threads/{thread.pk}/"


def session_of(member: "Member") -> str:
    """The cookies of somebody who has signed in, as the form for it leaves them."""
    from django.test import Client
    from django.utils.crypto import get_random_string

    client = Client()
    client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    return f"sessionid={client.cookies['sessionid'].value}; csrftoken={get_random_string(32)}"


if __name__ == "__main__":
    main([int(length) for length in sys.argv[1:]])
