"""What standing follows from: the one file of its rules. Each number has its reason beside it.

A change of any number, or of what earns it, is a new version: raise RULES_VERSION. Rows of the ledger keep the version
they were made by, and nothing that was given is reckoned anew. What a change would have done to the past:
`manage.py preview_rules FILE`, where FILE is a changed copy of this one. Its only code is the function that applies the
caps.
"""

from typing import NamedTuple

RULES_VERSION = 4

POINTS = {
    # One colleague found a post useful: the smallest unit.
    "helped": 10,
    # A post ended a problem, which is worth more than any single voice about it.
    "solution": 15,
    # Writing a solution down so that others can use it weighs more than finding it once.
    "practice": 20,
    # Every time somebody uses it, it saves the work again: small, because it adds up.
    "reused": 5,
    # Other organizations found that it works: as good as a solution, once.
    "validated": 15,
    # Looking after the work of others is worth what a solution is: reviewing it, merging what says the same, telling
    # apart what does not, deciding about suggested edits.
    "review": 15,
    # An edit that somebody else took up.
    "suggestion": 10,
    # Scoring a sample is a small piece of a review.
    "sampling": 5,
    # Who was asked, came in time and worked on it until it was solved: half a solution, because the solution earns too.
    "answered": 8,
    # A month of somebody's patience, which the learner says helped.
    "mentoring": 15,
}

# Over how many days the caps below look back, but for the daily one.
WINDOW_DAYS = 30

# In all, within a day: what an outstanding day brings; beyond it something went viral, or is being pushed.
A_DAY = 200
# From one member to another: six posts that helped. Who is helped more often by the same colleague has said so.
FROM_ONE_MEMBER = 60
# From all members of another organization to one member: what one company alone can make of somebody.
FROM_ONE_ORGANIZATION = 150
# The same of one's own: colleagues know each other, and owe each other something. It makes half of the threshold of the
# first privilege; the rest is for others to give.
FROM_OWN_ORGANIZATION = 100
# By each rule that nobody else has to agree to.
OWN_WORD = {
    # Three recordings: whoever writes down more is rewarded as others use it, or as it is validated.
    "practice": 60,
    # Twenty decisions, so that curating weighs what solving does. Curators are appointed, so somebody trusted them.
    "review": 300,
    # Twenty samples.
    "sampling": 100,
}
# From all members of one organization to all of one organization, the own one included: what forty members may get from
# another. A house of a thousand gains more from many others; a ring of a thousand gains no more than sixty would.
BETWEEN_ORGANIZATIONS = 6_000

# From how much standing in one of a thing's subjects (its product or a tag of it) a member may do what. Never from
# standing in all: who knows mail servers knows no more of printers than anybody. Curators and moderators are appointed.
THRESHOLDS = {
    # Putting others' threads and practices under other tags: easy to see and to take back, so it comes first.
    "retag": 200,
    # Improving the text of practices that others recorded: it changes at once for everybody, and every version is kept.
    "edit": 200,
    # Closing others' threads as duplicates of one that is solved: it ends what somebody waits for, who can undo it.
    "duplicates": 300,
    # Teaching: two houses at least have found them useful more than once.
    "mentor": 300,
    # Approving new and changed practices of other organizations, as curators do: the most, because what they let pass
    # leaves the desk. It validates nothing: that takes several organizations' word, whoever approves.
    "validate": 500,
}


class Used(NamedTuple):
    """What a member was given lately, reversals counted: within a day; within the window by whom, by the same rule."""

    day: int = 0
    member: int = 0
    organization: int = 0
    own_word: int = 0
    organizations: int = 0


def allowed(rule: str, points: int, used: Used, *, given: bool, inside: bool) -> tuple[int, str]:
    """How many of the points the caps leave, and the name of the cap that left fewest; "" when all of them stay.

    `given` says whether somebody gave them, `inside` whether that was somebody of the receiver's own organization.
    """
    room = [("day", A_DAY - used.day)]
    if given:
        room += [
            ("member", FROM_ONE_MEMBER - used.member),
            ("organization", (FROM_OWN_ORGANIZATION if inside else FROM_ONE_ORGANIZATION) - used.organization),
            ("organizations", BETWEEN_ORGANIZATIONS - used.organizations),
        ]
    if rule in OWN_WORD:
        room += [("own_word", OWN_WORD[rule] - used.own_word)]
    name, least = min(room, key=lambda each: each[1])
    return (points, "") if least >= points else (max(least, 0), name)
