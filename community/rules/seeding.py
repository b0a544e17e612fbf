"""What a seeded network looks like: made up from numbers alone, so that a second run names everything the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, takewhile

PREFIX = "load-"
DOMAIN = "@load.invalid"  # no address here can ever be delivered to; it also tells whose members these are
SHARED_SPACE = f"{PREFIX}commons"
TOKEN_NAME = "load test"  # noqa: S105  (what the tokens are for)
ROLES = (("Front line", 1), ("Role specialist", 2), ("Product specialist", 3))

CENTERS_AN_ORGANIZATION = 20
_ZONES = (
    ("Europe", "Europe/Stockholm"), ("Europe", "Europe/Rome"), ("Africa", "Africa/Lagos"),
    ("Asia", "Asia/Kolkata"), ("Asia", "Asia/Tokyo"), ("Americas", "America/Toronto"),
    ("Americas", "America/Sao_Paulo"), ("Pacific", "Australia/Sydney"),
)  # fmt: skip
_GIVEN = (
    *("Amara", "Boris", "Chiara", "Dmitri", "Elif", "Farid", "Greta", "Hana", "Ines", "Jonas", "Kofi", "Lena"),
    *("Mateo", "Noor", "Oskar", "Priya", "Quinn", "Rosa", "Selim", "Tuva", "Umar", "Vera", "Wanda", "Yuki"),
)
_FAMILY = (
    *("Abara", "Bianchi", "Costa", "Duarte", "Eriksen", "Fofana", "Gupta", "Hansen", "Ito", "Jovic", "Khan", "Lund"),
    *("Mensah", "Novak", "Okoye", "Petrov", "Rao", "Silva", "Tanaka", "Ueda", "Vega", "Weiss", "Yilmaz", "Zhou"),
)


_LANGUAGES = ("de", "es", "fr", "hi", "it", "ja", "pt", "sv")
_TOPICS = (
    "mail", "queue", "dns", "vpn", "printing", "backup", "database", "certificates", "sign-in", "network", "storage",
)  # fmt: skip


@dataclass(frozen=True)
class CenterPlan:
    """A support center: the organization's number, and where it is."""

    organization: int
    name: str
    region: str
    time_zone: str


@dataclass(frozen=True)
class MemberPlan:
    """A member: the center's number, an index into the roles, and what some say of themselves.

    `night` is a shift over midnight instead of the center's hours; `skills` are scopes with levels.
    """

    handle: str
    name: str
    center: int
    role: int
    languages: tuple[str, ...] = ()
    night: bool = False
    skills: tuple[tuple[str, int], ...] = ()

    @property
    def email(self) -> str:
        """An address that nothing is ever sent to."""
        return self.handle + DOMAIN


def organization_slug(number: int) -> str:
    """The slug of an organization."""
    return f"{PREFIX}organization-{number}"


def center_plans(centers: int) -> list[CenterPlan]:
    """So many centers. The first organizations are large and the many others small, as in a real network."""
    return [
        CenterPlan(owner, f"Center {number}", *_ZONES[number % len(_ZONES)])
        for number, owner in enumerate(_owners(centers), start=1)
    ]


def _owners(centers: int) -> Iterator[int]:
    """The organization of each center: shares fall like 1, 1/2, 1/3..., and nobody is without a center."""
    organizations = max(1, centers // CENTERS_AN_ORGANIZATION)
    total = sum(1 / number for number in range(1, organizations + 1))
    spare = centers - organizations
    ends = accumulate(1 + spare / number / total for number in range(1, organizations + 1))
    bounds = [*ends][:-1]
    for center in range(centers):
        yield 1 + sum(1 for _ in takewhile(lambda end, at=center: end <= at, bounds))  # type: ignore[misc]


def member_plans(members: int, centers: int) -> list[MemberPlan]:
    """So many members, spread evenly over the centers; six of ten work in the front line, three of ten behind it."""
    return [
        MemberPlan(
            handle=f"{PREFIX}{number:05}",
            name=f"{_GIVEN[number % len(_GIVEN)]} {_FAMILY[number // len(_GIVEN) % len(_FAMILY)]}",
            center=number * 7919 % centers,
            role=(0, 0, 0, 1, 0, 1, 0, 1, 0, 2)[number % 10],
            languages=("en", _LANGUAGES[number // 4 % len(_LANGUAGES)]) if number % 4 == 0 else (),
            night=number % 20 == 0,
            skills=tuple(_skills(number)) if number % 10 == 0 else (),
        )
        for number in range(1, members + 1)
    ]


def _skills(number: int) -> Iterator[tuple[str, int]]:
    """Two topics of a tenth of the members, each known by some as beginners and by some as experts."""
    turn = number // 10
    for offset in (0, 7):
        yield f"tag:{_TOPICS[(turn + offset) % len(_TOPICS)]}", 1 + (turn // len(_TOPICS) + offset) % 3
