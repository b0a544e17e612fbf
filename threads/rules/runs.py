"""Who wrote what of a text: followed through its changes, and kept as lengths with a member's id, 0 for nobody."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from threads.rules.texts import plain

NOBODY = 0
Runs = list[list[int]]


class Followed:
    """One text with the writer of each of its characters."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._writers = [NOBODY] * len(text)

    def change(self, delta: Iterable[Mapping[str, Any]], writer: int) -> tuple[int, int]:
        """Follow a change, given in bytes of UTF-8; how many characters were put in and taken out."""
        data, at, place = self.text.encode(), 0, 0
        parts: list[str] = []
        writers: list[int] = []
        inserted = deleted = 0
        for step in delta:
            if "insert" in step:
                new = str(step["insert"])
                parts.append(new)
                writers += [writer] * len(new)
                inserted += len(new)
                continue
            old = data[at : at + int(step.get("retain", step.get("delete", 0)))].decode()
            at += len(old.encode())
            if "retain" in step:
                parts.append(old)
                writers += self._writers[place : place + len(old)]
            else:
                deleted += len(old)
            place += len(old)
        self.text = "".join(parts) + self.text[place:]
        self._writers = writers + self._writers[place:]
        return inserted, deleted

    def runs(self) -> Runs:
        """Who wrote the text as a column holds it, without control characters."""
        written = (writer for character, writer in zip(self.text, self._writers, strict=True) if plain(character))
        return [[len(list(group)), writer] for writer, group in groupby(written)]
