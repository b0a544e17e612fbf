"""Who is at the other end of a socket, and by what right."""

from dataclasses import dataclass

from community.models import Member


@dataclass(frozen=True, slots=True)
class Person:
    """A member as others see them in a thread."""

    id: int
    handle: str
    name: str
    organization: str

    def as_shown(self) -> dict[str, int | str]:
        """As frames give it."""
        return {"id": self.id, "handle": self.handle, "name": self.name, "organization": self.organization}


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a socket was let in by: a session of the time before the next change of password, or a token."""

    member_id: int
    session: str = ""
    password: str = ""
    token: str = ""


def person_of(member: Member) -> Person:
    """The member as a person; wants the organization loaded."""
    return Person(member.pk, member.handle, member.name, member.organization.name)
