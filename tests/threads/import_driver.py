"""A process that imports a dump and kills itself at a given statement: `migrate`, `import DIR [N]`, `show`."""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import django


def main(verb: str, *words: str) -> None:
    """Do one thing with the database in DATA_DIR."""
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests.threads.dumps import inconsistencies, run_import, snapshot

    if verb == "migrate":
        call_command("migrate", verbosity=0, skip_checks=True)
    elif verb == "import":
        with connection.execute_wrapper(Killer(int(words[1]) if len(words) > 1 else 0)):
            run_import(Path(words[0]), batch=4, skip_checks=True)
    else:
        sys.stdout.write(json.dumps({"wrong": inconsistencies(), "rows": snapshot()}, default=str))


class Killer:
    """Ends this process at its `at`-th statement with a signal that nobody can catch."""

    def __init__(self, at: int) -> None:
        self.left = at

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)


if __name__ == "__main__":
    main(*sys.argv[1:])
