"""Two who decide about each other's work at once do not wait for each other, and each earns once."""

from functools import partial

import pytest

from reputation.actions.rebuilding import differences
from reputation.models import Award
from tests.cast import make_cast
from tests.community.test_event_concurrency import at_once
from tests.threads.curating import recorded
from threads.actions.suggestions import accept_suggestion, suggest_edit
from threads.models import Suggestion

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

ROUNDS = 5


def accept(by: object, suggestion: Suggestion) -> None:
    accept_suggestion(by=by, suggestion=suggestion, version=1, number=1)  # type: ignore[arg-type]


def test_two_who_take_up_each_others_suggestions_at_once() -> None:
    cast = make_cast()
    for number in range(ROUNDS):
        work = []
        for author, decider in ((cast.cleo, cast.nia), (cast.nia, cast.cleo)):
            practice = recorded(cast, f"Mail loops {number} {author.handle}")
            made = suggest_edit(
                by=author, practice=practice, base_version=1, fields={"cause": "A rule."}, reason="It was missing."
            )
            work.append(partial(accept, decider, made))
        at_once(*work)
    for member in (cast.cleo, cast.nia):
        earned = Award.objects.filter(member=member, reverses=None)
        assert earned.filter(rule="suggestion").count() == ROUNDS
        assert earned.filter(rule="review").count() == ROUNDS
    assert differences(most=10) == (0, [])
