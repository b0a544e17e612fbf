"""Coaches: who names them, what they see, and that it ends with leaving."""

import pytest

from community.actions.members import suspend
from community.errors import Forbidden, Invalid, NotThere
from community.events import action
from community.events.reactors import MEMBER_MOVED, react
from community.models import Member
from community.rules import clock
from reputation.actions.coaching import end_coaching, name_coach
from reputation.models import Coaching
from reputation.queries.evaluations import coach_of, coached_by, lines_of, notes_to, notes_to_coach
from tests.cast import Cast
from tests.reputation.evaluating import a_week_later, crowd, rates, worked

pytestmark = pytest.mark.both_databases


def _rated(cast: Cast) -> None:
    """Ben is rated by five, one of whom has a note for his coach and one for him."""
    raters = crowd(cast, 5)
    thread = worked(cast, raters)
    rates(raters[0], thread, cast.ben, note="Knows much, says little.", note_to="coach")
    rates(raters[1], thread, cast.ben, note="Thank you.", note_to="person")
    for member in raters[2:]:
        rates(member, thread, cast.ben)


def test_the_coach_sees_the_numbers_and_their_own_notes(cast: Cast) -> None:
    name_coach(by=cast.olga, coach=cast.ada, member=cast.ben)
    _rated(cast)
    assert lines_of(cast.ada, cast.ben) == lines_of(cast.ben, cast.ben) != []
    with clock.at(a_week_later()):
        assert [note.text for note in notes_to_coach(cast.ada, cast.ben)] == ["Knows much, says little."]
        assert [note.text for note in notes_to(cast.ben)] == ["Thank you."]
        for name, person in cast.people.items():
            assert notes_to_coach(person, cast.ben) == [] or name == "ada", name
            assert notes_to(person) == [] or name == "ben", name
            assert bool(lines_of(person, cast.ben)) is (name in {"ada", "ben"}), name


def test_a_later_coach_has_no_earlier_notes(cast: Cast) -> None:
    name_coach(by=cast.olga, coach=cast.ada, member=cast.ben)
    _rated(cast)
    with clock.at(a_week_later()):
        name_coach(by=cast.olga, coach=cast.olga, member=cast.ben)
        assert notes_to_coach(cast.olga, cast.ben) == notes_to_coach(cast.ada, cast.ben) == []
        assert lines_of(cast.olga, cast.ben) != []
        assert lines_of(cast.ada, cast.ben) == []


def test_administrators_name_coaches_among_their_own(cast: Cast) -> None:
    for who in ("ada", "ben", "zoe", "mo", "cleo", "sam"):
        with pytest.raises(Forbidden):
            name_coach(by=cast.people[who], coach=cast.ada, member=cast.ben)
    for coach, member in ((cast.zoe, cast.ben), (cast.ada, cast.zoe), (cast.ada, cast.ada), (cast.ada, cast.sam)):
        with pytest.raises(Invalid):
            name_coach(by=cast.olga, coach=coach, member=member)
    with pytest.raises(Invalid):
        name_coach(by=cast.nia, coach=cast.ada, member=cast.ben)
    assert not Coaching.objects.exists()
    first = name_coach(by=cast.olga, coach=cast.ada, member=cast.ben)
    assert name_coach(by=cast.olga, coach=cast.ada, member=cast.ben) == first
    with pytest.raises(NotThere):
        end_coaching(by=cast.zoe, coaching=first)
    with pytest.raises(Forbidden):
        end_coaching(by=cast.ada, coaching=first)
    end_coaching(by=cast.olga, coaching=first)
    assert (coach_of(cast.ben), coached_by(cast.ada)) == (None, [])


@action
def _moves(member: Member, organization: str, cast: Cast) -> None:
    member.organization = cast.organizations[organization]
    member.save(update_fields=["organization"])
    react(MEMBER_MOVED, member=member)


@pytest.mark.parametrize("who", ["ada", "ben"])
def test_it_ends_when_one_of_them_leaves_the_organization_and_does_not_come_back(cast: Cast, who: str) -> None:
    _rated(cast)
    name_coach(by=cast.olga, coach=cast.ada, member=cast.ben)
    assert lines_of(cast.ada, cast.ben) != []
    _moves(cast.people[who], "corax", cast)
    assert (lines_of(cast.ada, cast.ben), coached_by(cast.ada), coach_of(cast.ben)) == ([], [], None)
    _moves(cast.people[who], "acme", cast)
    assert (lines_of(cast.ada, cast.ben), coached_by(cast.ada), coach_of(cast.ben)) == ([], [], None)


def test_a_suspended_coach_sees_nothing(cast: Cast) -> None:
    _rated(cast)
    name_coach(by=cast.olga, coach=cast.ada, member=cast.ben)
    suspend(by=cast.olga, member=cast.ada)
    assert lines_of(cast.ada, cast.ben) == []
    assert Coaching.objects.get().until is not None
