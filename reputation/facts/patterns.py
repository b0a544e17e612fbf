"""What people are told of patterns in giving."""

from django.utils.translation import gettext_lazy as _

from community.facts.inbox import declare_notice

PATTERNS = declare_notice(
    "patterns",
    label=_("Unusual patterns in giving, for moderators"),
    sentence=_("Somebody should look at an unusual pattern"),
)
WITHDRAWN = declare_notice(
    "awards-withdrawn",
    label=_("Awards that moderators withdrew"),
    sentence=_("A moderator withdrew awards that followed an unusual pattern of giving"),
)
