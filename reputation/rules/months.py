"""Months as the ledger writes them: 202611 is November 2026, in UTC."""

from datetime import UTC, datetime


def month_of(at: datetime) -> int:
    """The calendar month of a moment."""
    day = at.astimezone(UTC)
    return 100 * day.year + day.month
