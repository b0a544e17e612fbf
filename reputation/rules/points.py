"""What a contribution earns. A change of any number, or of what earns it, is a new version.

Rows of the ledger keep the version they were made by.
"""

RULES_VERSION = 3

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
}
