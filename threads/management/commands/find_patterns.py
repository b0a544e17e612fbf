"""`manage.py find_patterns`: look now for patterns in giving, as the worker does once a day."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from threads.actions.patterns import find_patterns


class Command(BaseCommand):
    """Says how many are new and of what kind, and nobody's name: who looks at the evidence is kept."""

    help = "Look for patterns in giving now, and show moderators what is new."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Look, and say what is new."""
        new = find_patterns()
        self.stdout.write(_("Patterns found: %(n)d new.") % {"n": len(new)})
        for flag in new:
            words = _("%(id)d: %(kind)s, %(gifts)d gifts among %(people)d members")
            people = len(flag.numbers["members"])
            names = {"id": flag.pk, "kind": flag.get_kind_display(), "gifts": flag.gifts, "people": people}
            self.stdout.write(words % names)
