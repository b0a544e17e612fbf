"""Many rate at once: each is heard once, and no two numbers are made that tell of fewer than five."""

from functools import partial

import pytest

from community.errors import Conflict
from reputation.models import Evaluation, Tally
from reputation.rules.evaluations import differing
from tests.cast import make_cast
from tests.community.test_event_concurrency import at_once
from tests.reputation.evaluating import crowd, rates, worked

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def test_raters_at_once_open_one_number() -> None:
    cast = make_cast()
    raters = crowd(cast, 6)
    thread = worked(cast, raters)
    for member in raters[:3]:
        rates(member, thread, cast.ben)
    at_once(*(partial(rates, member, thread, cast.ben) for member in raters[3:]))
    assert Evaluation.objects.count() == 6
    shown = list(Tally.objects.filter(scope="", window=""))
    assert [row.raters for row in shown] == [5]
    assert all(differing(row.parts, other.parts) in {0, *range(5, 9)} for row in shown for other in Tally.objects.all())


def test_who_sends_it_twice_has_said_it_once() -> None:
    cast = make_cast()
    thread = worked(cast, [cast.zoe])
    refused: list[str] = []

    def says(score: int) -> None:
        try:
            rates(cast.zoe, thread, cast.ben, clarity=score)
        except Conflict as error:
            refused.append(error.code)

    at_once(*(partial(says, score) for score in (1, 5, 3)))
    assert Evaluation.objects.count() == 1
    assert refused == ["evaluated_already"] * 2
