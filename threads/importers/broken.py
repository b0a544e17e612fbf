"""What is said when a file cannot be used."""

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import ngettext

MOST_MESSAGES = 20


class Broken(Exception):
    """A file cannot be used; says which, where (a line or another place in it) and why."""

    def __init__(self, path: Path, line: int | str, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}")


class UnusableDump(Exception):
    """The folder is no dump, or some of its files are broken; `messages` say what and where."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("\n".join(messages))
        self.messages = messages


class BrokenRows:
    """The broken rows of one file: all are counted, the first are said."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._said: list[str] = []

    def add(self, line: int | str, message: str) -> None:
        """One more."""
        self.count += 1
        if self.count <= MOST_MESSAGES:
            self._said.append(str(Broken(self.path, line, message)))

    def stop(self, error: Broken) -> None:
        """Say that the file cannot be read further."""
        self._said.append(str(error))

    def messages(self) -> list[str]:
        """What is said of the file."""
        return [*self._said, *self._more(self.count - MOST_MESSAGES)]

    def _more(self, count: int) -> Iterator[str]:
        if count > 0:
            text = ngettext(
                "%(path)s: and %(count)d more broken row", "%(path)s: and %(count)d more broken rows", count
            )
            yield text % {"path": self.path, "count": count}
