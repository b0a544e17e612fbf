"""Who wrote what of a text: followed through its changes, and kept as lengths with a member's id, 0 for nobody."""

from itertools import groupby

from threads.rules.edits import edits
from threads.rules.texts import plain

NOBODY = 0
Runs = list[list[int]]


class Followed:
    """One text with the writer of each of its characters."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._writers = [NOBODY] * len(text)

    def become(self, text: str, writer: int) -> tuple[int, int]:
        """Somebody made this text of it; how many characters they put in and took out."""
        inserted = deleted = 0
        for at, removed, new in reversed(edits(self.text, text)):
            self._writers[at : at + removed] = [writer] * len(new)
            inserted, deleted = inserted + len(new), deleted + removed
        self.text = text
        return inserted, deleted

    def runs(self) -> Runs:
        """Who wrote the text as a column holds it, without control characters."""
        left = plain(self.text)
        pairs = zip(self.text, self._writers, strict=True)
        writers = self._writers if left == self.text else [writer for character, writer in pairs if plain(character)]
        return [[len(list(group)), writer] for writer, group in groupby(writers)]
