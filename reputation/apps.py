"""The reputation room's place in Django."""

from django.apps import AppConfig


class ReputationConfig(AppConfig):
    """Registers the room."""

    name = "reputation"

    def ready(self) -> None:
        """Say what happens here when a member leaves or moves."""
        from community.events.reactors import MEMBER_MOVED, react_with
        from reputation.actions.coaching import end_coachings_of

        react_with(MEMBER_MOVED, end_coachings_of)
