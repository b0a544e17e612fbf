"""Practices that may say the same: found by the worker, proposed by people, not again once they were told apart."""

import pytest

from community.errors import Conflict, Forbidden, NotThere
from tests.cast import Cast
from tests.house.test_files import python
from tests.threads.curating import RESOLUTION, fresh, recorded, revised
from threads.actions.duplicates import compare, dismiss_pair, propose_pair
from threads.actions.practice_duties import find_duplicates
from threads.actions.retiring import retire
from threads.models import DuplicatePair, Practice
from threads.policies.covering import covers
from threads.queries.audience import viewers_of
from threads.rules.duplicates import LEAST_SHARE

pytestmark = pytest.mark.both_databases

OTHER = "Ask the printer's maker for firmware 12, and clear the paper path before it is installed."


def pairs() -> list[tuple[int, int]]:
    return list(DuplicatePair.objects.order_by("first_id", "second_id").values_list("first_id", "second_id"))


def test_the_worker_finds_what_says_the_same(cast: Cast) -> None:
    one, two = recorded(cast), recorded(cast, "Mail loops between the gateways", resolution=f"{RESOLUTION} Then wait.")
    other = recorded(cast, "Printer jams on heavy paper", resolution=OTHER)
    assert find_duplicates() == 1
    assert pairs() == [(one.pk, two.pk)]
    assert DuplicatePair.objects.get().score >= LEAST_SHARE
    assert find_duplicates() == 0
    assert fresh(other).compared_version == 1


def test_whatever_their_audience_because_curators_see_only_what_they_see(cast: Cast) -> None:
    secret, seen = recorded(cast, audience="organization"), recorded(cast)
    find_duplicates()
    assert pairs() == [(secret.pk, seen.pk)]


def test_what_was_told_apart_is_not_found_again(cast: Cast) -> None:
    one, two = recorded(cast), recorded(cast)
    find_duplicates()
    dismiss_pair(by=cast.cleo, pair=DuplicatePair.objects.get())
    revised(one, cast.ben, cause="A rule of version 8.")
    assert find_duplicates() == 0
    assert DuplicatePair.objects.get().state == "dismissed"
    propose_pair(by=cast.zoe, practice=two, other=one)
    assert (DuplicatePair.objects.get().state, DuplicatePair.objects.get().proposed_by) == ("open", cast.zoe)


def test_what_is_out_of_use_is_no_duplicate(cast: Cast) -> None:
    one, two = recorded(cast), recorded(cast)
    retire(by=cast.cleo, practice=two, reason="Out of date.")
    assert find_duplicates() == 0
    with pytest.raises(Conflict):
        propose_pair(by=cast.zoe, practice=one, other=two)


def test_only_once_for_each_version(cast: Cast) -> None:
    practice = recorded(cast)
    recorded(cast)
    assert compare(practice_id=practice.pk) == 1
    DuplicatePair.objects.all().delete()
    assert compare(practice_id=practice.pk) == 0
    revised(practice, cast.ben, cause="A rule of version 8.")
    assert compare(practice_id=practice.pk) == 1


def test_who_proposes_and_who_tells_apart(cast: Cast) -> None:
    one, two, secret = recorded(cast), recorded(cast), recorded(cast, audience="organization")
    with pytest.raises(NotThere):
        propose_pair(by=cast.zoe, practice=one, other=secret)
    with pytest.raises(Conflict):
        propose_pair(by=cast.zoe, practice=one, other=one)
    pair = propose_pair(by=cast.zoe, practice=two, other=one)
    assert (pair.first, pair.second) == (one, two)
    assert propose_pair(by=cast.finn, practice=one, other=two).proposed_by == cast.zoe
    with pytest.raises(Forbidden):
        dismiss_pair(by=cast.zoe, pair=pair)
    dismiss_pair(by=cast.cleo, pair=pair)
    with pytest.raises(Conflict):
        dismiss_pair(by=cast.cleo, pair=pair)
    hidden = propose_pair(by=cast.ben, practice=one, other=secret)
    with pytest.raises(NotThere):
        dismiss_pair(by=cast.cleo, pair=hidden)


def test_the_index_is_asked_without_a_viewer_only_here() -> None:
    """Nobody else may look at what nobody's eyes have judged."""
    asking = {path.name for path in python("threads") if "import like_it" in path.read_text()}
    blind = {path.name for path in python("threads") if "_OtherPractices(" in path.read_text()}
    assert (asking, blind) == ({"duplicates.py"}, {"duplicates.py"})


def test_covering_means_that_everybody_who_sees_the_other_sees_it(cast: Cast) -> None:
    """Of every pair of audiences, by everybody of the cast; and it is not always false."""
    practices = []
    for space in ("lobby", "alliance"):
        for audience in ("space", "organization", "center", "organizations", "network"):
            row = recorded(cast, f"Mail loops in {space} for {audience}", by=cast.ada, space=space)
            Practice.objects.filter(pk=row.pk).update(audience=audience)
            if audience == "organizations":
                row.audience_organizations.set([cast.organizations["brightline"]])
            practices.append(fresh(row))
    everybody = type(cast.ada).objects.all()
    seen = {row: set(viewers_of(row, everybody)) for row in practices}
    covered = [(one, other) for one in practices for other in practices if covers(one, other)]
    for one, other in covered:
        assert seen[other] <= seen[one], (one.title, other.title)
    assert len(covered) > 4 * len(practices)
