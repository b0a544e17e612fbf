"""What people are told of notes about their part in a thread."""

from django.utils.translation import gettext_lazy as _

from community.facts.inbox import declare_notice

NOTE_ANSWERED = declare_notice(
    "note-answered", label=_("Answers to your notes about a colleague's part"), sentence=_("answered your note")
)
NOTE_UNDER_REVIEW = declare_notice(
    "note-review",
    label=_("Notes that a moderator is asked to look at"),
    sentence=_("Somebody asks for a review of a note about them"),
)
NOTE_DECIDED = declare_notice(
    "note-decided",
    label=_("What moderators decide about notes"),
    sentence=_("A moderator decided about a note"),
)
