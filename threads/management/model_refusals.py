"""What the commands of the sentence model say where it is not."""

import os

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from threads.rules import semantic


def refuse_without_model() -> None:
    """Raises CommandError. Of numpy's threads there is one from here on: more would take all cores from the pages."""
    if not semantic.installed():
        raise CommandError(_("The sentence model is not installed. Install it with: bin/serve --semantic"))
    if not semantic.in_use():
        raise CommandError(_("The sentence model is switched off (SEMANTIC)."))
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
