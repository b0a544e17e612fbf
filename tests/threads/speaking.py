"""A process in which somebody says something against a practice: `python -m tests.threads.speaking MEMBER PRACTICE`.

Prints "ready" when it begins, then what came of it.
"""

import sys

import django


def main(handle: str, practice: str) -> None:
    """Say it once."""
    django.setup()
    from community.errors import Refused
    from community.models import Member
    from threads.actions.verdicts import say_verdict
    from threads.models import Practice

    by, found = Member.objects.get(handle=handle), Practice.objects.get(pk=practice)
    print("ready", flush=True)  # noqa: T201  (the process that started this one reads it)
    try:
        say_verdict(by=by, practice=found, kind="failed", note="It made things worse here.")
    except Refused as refused:
        print(refused.code, flush=True)  # noqa: T201
    else:
        print("said", flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
