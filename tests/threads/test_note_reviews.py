"""Notes: when they are shown and to whom, answering them, and a moderator's look, which leaves a trace."""

import pytest

from community.actions.members import suspend
from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.models import InboxItem, Member
from community.queries.inbox import inbox_of
from community.rules import clock
from reputation.actions.evaluations import Said, withdraw_evaluation
from reputation.models import Evaluation, RaterLook
from reputation.queries.evaluations import given_by, note_to, notes_to
from tests.cast import Cast
from tests.reputation.evaluating import a_week_later, crowd, numbers, rates, worked
from threads.actions.evaluating import rate_part
from threads.actions.note_reviews import answer_note, decide_about_note, look_who_wrote
from threads.models import Thread
from threads.queries.evaluating import review_visible_to, reviews_waiting

pytestmark = pytest.mark.both_databases


def _noted(cast: Cast) -> Evaluation:
    """Zoe's note to Ben, with four others in its bundle."""
    raters = crowd(cast, 4)
    thread = worked(cast, [cast.zoe, *raters])
    made = rates(cast.zoe, thread, cast.ben, note="You might say what you tried.")
    for member in raters:
        rates(member, thread, cast.ben)
    return made


def _told(member: Member) -> list[str]:
    return list(InboxItem.objects.filter(member=member, kind__startswith="note-").values_list("kind", flat=True))


def test_notes_come_together_on_a_monday(cast: Cast) -> None:
    raters = crowd(cast, 4)
    thread = worked(cast, [cast.zoe, *raters])
    made = rates(cast.zoe, thread, cast.ben, note="You might say what you tried.")
    with clock.at(a_week_later(9)):
        assert notes_to(cast.ben) == []
    for member in raters:
        rates(member, thread, cast.ben, note="Thanks!")
    assert notes_to(cast.ben) == []
    with clock.at(a_week_later()):
        notes = notes_to(cast.ben)
        assert sorted(note.text for note in notes) == ["Thanks!"] * 4 + ["You might say what you tried."]
        assert len({note.shown_from for note in notes}) == 1
        assert [note.key for note in notes] == sorted(note.key for note in notes)
        assert note_to(cast.ada, made.key) is None
    late = rates(cast.ada, thread, cast.ben, note="Late.")
    with clock.at(a_week_later(9)):
        assert note_to(cast.ben, late.key) is None


def test_a_note_that_is_shown_stays_as_it_is_or_goes(cast: Cast) -> None:
    made = _noted(cast)
    made.refresh_from_db()
    changed = Said({"clarity": 1}, "Something else.", "person")
    with pytest.raises(Invalid):
        rate_part(by=cast.zoe, thread=made.thread, member=cast.ben, said=changed, version=made.version)
    with clock.at(a_week_later()):
        withdraw_evaluation(by=cast.zoe, evaluation=made)
        assert notes_to(cast.ben) == []


def test_a_note_that_is_added_later_waits_for_another_bundle(cast: Cast) -> None:
    raters = crowd(cast, 9)
    thread = worked(cast, raters)
    made = [rates(member, thread, cast.ben) for member in raters[:5]]
    said = Said({"clarity": 4}, "One thing more.", "person")
    with clock.at(a_week_later()):
        rate_part(by=raters[0], thread=thread, member=cast.ben, said=said, version=made[0].version)
        assert notes_to(cast.ben) == []
        for member in raters[5:]:
            rates(member, thread, cast.ben)
        assert notes_to(cast.ben) == []
    with clock.at(a_week_later(3)):
        assert [note.text for note in notes_to(cast.ben)] == ["One thing more."]


def test_a_suspended_writers_note_neither_goes_nor_waits_in_a_bundle(cast: Cast) -> None:
    """Were it to go then, it would be known whose it was."""
    made = _noted(cast)
    suspend(by=cast.nia, member=cast.zoe)
    with clock.at(a_week_later()):
        assert [note.key for note in notes_to(cast.ben)] == [made.key]


def test_the_writer_reads_the_answer(cast: Cast) -> None:
    made = _noted(cast)
    with pytest.raises(NotThere):
        answer_note(by=cast.ben, evaluation=made, answer="thanks")
    with clock.at(a_week_later()):
        for who in ("ada", "zoe", "mo", "nia", "olga"):
            with pytest.raises(NotThere):
                answer_note(by=cast.people[who], evaluation=made, answer="thanks")
        for answer, words in (("disagree", " "), ("review", ""), ("sue", "x"), ("disagree", "x" * 1_001)):
            with pytest.raises(Invalid):
                answer_note(by=cast.ben, evaluation=made, answer=answer, words=words)
        answer_note(by=cast.ben, evaluation=made, answer="disagree", words="I did, in the second post.")
        with pytest.raises(Conflict):
            answer_note(by=cast.ben, evaluation=made, answer="thanks")
        assert given_by(cast.zoe)[0].answer.words == "I did, in the second post."
        assert (_told(cast.zoe), _told(cast.ben), _told(cast.mo)) == (["note-answered"], [], [])
        group = inbox_of(cast.zoe).groups[0]
        assert (group.label.title, group.notices[0].kind.name) == ("Your note to Ben Okafor", "note-answered")


def test_moderators_of_the_space_decide_and_nobody_else_sees_it(cast: Cast) -> None:
    made = _noted(cast)
    with clock.at(a_week_later()):
        review = answer_note(by=cast.ben, evaluation=made, answer="review", words="This is not about my work.")
        assert _told(cast.mo) == ["note-review"]
        assert inbox_of(cast.mo).groups[0].label.title == "A note about Ben Okafor"
        for name, person in cast.people.items():
            seen = name in {"mo", "nia"}
            assert (review_visible_to(person, review.pk) is not None) is seen, name
            assert reviews_waiting(person) == ([review] if seen else []), name
            if not seen:
                with pytest.raises(Forbidden):
                    look_who_wrote(by=person, answer=review)
                with pytest.raises(Forbidden):
                    decide_about_note(by=person, answer=review, outcome="kept", words="It is.")
        assert not RaterLook.objects.exists()
        look_who_wrote(by=cast.mo, answer=review)
        look_who_wrote(by=cast.mo, answer=review)
        assert [look.by for look in RaterLook.objects.all()] == [cast.mo]
        assert notes_to(cast.ben)[0].looked
        decide_about_note(by=cast.mo, answer=review, outcome="set_aside", words="It is not about the work.")
        with pytest.raises(Conflict):
            decide_about_note(by=cast.nia, answer=review, outcome="kept", words="It is.")
        assert "note-decided" in _told(cast.ben)
        assert "note-decided" in _told(cast.zoe)
        assert not InboxItem.objects.filter(member=cast.ben, kind__startswith="note-", actor__isnull=False).exists()


def test_what_is_set_aside_counts_no_more_when_the_next_number_is_made(cast: Cast) -> None:
    raters = crowd(cast, 4)
    thread = worked(cast, [cast.zoe, *raters])
    made = rates(cast.zoe, thread, cast.ben, note="No.", clarity=1)
    for member in raters:
        rates(member, thread, cast.ben, clarity=5)
    before = numbers(cast.ben, cast.ben)
    with clock.at(a_week_later()):
        review = answer_note(by=cast.ben, evaluation=made, answer="review", words="Out of spite.")
        decide_about_note(by=cast.nia, answer=review, outcome="set_aside", words="So it is.")
        assert numbers(cast.ben, cast.ben) == before


def test_a_moderator_who_wrote_the_note_has_no_part_in_its_review(cast: Cast) -> None:
    raters = crowd(cast, 4)
    thread = worked(cast, [cast.mo, *raters])
    made = rates(cast.mo, thread, cast.ben, note="Be quick.")
    for member in raters:
        rates(member, thread, cast.ben)
    with clock.at(a_week_later()):
        review = answer_note(by=cast.ben, evaluation=made, answer="review", words="I am.")
        assert ("note-review" in _told(cast.mo), "note-review" in _told(cast.nia)) == (False, True)
        assert reviews_waiting(cast.mo) == []
        with pytest.raises(Forbidden):
            decide_about_note(by=cast.mo, answer=review, outcome="kept", words="It is.")
        with pytest.raises(Forbidden):
            look_who_wrote(by=cast.mo, answer=review)
        assert reviews_waiting(cast.nia) == [review]


def test_a_moderator_who_does_not_see_the_thread_does_not_see_the_note(cast: Cast) -> None:
    made = _noted(cast)
    with clock.at(a_week_later()):
        review = answer_note(by=cast.ben, evaluation=made, answer="review", words="No.")
        Thread.objects.filter(pk=made.thread_id).update(audience="organization")
        assert review_visible_to(cast.mo, review.pk) is None
        with pytest.raises(Forbidden):
            look_who_wrote(by=cast.mo, answer=review)
        assert inbox_of(cast.mo).groups == []
