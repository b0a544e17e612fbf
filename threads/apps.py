"""The threads room's place in Django, and what it answers and does for the rooms below."""

from django.apps import AppConfig


class ThreadsConfig(AppConfig):
    """Registers the room."""

    name = "threads"

    def ready(self) -> None:
        """Say who knows the things an inbox names, and what else happens when a member changes."""
        from community.events.reactors import MEMBER_CHANGED, describe_with, react_with, see_with
        from threads.actions import practice_duties
        from threads.actions.duties import register
        from threads.actions.indexing import index_member
        from threads.audience import practice_seen_by, seen_by
        from threads.facts import marks
        from threads.queries import labels, reviews, sampling, swarm_labels, terms
        from threads.rendering import refusals

        describe_with("thread", labels.describe_threads, labels.seen_threads)
        describe_with("post", labels.describe_posts, labels.seen_posts)
        describe_with("practice", labels.describe_practices, labels.seen_practices)
        describe_with("suggestion", labels.describe_suggestions, labels.seen_suggestions)
        describe_with("request", swarm_labels.describe_requests, swarm_labels.seen_requests)
        describe_with("hand_over", swarm_labels.describe_hand_overs, swarm_labels.seen_hand_overs)
        describe_with("review", reviews.describe_reviews, reviews.seen_reviews)
        describe_with("sample", sampling.describe_samples, sampling.seen_samples)
        describe_with("term", terms.describe_terms, terms.seen_terms)
        see_with("practice", practice_seen_by)
        see_with("thread", seen_by)
        react_with(MEMBER_CHANGED, index_member)
        marks.register()
        refusals.declare()
        register()
        practice_duties.register()
