"""Who reacts to what: consequences upward are few, and this table is all of them."""

from community.events.reactors import registered


def test_the_table_of_reactors() -> None:
    assert registered() == {
        "member.changed": ["threads.actions.indexing.index_member", "realtime.doorbell.doors_changed"],
        "doors.changed": ["realtime.doorbell.doors_changed"],
        "crowds": ["realtime.hub.people_in_threads"],
        "people here": ["realtime.hub.people_here"],
        "describe thread": ["threads.queries.labels.describe_threads"],
        "describe post": ["threads.queries.labels.describe_posts"],
        "describe suggestion": ["threads.queries.labels.describe_suggestions"],
        "describe review": ["threads.queries.reviews.describe_reviews"],
        "describe sample": ["threads.queries.sampling.describe_samples"],
        "describe term": ["threads.queries.terms.describe_terms"],
        "describe practice": ["threads.queries.labels.describe_practices"],
        "describe request": ["threads.queries.swarm_labels.describe_requests"],
        "describe hand_over": ["threads.queries.swarm_labels.describe_hand_overs"],
        "see practice": ["threads.audience.practice_seen_by"],
        "see thread": ["threads.audience.seen_by"],
    }
