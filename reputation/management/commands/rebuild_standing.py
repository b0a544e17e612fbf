"""`manage.py rebuild_standing [--check]`: standing is what the ledger of awards adds up to."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reputation.actions.rebuilding import Difference, differences, rebuild

MOST_SHOWN = 20


class Command(BaseCommand):
    """Both may be run while people use the site; writing awards waits while standing is written anew."""

    help = "Write every standing anew from the ledger of awards, or only say which differ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to write."""
        parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 when a standing differs")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say how many were wrong. Raises CommandError when `--check` finds one."""
        if options["check"]:
            self._check()
        else:
            wrong = rebuild()
            words = ngettext(
                "%(wrong)d standing was wrong and is mended.", "%(wrong)d standings were wrong and are mended.", wrong
            )
            self.stdout.write(words % {"wrong": wrong})

    def _check(self) -> None:
        many, first = differences(most=MOST_SHOWN)
        for each in first:
            self.stdout.write(_line(each))
        if many:
            words = ngettext("%(n)d standing differs", "%(n)d standings differ", many) % {"n": many}
            raise CommandError(_("%(words)s from the ledger. Mend it: manage.py rebuild_standing") % {"words": words})
        self.stdout.write(_("Every standing is what the ledger adds up to."))


def _line(wrong: Difference) -> str:
    return _(
        "member %(member)d, %(scope)s, %(month)s: %(held)d points for %(awards)d awards,"
        " the ledger has %(points)d for %(ledger_awards)d"
    ) % {
        "member": wrong.member_id,
        "scope": wrong.scope or _("in all"),
        "month": wrong.month or _("ever"),
        "held": wrong.points,
        "awards": wrong.awards,
        "points": wrong.ledger_points,
        "ledger_awards": wrong.ledger_awards,
    }
