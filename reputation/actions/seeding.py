"""What the members of a made-up network say that they know."""

from collections.abc import Mapping, Sequence

from community.events import action
from reputation.models import Skill

BATCH = 2_000


@action
def seed_skills(*, skills: Mapping[int, Sequence[tuple[str, int]]]) -> None:
    """Have these members (ids), who have none yet, declare scopes with levels."""
    rows = [
        Skill(member_id=member, scope=scope, level=level) for member, said in skills.items() for scope, level in said
    ]
    Skill.objects.bulk_create(rows, batch_size=BATCH)
