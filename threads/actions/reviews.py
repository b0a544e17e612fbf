"""Reviews of practices: opened, joined, and talked about. Deciding them is `actions.deciding`."""

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events import action
from community.models import Member
from community.rendering.markdown import render
from community.rules import clock
from threads.actions.claims import claim, extend_claim
from threads.actions.locking import lock_practice
from threads.models import RECORD_FIELDS, Practice, Review, ReviewComment
from threads.policies.desk import may_comment, may_see_review, may_settle
from threads.policies.practices import LOOKED_AT, may_approve, may_curate, may_see
from threads.rules.limits import NOTE_LENGTH, REASON_LENGTH
from threads.rules.reviews import CHALLENGED, CHANGED, DUE, NEW, more_pressing
from threads.rules.texts import cleaned

_ANCHORS = ("", "title", *RECORD_FIELDS)


def open_review(practice: Practice, *, kind: str, by: Member | None = None) -> Review:
    """The open review of a practice, opened when there is none. The practice is locked.

    One that is open takes up what is said now and is of the more pressing kind from now on; a challenge ends the
    waiting for changes that were asked for.
    """
    review = Review.objects.select_for_update().filter(practice=practice).exclude(state=Review.State.CLOSED).first()
    if review is None:
        return Review.objects.create(
            practice=practice, kind=kind, version=practice.version, base_version=practice.reviewed_version,
            opened_by=by, opened_at=clock.now(),
        )  # fmt: skip
    pressing = more_pressing(review.kind, kind)
    if pressing != review.kind and kind == CHALLENGED:
        review.version = practice.version
    if kind == CHALLENGED:
        review.state = Review.State.OPEN
    review.kind = pressing
    review.save(update_fields=["kind", "version", "state"])
    return review


def reopen_asked(practice: Practice) -> None:
    """Have a review go on that waited for changes: there is a new version. The practice is locked."""
    waiting = Review.objects.filter(practice=practice, state=Review.State.CHANGES_ASKED)
    waiting.update(state=Review.State.OPEN)


def close_review(
    practice: Practice, *, by: Member, outcome: str, reason: str = "", by_standing: bool = False
) -> Review | None:
    """Close the open review of a practice, if there is one; gives it. The practice is locked."""
    review = Review.objects.select_for_update().filter(practice=practice).exclude(state=Review.State.CLOSED).first()
    if review is not None:
        review.state, review.outcome, review.reason = Review.State.CLOSED, outcome, reason[:REASON_LENGTH]
        review.decided_by, review.decided_at, review.by_standing = by, clock.now(), by_standing
        fields = ["state", "outcome", "reason", "decided_by", "decided_at", "version", "by_standing"]
        review.save(update_fields=fields)
    return review


def close_answered(practice: Practice, *, by: Member, outcome: str) -> None:
    """Close the review that was opened for suggestions, once none waits any more. The practice is locked."""
    waits = practice.suggestions.filter(state="open").exists()
    if not waits and Review.objects.filter(practice=practice, kind="suggested", state=Review.State.OPEN).exists():
        close_review(practice, by=by, outcome=outcome)


@action
def start_review(*, by: Member, practice: Practice) -> Review:
    """Claim a practice and open a review of it, or go on with the open one.

    Who does not curate and has earned it looks at what is new or changed, without keeping others from it.

    Raises Conflict while somebody else works on it, or when it is retired or follows its thread's record.
    """
    practice = lock_practice(practice)
    if not may_curate(by, practice):
        return _look_at(by, practice)
    practice = claim(by=by, practice=practice)
    if practice.follows_record:
        raise Conflict("unfinished", _("This practice is still being written in its thread. Finish it there."))
    opened = Review.objects.filter(practice=practice).exclude(state=Review.State.CLOSED).first()
    return opened or open_review(practice, kind=_kind_of(practice), by=by)


def _look_at(by: Member, practice: Practice) -> Review:
    if not may_see(by, practice):
        raise NotThere("no_practice")
    if not may_approve(by, practice):
        raise Forbidden("only_curators")
    if practice.reviewed_version >= practice.version:
        raise Conflict("looked_at_already", _("Somebody has looked at this version already."))
    opened = Review.objects.filter(practice=practice).exclude(state=Review.State.CLOSED).first()
    if opened is not None and opened.kind not in LOOKED_AT:
        raise Forbidden("only_curators")
    return opened or open_review(practice, kind=_kind_of(practice), by=by)


def _kind_of(practice: Practice) -> str:
    if practice.reviewed_version == 0:
        return NEW
    return CHANGED if practice.reviewed_version < practice.version else DUE


@action
def comment_on_review(
    *, by: Member, review: Review, body: str, field: str = "", line: int | None = None, quote: str = ""
) -> ReviewComment:
    """Say something of a review, of one of its fields, or of a line of the text as it is now, quoted.

    Raises Invalid for an empty comment or a line without a field, Conflict once the review is closed.
    """
    practice, review = lock_review(review)
    must_see(by, review)
    must_be_open(review)
    if not may_comment(by, review):
        raise Forbidden("may_not_comment")
    if field not in _ANCHORS or (line is not None and not field):
        raise Invalid({"field": _("Choose one of the fields.")})
    body = cleaned("body", body, most=NOTE_LENGTH, needed=True)
    extend_claim_of(practice, by)
    return ReviewComment.objects.create(
        review=review, author=by, field=field, line=line if field else None, quote=quote.strip()[:REASON_LENGTH],
        body=body, html=render(body), at=clock.now(),
    )  # fmt: skip


@action
def settle_comment(*, by: Member, comment: ReviewComment, done: bool = True) -> ReviewComment:
    """Say that what a comment asks is done, or that it is not."""
    practice, review = lock_review(comment.review)
    must_see(by, review)
    must_be_open(review)
    comment = ReviewComment.objects.select_for_update().get(pk=comment.pk)
    comment.review = review
    if not may_settle(by, comment):
        raise Forbidden("may_not_comment")
    comment.done_by, comment.done_at = (by, clock.now()) if done else (None, None)
    comment.save(update_fields=["done_by", "done_at"])
    extend_claim_of(practice, by)
    return comment


def lock_review(review: Review) -> tuple[Practice, Review]:
    """The practice and its review as they are now, locked in this order. Raises NotThere when it is gone."""
    practice = lock_practice(Practice(pk=review.practice_id))
    locked = Review.objects.select_for_update().filter(pk=review.pk).first()
    if locked is None:
        raise NotThere("no_review")
    locked.practice = practice
    return practice, locked


def must_see(by: Member, review: Review) -> None:
    """Raise NotThere for whom there is no such review."""
    if not may_see_review(by, review):
        raise NotThere("no_review")


def must_be_open(review: Review) -> None:
    """Raise Conflict when somebody has decided."""
    if review.state == Review.State.CLOSED:
        raise Conflict("decided_already", _("This review is decided. Start another one if there is more to say."))


def extend_claim_of(practice: Practice, by: Member) -> None:
    """Give whoever works on the practice their hours anew; nobody else takes it by talking."""
    if practice.claimed_by_id == by.pk:
        extend_claim(practice, by=by)
