"""Words that were meant where a search finds nothing, or little, with those that were typed.

All words there are stand in the list of spellings, those of hidden texts too. So a word comes back only when the viewer
finds something with it, and whether one was mistyped is asked of what they may see, never of the list. Only for one
that is rare among all texts a commoner one is looked for: hidden texts may keep a suggestion back, and bring none.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from html import unescape

from django.db.models import Q
from django.utils.html import strip_tags

from threads.models import SearchEntry, SearchSpelling
from threads.queries.candidates import Candidate, frequencies_of, gather, how_many
from threads.queries.findable import Findable
from threads.queries.hits import Hit
from threads.rules.search_text import SearchText
from threads.rules.spelling import beginnings_of, forms_of_all, is_spelled, likely, most_wrong
from threads.rules.words import normal, words_in

MOST_WORDS = 8  # in a search that is mended: more are a text that was put in
MOST_MENDED = 3
MOST_TRIED = 6
RARE = 100  # in so many things there may be a word that is a mistake of their authors
COMMONER = 10  # times as many have the word that was meant
_MOST_NAMES = 2_000
_BEGINNING = 2


def meant(among: Findable, asked: SearchText, typed: Mapping[str, str], rows: Sequence[Candidate]) -> dict[str, str]:
    """For words that are in nothing that the viewer may see, those that were meant; as they are searched for.

    `typed` are those that stand alone, as they were, `rows` what was found with all. Where that is something, only one
    letter may be wrong in a word.
    """
    if len(asked.terms) > MOST_WORDS:
        return {}
    absent = [word for word in asked.terms if word in typed and is_spelled(word) and _is_absent(among, word, rows)]
    found = {}
    for word in absent[:MOST_MENDED]:
        folded = typed[word].casefold()
        found[word] = _meant(among, beginnings_of(folded, word), wrong=1 if rows else most_wrong(folded))
    return {word: other for word, other in found.items() if other}


def commoner(among: Findable, typed: Mapping[str, str], frequencies: Mapping[str, int]) -> dict[str, str]:
    """For words that are rare, ones of nearly the same letters that many more things have: others mistype them too.

    Both as of what the viewer may see. `typed` as for `meant`; `frequencies` are those of all.
    """
    if len(typed) > MOST_WORDS:
        return {}
    rare = [word for word in typed if is_spelled(word) and 0 < frequencies.get(word, 0) <= RARE]
    found = {word: _commoner(among, word, typed[word].casefold()) for word in rare[:MOST_MENDED]}
    return {word: other for word, other in found.items() if other}


def _commoner(among: Findable, word: str, typed: str) -> str:
    beginnings = {typed: 0, word: 0}
    near = [other for other in likely(beginnings, _kept_like(beginnings), wrong=1) if other != word][:MOST_TRIED]
    enough = how_many(among, word, RARE) * COMMONER if near else 0
    if not enough:
        return ""
    frequencies = frequencies_of(near)
    tried = [other for other in near if frequencies.get(other, 0) >= enough]
    return next((other for other in tried if how_many(among, other, enough) >= enough), "")


def _is_absent(among: Findable, word: str, rows: Iterable[Candidate]) -> bool:
    """Whether nothing that the viewer may see has the word."""
    return not any(_has(row, word) for row in rows) and not _is_found(among, word)


def _has(row: Candidate, word: str) -> bool:
    return any(f" {word} " in f" {text} " for text in (row.title, row.labels, row.body))


def _is_found(among: Findable, word: str) -> bool:
    return bool(gather(among, [(word,)], 1))


def _meant(among: Findable, typed: Mapping[str, int], *, wrong: int) -> str:
    words = _kept_like(typed) | (_names_like(typed) if SearchEntry.Kind.MEMBER in among.kinds else {})
    tried = likely(typed, words, wrong=wrong)[:MOST_TRIED]
    return next((other for other in tried if _is_found(among, other)), "")


def _kept_like(typed: Collection[str]) -> dict[str, int]:
    """Words with a form in common: seen by nobody yet."""
    kept = SearchSpelling.objects.filter(key__in=forms_of_all(typed))
    return dict(kept.order_by().values_list("word__word", "word__documents").distinct())


def _names_like(typed: Iterable[str]) -> dict[str, int]:
    """Words in the names of members that begin alike."""
    beginning = next(iter(typed))[:_BEGINNING]
    entries = SearchEntry.objects.filter(kind=SearchEntry.Kind.MEMBER).order_by("-id")
    entries = entries.filter(Q(title__startswith=beginning) | Q(title__contains=f" {beginning}"))
    names = entries.values_list("title", flat=True)[:_MOST_NAMES]
    return {part: 0 for name in names for part in name.split() if is_spelled(part)}


def mended_phrases(asked: SearchText, words: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """What is searched for instead."""
    meant = ((words.get(phrase[0], phrase[0]),) if len(phrase) == 1 else phrase for phrase in asked.phrases)
    return tuple(dict.fromkeys(meant))


def written(words: Mapping[str, str], hits: Sequence[Hit]) -> dict[str, str]:
    """The same words as the hits write them, where one does: what is searched for is only their stems."""
    return {word: _as_written(other, hits) for word, other in words.items()}


def _as_written(term: str, hits: Sequence[Hit]) -> str:
    for hit in hits:
        for text in (normal(hit.title), normal(unescape(strip_tags(hit.highlight)))):
            for word in words_in(text):
                if word.term == term:
                    return text[word.start : word.end].lower()
    return term
