"""The reputation room's place in Django."""

from django.apps import AppConfig


class ReputationConfig(AppConfig):
    """Registers the room."""

    name = "reputation"

    def ready(self) -> None:
        """Say who knows the thanks that an inbox names, and what happens here when a member leaves or moves."""
        from community.events.reactors import MEMBER_MOVED, describe_with, react_with
        from reputation.actions.coaching import end_coachings_of
        from reputation.actions.mentoring import end_mentorings_of
        from reputation.queries import kudos

        describe_with("thanks", kudos.describe_thanks, kudos.seen_thanks)
        describe_with("kudos", kudos.describe_kudos, kudos.seen_kudos)
        react_with(MEMBER_MOVED, end_coachings_of)
        react_with(MEMBER_MOVED, end_mentorings_of)
