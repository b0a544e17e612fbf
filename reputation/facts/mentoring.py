"""What happens between mentors and learners."""

from django.utils.translation import gettext_lazy as _

from community.facts.inbox import declare_notice
from community.facts.kinds import declare

MENTORING_CHANGED = declare(
    "mentoring.changed",
    fields=("mentoring", "state"),
    about="A mentoring of the member was asked for, answered, ended, or said to have helped: read it again.",
)

ASKED = declare_notice(
    "mentor-asked", label=_("Somebody asks you to mentor them"), sentence=_("asks you to mentor them")
)
ANSWERED = declare_notice(
    "mentor-answered", label=_("Answers of mentors you asked"), sentence=_("answered whether they mentor you")
)
ENDED = declare_notice("mentoring-ended", label=_("Mentorings of yours that ended"), sentence=_("ended the mentoring"))
HELPED = declare_notice(
    "mentoring-helped", label=_("Learners whom you helped"), sentence=_("says that your mentoring helped")
)
