"""What happens to practices, and what their makers, curators and users are told.

A thread's stream is read again by people who come later, so nothing in it names a practice but its id.
"""

from django.utils.translation import gettext_lazy as _

from community.facts.inbox import declare_notice
from community.facts.kinds import declare

PRACTICE_STARTED = declare(
    "practice.started",
    fields=("practice",),
    about="The thread's record is shown in the archive as work in progress.",
)
PRACTICE_CHANGED = declare(
    "practice.changed",
    fields=("practice", "confidence", "version"),
    about="The practice that the thread's record became says something else, or somebody else may see it.",
)
PRACTICE_JUDGED = declare(
    "practice.judged",
    fields=("practice", "confidence", "score", "warned"),
    about="How far that practice can be trusted was found out anew.",
)

CHALLENGED = declare_notice(
    "practice-challenged",
    label=_("Something said against a practice you look after"),
    sentence=_("said that a practice did not work for them"),
)
VALIDATED = declare_notice(
    "practice-validated",
    label=_("A practice you made is validated"),
    sentence=_("Enough organizations said that a practice you made works"),
)
VERDICT_ANSWERED = declare_notice(
    "verdict-answered",
    label=_("Answers to what you said of a practice"),
    sentence=_("dealt with what you said of a practice: look whether it works now"),
)
CHANGES_ASKED = declare_notice(
    "review-asked-changes",
    label=_("A reviewer asks you for changes"),
    sentence=_("reviewed a practice and asks you for changes"),
)
PRACTICE_SUGGESTED = declare_notice(
    "practice-suggested",
    label=_("Suggested edits of a practice you look after"),
    sentence=_("suggested an edit of a practice"),
)
SUGGESTION_ANSWERED = declare_notice(
    "suggestion-answered", label=_("Answers to your suggestions"), sentence=_("answered the edit that you suggested")
)
MERGED = declare_notice(
    "practice-merged", label=_("A practice you made is merged"), sentence=_("merged a practice you made into another")
)
RETIRED = declare_notice(
    "practice-retired", label=_("A practice you made is retired"), sentence=_("retired a practice you made")
)
REVIEW_DUE = declare_notice(
    "review-due", label=_("A practice you look after is due for review"), sentence=_("A practice is due for review")
)
TERM_BEGINS = declare_notice(
    "term-begins", label=_("Your turn as a curator begins"), sentence=_("Your turn as a curator begins")
)
TERM_ENDS = declare_notice(
    "term-ends", label=_("Your turn as a curator ends"), sentence=_("Your turn as a curator is over")
)
SAMPLE_SCORED = declare_notice(
    "sample-scored", label=_("Something you wrote was scored"), sentence=_("scored something you wrote in a sample")
)
PRACTICE_UNFINISHED = declare_notice(
    "practice-unfinished",
    label=_("A practice that you began lacks something"),
    sentence=_("resolved the thread of a practice that still lacks something"),
)
PUBLIC_REPORT = declare_notice(
    "public-report",
    label=_("Readers outside say something of a practice you look after"),
    sentence=_("Readers outside had another experience with a practice"),
)
