"""Who is at the other end of a socket, and by what right."""

from dataclasses import dataclass, field
from datetime import datetime

from community.models import Member
from realtime.facts import Doors


@dataclass(frozen=True, slots=True)
class Person:
    """A member as others see them in a thread; unless `named`, they only count."""

    id: int
    handle: str
    name: str
    organization: str
    named: bool = True

    def as_shown(self) -> dict[str, int | str]:
        """As frames give it."""
        return {"id": self.id, "handle": self.handle, "name": self.name, "organization": self.organization}


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a socket was let in by: a session of the time before the next change of password, or a token.

    It was looked up when the doors stood at `doors`, and may be over from `expires` on.
    """

    member_id: int
    session: str = ""
    password: str = ""
    token: str = ""
    doors: Doors | None = field(default=None, compare=False)
    expires: datetime | None = field(default=None, compare=False)


def person_of(member: Member) -> Person:
    """The member as a person; wants the organization loaded."""
    named = not member.present_without_name
    return Person(member.pk, member.handle, member.name, member.organization.name, named)
