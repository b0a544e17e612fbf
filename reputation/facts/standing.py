"""What happens to standing."""

from community.facts.kinds import declare

STANDING_CHANGED = declare(
    "standing.changed", fields=("points", "change", "rule", "subject"), about="The member's standing rose or fell."
)
