"""Who mentors whom, and who says what of it."""

from community.models import Member
from community.rules import clock
from reputation.models import Mentor, Mentoring, MentoringHelped, Skill
from reputation.policies.privileges import has
from reputation.rules.privileges import Privilege


def may_offer(member: Member) -> bool:
    """Everybody with an account says that they would mentor; it shows where they have earned enough."""
    return member.is_active and not member.source_site


def mentors_in(member: Member, scope: str) -> bool:
    """Whether somebody can be asked in a subject: they offer it, and have earned enough there."""
    return has(member, Privilege.MENTOR, [scope]) and Mentor.objects.filter(member=member).exists()


def wants_to_learn(member: Member, scope: str) -> bool:
    """Whether the member says so on their page."""
    return Skill.objects.filter(member=member, scope=scope, wants_to_learn=True).exists()


def may_answer(member: Member, mentoring: Mentoring) -> bool:
    """Whoever was asked."""
    return member.is_active and mentoring.mentor_id == member.pk and mentoring.state == Mentoring.State.ASKED


def may_withdraw(member: Member, mentoring: Mentoring) -> bool:
    """Whoever asked, before there is an answer."""
    return member.is_active and mentoring.learner_id == member.pk and mentoring.state == Mentoring.State.ASKED


def may_end(member: Member, mentoring: Mentoring) -> bool:
    """Either of the two, while it runs."""
    return member.is_active and has_part(member, mentoring) and mentoring.is_running


def may_say_helped(member: Member, mentoring: Mentoring) -> bool:
    """The learner, while it runs and the mentor has the standing for it."""
    if not (member.is_active and mentoring.learner_id == member.pk and mentoring.is_running):
        return False
    return has(mentoring.mentor, Privilege.MENTOR, [mentoring.scope])


def may_take_back(member: Member, helped: MentoringHelped) -> bool:
    """The learner, within a day."""
    own = member.is_active and helped.mentoring.learner_id == member.pk
    return own and helped.taken_back_at is None and clock.now() < helped.ends_at


def has_part(member: Member, mentoring: Mentoring) -> bool:
    """Whether the member is one of the two; nobody else is told of it."""
    return member.pk in (mentoring.learner_id, mentoring.mentor_id)
