"""What happens to standing."""

from django.utils.translation import gettext_lazy as _

from community.facts.inbox import declare_notice
from community.facts.kinds import declare

STANDING_CHANGED = declare(
    "standing.changed", fields=("points", "change", "rule", "subject"), about="The member's standing rose or fell."
)

STANDING_EARNED = declare_notice(
    "standing-earned", label=_("Standing that you earned"), sentence=_("Your standing rose")
)
STANDING_LOST = declare_notice(
    "standing-lost", label=_("Standing that was taken back, and why"), sentence=_("Some standing was taken back")
)
