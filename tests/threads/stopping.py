"""Stopping an import."""

from typing import Any


class Stop:
    """Interrupts the run, as Ctrl-C does, at its `at`-th statement."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.seen = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.seen += 1
        if self.seen == self.at:
            raise KeyboardInterrupt
        return execute(sql, params, many, context)
