"""Giving an evaluation, changing it, and taking it back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events import action
from community.models import Member
from community.rules import clock
from reputation.actions.awards import About
from reputation.actions.tallying import hear
from reputation.models import Evaluation
from reputation.models.evaluations import Kind
from reputation.queries.standing import best_points
from reputation.rules.evaluations import DAYS_TO_CHANGE, HIGHEST, LOWEST, NOTE_LENGTH, QUALITIES, weight_of


@dataclass(frozen=True)
class Place:
    """What is rated: somebody's part in a thread, or one post; and whether its asker rates."""

    thread_id: int
    space_id: int
    post_id: int | None = None
    by_requester: bool = False
    about: About = field(default_factory=About)


@dataclass(frozen=True)
class Said:
    """What is said: scores by quality, and a note with whom it is for."""

    scores: Mapping[str, int]
    note: str = ""
    note_to: str = ""


@action
def evaluate(*, by: Member, rated: Member, place: Place, said: Said, version: int | None = None) -> Evaluation:
    """Rate a member's part; with the `version` that one read, change what one said, within thirty days.

    The caller has judged that both took part and that the rater sees the thread. Raises Forbidden for oneself, Invalid
    for what is no score or says nothing, Conflict when one said something else meanwhile or long ago.
    """
    if by.pk == rated.pk:
        raise Forbidden("no_evaluation_of_oneself")
    said = _checked(said)
    rated = Member.objects.select_for_update(no_key=True).get(pk=rated.pk)
    said_here = Evaluation.objects.filter(rater=by, rated=rated, thread_id=place.thread_id)
    of_post = Q(post__isnull=True) if place.post_id is None else Q(post=place.post_id)
    kept = said_here.filter(of_post).first()
    if kept is not None:
        return _change(kept, said, version)
    given = Evaluation.objects.create(
        rater=by, rated=rated, thread_id=place.thread_id, post_id=place.post_id, space_id=place.space_id,
        kind=Kind.REQUESTER if place.by_requester else Kind.PEER, **_scores(said),
        product=place.about.product, tags=list(place.about.tags),
        weight=weight_of(best_points(by, place.about.scopes()[1:])),
        note=said.note, note_to=said.note_to, given_at=clock.now(),
    )  # fmt: skip
    hear(given)
    return given


@action
def withdraw_evaluation(*, by: Member, evaluation: Evaluation) -> None:
    """Take back what one said; its note is gone at once. Raises NotThere for what somebody else said."""
    found = _locked(evaluation)
    if found is None or found.rater_id != by.pk:
        raise NotThere("no_evaluation")
    if found.withdrawn_at is None:
        found.withdrawn_at, found.version = clock.now(), found.version + 1
        found.save(update_fields=["withdrawn_at", "version"])


def _change(kept: Evaluation, said: Said, version: int | None) -> Evaluation:
    if kept.withdrawn_at is None and version is None:
        raise Conflict("evaluated_already")
    if version is not None and version != kept.version:
        raise Conflict("evaluation_changed")
    if clock.now() > kept.given_at + timedelta(days=DAYS_TO_CHANGE):
        raise Conflict("evaluation_too_old")
    if kept.shown_from is not None and (said.note, said.note_to) != (kept.note, kept.note_to):
        if kept.note:
            raise Invalid({"note": _("Your note is on its way, so it stays as it is. You can take all of it back.")})
        kept.shown_from = None  # a note that was added later waits for a bundle like any other
    for name, score in _scores(said).items():
        setattr(kept, name, score)
    kept.note, kept.note_to, kept.withdrawn_at = said.note, said.note_to, None
    kept.changed_at, kept.version = clock.now(), kept.version + 1
    kept.save()
    return kept


def _locked(evaluation: Evaluation) -> Evaluation | None:
    """The evaluation as it is now, with the row of the rated person locked, as everything about them is."""
    Member.objects.select_for_update(no_key=True).get(pk=evaluation.rated_id)
    return Evaluation.objects.filter(pk=evaluation.pk).first()


def _checked(said: Said) -> Said:
    if unknown := said.scores.keys() - set(QUALITIES):
        raise Invalid({"scores": _("There is no such quality: %(names)s.") % {"names": ", ".join(sorted(unknown))}})
    if not said.scores:
        raise Invalid({"scores": _("Rate at least one of the five.")})
    for name, score in said.scores.items():
        if not LOWEST <= score <= HIGHEST:
            raise Invalid({name: _("Give 1 to 5.")})
    note = said.note.replace("\0", "").replace("\r\n", "\n").strip()
    if len(note) > NOTE_LENGTH:
        raise Invalid({"note": _("At most %(most)d characters fit.") % {"most": NOTE_LENGTH}})
    if not note:
        return Said(said.scores)
    if said.note_to not in Evaluation.NoteTo.values:
        raise Invalid({"note_to": _("Say whom the note is for.")})
    return Said(said.scores, note, said.note_to)


def _scores(said: Said) -> dict[str, int | None]:
    return {name: said.scores.get(name) for name in QUALITIES}
