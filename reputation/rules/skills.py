"""What a skill or certificate can be about, and how many somebody can have."""

import re
from typing import NamedTuple

MOST_SKILLS = 40
MOST_CERTIFICATES = 40
_SCOPE = re.compile(r"(tag|product):[a-z0-9][a-z0-9_.+#-]{0,59}")


class Declared(NamedTuple):
    """How well somebody says that they know a scope."""

    scope: str
    level: int
    wants_to_learn: bool = False


def is_scope(scope: str) -> bool:
    """Whether this is the name of a tag (`tag:<slug>`) or product (`product:<slug>`)."""
    return _SCOPE.fullmatch(scope) is not None
