"""The threads room's place in Django, and what it answers and does for the rooms below."""

from django.apps import AppConfig


class ThreadsConfig(AppConfig):
    """Registers the room."""

    name = "threads"

    def ready(self) -> None:
        """Say who knows the things an inbox names, and what else happens when a member changes."""
        from community.events.reactors import (
            MEMBER_CHANGED,
            MEMBER_MOVED,
            describe_with,
            desk_with,
            react_with,
            see_with,
        )
        from threads.actions import bulletins as sending
        from threads.actions import deflecting, postings, practice_duties, spelling, subscribing, telling_saved, vectors
        from threads.actions.duties import register
        from threads.actions.indexing import index_member
        from threads.actions.uses import mark_used_by
        from threads.audience import playbook_seen_by, practice_seen_by, seen_by
        from threads.facts import marks
        from threads.policies.desk import kept_by
        from threads.queries import bulletins, labels, note_labels, reviews, sampling, swarm_labels, terms
        from threads.rendering import refusals

        describe_with("thread", labels.describe_threads, labels.seen_threads)
        describe_with("post", labels.describe_posts, labels.seen_posts)
        describe_with("practice", labels.describe_practices, labels.seen_practices)
        describe_with("playbook", labels.describe_playbooks, labels.seen_playbooks)
        describe_with("run", labels.describe_runs, labels.seen_runs)
        describe_with("step", labels.describe_steps, labels.seen_steps)
        describe_with("suggestion", labels.describe_suggestions, labels.seen_suggestions)
        describe_with("bulletin", labels.describe_bulletins, labels.seen_bulletins)
        describe_with("reuse", labels.describe_reuses, labels.seen_reuses)
        describe_with("request", swarm_labels.describe_requests, swarm_labels.seen_requests)
        describe_with("hand_over", swarm_labels.describe_hand_overs, swarm_labels.seen_hand_overs)
        describe_with("review", reviews.describe_reviews, reviews.seen_reviews)
        describe_with("note_answer", note_labels.describe_note_answers, note_labels.seen_note_answers)
        describe_with("sample", sampling.describe_samples, sampling.seen_samples)
        describe_with("term", terms.describe_terms, terms.seen_terms)
        see_with("playbook", playbook_seen_by)
        see_with("bulletin", bulletins.bulletin_seen_by)
        see_with("practice", practice_seen_by)
        see_with("thread", seen_by)
        desk_with(kept_by)
        react_with(MEMBER_CHANGED, index_member)
        react_with(MEMBER_MOVED, mark_used_by)
        marks.register()
        refusals.declare()
        register()
        for part in (
            practice_duties, subscribing, sending, postings, spelling, deflecting, telling_saved, vectors,
        ):  # fmt: skip
            part.register()
