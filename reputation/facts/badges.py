"""What happens to badges."""

from django.utils.translation import gettext_lazy as _

from community.facts.inbox import declare_notice
from community.facts.kinds import declare

BADGES_CHANGED = declare(
    "badges.changed", fields=("badge", "held"), about="The member was given a badge, or it was withdrawn."
)

BADGE = declare_notice(
    "badge", label=_("Badges that you are given, or that are withdrawn"), sentence=_("Your badges changed")
)
