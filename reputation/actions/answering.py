"""Answering a note, and deciding about one of which its reader asked for a review."""

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events import action
from community.models import Member
from community.rules import clock
from reputation.models import Evaluation, NoteAnswer, RaterLook
from reputation.rules.evaluations import ANSWER_LENGTH


@action
def answer_note(*, by: Member, evaluation: Evaluation, answer: str, words: str = "") -> NoteAnswer:
    """Answer a note, once: thanks, seeing it differently, or asking for a review, both with words.

    Whoever wrote it reads the answer; no way leads back to them. Raises NotThere for a note that is not with one,
    Conflict when it was answered.
    """
    Member.objects.select_for_update(no_key=True).get(pk=evaluation.rated_id)
    notes = Evaluation.objects.filter(rated=by, note_to=Evaluation.NoteTo.PERSON, withdrawn_at__isnull=True)
    note = notes.filter(pk=evaluation.pk, shown_from__lte=clock.now()).first()
    if note is None:
        raise NotThere("no_note")
    if answer not in NoteAnswer.Answer.values:
        raise Invalid({"answer": _("Choose one of the three.")})
    words = _checked(words, needed=answer != NoteAnswer.Answer.THANKS)
    if NoteAnswer.objects.filter(evaluation=note).exists():
        raise Conflict("note_answered_already")
    return NoteAnswer.objects.create(evaluation=note, answer=answer, words=words, at=clock.now())


@action
def look_at_rater(*, by: Member, answer: NoteAnswer) -> RaterLook:
    """Note down that a moderator looks who wrote a note; only then it is shown to them. The caller has judged it."""
    found = _locked(answer)
    if by.pk in (found.evaluation.rater_id, found.evaluation.rated_id):
        raise Forbidden("somebody_else_decides")
    return RaterLook.objects.get_or_create(answer=found, by=by, defaults={"at": clock.now()})[0]


@action
def decide_note(*, by: Member, answer: NoteAnswer, outcome: str, words: str) -> NoteAnswer:
    """Let a note stand, or set it and its evaluation aside: it counts in no number that is made from then on.

    The caller has judged that `by` moderates there. Raises Conflict when it was decided.
    """
    found = _locked(answer)
    if by.pk in (found.evaluation.rater_id, found.evaluation.rated_id):
        raise Forbidden("somebody_else_decides")
    if found.outcome:
        raise Conflict("decided_already")
    if outcome not in NoteAnswer.Outcome.values:
        raise Invalid({"outcome": _("Choose one of the two.")})
    found.outcome, found.outcome_words = outcome, _checked(words, needed=True)
    found.decided_by, found.decided_at = by, clock.now()
    found.save(update_fields=["outcome", "outcome_words", "decided_by", "decided_at"])
    if outcome == NoteAnswer.Outcome.SET_ASIDE:
        Evaluation.objects.filter(pk=found.evaluation_id).update(set_aside_at=clock.now())
    return found


def _locked(answer: NoteAnswer) -> NoteAnswer:
    """The answer as it is now, with the row of the rated person locked."""
    Member.objects.select_for_update(no_key=True).get(pk=answer.evaluation.rated_id)
    found = NoteAnswer.objects.select_related("evaluation").filter(pk=answer.pk).first()
    if found is None or found.answer != NoteAnswer.Answer.REVIEW or found.evaluation.withdrawn_at is not None:
        raise NotThere("no_review")
    return found


def _checked(words: str, *, needed: bool) -> str:
    words = words.replace("\0", "").replace("\r\n", "\n").strip()
    if needed and not words:
        raise Invalid({"words": _("Say it in your words.")})
    if len(words) > ANSWER_LENGTH:
        raise Invalid({"words": _("At most %(most)d characters fit.") % {"most": ANSWER_LENGTH}})
    return words
