"""Help for the tests of contribution profiles: what somebody earned over two years, on all axes."""

from datetime import UTC, datetime

from community.models import Member
from community.rules import clock
from reputation.actions.awards import About, grant, reverse
from reputation.models import Award
from tests.cast import Cast

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MAIL, DNS = About("mail-gateway", ("smtp",)), About("", ("dns",))
# When, by what rule, for which cause, and about what. The last one is taken back.
EARNED = [
    (datetime(2025, 3, 3, tzinfo=UTC), "reused", "reuse:1", DNS),
    (datetime(2025, 3, 4, tzinfo=UTC), "validated", "validated:1", DNS),
    (datetime(2026, 8, 5, tzinfo=UTC), "practice", "practice:1", DNS),
    (datetime(2026, 10, 2, tzinfo=UTC), "answered", "request:1", MAIL),
    (datetime(2026, 10, 3, tzinfo=UTC), "mentoring", "mentoring:1", About()),
    (datetime(2026, 11, 10, tzinfo=UTC), "solution", "solution:1", MAIL),
    (datetime(2026, 11, 20, tzinfo=UTC), "helped", "helped:1", MAIL),
    (datetime(2026, 11, 21, 1, tzinfo=UTC), "review", "review:1", MAIL),
    (datetime(2026, 11, 21, 2, tzinfo=UTC), "review", "pair:1", MAIL),
    (datetime(2026, 11, 21, 3, tzinfo=UTC), "suggestion", "suggestion:1", DNS),
    (datetime(2026, 11, 21, 4, tzinfo=UTC), "sampling", "sample:1", DNS),
    (datetime(2026, 8, 6, tzinfo=UTC), "helped", "helped:2", MAIL),
]
TAKEN_BACK_AT = datetime(2026, 11, 22, tzinfo=UTC)
# What that is, by axis: of all the time, and since December 2025.
IN_ALL = {"solve": (25, 2), "share": (40, 3), "curate": (25, 2), "review": (20, 2), "help": (23, 2)}
LATELY = IN_ALL | {"share": (20, 1)}


def earns(cast: Cast, member: Member) -> None:
    """Gives somebody all of it, for a post of theirs that nobody here sees."""
    for at, rule, cause, about in EARNED:
        with clock.at(at):
            subject = f"post:{10**6}"
            name = f"{cause}:{member.handle}"
            grant(member=member, rule=Award.Rule(rule), cause=name, subject=subject, about=about, giver=None)
    with clock.at(TAKEN_BACK_AT):
        reverse(cause=f"helped:2:{member.handle}", subject=f"post:{10**6}", why=Award.Why.UNVOTED)
