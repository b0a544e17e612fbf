"""A process that imports a dump and, when asked to, kills itself at a given statement: `DIR [STATEMENT]`.

It prints, as JSON, what was wrong with the database before and what is in it afterwards.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import django


def main(folder: str, statement: str = "0") -> None:
    """Import into the database in DATA_DIR."""
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests.threads.dumps import inconsistencies, run_import, snapshot

    call_command("migrate", verbosity=0, skip_checks=True)
    wrong = inconsistencies()
    with connection.execute_wrapper(Killer(int(statement))):
        run_import(Path(folder), batch=4, skip_checks=True)
    sys.stdout.write(json.dumps({"wrong": wrong, "rows": snapshot()}, default=str))


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
