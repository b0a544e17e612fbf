"""Mentoring: how much of it, and when it earns."""

from datetime import timedelta

# An evening each is what a person can give to a few; more would be names in a list.
MOST_MENTEES = 5
# Asking costs somebody else time: whom one asks is a choice, and three answers fit a week.
MOST_ASKS = 3
ASKS_WITHIN = timedelta(days=7)
# Who said no is not asked again at once.
AGAIN_AFTER = timedelta(days=30)
# A month of patience is what the points are for; saying it more often would make it a vote.
HELPED_EVERY = timedelta(days=30)
# For a slip of the pen. Later it is the mentor's as much as the learner's.
TAKE_BACK_WITHIN = timedelta(days=1)
# Taking back lets somebody say it again. Without a bound the ledger could be filled by it.
MOST_SAID = 3
# Long enough to say what one wants to learn, or why not now.
SHORTEST = 10
LONGEST = 1_000
