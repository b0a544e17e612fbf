"""The cast: the same people in every test (and in the demo).

Ada asks, Ben answers and Olga administers at Acme; Cleo curates and Zoe works at Brightline; Mo moderates and Nia
administers the network. `lobby` is open to the network, `alliance` to Acme and Brightline, `backroom` to Ada and Mo by
invitation, `workshop` to Acme only. Cleo curates and Mo moderates everywhere; Finn is of a third organization, Sam is
suspended.
"""

from dataclasses import dataclass, field

from community.models import Center, Grant, Member, Organization, Space
from threads.models import Product

PASSWORD = "correct horse battery"


@dataclass
class Cast:
    """Everybody and every place by name."""

    people: dict[str, Member] = field(default_factory=dict)
    organizations: dict[str, Organization] = field(default_factory=dict)
    centers: dict[str, Center] = field(default_factory=dict)
    spaces: dict[str, Space] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Member:
        people: dict[str, Member] = self.__dict__.get("people", {})
        try:
            return people[name]
        except KeyError:
            raise AttributeError(name) from None


_PEOPLE = {
    "ada": ("Ada Lindqvist", "acme", "acme-malmo"),
    "ben": ("Ben Okafor", "acme", "acme-lagos"),
    "olga": ("Olga Petrova", "acme", "acme-malmo"),
    "cleo": ("Cleo Marchetti", "brightline", "brightline-turin"),
    "zoe": ("Zoe Nakamura", "brightline", None),
    "mo": ("Mo Haddad", "network", None),
    "nia": ("Nia Williams", "network", None),
    "finn": ("Finn Byrne", "corax", None),
    "sam": ("Sam Suspended", "acme", "acme-malmo"),
}


def make_cast() -> Cast:
    """Write the cast into the database."""
    cast = Cast()
    for slug, name in {
        "acme": "Acme",
        "brightline": "Brightline",
        "corax": "Corax",
        "network": "Network office",
    }.items():
        cast.organizations[slug] = Organization.objects.create(slug=slug, name=name)
    for slug, zone in {
        "acme-malmo": "Europe/Stockholm",
        "acme-lagos": "Africa/Lagos",
        "brightline-turin": "Europe/Rome",
    }.items():
        owner = cast.organizations[slug.split("-")[0]]
        cast.centers[slug] = Center.objects.create(organization=owner, name=slug, time_zone=zone)
    for handle, (name, organization, center) in _PEOPLE.items():
        cast.people[handle] = Member.objects.create_user(
            f"{handle}@example.org",
            PASSWORD,
            handle=handle,
            name=name,
            organization=cast.organizations[organization],
            center=cast.centers[center] if center else None,
            is_superuser=handle == "nia",
            is_active=handle != "sam",
        )
    _make_spaces(cast)
    cast.products["mail-gateway"] = Product.objects.create(slug="mail-gateway", name="Mail Gateway")
    return cast


def _make_spaces(cast: Cast) -> None:
    audiences = {"lobby": "network", "alliance": "organizations", "backroom": "members", "workshop": "organizations"}
    for slug, audience in audiences.items():
        cast.spaces[slug] = Space.objects.create(slug=slug, name=slug.title(), audience=audience)
    cast.spaces["alliance"].organizations.set([cast.organizations["acme"], cast.organizations["brightline"]])
    cast.spaces["workshop"].organizations.set([cast.organizations["acme"]])
    cast.spaces["backroom"].members.set([cast.ada, cast.mo])
    for slug in ("lobby", "alliance"):
        Grant.objects.create(member=cast.cleo, role=Grant.Role.CURATOR, space=cast.spaces[slug])
    for space in cast.spaces.values():
        Grant.objects.create(member=cast.mo, role=Grant.Role.MODERATOR, space=space)
    Grant.objects.create(member=cast.olga, role=Grant.Role.ORGANIZATION_ADMIN, organization=cast.organizations["acme"])


def seed() -> None:
    """Write the cast, for a site of its own (tests/live.py)."""
    make_cast()
