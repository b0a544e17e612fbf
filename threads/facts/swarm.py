"""What happens in the swarm of a thread, besides who owns it: asking for help, handing over, letting in, meeting."""

from django.utils.translation import gettext_lazy as _

from community.facts.inbox import declare_notice
from community.facts.kinds import declare

HELP_ASKED = declare(
    "help.asked",
    fields=("request", "by", "what", "due", "members", "answer_by"),
    about="Members were asked to help, the first ones or the next, or again with what they wanted to know.",
)
HELP_ANSWERED = declare(
    "help.answered",
    fields=("request", "member", "answer"),
    about="An asked member answered (accepted, declined, more_information), did not in time (expired), or need not.",
)
HELP_ENDED = declare(
    "help.ended",
    fields=("request", "state"),
    about="Nobody is looked for any more: answered, exhausted, withdrawn, closed.",
)
HAND_OVER_OFFERED = declare(
    "hand_over.offered",
    fields=("hand_over", "by", "to"),
    about="The owner offers the thread to somebody, or to whoever takes it over.",
)
HAND_OVER_ANSWERED = declare(
    "hand_over.answered",
    fields=("hand_over", "state", "owner"),
    about="It was accepted, declined or withdrawn; `owner` is who owns the thread now.",
)
AUDIENCE_WIDENED = declare(
    "audience.widened",
    fields=("audience", "organizations", "guests"),
    about="Who may see the thread changed: its audience, the organizations named, how many guests there are.",
)
MEETING_LOGGED = declare("meeting.logged", fields=("meeting", "attendees"), about="A call or meeting was written down.")
MEETING_DELETED = declare("meeting.deleted", fields=("meeting",), about="What was written of a meeting was deleted.")
PRACTICE_APPLIED = declare("practice.applied", fields=(), about="A practice was applied in the thread: read again.")

ASKED = declare_notice("help-asked", label=_("Somebody asks you for help"), sentence=_("asks for your help"))
ANSWERED = declare_notice("help-answered", label=_("Answers to what you asked"), sentence=_("answered your request"))
INFORMED = declare_notice(
    "help-information", label=_("What you wanted to know before you help"), sentence=_("told you more about a request")
)
NOT_NEEDED = declare_notice(
    "help-withdrawn", label=_("Requests to you that ended"), sentence=_("does not need your help any more")
)
EXHAUSTED = declare_notice(
    "help-exhausted", label=_("Nobody left to ask"), sentence=_("Nobody is left to ask for help. Ask more people")
)
OVERDUE = declare_notice(
    "help-overdue", label=_("Requests past their time"), sentence=_("A request for help is past its time")
)
HAND_OVER = declare_notice("hand-over", label=_("Threads offered to you"), sentence=_("asks you to take over"))
HAND_OVER_ANSWER = declare_notice(
    "hand-over-answered", label=_("Answers to your hand-overs"), sentence=_("answered your hand-over")
)
LET_IN = declare_notice("let-in", label=_("Threads you were let into"), sentence=_("let you into the thread"))
NEXT_OVERDUE = declare_notice(
    "next-overdue", label=_("Next steps past their time"), sentence=_("The next step is past its time")
)
