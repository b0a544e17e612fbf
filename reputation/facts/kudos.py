"""What happens to thanks."""

from django.utils.translation import gettext_lazy as _

from community.facts.inbox import declare_notice
from community.facts.kinds import declare

THANKS_CHANGED = declare(
    "thanks.changed",
    fields=("thanks", "change"),
    about="Somebody thanked the member in words, took that back, or a moderator removed it.",
)

KUDOS = declare_notice("kudos", label=_("Thanks to you in words"), sentence=_("thanked you"))
KUDOS_REMOVED = declare_notice(
    "kudos-removed", label=_("Thanks of yours that were removed"), sentence=_("removed your thanks")
)
