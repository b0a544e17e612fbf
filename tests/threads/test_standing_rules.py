"""What raises and lowers things among hits, value by value."""

from datetime import UTC, datetime, timedelta

import pytest

from threads.rules.standing import LAST, of_practice, of_thread

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("resolved", "days", "factor"),
    [
        (False, 0, 1.0),
        (True, 0, 1.15),
        (False, 180, 1.0),
        (False, 3 * 365, 0.8),
        (False, 9_999, 0.8),
        (True, 9_999, 0.92),
    ],
)
def test_threads(resolved: bool, days: int, factor: float) -> None:
    assert of_thread(resolved=resolved, active_at=NOW - days * DAY, now=NOW) == pytest.approx(factor)


def test_what_is_older_counts_less_from_half_a_year_to_three_years() -> None:
    factors = [of_thread(resolved=False, active_at=NOW - days * DAY, now=NOW) for days in range(180, 1_096, 100)]
    assert factors == sorted(factors, reverse=True)
    assert len(set(factors)) == len(factors)


@pytest.mark.parametrize(
    ("confidence", "score", "warned", "days", "due_in", "factor"),
    [
        ("validated", 50, False, 0, None, 1.3),
        ("validated", 50, False, 9_999, None, 1.17),
        ("validated", 50, False, 0, -1, 1.17),
        ("validated", 50, False, 0, 1, 1.3),
        ("validated", 50, True, 0, None, 0.6),
        ("not_validated", 0, False, 0, None, 0.9),
        ("not_validated", 100, False, 0, None, 1.3),
        ("not_validated", 50, False, 9_999, None, 0.88),
        ("work_in_progress", 50, False, 0, None, 0.9),
        ("archived", 100, False, 0, None, LAST),
        ("archived", 100, True, 9_999, -1, LAST),
    ],
)
def test_practices(confidence: str, score: int, warned: bool, days: int, due_in: int | None, factor: float) -> None:
    due_at = None if due_in is None else NOW + due_in * DAY
    found = of_practice(
        confidence=confidence, score=score, warned=warned, touched_at=NOW - days * DAY, due_at=due_at, now=NOW
    )
    assert found == pytest.approx(factor)
