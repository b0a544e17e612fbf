"""Working hours of centers."""


def every_weekday() -> list[int]:
    """ISO weekdays from Monday to Friday."""
    return [1, 2, 3, 4, 5]
