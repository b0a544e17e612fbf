"""The reputation room's place in Django."""

from django.apps import AppConfig


class ReputationConfig(AppConfig):
    """Registers the room."""

    name = "reputation"

    def ready(self) -> None:
        """Say who knows what an inbox names, what happens when a member leaves or moves, and what the worker does."""
        from community.events.reactors import MEMBER_ERASED, MEMBER_MOVED, describe_with, react_with, see_with
        from reputation.actions import badge_duties
        from reputation.actions.coaching import end_coachings_of
        from reputation.actions.forgetting import forget_words
        from reputation.actions.mentoring import end_mentorings_of
        from reputation.actions.withholding import follow_suspension
        from reputation.queries import flags, kudos, standing_news
        from reputation.queries.own import seen_own

        describe_with("thanks", kudos.describe_thanks, seen_own)
        describe_with("kudos", kudos.describe_kudos, kudos.seen_kudos)
        describe_with("patterns", flags.describe_patterns, flags.seen_patterns)
        describe_with("flag", flags.describe_flags, flags.seen_flags)
        describe_with("withdrawn", flags.describe_withdrawn, flags.seen_withdrawn)
        describe_with("standing", standing_news.describe_standing, seen_own)
        describe_with("award", standing_news.describe_news, standing_news.seen_news)
        describe_with("badges", standing_news.describe_badges, seen_own)
        describe_with("badge", standing_news.describe_badge, standing_news.seen_badge)
        see_with("patterns", flags.patterns_seen_by)
        react_with(MEMBER_ERASED, forget_words)
        react_with(MEMBER_MOVED, end_coachings_of)
        react_with(MEMBER_MOVED, end_mentorings_of)
        react_with(MEMBER_MOVED, follow_suspension)
        badge_duties.register()
