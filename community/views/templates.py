"""The site's own templates."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings


def names_of_templates() -> Iterator[str]:
    """All of them, by the names under which they are loaded."""
    folder = Path(settings.BASE_DIR) / "templates"
    yield from (str(path.relative_to(folder)) for path in sorted(folder.rglob("*.*")))
