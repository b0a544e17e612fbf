"""`manage.py preview_rules FILE`: what a changed copy of reputation/rules/points.py would have done to the past."""

import importlib.util
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, cast

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from community.models import Member
from reputation.queries.previews import Preview, preview, thresholds
from reputation.rules.books import Rules

_NEEDED = ("RULES_VERSION", "POINTS", "WINDOW_DAYS", "OWN_WORD", "THRESHOLDS", "allowed")
_NOTHING_LESS = 0.1


class Command(BaseCommand):
    """It reads the ledger and writes nothing."""

    help = "Say whose standing would be another one by a changed copy of the rules, and who would gain or lose what."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file, and how many members are named."""
        parser.add_argument("file", type=Path, help="a changed copy of reputation/rules/points.py")
        parser.add_argument("--members", type=int, default=10, help="how many of the most changed are listed")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print it. Raises CommandError for a file that is no file of rules."""
        rules = _read(options["file"])
        found = preview(rules)
        self._sums(found, rules)
        self._privileges(found, rules)
        self._members(found, options["members"])

    def _sums(self, found: Preview, rules: Rules) -> None:
        self.stdout.write(
            _("%(awards)d awards of %(members)d members stand; by the rules of %(version)d:")
            % {"awards": found.awards, "members": len(found.by_member), "version": rules.RULES_VERSION}
        )
        for rule, (before, after) in sorted(found.by_rule.items()):
            self.stdout.write(f"  {rule:12} {before:10,} -> {after:10,}")
        for cap, times in found.capped.most_common():
            if cap:
                self.stdout.write(_("  capped (%(cap)s): %(times)d awards") % {"cap": cap, "times": times})
        changed = [row for _who, row in found.changed()]
        much = [row for row in changed if abs(row.after - row.before) > _NOTHING_LESS * max(row.before, 1)]
        lines = {"changed": len(changed), "much": len(much), "lower": sum(row.after < row.before for row in much)}
        self.stdout.write(
            _("%(changed)d members would have another standing, %(much)d by more than a tenth, %(lower)d of these less")
            % lines
        )
        order = found.order()
        if order is not None:
            self.stdout.write(_("rank correlation of the members: %(order).3f") % {"order": order})

    def _privileges(self, found: Preview, rules: Rules) -> None:
        for name, needed in thresholds(rules).items():
            count, gained, lost = found.privileged(*needed)
            self.stdout.write(
                _("%(name)s (%(from)d -> %(to)d): %(before)d held in a subject, %(after)d would; +%(gained)d -%(lost)d")
                % {
                    "name": name, "from": needed.before, "to": needed.after, "before": count.before,
                    "after": count.after, "gained": gained, "lost": lost,
                }
            )  # fmt: skip

    def _members(self, found: Preview, most: int) -> None:
        rows = found.changed()[:most]
        handles = dict(Member.objects.filter(pk__in=[who for who, _row in rows]).values_list("pk", "handle"))
        for who, row in rows:
            self.stdout.write(f"  {handles[who]:24} {row.before:8,} -> {row.after:8,}")


def _read(file: Path) -> Rules:
    spec = importlib.util.spec_from_file_location("previewed_rules", file)
    if spec is None or spec.loader is None or not file.is_file():
        raise CommandError(_("%(file)s is no Python file: give a changed copy of the rules.") % {"file": file})
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise CommandError(_("%(file)s cannot be read: %(error)s") % {"file": file, "error": error}) from error
    missing = [name for name in _NEEDED if not hasattr(module, name)]
    if missing:
        raise CommandError(_("%(file)s lacks %(names)s.") % {"file": file, "names": ", ".join(missing)})
    return cast("Rules", module)
