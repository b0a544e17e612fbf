"""What the demo's people say of being asked, what they know, and their certificates."""

from datetime import datetime, time
from typing import Any
from uuid import uuid4

from community.actions.reach import Said, set_reach, set_state
from community.rules import clock
from reputation.actions.skills import add_certificate, confirm_certificate, declare_skills
from reputation.queries.keys import can_sign
from reputation.rules.career import Choice
from reputation.rules.skills import Declared
from threads.actions.career import digest_of, issue_record
from threads.importers.demo.network import Network
from threads.importers.demo.script import span
from threads.queries.career import draft_of

RECORD_TAKERS = ("ada", "ben")
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
        set_reach(by=member, **Said(**said))  # type: ignore[typeddict-item]  # what the file says
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


def take_records(network: Network) -> None:
    """Have some take a record of their contributions along; nobody where there can be no key to sign with."""
    for handle in RECORD_TAKERS if can_sign() else ():
        member = network.people[handle]
        choice = Choice(clock.now().date())
        issue_record(by=member, choice=choice, number=uuid4(), seen=digest_of(draft_of(member, choice)))
