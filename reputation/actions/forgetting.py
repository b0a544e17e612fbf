"""What standing, evaluations and thanks keep of a member who was erased: numbers, and no words.

Awards and votes stay: they are what others' standing is the sum of, and name nobody but a row that says nothing.
"""

from django.db.models import Q

from community.models import Member
from community.rules import clock
from reputation.models import (
    Certificate,
    Evaluation,
    Flag,
    FlagDecision,
    Kudos,
    Mentor,
    Mentoring,
    NoteAnswer,
    ProfileChoice,
    Skill,
)

_TAKEN_AWAY = "…"  # a decision keeps that there was a reason, and not what it said of who is gone


def forget_words(*, member: Member, was: Member) -> None:  # noqa: ARG001  (what every reactor of it is told)
    """Take away what they declared, and what was said to and by them. For a reactor."""
    for model in (Skill, Certificate, Mentor, ProfileChoice):
        model.objects.filter(member=member).delete()
    Mentoring.objects.filter(Q(learner=member) | Q(mentor=member)).update(what="", note="")
    thanks = Kudos.objects.filter(Q(giver=member) | Q(receiver=member))
    nothing = {"reason": "", "about": "", "removed_by": None, "removed_at": None, "removal_reason": ""}
    thanks.update(**nothing, client_id=None, taken_back_at=clock.now())
    said = Evaluation.objects.filter(Q(rater=member) | Q(rated=member))
    NoteAnswer.objects.filter(evaluation__in=said.values("pk")).update(words="", outcome_words="")
    said.update(note="", note_to="")
    concerned = Flag.objects.filter(members=member).exclude(state=Flag.State.OPEN)
    Flag.objects.filter(pk__in=concerned.values("pk")).update(reason=_TAKEN_AWAY)
    FlagDecision.objects.filter(flag__members=member).update(reason=_TAKEN_AWAY)
