"""What a member's standing in each topic rests on."""

from collections import Counter
from dataclasses import dataclass, field

from community.models import Member
from reputation.models import Award

_NEWEST = 500


@dataclass
class Deeds:
    """How often each rule gave something that stands, and for what it did so last."""

    counts: Counter[str] = field(default_factory=Counter)
    subjects: list[str] = field(default_factory=list)


def deeds_of(member: Member, *, subjects: int = 1) -> dict[str, Deeds]:
    """By scope (`tag:<slug>`, `product:<slug>`), of the member's newest awards that were not taken back."""
    standing = Award.objects.filter(member=member, reverses__isnull=True, reversal__isnull=True)
    found: dict[str, Deeds] = {}
    for rule, subject, product, tags in standing.values_list("rule", "subject", "product", "tags")[:_NEWEST]:
        scopes = [f"product:{product}"] * bool(product) + [f"tag:{tag}" for tag in tags]
        for scope in scopes:
            deeds = found.setdefault(scope, Deeds())
            deeds.counts[rule] += 1
            if subject not in deeds.subjects and len(deeds.subjects) < subjects:
                deeds.subjects.append(subject)
    return found
