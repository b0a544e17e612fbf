"""The rules of words: the same text gives the same words when it is indexed and when it is asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threads.rules.highlighting import excerpt, marked
from threads.rules.ranking import rarity, scored, size
from threads.rules.search_filters import Filter
from threads.rules.search_text import MAX_WORDS, parse
from threads.rules.stemming import stem
from threads.rules.words import LONGEST_WORD, normal, terms_of, words_in


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("caresses", "caress"), ("ponies", "poni"), ("cats", "cat"), ("feed", "feed"), ("agreed", "agre"),
        ("plastered", "plaster"), ("motoring", "motor"), ("sing", "sing"), ("conflated", "conflat"), ("sized", "size"),
        ("hopping", "hop"), ("falling", "fall"), ("filing", "file"), ("happy", "happi"), ("sky", "sky"),
        ("relational", "relat"), ("vietnamization", "vietnam"), ("hopefulness", "hope"), ("electricity", "electr"),
        ("adoption", "adopt"), ("connections", "connect"), ("connected", "connect"), ("controlling", "control"),
        ("probate", "probat"), ("rate", "rate"), ("roll", "roll"), ("yes", "ye"), ("us", "us"),
    ],
)  # fmt: skip
def test_stems_are_porters(word: str, expected: str) -> None:
    assert stem(word) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Connecting the ROUTERS", ["connect", "router"]),
        ("Café  Ærø", ["cafe", "ærø"]),
        ("\uff37\uff49\uff26\uff49", ["wifi"]),
        ("ERR_CONN_RESET 10.0.0.1", ["err", "conn", "reset", "10", "0", "0", "1"]),
        ("don't", ["don"]),
        ("ﬁle", ["file"]),
        ("東京駅", ["東京", "京駅"]),
        ("駅", ["駅"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("שָׁלוֹם", ["שלום"]),
        ("مُحَمَّد", ["محمد"]),
        ("привет, МИР", ["привет", "мир"]),
        ("😀 ** -- \x00 \ud800", []),
        ("x" * 100, ["x" * LONGEST_WORD]),
    ],
)
def test_words_are_folded(text: str, expected: list[str]) -> None:
    assert terms_of(text) == expected


def test_accents_as_own_characters_make_the_same_word() -> None:
    assert terms_of("e\u0301te\u0301") == terms_of("été") == ["et"]


@given(st.text())
def test_words_mean_nothing_to_a_query_language(text: str) -> None:
    for word in words_in(normal(text)):
        assert word.term
        assert not set(word.term) & set(" \t\n'\"\\:()&|!*<>§\0-_")
        assert 0 <= word.start < word.end <= len(normal(text))


@given(st.text())
def test_words_of_words_are_the_same_number(text: str) -> None:
    assert len(terms_of(" ".join(text.split()))) == len(terms_of(text))


def test_what_is_joined_is_a_phrase_and_filters_are_taken_out() -> None:
    asked = parse('wi-fi "access point" slow TAG:WiFi product:"Mail Gateway" status:')
    assert asked.phrases == (("wi", "fi"), ("access", "point"), ("slow",), ("statu",))
    assert asked.filters == (Filter("tag", "wifi"), Filter("product", "mail gateway"))
    assert asked.terms == ["wi", "fi", "access", "point", "slow", "statu"]


def test_other_names_with_a_colon_are_words() -> None:
    assert parse("error:42 http://x.org").filters == ()
    assert parse("error:42").phrases == (("error", "42"),)


@given(st.text(max_size=3000))
def test_any_query_is_understood_within_its_bounds(text: str) -> None:
    asked = parse(text)
    assert sum(map(len, asked.phrases)) <= MAX_WORDS
    assert all(phrase for phrase in asked.phrases)


def test_an_excerpt_shows_where_the_words_are() -> None:
    text = "lorem ipsum " * 60 + "the printer on floor two catches fire " + "dolor sit " * 60
    pieces = excerpt(text, {"printer", "fire"})
    assert [piece.text for piece in pieces if piece.marked] == ["printer", "fire"]
    assert len("".join(piece.text for piece in pieces)) < 300
    assert pieces[0].text == "… "
    assert pieces[-1].text.endswith(" …")


def test_an_excerpt_without_the_words_is_the_beginning() -> None:
    assert "".join(piece.text for piece in excerpt("short text", {"absent"})) == "short text"


@given(st.text(max_size=600), st.sampled_from(["a b", "東京", "été", "connecting"]))
def test_pieces_add_up_to_the_text(noise: str, word: str) -> None:
    text = f"{noise} {word} {noise}"
    terms = set(terms_of(word))
    assert "".join(piece.text for piece in marked(text, terms)) == normal(text)
    shown = "".join(piece.text for piece in excerpt(text, terms))
    assert shown.removeprefix("… ").removesuffix(" …") in normal(text)


class Entry:
    """An entry as ranking sees it."""

    def __init__(self, title: str = "", labels: str = "", body: str = "") -> None:
        self.title, self.labels, self.body = title, labels, body
        self.size = size(title, labels, body)


def test_ranking_prefers_rare_words_titles_and_short_texts() -> None:
    weights = {"zigbee": rarity(5, 1000), "work": rarity(400, 1000)}
    rare = scored(weights, Entry(body="zigbee lamp"))
    common = scored(weights, Entry(body="work lamp"))
    titled = scored(weights, Entry(title="zigbee", body="lamp"))
    long = scored(weights, Entry(body="zigbee " + "lamp " * 100))
    assert titled.score > rare.score > common.score
    assert rare.score > long.score
    assert rare.found > common.found
    assert scored(weights, Entry(body="zigbee work")).found == sum(weights.values())
    assert scored(weights, Entry(body="nothing")).score == 0


def test_a_word_in_more_entries_than_are_known_has_no_negative_weight() -> None:
    assert rarity(10, 3) > 0
