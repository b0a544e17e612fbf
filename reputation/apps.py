"""The reputation room's place in Django."""

from django.apps import AppConfig


class ReputationConfig(AppConfig):
    """Registers the room."""

    name = "reputation"

    def ready(self) -> None:
        """Say who knows the thanks that an inbox names, and what happens here when a member leaves or moves."""
        from community.events.reactors import MEMBER_ERASED, MEMBER_MOVED, describe_with, react_with, see_with
        from reputation.actions.coaching import end_coachings_of
        from reputation.actions.forgetting import forget_words
        from reputation.actions.mentoring import end_mentorings_of
        from reputation.actions.withholding import follow_suspension
        from reputation.queries import flags, kudos

        describe_with("thanks", kudos.describe_thanks, kudos.seen_thanks)
        describe_with("kudos", kudos.describe_kudos, kudos.seen_kudos)
        describe_with("patterns", flags.describe_patterns, flags.seen_patterns)
        describe_with("flag", flags.describe_flags, flags.seen_flags)
        describe_with("withdrawn", flags.describe_withdrawn, flags.seen_withdrawn)
        see_with("patterns", flags.patterns_seen_by)
        react_with(MEMBER_ERASED, forget_words)
        react_with(MEMBER_MOVED, end_coachings_of)
        react_with(MEMBER_MOVED, end_mentorings_of)
        react_with(MEMBER_MOVED, follow_suspension)
