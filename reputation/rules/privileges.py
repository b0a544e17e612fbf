"""What standing in a subject lets a member do. From how much on is said in `rules.points.THRESHOLDS`."""

from enum import StrEnum


class Privilege(StrEnum):
    """One thing that a member may do in the subjects in which they earned enough."""

    RETAG = "retag"
    EDIT = "edit"
    DUPLICATES = "duplicates"
    MENTOR = "mentor"
    VALIDATE = "validate"


# Standing counts in these alone: not in all, and not in a space, where all subjects meet.
SUBJECTS = ("product:", "tag:")


def is_subject(scope: str) -> bool:
    """Whether a scope of standing is a subject."""
    return scope.startswith(SUBJECTS)
