"""What scores add up to, what they weigh, and when a number may stand beside others: pure rules."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reputation.rules.evaluations import (
    differing,
    halves_of,
    is_renewed,
    notes_shown_from,
    part_of,
    shown_raters,
    stands_beside,
    weight_of,
)
from reputation.rules.subtraction import Known


def _all(score: float, raters: int, weight: float = 1.0) -> dict[int, tuple[float, float]]:
    return dict.fromkeys(range(raters), (score, weight))


@pytest.mark.parametrize(("points", "weight"), [(-5, 1.0), (0, 1.0), (150, 2.0), (300, 3.0), (10_000, 3.0)])
def test_the_best_known_weighs_three(points: int, weight: float) -> None:
    assert weight_of(points) == weight


@pytest.mark.parametrize(
    ("parts", "halves"),
    [
        (_all(5, 5), 8),
        (_all(1, 5), 4),
        (_all(3, 5), 6),
        (_all(5, 15), 9),
        (_all(5, 100), 10),
        (_all(5, 5, 3.0), 9),
        (_all(1, 4) | {9: (5, 1.0)}, 5),
        (_all(1, 4) | {9: (5, 3.0)}, 6),
    ],
)
def test_few_do_not_shine(parts: dict[int, tuple[float, float]], halves: int) -> None:
    assert halves_of(parts) == halves


def test_who_rated_often_counts_once() -> None:
    assert part_of([(5, 1.0), (2, 1.4), (2, 1.2)]) == (3.0, 1.4)


def test_five_are_needed_and_steps_of_five() -> None:
    five, six = _all(4, 5), _all(4, 6)
    assert not stands_beside(_all(4, 4), [])
    assert stands_beside(five, [])
    assert stands_beside(five, [dict(five)])
    assert not stands_beside(six, [five])
    assert not stands_beside(five | {4: (1, 1.0)}, [five])
    assert stands_beside(_all(4, 10), [five])
    assert not stands_beside(_all(4, 10), [five, _all(4, 9)])


def test_many_are_not_counted_anew_for_every_few() -> None:
    assert is_renewed(_all(4, 10), _all(4, 5))
    assert not is_renewed(_all(4, 124), _all(4, 100))
    assert is_renewed(_all(4, 125), _all(4, 100))


@given(st.lists(st.dictionaries(st.integers(1, 12), st.tuples(st.just(4.0), st.just(1.0))), max_size=30))
def test_no_two_numbers_that_were_let_stand_tell_of_fewer_than_five(
    asked: Sequence[dict[int, tuple[float, float]]],
) -> None:
    standing: list[dict[int, tuple[float, float]]] = []
    for parts in asked:
        if stands_beside(parts, standing):
            standing.append(parts)
    for one in standing:
        assert len(one) >= 5
        assert all(differing(one, other) in {0, *range(5, 99)} for other in standing)


def _of(*raters: int) -> dict[int, tuple[float, float]]:
    return dict.fromkeys(raters, (4.0, 1.0))


def test_three_numbers_leave_nobody_over() -> None:
    """Fifteen in all, six of them about one thing and eight about another: one is left."""
    everybody, some, others = _of(*range(15)), _of(*range(6)), _of(*range(6, 14))
    assert stands_beside(others, [everybody, some])
    known = Known([everybody, some])
    assert known.reveals(others)
    assert not known.reveals(_of(*range(6, 10)) | _of(0))
    assert not known.reveals(everybody)
    assert Known([everybody]).reveals(_of(*range(11)))
    assert not Known([everybody]).reveals(_of(*range(10)))
    known.add(_of(*range(6, 15)))
    assert not known.reveals(_of(*range(15)))


_SETS = st.lists(st.sets(st.integers(0, 11), min_size=5), max_size=9)


@given(_SETS, st.lists(st.integers(-3, 3), min_size=9, max_size=9))
def test_no_combination_of_what_was_let_stand_is_one_persons(asked: Sequence[set[int]], times: Sequence[int]) -> None:
    known, standing = Known(), []
    for raters in asked:
        if not known.reveals(_of(*raters)):
            known.add(_of(*raters))
            standing.append(raters)
    for each in range(12):
        left = [sum(n for n, raters in zip(times, standing, strict=False) if rater in raters) for rater in range(12)]
        assert not (left[each] and sum(map(bool, left)) == 1)


@pytest.mark.parametrize(("raters", "shown"), [(5, 5), (9, 5), (10, 10), (104, 100)])
def test_raters_are_told_in_fives(raters: int, shown: int) -> None:
    assert shown_raters(raters) == shown


@pytest.mark.parametrize(("day", "monday"), [(16, 23), (17, 23), (22, 23), (23, 30)])
def test_notes_come_on_the_next_monday(day: int, monday: int) -> None:
    now = datetime(2026, 11, day, 9, 30, tzinfo=UTC)
    assert notes_shown_from(now) == datetime(2026, 11, monday, tzinfo=UTC)
