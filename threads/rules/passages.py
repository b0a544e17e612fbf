"""How texts are prepared for the sentence model: a title with as much of the text as the model reads at once."""

from hashlib import blake2b

RECIPE = 1  # a change of what is below is another recipe: everything is prepared anew
MOST_PASSAGES = {"thread": 4, "practice": 16, "playbook": 16}
_WORDS, _STEP = 110, 80
_MAX_TEXT, _MAX_PASSAGE = 40_000, 4_000


def passages(kind: str, title: str, text: str) -> list[str]:
    """The passages of a thing, which overlap; none of one that says nothing."""
    words = text[:_MAX_TEXT].split()
    starts = range(0, max(1, len(words) - (_WORDS - _STEP)), _STEP)
    found = (f"{title}\n{' '.join(words[start : start + _WORDS])}".strip() for start in starts)
    return [passage[:_MAX_PASSAGE] for passage in found if passage][: MOST_PASSAGES[kind]]


def digest_of(passage: str) -> str:
    """What tells one passage from another."""
    return blake2b(passage.encode(errors="replace"), digest_size=8).hexdigest()
