"""Answering a note, and what moderators do about one of which its reader asked for a review."""

from community.actions.inbox import notify
from community.errors import Forbidden
from community.events import action
from community.models import Member
from reputation.actions import answering
from reputation.models import Evaluation, NoteAnswer, RaterLook
from threads.facts.evaluating import NOTE_ANSWERED, NOTE_DECIDED, NOTE_UNDER_REVIEW
from threads.models import Thread
from threads.policies.evaluating import may_review_note
from threads.queries.evaluating import moderators_of


@action
def answer_note(*, by: Member, evaluation: Evaluation, answer: str, words: str = "") -> NoteAnswer:
    """Answer a note about one's part, once. Whoever wrote it is told; moderators are, when a review is asked for."""
    made = answering.answer_note(by=by, evaluation=evaluation, answer=answer, words=words)
    subject = f"note_answer:{made.pk}"
    notify(recipients=[evaluation.rater_id], kind=NOTE_ANSWERED, subject=subject, target=subject, actor=by)
    if made.answer == NoteAnswer.Answer.REVIEW:
        asked = moderators_of(_thread(made), without=(evaluation.rater_id, by.pk))
        notify(recipients=asked, kind=NOTE_UNDER_REVIEW, subject=subject, target=subject, actor=None)
    return made


@action
def look_who_wrote(*, by: Member, answer: NoteAnswer) -> RaterLook:
    """See who wrote a note under review; that one looked is kept, and both of them read it."""
    _judge(by, answer)
    return answering.look_at_rater(by=by, answer=answer)


@action
def decide_about_note(*, by: Member, answer: NoteAnswer, outcome: str, words: str) -> NoteAnswer:
    """Decide about a note under review: it stands, or is set aside. For moderators who have no part in it."""
    _judge(by, answer)
    made = answering.decide_note(by=by, answer=answer, outcome=outcome, words=words)
    subject, both = f"note_answer:{made.pk}", (made.evaluation.rater_id, made.evaluation.rated_id)
    notify(recipients=both, kind=NOTE_DECIDED, subject=subject, target=subject, actor=None)
    return made


def _judge(by: Member, answer: NoteAnswer) -> None:
    if not may_review_note(by, answer, _thread(answer)):
        raise Forbidden("may_not_review_note")


def _thread(answer: NoteAnswer) -> Thread:
    return Thread.objects.select_related("space").get(pk=answer.evaluation.thread_id)
