"""How a person is shown: by name in events, and drawn as two letters on one of eight tints."""

from community.models import Member

TINTS = 8


def named(member: Member) -> dict[str, str]:
    """A member as the data of an event names them."""
    return {"handle": member.handle, "name": member.name}


def initials(member: Member) -> str:
    """The first letters of the first and the last word of the name, in capitals."""
    return initials_of(member.name, member.handle)


def initials_of(name: str, handle: str) -> str:
    """The same, for a member of that name and handle."""
    words = [word for word in name.split() if word[0].isalnum()] or [handle]
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()


def tint(member: Member) -> int:
    """The number of the member's tint, 0 to 7; the same everywhere."""
    return tint_of(member.pk)


def tint_of(member_id: int) -> int:
    """The same, for a member of that id."""
    return member_id % TINTS
