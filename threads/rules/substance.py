"""Whether a practice's new text says something else than the one that people tried."""

import re
from collections import Counter

_WORD = re.compile(r"\w+")
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)")
_INLINE = re.compile(r"`([^`\n]+)`")
_MEASURE = re.compile(r"\d+(?:[.,]\d+)*\s?(?:%|[^\W\d_]{1,10})?")
_RESOLUTION_ALIKE, _PROBLEM_ALIKE = 0.8, 0.5


def changed_in_substance(old: str, new: str) -> bool:
    """Whether a resolution says something else: a fifth of its words, a command in it, or a number is another."""
    return likeness(old, new) < _RESOLUTION_ALIKE or commands(old) != commands(new) or measures(old) != measures(new)


def is_another_problem(old: str, new: str) -> bool:
    """Whether a title and problem are about something else."""
    return likeness(old, new) < _PROBLEM_ALIKE


def likeness(old: str, new: str) -> float:
    """The share of words, however often and wherever they stand, that two texts have in common: 0 to 1."""
    before, after = (Counter(_WORD.findall(text.lower())) for text in (old, new))
    most = max(before.total(), after.total())
    return (before & after).total() / most if most else 1.0


def commands(text: str) -> list[str]:
    """What a text shows as code, line by line, without blank space around it."""
    found, inside = [], False
    for line in text.splitlines():
        if _FENCE.match(line):
            inside = not inside
        elif inside or line.startswith(("    ", "\t")):
            found.append(line.strip())
        else:
            found += [code.strip() for code in _INLINE.findall(line)]
    return [line for line in found if line]


def measures(text: str) -> Counter[str]:
    """The numbers in a text, with what they measure, without those that only count the steps of a list."""
    prose = re.sub(r"^[ \t]*\d{1,3}[.)][ \t]", "", text, flags=re.MULTILINE)
    return Counter("".join(found.split()).lower() for found in _MEASURE.findall(prose))
