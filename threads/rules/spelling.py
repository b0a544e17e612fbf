"""Words that somebody may have meant who mistyped one.

Two words that differ by one letter (put in, left out, another one, two changed round) have a form in common when each
is taken as it is and with any one of its letters left out. So those are kept, and looked up, and few words compared.
What is kept are stems, so what was typed is looked up with its own stem and without each ending that it may have.
"""

import re
from collections.abc import Collection, Mapping

SHORTEST, LONGEST = 4, 20
_LONG = 8
_VOWELS, _DOUBLED = re.compile("[aeiouy]"), re.compile(r"(.)\1+")
_ENDINGS = (
    "able", "age", "al", "ally", "ance", "ant", "ate", "ated", "ation", "ations", "ed", "ence", "ent", "er", "ers",
    "es", "ful", "ible", "ic", "ing", "ings", "ion", "ions", "ities", "ity", "ive", "ize", "ized", "less", "ly", "ment",
    "ments", "ness", "or", "ors", "ous", "s", "y",
)  # fmt: skip
_LONGEST_ENDING = max(map(len, _ENDINGS)) + 1


def is_spelled(word: str) -> bool:
    """Whether it is a word that one mistypes: letters only, and not too few to say which was meant."""
    return SHORTEST <= len(word) <= LONGEST and word.isalpha()


def forms_of(word: str) -> set[str]:
    """The word, and every form with one letter left out."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def beginnings_of(typed: str, stem: str) -> dict[str, int]:
    """A word's stem, itself, and what is left of it without each ending; with how many mistakes are in that."""
    found = {typed: 0}
    for place in range(max(SHORTEST, len(typed) - _LONGEST_ENDING), len(typed)):
        mistakes = min(distance(typed[place:], ending) for ending in _ENDINGS)
        if mistakes <= 1 and len(typed) - place > 1:
            found[typed[:place]] = mistakes
    return found | {stem: 0}


def most_wrong(word: str) -> int:
    """How many mistakes may be in it."""
    return 1 if len(word) < _LONG else 2


def likely(beginnings: Mapping[str, int], words: Mapping[str, int], *, wrong: int) -> list[str]:
    """Those of `words` (with how many things have each) that may have been meant, the likeliest first.

    Of words that are as near, one in which only vowels or doubled letters differ, as where somebody does not know how
    a word is written; then one that ten times as many things have, or that leaves less of what was typed to an ending.
    """
    near = {word: _nearest(beginnings, word) for word in words}
    close = [word for word, (mistakes, _sounds, _left) in near.items() if mistakes <= wrong]

    def rank(word: str) -> tuple[int | bool | str, ...]:
        mistakes, sounds_otherwise, left = near[word]
        return mistakes, sounds_otherwise, -len(str(words[word])), left, -words[word], word

    return sorted(close, key=rank)


def _nearest(beginnings: Mapping[str, int], word: str) -> tuple[int, bool, int]:
    longest, sound = max(map(len, beginnings)), _sound(word)
    return min(
        (mistakes + distance(typed, word), _sound(typed) != sound, longest - len(typed))
        for typed, mistakes in beginnings.items()
    )


def _sound(word: str) -> str:
    """Its consonants, doubled ones once."""
    return _DOUBLED.sub(r"\1", _VOWELS.sub("", word))


def forms_of_all(beginnings: Collection[str]) -> set[str]:
    """All forms by which words like one of these are found."""
    return {form for each in beginnings for form in forms_of(each)}


def distance(one: str, other: str) -> int:
    """How many letters have to be put in, left out, changed, or changed round with their neighbour."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        row = [place]
        for at, wanted in enumerate(other, start=1):
            cost = min(row[at - 1] + 1, last[at] + 1, last[at - 1] + (letter != wanted))
            if before and at > 1 and letter == other[at - 2] and one[place - 2] == wanted:
                cost = min(cost, before[at - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
