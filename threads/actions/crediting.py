"""Standing that curators earn by looking after what others made: one rule for all of it, up to so many on one day."""

from datetime import datetime, time

from community.models import Member
from community.rules import clock
from reputation.actions.awards import grant
from reputation.models import Award
from threads.actions.practice_telling import about_practice
from threads.models import Practice
from threads.policies.making import has_made
from threads.rules.reviews import MOST_AWARDED_A_DAY


def credit_curating(by: Member, practice: Practice, *, cause: str) -> None:
    """Reward somebody for a decision about a practice; `cause` names the decision, so that it is rewarded once."""
    if earned_today(by, Award.Rule.REVIEW) < MOST_AWARDED_A_DAY:
        grant(
            member=by, rule=Award.Rule.REVIEW, cause=cause, subject=f"practice:{practice.pk}",
            about=about_practice(practice), giver=None,
        )  # fmt: skip


def is_their_own(by: Member, *practices: Practice) -> bool:
    """Whether somebody made one of the practices or looks after it: deciding about that earns nothing."""
    return any(practice.owner_id == by.pk or has_made(by, practice) for practice in practices)


def earned_today(by: Member, rule: Award.Rule) -> int:
    """How often a member was rewarded by a rule since midnight, UTC."""
    now = clock.now()
    since = datetime.combine(now.date(), time.min, now.tzinfo)
    return Award.objects.filter(member=by, rule=rule, reverses__isnull=True, at__gte=since).count()
