"""What awards are called where they are counted."""

from django.utils.translation import ngettext

from reputation.models import Award


def counted(rule: str, n: int) -> str:
    """So many awards by a rule, in words."""
    words = {
        Award.Rule.HELPED: ngettext("helped %(n)d time", "helped %(n)d times", n),
        Award.Rule.SOLUTION: ngettext("%(n)d solution", "%(n)d solutions", n),
        Award.Rule.PRACTICE: ngettext("%(n)d practice recorded", "%(n)d practices recorded", n),
        Award.Rule.REUSED: ngettext("%(n)d use of a practice", "%(n)d uses of practices", n),
        Award.Rule.VALIDATED: ngettext("%(n)d practice validated", "%(n)d practices validated", n),
        Award.Rule.REVIEW: ngettext("%(n)d review", "%(n)d reviews", n),
        Award.Rule.SUGGESTION: ngettext("%(n)d edit taken up", "%(n)d edits taken up", n),
        Award.Rule.SAMPLING: ngettext("%(n)d sample scored", "%(n)d samples scored", n),
        Award.Rule.ANSWERED: ngettext("%(n)d request answered", "%(n)d requests answered", n),
        Award.Rule.MENTORING: ngettext("%(n)d month of mentoring", "%(n)d months of mentoring", n),
    }
    return words.get(Award.Rule(rule), ngettext("%(n)d award", "%(n)d awards", n)) % {"n": n}
