"""From when on giving looks like an arrangement, and is shown to moderators. Numbers find patterns; people judge them.

Each number has its reason beside it. Only gifts count: awards that somebody gave and that stand, those that a cap left
without points as well.
"""

# Over how many days is looked: what the caps look back at too, so whoever stays below them for a month is seen whole.
WINDOW_DAYS = 30

# Two who gave each other so many each. Six is what the cap between two members leaves with points: who reaches it from
# both sides within a month is a pair that works together, or one that deals.
RECIPROCAL_EACH = 6
# And that much of all that one of the two got. Colleagues who do help each other are helped and thanked by others too.
RECIPROCAL_SHARE = 0.4

# A group within one organization. Less than three is a pair; more than twelve is a team, whose members see each other's
# work all day, and in which nobody can keep an arrangement to themselves.
RING_LEAST, RING_MOST = 3, 12
# How many gifts from one to another make them hang together; where everybody does, more and more are asked for.
RING_TIES = (3, 5, 8, 12)
# So many gifts for each of its members, within the group: less moves nobody's standing.
RING_EACH = 8
# And that much of all that they got.
RING_SHARE = 0.6

# The same across organizations, up to sixty members; more are a community. Where many share an arrangement each gives
# each other little, so two gifts are a tie. Whoever got less than this share from the group is not one of it.
WIDE_TIES = (2, 3, 5, 8, 12)
WIDE_MOST = 60
WIDE_SHARE = 0.5
# Stronger ties say better who is of it, when they leave this share of all.
WIDE_KEPT = 0.9
# So many gifts across organizations for each of its members, which is what the caps let one other organization give as
# votes. Who stays below gains by it little more than a ring in one organization.
WIDE_EACH = 15
# More than twelve of one organization are a team, and a team thanks itself; but none gives each of its people two a
# day. Little comes of it: that is six times what the cap of the own organization leaves with points.
TEAM_EACH = 60

# From one to another within so many seconds. A post is read before it is said to have helped: eight in an hour are not
# read, and fifteen in a day are nobody's day's work with one colleague.
SERIAL = ((8, 3_600), (15, 86_400))

# An account is new for so many days, and these are its first gifts: whoever arrives to learn meets many people, whoever
# was made for a purpose has one.
NEW_DAYS = 14
NEW_FIRST = 5

# Something that was dismissed is shown again when there is half as much again.
GROWN = 1.5

# At most so many new ones are shown after one search, the largest first, so that moderators can look at each; and so
# many of its awards are named in one.
MOST_FLAGS, MOST_NAMED = 50, 500

# Looking at the evidence is noted once for so long; then it has to be asked for again.
LOOK_SECONDS = 3_600
REASON_LENGTH = 400
