"""What the demo's people say of being asked, what they know, and their certificates."""

from datetime import datetime, time
from typing import Any

from community.actions.reach import Said, set_reach, set_state
from reputation.actions.skills import add_certificate, confirm_certificate, declare_skills
from reputation.rules.skills import Declared
from threads.importers.demo.network import Network
from threads.importers.demo.script import span

_PLAIN = ("outside", "most_a_day", "languages", "contact")


def describe_people(network: Network, data: dict[str, Any], now: datetime) -> None:
    """Have everybody in `data` say it; states and certificates are around `now`."""
    for handle, person in data.items():
        member = network.people[handle]
        said: dict[str, Any] = {name: person[name] for name in _PLAIN if name in person}
        if "hours" in person:
            opens, closes, days = person["hours"]
            said |= {"opens_at": time.fromisoformat(opens), "closes_at": time.fromisoformat(closes)}
            said["working_days"] = days
        set_reach(by=member, **Said(**said))  # type: ignore[typeddict-item]
        declare_skills(by=member, skills=[Declared(*skill) for skill in person.get("skills", ())])
        for certificate in person.get("certificates", ()):
            _certify(network, handle, certificate, now)
        if "state" in person:
            state, ahead = person["state"]
            set_state(by=member, state=state, until=now + span(ahead))


def _certify(network: Network, handle: str, row: list[str], now: datetime) -> None:
    """`row`: name, issuer, scope, issued so long ago, in force so long from now, whoever confirmed it or nothing."""
    name, issuer, scope, issued, lasts, confirmed_by = row
    until = -span(lasts.removeprefix("-")) if lasts.startswith("-") else span(lasts)
    certificate = add_certificate(
        by=network.people[handle], name=name, issuer=issuer, scope=scope,
        issued_on=(now - span(issued)).date(), expires_on=(now + until).date(),
    )  # fmt: skip
    if confirmed_by:
        confirm_certificate(by=network.people[confirmed_by], certificate=certificate)
