"""Which scripts a script needs, so that a page can name them all at once instead of having each found in the last."""

import re
from functools import cache
from posixpath import dirname, join, normpath

from django.contrib.staticfiles import finders

# As our own scripts write them: `import ... from "./name.js";` at the beginning of a line, `await import("./name.js")`.
_IMPORT = re.compile(r"""^(?:import|export)\s(?:[^;"'()=]*?\bfrom\s*)?["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)
_LATER = re.compile(r"""(?:=>|await)\s*import\(["'](\.{1,2}/[^"']+)["']\)""")


def imports_of(name: str) -> list[str]:
    """The names of the static files that this script cannot start without."""
    return _named(_IMPORT, name)


def later_imports_of(name: str) -> list[str]:
    """The names of those it fetches when it has a use for them."""
    return _named(_LATER, name)


@cache
def needed_by(*names: str) -> tuple[str, ...]:
    """These scripts and all that they cannot start without, nearest first, each once."""
    needed = list(dict.fromkeys(names))
    for name in needed:
        needed.extend(other for other in imports_of(name) if other not in needed)
    return tuple(needed)


def _named(pattern: re.Pattern[str], name: str) -> list[str]:
    path = finders.find(name)
    if not path:
        raise FileNotFoundError(name)
    with open(path, encoding="utf-8") as file:  # noqa: PTH123  (finders give text)
        return [normpath(join(dirname(name), other)) for other in pattern.findall(file.read())]
