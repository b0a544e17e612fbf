"""What has been made before is kept within a bound."""

from dataclasses import dataclass

from community.rules.memo import Hashed, Memo, weight


@dataclass(frozen=True)
class Shown:
    """Facts with a name."""

    text: str


def kept(*, most: int = 10) -> Memo[str]:
    """A memo of texts that takes so many characters, whatever their facts."""
    return Memo(most=most, size=len, weigh=lambda _facts: 0)


def test_the_same_facts_are_made_once() -> None:
    memo, texts = kept(), iter(["first", "second"])
    for _again in range(2):
        assert memo.get(("a", 1), lambda: next(texts)) == "first"
    assert next(texts) == "second"


def test_other_facts_are_made_anew() -> None:
    memo = kept()
    assert memo.get(("a", 1), lambda: "one") == "one"
    assert memo.get(("a", 2), lambda: "two") == "two"


def test_the_bound_holds_and_what_was_asked_for_longest_ago_goes() -> None:
    memo = kept()
    for name in ("a", "b"):
        memo.get(name, lambda: "12345")
    memo.get("a", lambda: "never")
    memo.get("c", lambda: "12345")
    assert len(memo) == 2
    assert memo.get("a", lambda: "anew") == "12345"
    assert memo.get("b", lambda: "anew") == "anew"


def test_what_is_larger_than_the_bound_is_given_and_not_kept() -> None:
    memo = kept()
    assert memo.get("large", lambda: "x" * 11) == "x" * 11
    assert len(memo) == 0


def test_the_facts_count_as_well() -> None:
    memo: Memo[str] = Memo(most=10_000, size=len)
    for name in "abcd":
        memo.get((name, ("x" * 4_000,)), lambda: "small")
    assert len(memo) == 2


def test_facts_weigh_what_is_in_them() -> None:
    for facts in (("x" * 1000,), ((b"x" * 1000,), 1), frozenset({"x" * 1000}), (Shown("x" * 1000), None)):
        assert 1000 < weight(facts) < 1400


def test_hashed_facts_are_equal_when_what_they_hold_is() -> None:
    one, same, other = Hashed(("a", 1)), Hashed(("a", 1)), Hashed(("a", 2))
    assert {one: 1, other: 2}[same] == 1
    assert one != other
    assert one != ("a", 1)
    assert weight(one) > weight(("a", 1))


def test_hashed_facts_weigh_the_same_wherever_they_are_part_of_a_key() -> None:
    held = Hashed(("x" * 1000, None, 1))
    for _again in range(2):
        assert weight((held, held)) == 2 * weight(held) + weight(()) + 2 * 8
    assert weight(Hashed((held,))) > weight(held) > 1000
