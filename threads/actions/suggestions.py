"""Suggested edits of practices: anybody who reads one makes them, whoever may edit it decides."""

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events import action
from community.models import Member
from community.rules import clock
from reputation.actions.awards import grant
from reputation.actions.sums import lock_standings
from reputation.models import Award
from threads.actions.claims import must_be_free
from threads.actions.crediting import credit_curating, is_their_own
from threads.actions.judging import rejudge
from threads.actions.locking import lock_practice
from threads.actions.practice_telling import about_practice, notify_about
from threads.actions.practices import Content, content_at, content_of, revise, together
from threads.actions.records import checked_fields
from threads.actions.reviews import close_answered, open_review
from threads.actions.standard import refuse_secrets
from threads.facts.practices import PRACTICE_SUGGESTED, SUGGESTION_ANSWERED
from threads.models import Practice, PracticeVersion, Review, Suggestion, Thread
from threads.policies.governance import governance_of
from threads.policies.practices import may_decide_suggestion, may_see, may_suggest
from threads.policies.threads import may_see as may_see_thread
from threads.queries.archive import versions_shown
from threads.queries.verdicts import newest_text
from threads.rules.limits import REASON_LENGTH, TITLE_LENGTH
from threads.rules.texts import one_line

State = Suggestion.State


class SuggestedAnew(Conflict):
    """Its author wrote the suggestion anew since it was read; `more` has what is there now."""

    def __init__(self, now: Suggestion) -> None:
        super().__init__("suggested_anew", _("The suggestion was written anew meanwhile. Read it again, then decide."))
        words = {"number": now.number, "version": now.base_version, "reason": now.reason}
        self.more = {"suggestion": {**words, "title": now.title or None, "fields": now.fields}}


@action
def suggest_edit(
    *,
    by: Member,
    practice: Practice,
    base_version: int,
    title: str | None = None,
    fields: Mapping[str, str] | None = None,
    reason: str,
    thread: Thread | None = None,
) -> Suggestion:
    """Propose other words for a practice, as it was read in `base_version`; `thread` is where it was read.

    One that waits already is replaced. Raises Invalid without a reason or a change, Exposed for a secret, Conflict for
    a practice that is still written in its thread or out of use.
    """
    practice = lock_practice(practice)
    if not may_see(by, practice):
        raise NotThere("no_practice")
    if not may_suggest(by, practice):
        raise Conflict("no_suggestions", _("This practice takes no suggestions: it is unfinished or out of use."))
    if thread is not None and not may_see_thread(by, thread):
        raise NotThere("no_thread")
    if base_version not in {practice.version, *(row.number for row in versions_shown(by, practice))}:
        raise Invalid({"version": _("There is no such version. Read the practice again.")})
    base = content_at(practice, base_version)
    new = {name: text for name, text in checked_fields(fields or {}).items() if text != base.fields[name]}
    titled = "" if title is None else one_line("title", title, most=TITLE_LENGTH, needed=True)
    titled = "" if titled == base.title else titled
    reason = one_line("reason", reason, most=REASON_LENGTH, needed=True)
    if not new and not titled:
        raise Invalid({"resolution": _("Change something first: this is what the practice says.")})
    refuse_secrets(by, {"title": titled, **new})
    before = Suggestion.objects.filter(practice=practice, author=by, state=State.OPEN).first()
    made, _made_now = Suggestion.objects.update_or_create(
        practice=practice, author=by, state=State.OPEN,
        defaults={
            "number": before.number + 1 if before else 1, "base_version": base_version, "title": titled, "fields": new,
            "reason": reason, "thread": thread, "organization": by.organization, "at": clock.now(),
        },
    )  # fmt: skip
    open_review(practice, kind=Review.Kind.SUGGESTED, by=by)
    whom = practice.owner_id or practice.recorded_by_id
    notify_about(practice, PRACTICE_SUGGESTED, by=by, to=[whom], target=f"suggestion:{made.pk}")
    return made


@action
def accept_suggestion(
    *,
    by: Member,
    suggestion: Suggestion,
    version: int,
    number: int | None = None,
    fields: Mapping[str, str] | None = None,
    title: str | None = None,
    keep: Collection[str] = (),
    mask: bool | Collection[str] = False,
) -> Suggestion:
    """Take a suggestion up, put together with what changed since it was made, or in the words given instead.

    Without words of their own whoever takes it up gives the `number` of it that they read. Where approval governs the
    practice, taking it up approves it. Raises Conflict when somebody revised the practice since `version`, when its
    author wrote it anew since that `number`, when somebody else works on the practice, or when both changed the same
    lines and no words are given.
    """
    practice, suggestion = _locked(suggestion)
    _must_decide(by, suggestion)
    earns = not is_their_own(by, practice)
    if version != practice.version:
        raise Conflict("revised_meanwhile", _("Somebody revised this practice meanwhile. Look at it, then decide."))
    own_words = fields is not None or title is not None
    _must_have_read(suggestion, number, needed=not own_words)
    content = joined(practice, suggestion)
    if own_words:
        now = content_of(practice)
        titled = now.title if title is None else one_line("title", title, most=TITLE_LENGTH, needed=True)
        content = now._replace(title=titled, fields=now.fields | checked_fields(fields or {}))
    if content is None:
        raise Conflict("revised_meanwhile", _("What is suggested was changed meanwhile as well. Put both together."))
    revise(
        practice, content, by=by, author=suggestion.author, kind=PracticeVersion.Kind.SUGGESTED,
        reason=suggestion.reason, keep=keep, mask=mask,
    )  # fmt: skip
    lock_standings([by.pk, suggestion.author_id, practice.recorded_by_id])
    if governance_of(practice).by_approval:
        practice.reviewed_version, practice.reviewed_at = practice.version, clock.now()
        practice.save(update_fields=["reviewed_version", "reviewed_at"])
        rejudge(practice)
    suggestion.accepted_version = newest_text(practice)
    _decide(suggestion, State.ACCEPTED, by=by)
    close_answered(practice, by=by, outcome=Review.Outcome.APPROVED)
    if earns:
        credit_curating(by, practice, cause=_decision(suggestion))
    name = f"suggestion:{suggestion.pk}"
    subject, about = f"practice:{practice.pk}", about_practice(practice)
    grant(member=suggestion.author, rule=Award.Rule.SUGGESTION, cause=name, subject=subject, about=about, giver=by)
    return suggestion


def _must_have_read(suggestion: Suggestion, number: int | None, *, needed: bool) -> None:
    if number is None and needed:
        raise Invalid({"number": _("Give the number of the suggestion that you read.")})
    if number is not None and number != suggestion.number:
        raise SuggestedAnew(suggestion)


def joined(practice: Practice, suggestion: Suggestion) -> Content | None:
    """What the practice would say with the suggestion; None where both changed the same lines."""
    base = content_at(practice, suggestion.base_version)
    mine = base._replace(title=suggestion.title or base.title, fields=base.fields | suggestion.fields)
    try:
        return together(base, mine, content_of(practice))
    except Conflict:
        return None


@action
def reject_suggestion(*, by: Member, suggestion: Suggestion, reply: str) -> Suggestion:
    """Do not take a suggestion up, and say why."""
    practice, suggestion = _locked(suggestion)
    _must_decide(by, suggestion)
    suggestion.reply = one_line("reply", reply, most=REASON_LENGTH, needed=True)
    _decide(suggestion, State.REJECTED, by=by)
    close_answered(practice, by=by, outcome=Review.Outcome.REJECTED)
    if not is_their_own(by, practice):
        credit_curating(by, practice, cause=_decision(suggestion))
    return suggestion


def _decision(suggestion: Suggestion) -> str:
    return f"suggestion-decided:{suggestion.pk}"


@action
def withdraw_suggestion(*, by: Member, suggestion: Suggestion) -> Suggestion:
    """Take back what one suggested, while nobody has decided."""
    practice, suggestion = _locked(suggestion)
    if suggestion.author_id != by.pk:
        raise NotThere("no_suggestion")
    _must_wait(suggestion)
    _decide(suggestion, State.WITHDRAWN, by=by)
    close_answered(practice, by=by, outcome=Review.Outcome.REJECTED)
    return suggestion


def _locked(suggestion: Suggestion) -> tuple[Practice, Suggestion]:
    """The practice and the suggestion as they are now, locked in this order."""
    practice = lock_practice(Practice(pk=suggestion.practice_id))
    rows = Suggestion.objects.select_for_update(of=("self",), no_key=True).select_related("author__organization")
    locked = rows.filter(pk=suggestion.pk).first()
    if locked is None:
        raise NotThere("no_suggestion")
    locked.practice = practice
    return practice, locked


def _must_decide(by: Member, suggestion: Suggestion) -> None:
    if not may_see(by, suggestion.practice):
        raise NotThere("no_suggestion")
    if not may_decide_suggestion(by, suggestion):
        if suggestion.author_id == by.pk:
            raise Forbidden("own_suggestion", _("Somebody else decides about what you suggested."))
        raise NotThere("no_suggestion")
    _must_wait(suggestion)
    if not by.is_superuser:
        must_be_free(by, suggestion.practice)


def _must_wait(suggestion: Suggestion) -> None:
    if suggestion.state != State.OPEN:
        raise Conflict("decided_already", _("This suggestion is decided already."))


def _decide(suggestion: Suggestion, state: str, *, by: Member) -> None:
    suggestion.state, suggestion.decided_by, suggestion.decided_at = state, by, clock.now()
    suggestion.save()
    if state != State.WITHDRAWN:
        whom, target = [suggestion.author_id], f"suggestion:{suggestion.pk}"
        notify_about(suggestion.practice, SUGGESTION_ANSWERED, by=by, to=whom, target=target)
