"""What people are told of searches that they keep."""

from django.utils.translation import gettext_lazy as _

from community.facts.inbox import declare_notice

SAVED_FOUND = declare_notice(
    "saved-found", label=_("What fits a search you saved"), sentence=_("Fits a search you saved")
)
SAVED_MORE = declare_notice(
    "saved-more",
    label=_("That your saved searches found more than you were told of"),
    sentence=_("There is more today than you were told of"),
)
