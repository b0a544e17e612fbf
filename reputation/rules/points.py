"""What a contribution earns. A change of any number is a new version.

Rows of the ledger keep the version they were made by.
"""

RULES_VERSION = 1

POINTS = {
    # One colleague found a post useful: the smallest unit.
    "helped": 10,
    # A post ended a problem, which is worth more than any single voice about it.
    "solution": 15,
    # Writing a solution down so that others can use it weighs more than finding it once.
    "practice": 20,
}
