"""Asking somebody to mentor, answering, ending it, and saying that it helped."""

from django.utils.translation import gettext as _

from community.actions.inbox import notify, withdraw_notice
from community.errors import Conflict, Forbidden, Invalid, NotThere, TooMuch
from community.events import action, emit, member_stream
from community.facts.inbox import NoticeKind
from community.models import Member
from community.queries.members import members_visible_to
from community.rules import clock
from community.rules.numbers import whole
from reputation.actions.awards import About, grant, reverse
from reputation.facts.mentoring import ANSWERED, ASKED, ENDED, HELPED, MENTORING_CHANGED
from reputation.models import Award, Mentor, Mentoring, MentoringHelped
from reputation.models.mentoring import OPEN
from reputation.policies.mentoring import (
    may_answer,
    may_end,
    may_offer,
    may_say_helped,
    may_take_back,
    may_withdraw,
    mentors_in,
    wants_to_learn,
)
from reputation.queries.mentoring import asks_left, has_room, said_enough
from reputation.rules.mentoring import AGAIN_AFTER, LONGEST, MOST_ASKS, MOST_MENTEES, SHORTEST


@action
def offer_mentoring(*, by: Member, offers: bool) -> None:
    """Say that one would mentor, or that one does not any more; what runs goes on. The same again changes nothing."""
    if not may_offer(by):
        raise Forbidden("not_active")
    if offers:
        Mentor.objects.get_or_create(member=by, defaults={"since": clock.now()})
    else:
        Mentor.objects.filter(member=by).delete()


@action
def ask_mentor(*, by: Member, mentor: Member, scope: str, what: str) -> Mentoring:
    """Ask somebody to teach one a subject. The caller has judged that the learner meets it.

    Raises NotThere for who does not mentor in it, whyever; Conflict when the learner does not say on their page that
    they want to learn it, or asked the same one, or was declined lately; TooMuch beyond three a week, and when the
    mentor has enough to do. Invalid without saying what.
    """
    learner = _lock(by.pk, mentor.pk)[by.pk]
    found = members_visible_to(learner).filter(pk=mentor.pk).first()
    if not learner.is_active or learner.source_site:
        raise Forbidden("not_active")
    if found is None or found.pk == learner.pk or not mentors_in(found, scope):
        raise NotThere("no_mentor")
    what = _words("what", what, needed=True)
    _guard(learner, found, scope)
    mentoring = Mentoring.objects.create(learner=learner, mentor=found, scope=scope, what=what, asked_at=clock.now())
    _tell(mentoring, by=learner)
    _notify(mentoring, ASKED, by=learner)
    return mentoring


def _lock(*ids: int) -> dict[int, Member]:
    """The members as they are now, locked by id, so that limits hold however many ask at once."""
    rows = Member.objects.select_for_update(of=("self",), no_key=True).select_related("organization")
    return {row.pk: row for row in rows.filter(pk__in=ids).order_by("pk")}


def _guard(learner: Member, mentor: Member, scope: str) -> None:
    if not wants_to_learn(learner, scope):
        raise Conflict("say_what_you_learn", _("Say among your skills that you want to learn this. Then ask again."))
    between = Mentoring.objects.filter(learner=learner, mentor=mentor, scope=scope)
    if between.filter(state__in=OPEN).exists():
        raise Conflict("asked_already", _("You have asked %(name)s already.") % {"name": mentor.name})
    if between.filter(state=Mentoring.State.DECLINED, answered_at__gt=clock.now() - AGAIN_AFTER).exists():
        raise Conflict("declined_lately", _("%(name)s declined lately. Ask somebody else.") % {"name": mentor.name})
    if not asks_left(learner):
        raise TooMuch("asked_enough", _("You asked %(most)d mentors within a week. Wait for answers.") % _MOST)
    if not has_room(mentor):
        words = _("%(name)s mentors %(most)d people already. Ask somebody else.")
        raise TooMuch("mentor_is_full", words % {"name": mentor.name, "most": MOST_MENTEES})


_MOST = {"most": MOST_ASKS}


@action
def answer_learner(*, by: Member, mentoring: Mentoring, accept: bool, note: str = "") -> Mentoring:
    """Say whether one mentors somebody who asked, with a word if one likes; declining needs one.

    Raises Conflict when it was answered or taken back; when accepting also for who has not the standing any more, and
    TooMuch for who has enough learners.
    """
    _lock(mentoring.mentor_id)
    found = _locked(by, mentoring)
    if found.mentor_id != by.pk:
        raise Forbidden("not_asked_to_mentor")
    if not may_answer(by, found):
        raise Conflict("decided_already")
    note = _words("note", note, needed=not accept)
    if accept and not mentors_in(by, found.scope):
        raise Conflict("mentors_no_more", _("You do not mentor in this any more: your standing fell, or you said so."))
    if accept and not has_room(by):
        raise TooMuch(
            "mentor_is_full", _("You mentor %(most)d people already. End one first.") % {"most": MOST_MENTEES}
        )
    found.state = Mentoring.State.RUNNING if accept else Mentoring.State.DECLINED
    found.note, found.answered_at = note, clock.now()
    found.save(update_fields=["state", "note", "answered_at"])
    _tell(found, by=by)
    _notify(found, ANSWERED, by=by)
    return found


@action
def end_mentoring(*, by: Member, mentoring: Mentoring) -> Mentoring:
    """End a mentoring, for either of the two; the learner takes back what is not answered yet. What it earned stays."""
    found = _locked(by, mentoring)
    if may_withdraw(by, found):
        found.state = Mentoring.State.WITHDRAWN
        withdraw_notice(recipient=found.mentor, key=_key(ASKED, found))
    elif may_end(by, found):
        found.state = Mentoring.State.ENDED
    else:
        raise Conflict("mentoring_not_running", _("This has ended, or is not answered yet."))
    found.ended_by, found.ended_at = by, clock.now()
    found.save(update_fields=["state", "ended_by", "ended_at"])
    _tell(found, by=by)
    if found.state == Mentoring.State.ENDED:
        _notify(found, ENDED, by=by)
    return found


@action
def say_it_helped(*, by: Member, mentoring: Mentoring) -> MentoringHelped:
    """Say that a mentoring helped: its mentor earns standing in its subject.

    Raises Conflict when it does not run, when the mentor has not the standing any more, and when it was said within
    thirty days.
    """
    found = _locked(by, mentoring)
    if found.learner_id != by.pk:
        raise Forbidden("only_learner")
    if not found.is_running:
        raise Conflict("mentoring_not_running", _("This has ended, or is not answered yet."))
    if not may_say_helped(by, found):
        raise Conflict("mentors_no_more", _("They have not the standing to mentor in this any more."))
    if said_enough(found):
        raise Conflict("said_already", _("You said so within the last 30 days. It can be said once in 30 days."))
    said = MentoringHelped.objects.create(mentoring=found, at=clock.now())
    grant(
        member=found.mentor, rule=Award.Rule.MENTORING, cause=_cause(said), subject=f"mentoring:{found.pk}",
        about=_about(found.scope), giver=found.learner,
    )  # fmt: skip
    _tell(found, by=by)
    _notify(found, HELPED, by=by, key=f"{HELPED.name}:{said.pk}")
    return said


@action
def take_back_helped(*, by: Member, mentoring: Mentoring) -> None:
    """Take back within a day that a mentoring helped, and with it what it earned. Raises Conflict later."""
    found = _locked(by, mentoring)
    if found.learner_id != by.pk:
        raise Forbidden("only_learner")
    said = MentoringHelped.objects.filter(mentoring=found, taken_back_at__isnull=True).first()
    if said is None:
        raise Conflict("nothing_to_take_back", _("There is nothing to take back."))
    said.mentoring = found
    if not may_take_back(by, said):
        raise Conflict("too_late_to_take_back", _("This can be taken back within a day."))
    said.taken_back_at = clock.now()
    said.save(update_fields=["taken_back_at"])
    reverse(cause=_cause(said), subject=f"mentoring:{found.pk}", why=Award.Why.UNSAID)
    withdraw_notice(recipient=found.mentor, key=f"{HELPED.name}:{said.pk}")
    _tell(found, by=by)


def end_mentorings_of(member: Member) -> None:
    """Who has no access any more teaches nobody, and learns from nobody; those on the other side are told."""
    if member.is_active:
        return
    Mentor.objects.filter(member=member).delete()
    for row in (Mentoring.objects.filter(learner=member) | Mentoring.objects.filter(mentor=member)).order_by("pk"):
        if row.is_open:
            row.state, row.ended_at = Mentoring.State.ENDED, clock.now()
            row.save(update_fields=["state", "ended_at"])
            _tell(row, by=None)


def _locked(by: Member, mentoring: Mentoring) -> Mentoring:
    """The mentoring as it is now, locked. Raises NotThere for whom it does not concern."""
    rows = Mentoring.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("learner__organization", "mentor__organization").filter(pk=mentoring.pk).first()
    if found is None or by.pk not in (found.learner_id, found.mentor_id):
        raise NotThere("no_mentoring")
    if not Member.objects.filter(pk=by.pk, is_active=True).exists():
        raise Forbidden("not_active")
    return found


def _words(field: str, text: str, *, needed: bool) -> str:
    text = text.replace("\0", "").strip()
    if len(text) > LONGEST:
        raise Invalid({field: _("At most %(most)d characters fit.") % {"most": LONGEST}})
    if needed and len(text) < SHORTEST:
        raise Invalid({field: _("Say it in at least %(least)d characters.") % {"least": SHORTEST}})
    return text


def still_said(cause: str) -> bool:
    """Whether what an award names as its cause was not taken back; its mentoring is locked."""
    mentoring, said = (whole(part) or 0 for part in cause.partition("#")[0].split(":")[1:])
    Mentoring.objects.select_for_update(no_key=True).filter(pk=mentoring).first()
    return MentoringHelped.objects.filter(pk=said, mentoring=mentoring, taken_back_at__isnull=True).exists()


def _about(scope: str) -> About:
    noun, _colon, slug = scope.partition(":")
    return About(product=slug) if noun == "product" else About(tags=(slug,))


def _cause(said: MentoringHelped) -> str:
    return f"mentoring:{said.mentoring_id}:{said.pk}"


def _key(kind: NoticeKind, mentoring: Mentoring) -> str:
    return f"{kind.name}:{mentoring.pk}"


def _tell(mentoring: Mentoring, *, by: Member | None) -> None:
    data = {"mentoring": mentoring.pk, "state": str(mentoring.state)}
    for member in sorted((mentoring.learner_id, mentoring.mentor_id)):
        emit(member_stream(member), MENTORING_CHANGED, actor=by, data=data)


def _notify(mentoring: Mentoring, kind: NoticeKind, *, by: Member, key: str = "") -> None:
    name = f"mentoring:{mentoring.pk}"
    both = [mentoring.learner_id, mentoring.mentor_id]
    notify(recipients=both, kind=kind, subject=name, target=name, actor=by, key=key or _key(kind, mentoring))
