"""`signing_key`: the keys by which records of contributions are signed; shows them, and changes them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from community.errors import Refused
from community.rendering.refusals import words_of
from reputation.actions.keys import change_key, distrust_key
from reputation.models import SigningKey
from reputation.queries.keys import all_keys, can_sign, current_key
from reputation.rules import key_store
from reputation.rules.key_store import NoKeyKept


class Command(BaseCommand):
    """Shows public keys only. What earlier keys signed goes on to verify."""

    help = "Show the keys that sign records of contributions; --new changes the key, --distrust ID after a loss."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether something is to be changed."""
        parser.add_argument("--new", action="store_true", help="sign with a new key from now on")
        parser.add_argument("--distrust", metavar="ID", help="a former key somebody else may have had")

    def handle(self, *args: Any, **options: Any) -> None:
        """Change what is asked for, then say how it is. Raises CommandError when a key cannot be kept or changed."""
        try:
            if options["new"]:
                self._change()
            if options["distrust"]:
                distrust_key(key_id=options["distrust"])
        except NoKeyKept as error:
            raise CommandError(str(error)) from error
        except Refused as error:
            raise CommandError(words_of(error)) from error
        for key in all_keys():
            self.stdout.write(_line(key))
        self.stdout.write(_state())

    def _change(self) -> None:
        old = current_key()
        change_key()
        if old is not None:
            key_store.drop_file(old.pk)


def _line(key: SigningKey) -> str:
    until = f"{key.valid_until:%Y-%m-%d %H:%M}" if key.valid_until else _("now")
    line = f"{key.pk}  {key.valid_from:%Y-%m-%d %H:%M} - {until}"
    return f"{line}  {_('distrusted')}" if key.distrusted_at else line


def _state() -> str:
    if current_key() is None:
        return (
            _("There is no key yet: the first record makes it.")
            if can_sign()
            else _("There is no key, and none can be kept.")
        )
    return (
        _("This machine signs with the newest.")
        if can_sign()
        else _("This machine does not have the newest: give it as SIGNING_KEY.")
    )
