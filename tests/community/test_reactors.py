"""Who reacts to what: consequences upward are few, and this table is all of them."""

from community.events.reactors import registered

TABLE = {
    "member.changed": ["threads.actions.indexing.index_member", "realtime.doorbell.doors_changed"],
    "member.moved": [
        "reputation.actions.coaching.end_coachings_of",
        "reputation.actions.mentoring.end_mentorings_of",
        "reputation.actions.withholding.follow_suspension",
        "threads.actions.uses.mark_used_by",
        "threads.actions.withholding.begin",
    ],
    "member.erased": [
        "reputation.actions.forgetting.forget_words",
        "threads.actions.forgetting.forget_member",
    ],
    "doors.changed": ["realtime.doorbell.doors_changed"],
    "crowds": ["realtime.hub.people_in_threads"],
    "people here": ["realtime.hub.people_here"],
    "describe thread": ["threads.queries.labels.describe_threads"],
    "describe post": ["threads.queries.labels.describe_posts"],
    "describe playbook": ["threads.queries.labels.describe_playbooks"],
    "describe run": ["threads.queries.labels.describe_runs"],
    "describe step": ["threads.queries.labels.describe_steps"],
    "describe suggestion": ["threads.queries.labels.describe_suggestions"],
    "describe review": ["threads.queries.reviews.describe_reviews"],
    "describe duplicate": ["threads.queries.closings.describe_closings"],
    "describe mentoring": ["threads.queries.mentoring.describe_mentorings"],
    "describe note_answer": ["threads.queries.note_labels.describe_note_answers"],
    "describe sample": ["threads.queries.sampling.describe_samples"],
    "describe term": ["threads.queries.terms.describe_terms"],
    "describe bulletin": ["threads.queries.labels.describe_bulletins"],
    "describe reuse": ["threads.queries.labels.describe_reuses"],
    "describe thanks": ["reputation.queries.kudos.describe_thanks"],
    "describe patterns": ["reputation.queries.flags.describe_patterns"],
    "describe flag": ["reputation.queries.flags.describe_flags"],
    "describe withdrawn": ["reputation.queries.flags.describe_withdrawn"],
    "describe kudos": ["reputation.queries.kudos.describe_kudos"],
    "describe standing": ["reputation.queries.standing_news.describe_standing"],
    "describe award": ["reputation.queries.standing_news.describe_news"],
    "describe badges": ["reputation.queries.standing_news.describe_badges"],
    "describe badge": ["reputation.queries.standing_news.describe_badge"],
    "describe practice": ["threads.queries.labels.describe_practices"],
    "describe saved_thread": ["threads.queries.saved.Found.describe"],
    "describe saved_practice": ["threads.queries.saved.Found.describe"],
    "describe saved_playbook": ["threads.queries.saved.Found.describe"],
    "describe saved_more": ["threads.queries.saved.MoreFound.describe"],
    "describe request": ["threads.queries.swarm_labels.describe_requests"],
    "describe hand_over": ["threads.queries.swarm_labels.describe_hand_overs"],
    "see playbook": ["threads.audience.playbook_seen_by"],
    "see bulletin": ["threads.queries.bulletins.bulletin_seen_by"],
    "see patterns": ["reputation.queries.flags.patterns_seen_by"],
    "see practice": ["threads.audience.practice_seen_by"],
    "see saved_more": ["threads.queries.saved.MoreFound.seen_by"],
    "see thread": ["threads.audience.seen_by"],
}


def test_the_table_of_reactors() -> None:
    assert registered() == TABLE
