"""Mistyped words: what was meant is found, when the viewer may see it, and nothing else is ever said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.events.duties import duties
from community.models import Member
from tests.cast import Cast
from tests.threads.findings import post, titles
from threads.actions.indexing import index_members
from threads.actions.postings import count_all_words, forget_words
from threads.actions.spelling import learn_all_spellings, learn_some_spellings, learn_spellings
from threads.models import Posting, SearchSpelling, SearchWord, Thread
from threads.queries.search import search
from threads.rules.spelling import beginnings_of, distance, forms_of, is_spelled, likely

EVERYBODY = ("ada", "ben", "olga", "cleo", "zoe", "mo", "nia", "finn", "sam")
LETTERS = st.text(alphabet="abcd", min_size=1, max_size=9)


@pytest.mark.parametrize(
    ("one", "other", "mistakes"),
    [("printer", "printer", 0), ("priinter", "printer", 1), ("pinter", "printer", 1), ("prinxer", "printer", 1),
     ("pritner", "printer", 1), ("pirtner", "printer", 2), ("", "abc", 3), ("abc", "", 3)],
)  # fmt: skip
def test_distances(one: str, other: str, mistakes: int) -> None:
    assert distance(one, other) == distance(other, one) == mistakes


@given(LETTERS, LETTERS)
def test_words_one_mistake_apart_have_a_form_in_common(one: str, other: str) -> None:
    if distance(one, other) == 1:
        assert forms_of(one) & forms_of(other)


def test_what_is_left_without_an_ending() -> None:
    left = beginnings_of("attachmnt", "attachmnt")
    assert (left["attachmnt"], left["attach"], "attac" in left) == (0, 1, False)
    assert likely(beginnings_of("attachmnt", "attachmnt"), {"attach": 1, "attack": 9}, wrong=1) == ["attach"]


def test_the_nearest_come_first_then_the_more_frequent() -> None:
    words = {"printer": 5, "printed": 9, "printers": 2, "sprinter": 1, "plinth": 99}
    assert likely({"printer": 0}, words, wrong=1) == ["printer", "printed", "printers", "sprinter"]
    assert likely(beginnings_of("seperate", "seper"), {"sever": 900, "separ": 9}, wrong=1) == ["separ", "sever"]
    assert likely(beginnings_of("maneger", "maneg"), {"manger": 1, "manag": 900}, wrong=1) == ["manag", "manger"]
    assert [is_spelled(word) for word in ("abc", "abcd", "a" * 21, "ab12", "über")] == [False, True, False, False, True]


pytestmark = pytest.mark.both_databases


@pytest.fixture
def learned(cast: Cast) -> Thread:
    """A thread for all, and what its words are like is known."""
    thread = post(cast, "Printer on fire", "The extinguisher is empty, call the dispatcher.", tags=["smoke"])
    list(learn_all_spellings())
    return thread


@pytest.mark.parametrize(
    ("typed", "corrected"),
    [
        ("priinter", "printer"), ("Pritner", "printer"), ("pinters", "printer"), ("extingiusher", "extinguisher"),
        ("dispatchmnt", "dispatcher"), ("dispachers", "dispatcher"),
        ("printr fire", "printer fire"), ("extinguishr dispacher", "extinguisher dispatcher"),
        ("printr tag:smoke", "printer tag:smoke"), ("printer", None), ("on fire", None), ('"printr"', None),
        ("printr-x", None), ("pxxntxr", None), ("pri", None), ("printr tag:none", None),
        ("printr 12345", "printer 12345"),
        ("printr " + " ".join(f"word{n}" for n in range(8)), None),
    ],
)  # fmt: skip
def test_what_was_meant_is_found(cast: Cast, learned: Thread, typed: str, corrected: str | None) -> None:
    found = search(cast.zoe, typed, mend=True)
    assert found.corrected == corrected
    if corrected:
        assert titles(found.hits) == [learned.title]
        assert titles(search(cast.zoe, corrected).hits) == [learned.title]
        assert found.hits[0].heading.count("<mark>") + found.hits[0].highlight.count("<mark>") > 0
    assert search(cast.zoe, typed).corrected is None, "only where it is wanted"


def test_words_that_were_typed_right_stay_though_others_are_alike(cast: Cast, learned: Thread) -> None:
    other = post(cast, "Sprinter timing")
    list(learn_all_spellings())
    found = search(cast.zoe, "sprinter", mend=True)
    assert (titles(found.hits), found.corrected) == ([other.title], None)


@pytest.fixture
def mistaken(cast: Cast) -> Thread:
    """Thirty threads with a word in it, and one whose author mistyped it."""
    for number in range(30):
        post(cast, f"Passwords expire {number}", "The password is asked for.")
    thread = post(cast, "Pasword rejected")
    list(learn_all_spellings())
    list(count_all_words())
    return thread


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("pasword", "password"), ("Paswords", "password"), ("pasword rejectd", "password rejected"),
        ("pasword kind:thread", "password kind:thread"), ("password", None), ('"pasword"', None), ("rejected", None),
        ("expire", None),
    ],
)  # fmt: skip
def test_who_repeats_the_mistake_of_others_is_told_of_it(
    cast: Cast, mistaken: Thread, typed: str, suggested: str | None
) -> None:
    found = search(cast.zoe, typed, mend=True)
    assert (found.suggested or "").replace("passwords", "password") == (suggested or "")
    if suggested:
        assert titles(found.hits)[0] == mistaken.title, "what was typed is what is searched for"
        assert search(cast.zoe, suggested).total > found.total
    assert search(cast.zoe, typed).suggested is None, "only where it is wanted"


def test_a_word_that_is_common_only_where_one_may_not_look_is_suggested_to_nobody_else(cast: Cast) -> None:
    for number in range(30):
        post(cast, f"Chimaera {number}", space="backroom", by="mo")
    for _time in range(2):
        post(cast, "Chimaera in the lobby")
    post(cast, "Chimera")
    list(learn_all_spellings())
    list(count_all_words())
    assert search(cast.mo, "chimera", mend=True).suggested == "chimaera"
    assert search(cast.zoe, "chimera", mend=True).suggested is None


def test_names_of_members(cast: Cast) -> None:
    index_members(cast.people.values())
    found = search(cast.ada, "nakamuar", mend=True)
    assert (titles(found.hits), found.corrected) == (["Zoe Nakamura"], "nakamura")
    assert search(cast.ada, "nakamuar", kinds=["thread"], mend=True).corrected is None
    assert search(cast.sam, "nakamuar", mend=True).hits == []


@pytest.mark.parametrize("who", EVERYBODY)
def test_words_of_what_is_hidden_come_back_to_nobody(cast: Cast, who: str) -> None:
    """And whether such a word is there changes nothing of what others are told."""
    viewer = cast.people[who]
    open_one = post(cast, "Swordfist in the lobby")
    before = told(viewer, ("swordfisk", "swordfishh", "chimaera"))
    hidden = post(cast, "Swordfish and chimaeras", "Swordfisk.", space="backroom", by="mo")
    list(learn_all_spellings())
    sees = who in {"ada", "mo", "nia"}
    after = told(viewer, ("swordfisk", "swordfishh", "chimaera"))
    if sees:
        assert [titles for titles, _text in after.values()] == [[hidden.title]] * 3
    else:
        found = ([open_one.title], "swordfist") if viewer.is_active else ([], None)
        assert after == before | {"swordfisk": found}, "learned from the thread that all see"


def told(viewer: Member, texts: tuple[str, ...]) -> dict[str, tuple[list[str], str | None]]:
    """What they find with each text, and what was searched for instead."""
    list(learn_all_spellings())
    found = {text: search(viewer, text, mend=True) for text in texts}
    return {text: (titles(each.hits), each.corrected) for text, each in found.items()}


def test_the_worker_learns_much_in_a_round(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("threads.actions.spelling.LEARNED_AT_ONCE", 2)
    post(cast, " ".join(f"{letter}word" for letter in "abcdefghijklmnopqrstuvwxyz"))
    words = SearchWord.objects.count()
    assert words > 20
    assert learn_some_spellings() == 20
    assert SearchWord.objects.filter(learned=False).count() == words - 20


def test_the_worker_learns_and_what_is_forgotten_is_forgotten(cast: Cast) -> None:
    post(cast, "Printer")
    assert "learn spellings" in {duty.name for duty in duties()}
    assert learn_spellings() == SearchWord.objects.count() > 0
    assert learn_spellings() == 0
    word = SearchWord.objects.get(word="printer")
    assert set(word.spellings.values_list("key", flat=True)) == forms_of("printer")
    Posting.objects.all().delete()
    forget_words(["printer"])
    assert not SearchSpelling.objects.filter(key="printer").exists()
