"""The demo content: a small network at work, loaded through the same actions that its members would use."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from community.errors import Conflict
from community.events import action
from community.models import Member
from community.rules import clock
from threads.actions.patterns import find_patterns
from threads.importers.demo.evaluating import evaluate_each_other
from threads.importers.demo.network import DOMAIN, address_of, make_network
from threads.importers.demo.people import describe_people, take_records
from threads.importers.demo.script import read_scripts, span
from threads.importers.demo.stage import Stage

PASSWORD = "guildhall-demo"  # noqa: S105  (printed at every start: the demo is for looking around)
HERE = Path(__file__).parent
KNOWN = {
    "ada": "asks",
    "ben": "answers",
    "cleo": "curates the archive",
    "mo": "moderates",
    "olga": "administers Ada's organization",
    "zoe": "works for another organization",
    "nia": "administers the network",
}


@dataclass(frozen=True)
class Loaded:
    """How much there is of the demo."""

    organizations: int
    members: int
    threads: int
    posts: int
    practices: int


@dataclass(frozen=True)
class SignIn:
    """Somebody one can sign in as."""

    handle: str
    email: str
    what: str


@cache
def network_data() -> dict[str, Any]:
    """What `network.toml` says."""
    return tomllib.loads((HERE / "network.toml").read_text(encoding="utf-8"))


def is_loaded() -> bool:
    """Whether the demo is in the database."""
    addresses = {address_of(person) for person in network_data()["members"] if person["handle"] in KNOWN}
    return Member.objects.filter(email__in=addresses).count() == len(addresses)


def sign_ins() -> list[SignIn]:
    """The demo's best-known people; nobody when it is not loaded."""
    people = {person["handle"]: address_of(person) for person in network_data()["members"]}
    return [SignIn(handle, people[handle], what) for handle, what in KNOWN.items()] if is_loaded() else []


def load() -> Loaded | None:
    """Load the demo; None when it is there already. Raises Conflict when the database has members of its own."""
    if is_loaded():
        return None
    if Member.objects.exists():
        raise Conflict("has_members", _("This database has members of its own. Load the demo into an empty one."))
    return _load()


@action
def _load() -> Loaded:
    now, data = clock.now(), network_data()
    network = make_network(data, now)
    describe_people(network, tomllib.loads((HERE / "people.toml").read_text(encoding="utf-8")), now)
    scripts = read_scripts(HERE / "threads")
    stage = Stage(network, scripts, HERE / "files", now)
    stage.play({person["handle"]: span(person["read"]) for person in data["members"]})
    evaluate_each_other(network, stage.threads.values(), now)
    take_records(network)
    # Somebody said of eight posts of one author within the hour that they helped: moderators are shown that.
    find_patterns()
    # One slow hash for everybody: it is the same password.
    Member.objects.filter(email__endswith=DOMAIN).update(password=make_password(PASSWORD))
    posts = sum(thread.posts.count() for thread in stage.threads.values())
    return Loaded(len(network.organizations), len(network.people), len(scripts), posts, len(stage.practices))
