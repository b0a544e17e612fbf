"""Records of contributions: what is in them and what never is, who takes and withdraws them, and what a file is."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from community.actions.members import edit_profile, suspend
from community.errors import Conflict, Forbidden, Invalid, NotThere, TooMuch
from community.models import Member
from community.rules import clock
from reputation.actions.keys import change_key, distrust_key, needed_signer
from reputation.actions.skills import add_certificate, confirm_certificate
from reputation.models import Award, CareerRecord
from reputation.queries.standing import standing_of
from reputation.rules.career import MOST_A_DAY
from reputation.rules.signing import sign
from tests.cast import Cast
from tests.pages.stories import told
from tests.threads.taking import check, chosen, draft, took
from threads.actions.career import forget_records, issue_record, withdraw_record
from threads.actions.posts import post_reply
from threads.actions.threads import open_thread
from threads.actions.votes import vote

pytestmark = pytest.mark.both_databases
LONG_AGO = datetime(2024, 12, 31, 23, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_keys(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR, settings.SIGNING_KEY = tmp_path, ""


def helped(cast: Cast, *, by: Member, audience: str = "space", tag: str = "smtp", helper: Member | None = None) -> Any:
    """Somebody's post helped in a thread with a tag."""
    thread = open_thread(
        by=by, space=cast.spaces["lobby"], title="Secret of Contoso Bank", body="x", tags=[tag], audience=audience,
        product=cast.products["mail-gateway"],
    )  # fmt: skip
    post = post_reply(by=helper or cast.ben, thread=thread, body="Restart.")
    vote(by=by, post=post, value=True)
    return post


def counted(member: Member, **what: Any) -> dict[str, int]:
    return {row["kind"]: row["count"] for row in draft(member, **what)["contributions"]}


def test_it_counts_what_stands_and_adds_up_to_the_standing(cast: Cast) -> None:
    told(cast)
    said = draft(cast.ben)
    stands = Award.objects.filter(member=cast.ben, reversal=None, reverses=None)
    assert {row["kind"]: row["count"] for row in said["contributions"]} == {
        rule: stands.filter(rule=rule).count() for rule in set(stands.values_list("rule", flat=True))
    }
    assert said["standing"] == standing_of(cast.ben) == sum(row["points"] for row in said["contributions"]) > 0
    assert {row["subject"] for row in said["topics"]} == {"product:mail-gateway", "tag:loop", "tag:smtp"}
    assert said["organizations"] == [
        {"name": "Acme", "first": f"{clock.now():%Y-%m-%d}", "last": f"{clock.now():%Y-%m-%d}"}
    ]
    assert draft(cast.finn)["contributions"] == []


def test_what_was_taken_back_later_is_gone_from_its_own_time(cast: Cast) -> None:
    with clock.at(LONG_AGO):
        post = helped(cast, by=cast.ada)
    assert counted(cast.ben, last=date(2024, 12, 31)) == {"helped": 1}
    vote(by=cast.ada, post=post, value=False)
    assert counted(cast.ben, last=date(2024, 12, 31)) == counted(cast.ben) == {}
    assert draft(cast.ben)["standing"] == 0
    vote(by=cast.ada, post=post, value=True)
    assert counted(cast.ben, last=date(2024, 12, 31)) == {}
    assert counted(cast.ben) == {"helped": 1}


def test_days_and_years_are_those_of_utc_whatever_the_clock_on_the_wall(cast: Cast) -> None:
    with clock.at(LONG_AGO):
        helped(cast, by=cast.ada)
    with clock.at(LONG_AGO + timedelta(hours=1)):
        helped(cast, by=cast.ada)
    assert [(row["year"], row["count"]) for row in draft(cast.ben)["years"]] == [(2024, 1), (2025, 1)]
    assert counted(cast.ben, first=date(2025, 1, 1)) == {"helped": 1}
    assert counted(cast.ben, first=date(2024, 12, 31), last=date(2025, 1, 1)) == {"helped": 2}
    assert counted(cast.ben, first=date(2025, 1, 2)) == {}


def test_it_is_narrowed_to_subjects(cast: Cast) -> None:
    helped(cast, by=cast.ada, tag="smtp")
    helped(cast, by=cast.ada, tag="dns")
    said = draft(cast.ben, subjects=("tag:dns",))
    assert (said["subjects"], said["topics"]) == (
        ["tag:dns"], [{"subject": "tag:dns", "kind": "helped", "count": 1, "points": 10}],
    )  # fmt: skip
    assert counted(cast.ben, subjects=("tag:dns", "tag:smtp")) == {"helped": 2}


@pytest.mark.parametrize("subjects", [("tag:contoso",), ("tag:nothing",), ("product:none",), ("tag:smtp", "x"), ("",)])
def test_a_subject_that_not_everybody_sees_is_not_named_and_looks_like_none(cast: Cast, subjects: tuple[str]) -> None:
    helped(cast, by=cast.ada)
    helped(cast, by=cast.ada, audience="organization", tag="contoso")
    said = draft(cast.ben)
    assert "contoso" not in json.dumps(said).lower()
    assert said["contributions"][0]["count"] == 2
    with pytest.raises(Invalid) as refused:
        draft(cast.ben, subjects=subjects)
    assert refused.value.fields == {"subjects": "Choose products and tags that everybody in the network sees."}


def test_a_tag_of_a_closed_space_is_not_named(cast: Cast) -> None:
    told(cast, space="alliance")
    said = draft(cast.ben)
    assert {row["subject"] for row in said["topics"]} == {"product:mail-gateway"}


def test_days_that_cannot_be_are_refused(cast: Cast) -> None:
    tomorrow = clock.now().date() + timedelta(days=1)
    for what, field in (
        ({"last": tomorrow}, "last"),
        ({"last": date.max}, "last"),
        ({"first": date(2025, 2, 1), "last": date(2025, 1, 1)}, "first"),
    ):
        with pytest.raises(Invalid) as refused:
            draft(cast.ben, **what)
        assert refused.value.fields.keys() == {field}
    assert draft(cast.ben, first=date.min)["standing"] == 0


def test_nothing_of_others_is_in_it(cast: Cast) -> None:
    """Titles, texts, names of people, handles, other organizations, spaces: of all that a word of."""
    told(cast)
    helped(cast, by=cast.zoe)
    certificate = add_certificate(
        by=cast.ben,
        name="Mail master",
        issuer="Postal Guild",
        scope="tag:smtp",
        issued_on=date(2020, 1, 1),
        number="77-X",
    )
    confirm_certificate(by=cast.olga, certificate=certificate)
    record = took(cast.ben).document["record"]
    text = json.dumps({**record, "id": ""}).lower()
    others = [person for handle, person in cast.people.items() if handle != "ben"]
    for word in [
        *(name.lower() for person in others for name in (person.name, *person.name.split())),
        *("mail loops", "disable", "relay", "contoso", "brightline", "corax", "network office", "lobby", "77-x"),
        *(f'"{person.handle}"' for person in others),
    ]:
        assert word not in text, word


def test_certificates_are_in_it_once_they_were_confirmed(cast: Cast) -> None:
    told(cast)
    given: dict[str, Any] = {"issuer": "Postal Guild", "issued_on": date(2020, 1, 1)}
    shown = add_certificate(by=cast.ben, name="Mail master", scope="tag:smtp", **given)
    add_certificate(by=cast.ben, name="Not seen", scope="tag:smtp", **given)
    hidden = add_certificate(by=cast.ben, name="Inside", scope="tag:of-acme", expires_on=date(2030, 1, 1), **given)
    for certificate in (shown, hidden):
        confirm_certificate(by=cast.olga, certificate=certificate)
    found = {row["name"]: (row["subject"], row["expires_on"]) for row in draft(cast.ben)["certificates"]}
    assert found == {"Mail master": ("tag:smtp", None), "Inside": ("", "2030-01-01")}
    assert [row["name"] for row in draft(cast.ben, subjects=("tag:smtp",))["certificates"]] == ["Mail master"]
    assert draft(cast.ben, certificates=False)["certificates"] is None
    assert draft(cast.ada)["certificates"] == []


def test_names_are_written_without_what_cannot_be_seen(cast: Cast) -> None:
    edit_profile(by=cast.ben, name="Ben \u202eneB\u202c\u2066 O\u200dk\u2028\x07afor", about="", time_zone="")
    ben = Member.objects.get(pk=cast.ben.pk)
    assert draft(ben)["member"] == {"name": "Ben neB O\u200dk afor", "handle": "ben"}
    assert check(took(ben).document).verdict == "genuine"


def test_who_changes_organization_takes_all_of_their_history_and_what_they_took_stays(cast: Cast) -> None:
    with clock.at(LONG_AGO):
        helped(cast, by=cast.ada)
    before = took(cast.ben).document
    Member.objects.filter(pk=cast.ben.pk).update(organization=cast.organizations["brightline"], center=None)
    ben = Member.objects.get(pk=cast.ben.pk)
    helped(cast, by=cast.zoe, helper=ben)
    assert check(before).verdict == "genuine"
    assert [row["name"] for row in took(ben).document["record"]["organizations"]] == ["Acme", "Brightline"]
    assert counted(ben) == {"helped": 2}


def test_what_was_shown_is_signed_letter_by_letter_or_nothing(cast: Cast) -> None:
    told(cast)
    shown, number = draft(cast.ben), uuid4()
    document = took(cast.ben, number).document
    record = document["record"]
    assert record == {**shown, "id": str(number), "issued_at": record["issued_at"]}
    helped(cast, by=cast.zoe)
    for seen in (CareerRecord.objects.get().digest, "", "x"):
        with pytest.raises(Conflict) as refused:
            issue_record(by=cast.ben, choice=chosen(), number=uuid4(), seen=seen)
        assert refused.value.code == "record_changed"
    assert CareerRecord.objects.count() == 1


def test_asked_for_twice_it_is_the_same_record(cast: Cast) -> None:
    told(cast)
    number = uuid4()
    with clock.at(clock.now() - timedelta(minutes=5)):
        first = took(cast.ben, number)
    assert took(cast.ben, number).document == first.document
    assert CareerRecord.objects.count() == 1
    for who, what in ((cast.ada, {}), (cast.ben, {"certificates": False})):
        with pytest.raises(Conflict) as refused:
            took(who, number, **what)
        assert refused.value.code == "record_number_taken"
    withdraw_record(by=cast.ben, number=number)
    with pytest.raises(Conflict):
        took(cast.ben, number)
    assert check(first.document).verdict == "withdrawn"


def test_so_many_on_one_day(cast: Cast) -> None:
    for _each in range(MOST_A_DAY):
        took(cast.ben)
    with pytest.raises(TooMuch):
        took(cast.ben)
    took(cast.ada)
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        took(cast.ben)


def test_who_has_no_access_takes_and_withdraws_none_and_what_they_took_counts(cast: Cast) -> None:
    issued = took(cast.ben)
    suspend(by=cast.olga, member=cast.ben)
    with pytest.raises(Forbidden):
        took(cast.ben)
    with pytest.raises(NotThere):
        withdraw_record(by=cast.ben, number=issued.note.number)
    assert check(issued.document).verdict == "genuine"


@pytest.mark.parametrize("who", ["ada", "olga", "mo", "cleo", "zoe", "nia"])
def test_nobody_withdraws_the_record_of_somebody_else(cast: Cast, who: str) -> None:
    issued = took(cast.ben)
    with pytest.raises(NotThere):
        withdraw_record(by=cast.people[who], number=issued.note.number)
    with pytest.raises(NotThere):
        withdraw_record(by=cast.people[who], number=uuid4())
    assert check(issued.document).verdict == "genuine"


def test_withdrawn_it_stays_withdrawn_also_when_its_member_is_erased(cast: Cast) -> None:
    kept, gone = took(cast.ben), took(cast.ben)
    other = took(cast.ada)
    first = withdraw_record(by=cast.ben, number=gone.note.number).withdrawn_at
    assert withdraw_record(by=cast.ben, number=gone.note.number).withdrawn_at == first
    assert forget_records(member=cast.ben) == 2
    rows: Any = CareerRecord.objects.exclude(pk=other.note.pk).values_list("member", "chosen")
    assert list(rows) == [(None, {}), (None, {})]
    assert (check(kept.document).verdict, check(gone.document).verdict) == ("genuine", "withdrawn")
    other.note.refresh_from_db()
    assert other.note.member == cast.ada


ALTERATIONS: dict[str, Callable[[dict[str, Any]], object]] = {
    "name": lambda file: file["record"]["member"].update(name="Ben Okafor II"),
    "handle": lambda file: file["record"]["member"].update(handle="ada"),
    "count": lambda file: file["record"]["contributions"][0].update(count=99),
    "points": lambda file: file["record"].update(standing=9_999),
    "year": lambda file: file["record"]["years"][0].update(year=1999),
    "day": lambda file: file["record"]["period"].update(last="2020-01-01"),
    "moment": lambda file: file["record"].update(issued_at="2020-01-01T00:00:00Z"),
    "number": lambda file: file["record"].update(id=str(UUID(int=1))),
    "network": lambda file: file["record"]["network"].update(address="https://other.example"),
    "organization": lambda file: file["record"]["organizations"][0].update(name="Corax"),
    "topic": lambda file: file["record"]["topics"].pop(),
    "certificates": lambda file: file["record"].update(certificates=None),
    "signature": lambda file: file["signature"].update(value="A" * 86),
}


@pytest.mark.parametrize("what", ALTERATIONS)
def test_whatever_is_altered_is_found_and_nothing_of_it_shown(cast: Cast, what: str) -> None:
    told(cast)
    file = deepcopy(took(cast.ben).document)
    ALTERATIONS[what](file)
    found = check(file)
    assert (found.verdict, found.record, found.note) == ("altered", None, None)


ODD: dict[str, Callable[[dict[str, Any]], object]] = {
    "more": lambda file: file.update(more=1),
    "more in the record": lambda file: file["record"].update(title="x"),
    "less": lambda file: file["record"].pop("standing"),
    "another algorithm": lambda file: file["signature"].update(alg="none"),
    "no key": lambda file: file["signature"].update(key="../../secret_key"),
    "a number in words": lambda file: file["record"].update(standing="45"),
    "truth for a number": lambda file: file["record"].update(standing=True),
    "a day that is none": lambda file: file["record"]["period"].update(last="yesterday"),
    "a list": lambda file: file.update(record=[]),
}


@pytest.mark.parametrize("what", ODD)
def test_what_is_of_another_shape_is_no_record(cast: Cast, what: str) -> None:
    file = deepcopy(took(cast.ben).document)
    ODD[what](file)
    assert (check(file).verdict, check(file).reason) == ("not_a_record", "other_shape")


@pytest.mark.parametrize("found", [None, 1, "x", [], {}, [[]], {"record": {}, "signature": {}}])
def test_anything_else_is_no_record(cast: Cast, found: Any) -> None:
    assert check(found).reason == "other_shape"


def test_a_version_to_come_is_said_to_be_one(cast: Cast) -> None:
    file = deepcopy(took(cast.ben).document)
    file["record"]["format"] = "guildhall-record/2"
    assert check(file).reason == "other_format"


def test_a_record_of_another_network_is_not_ours(cast: Cast, settings: Any, tmp_path: Any) -> None:
    file = took(cast.ben).document
    CareerRecord.objects.all().delete()
    needed_signer().key.delete()
    assert check(file).verdict == "other_network"
    assert check(file).record is None


def test_what_a_former_key_signed_is_genuine(cast: Cast) -> None:
    file = took(cast.ben).document
    with clock.at(clock.now() + timedelta(hours=1)):
        change_key()
        later = took(cast.ben).document
    assert later["signature"]["key"] != file["signature"]["key"]
    assert (check(file).verdict, check(later).verdict) == ("genuine", "genuine")


def test_of_a_key_that_was_lost_only_what_was_noted_counts(cast: Cast) -> None:
    """A thief signs with a former key: dated outside its time that is found at once, else once it is distrusted."""
    file = took(cast.ben).document
    key, private = needed_signer()
    with clock.at(clock.now() + timedelta(hours=1)):
        change_key()

    def forged(**what: Any) -> dict[str, Any]:
        record = {**file["record"], **what}
        return {"record": record, "signature": {**file["signature"], "value": sign(private, record)}}

    for moment in ("2019-01-01T00:00:00Z", "2099-01-01T00:00:00Z"):
        assert check(forged(issued_at=moment)).verdict == "distrusted"
    within = forged(standing=10**6)
    assert check(within).verdict == "genuine"
    distrust_key(key_id=key.pk)
    assert (check(within).verdict, check(within).record) == ("distrusted", None)
    assert check(file).verdict == "genuine"


def test_where_nothing_can_be_signed_nothing_is_noted(cast: Cast, settings: Any) -> None:
    settings.SIGNING_KEY = "no key"
    with pytest.raises(Conflict) as refused:
        took(cast.ben)
    assert refused.value.code == "no_signing_key"
    assert not CareerRecord.objects.exists()
