"""What the tests' database is made of, so that a test which leaves it otherwise is named and not the one after it."""

import pytest
from django.db import connection

_MADE_OF = {
    "sqlite": "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",
    "postgresql": """
        SELECT relkind::text, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT 'trigger', tgname FROM pg_trigger WHERE NOT tgisinternal
    """,
}


def alters(item: pytest.Item) -> bool:
    """Whether a test may leave other tables than it found: one whose transactions are not rolled back."""
    marker = item.get_closest_marker("django_db")
    return marker is not None and bool(marker.kwargs.get("transaction"))


def made_of() -> set[tuple[str, str]]:
    """Tables, indexes, sequences and triggers: (type, name)."""
    with connection.cursor() as cursor:
        cursor.execute(_MADE_OF[connection.vendor])
        return set(cursor.fetchall())
