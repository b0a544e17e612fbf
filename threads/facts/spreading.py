"""What people are told of practices that others use, adopt or wait for, and of bulletins."""

from django.utils.translation import gettext_lazy as _

from community.facts.inbox import declare_notice

REUSED = declare_notice(
    "practice-reused", label=_("Somebody used a practice you made"), sentence=_("used a practice you made")
)
PRACTICE_NEW = declare_notice(
    "practice-new",
    label=_("New practices of what you subscribed to"),
    sentence=_("There is a new practice of something you subscribed to"),
)
PRACTICE_NEWS = declare_notice(
    "practice-changed",
    label=_("Changes of practices you subscribed to, or your organization works by"),
    sentence=_("A practice changed that you subscribed to, or that your organization works by"),
)
PRACTICE_WARNED = declare_notice(
    "practice-warned",
    label=_("Warnings of practices you subscribed to, or your organization works by"),
    sentence=_("Somebody warns of a practice that you subscribed to, or that your organization works by"),
)
BULLETIN = declare_notice("bulletin", label=_("Bulletins"), sentence=_("sent a bulletin"))
BULLETIN_DUE = declare_notice(
    "bulletin-due", label=_("Bulletins you have not read yet"), sentence=_("A bulletin is to be read soon")
)
