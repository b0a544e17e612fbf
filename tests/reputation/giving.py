"""People of many organizations, who give each other awards."""

from community.models import Member, Organization
from reputation.actions.awards import About, grant, reverse
from reputation.models import Award

NOTHING = About()


def strangers(count: int) -> list[Member]:
    """One member each of so many other organizations."""
    made = []
    for number in range(count):
        organization = Organization.objects.create(slug=f"house-{number}", name=f"House {number}")
        made.append(
            Member.objects.create_user(
                None, handle=f"stranger-{number}", name=f"Stranger {number}", organization=organization
            )
        )
    return made


def give(
    member: Member, rule: str, giver: Member | None, *, thing: int = 1, about: About = NOTHING, kind: str = "thing"
) -> Award | None:
    """One award for one thing by one giver."""
    return grant(
        member=member, rule=Award.Rule(rule), cause=_cause(kind, thing, rule, giver), subject=f"{kind}:{thing}",
        about=about, giver=giver,
    )  # fmt: skip


def take(
    rule: str, giver: Member | None, *, thing: int = 1, why: Award.Why = Award.Why.REOPENED, kind: str = "thing"
) -> Award | None:
    """Take that one back."""
    return reverse(cause=_cause(kind, thing, rule, giver), subject=f"{kind}:{thing}", why=why)


def _cause(kind: str, thing: int, rule: str, giver: Member | None) -> str:
    return f"{kind}:{thing}:{rule}:{giver.pk if giver else 0}"
