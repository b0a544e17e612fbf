"""Quick jump: what of a text that is being typed is looked for in titles, and which title is meant most likely."""

from collections.abc import Sequence
from dataclasses import dataclass

from threads.rules.stemming import stem
from threads.rules.words import typed_words

MOST_TYPED = 200
MOST_WORDS = 8
_MOST_DIGITS = 9
_LONGEST_ENDING, _SHORTEST_STEM = 9, 4
_SHORTEST_BEGINNING = 2


@dataclass(frozen=True)
class Typed:
    """Whole `words` as the index has them, and the `beginning` of one more. `number` is that of a thread."""

    text: str = ""
    words: tuple[str, ...] = ()
    beginning: str = ""
    number: int | None = None

    @property
    def begun(self) -> tuple[str, ...]:
        """The beginning, and the word that it is if nothing more is typed."""
        whole = stem(self.beginning) if self.beginning.isascii() and self.beginning.isalpha() else self.beginning
        return tuple(dict.fromkeys((self.beginning, whole))) if self.beginning else ()

    @property
    def shortened(self) -> tuple[str, ...]:
        """What the index may have of a word that is typed beyond its stem ("configurat"), longest first."""
        lengths = range(len(self.beginning) - 1, len(self.beginning) - 1 - _LONGEST_ENDING, -1)
        return tuple(self.beginning[:length] for length in lengths if length >= _SHORTEST_STEM)


def read(text: str) -> Typed:
    """Any text whatever. What exceeds MOST_TYPED and MOST_WORDS is ignored, and one letter is no beginning yet."""
    text = " ".join(text[:MOST_TYPED].encode(errors="ignore").decode().replace("\0", " ").split())
    number = text.removeprefix("#")
    is_number = number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS
    words, beginning = typed_words(text)
    return Typed(
        text,
        words=tuple(dict.fromkeys(words))[:MOST_WORDS],
        beginning=beginning if len(beginning) >= _SHORTEST_BEGINNING else "",
        number=int(number) if is_number else None,
    )


def nearness(typed: Typed, title: Sequence[str]) -> tuple[bool, float]:
    """How likely a title (its words) is meant: whether it begins with what was typed, and how much of it that is."""
    found = sum(word in typed.words or _is_begun(typed, word) for word in set(title))
    first = title[0] if title else ""
    starts = first == typed.words[0] if typed.words else _is_begun(typed, first)
    return starts, found / max(1, len(title))


def _is_begun(typed: Typed, word: str) -> bool:
    return bool(typed.beginning) and (word.startswith(typed.beginning) or word in typed.begun)


def has_all(typed: Typed, name: str) -> bool:
    """Whether all that was typed is somewhere in the name."""
    name = name.casefold()
    return all(part in name for part in typed.text.casefold().split())


def fits(text: str, label: str) -> bool:
    """Whether each word of the text begins one of the label."""
    parts = label.casefold().split()
    return all(any(part.startswith(word) for part in parts) for word in text.casefold().split())
