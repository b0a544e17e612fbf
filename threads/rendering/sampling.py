"""The questions of a sample in words."""

from django.utils.translation import gettext_lazy as _

QUESTIONS = {
    "complete": _("Are problem, environment, cause and resolution there?"),
    "title": _("Does the title say it as the asker would?"),
    "short": _("Is it short enough to read while somebody waits?"),
    "found": _("Does a product or tag lead to it?"),
    "unique": _("Is it the only one that says this?"),
    "linked": _("Does it link to what it comes from and rests on?"),
    "safe": _("Does it tell of nobody?"),
    "searched": _("Was a practice looked for, and linked or recorded?"),
    "recorded": _("Is what solved it in the archive?"),
}
ANSWERS = {"yes": _("Yes"), "no": _("No"), "na": _("Does not apply")}
