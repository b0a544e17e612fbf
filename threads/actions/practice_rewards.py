"""What a practice earned its recorder, while it is in use."""

from reputation.actions.awards import give_again, grant, reverse
from reputation.models import Award
from threads.actions.practice_telling import about_practice
from threads.models import Practice


def reward_recording(practice: Practice) -> None:
    """Reward whoever recorded a practice, once."""
    grant(
        member=practice.recorded_by, rule=Award.Rule.PRACTICE, cause=_subject(practice), subject=_subject(practice),
        about=about_practice(practice), giver=None,
    )  # fmt: skip


def reward_validation(practice: Practice) -> None:
    """Reward whoever recorded a practice that organizations validated."""
    recorder = practice.recorded_by
    if recorder.is_active and not recorder.source_site:
        grant(
            member=recorder, rule=Award.Rule.VALIDATED, cause=_validation(practice), subject=_subject(practice),
            about=about_practice(practice), giver=None,
        )  # fmt: skip


def take_back_validation(practice: Practice) -> None:
    """Take back what validation gave: organizations found it wrong."""
    reverse(cause=_validation(practice), subject=_subject(practice), why=Award.Why.WRONG)


def take_back_rewards(practice: Practice) -> None:
    """Take back what recording and validation gave: it is out of use. What its uses gave stays: then it helped."""
    for cause in (_subject(practice), _validation(practice)):
        reverse(cause=cause, subject=_subject(practice), why=Award.Why.OUTDATED)


def reward_again(practice: Practice) -> None:
    """Give again what recording gave: it is in use again. Validation earns when it is validated."""
    give_again(cause=_subject(practice), subject=_subject(practice), why=Award.Why.OUTDATED)


def _subject(practice: Practice) -> str:
    return f"practice:{practice.pk}"


def _validation(practice: Practice) -> str:
    return f"validated:{practice.pk}"
