"""Versions of a practice: edits of several at once, joined or refused; bringing one back; details on every way in."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

from community.errors import Conflict, Forbidden, Invalid, NotThere
from tests.cast import Cast, make_cast
from tests.pages.stories import signed_in
from tests.threads.capturing import FIELDS, curator, recorded, resolved
from tests.threads.test_record_concurrency import at_once
from threads.actions.names import watch_name
from threads.actions.practices import edit_practice, record_practice, restore_practice
from threads.actions.retiring import retire, unretire
from threads.actions.standard import Exposed, check_details, digest_of
from threads.actions.verdicts import say_verdict
from threads.models import KeptFinding, Practice, PracticeVersion, Product, SearchEntry
from threads.rules.masking import masked

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

STEPS = "1. Stop the queue.\n2. Empty the cache.\n3. Start the queue."
MAIL, SECRET = "write to heinzl@apolin.cz", "password=Tr0ub4dor&3"


def said(practice: Practice) -> dict[str, str]:
    return Practice.objects.get(pk=practice.pk).fields


def exposed(error: pytest.ExceptionInfo[Exposed]) -> list[tuple[str, str]]:
    return [(each.field, each.detail.text) for each in error.value.found]


def test_each_version_keeps_everything_that_was_said(cast: Cast) -> None:
    practice = recorded(cast)
    edit_practice(
        by=cast.cleo, practice=practice, title="Mail stays in the queue", fields={"cause": "A full disk."},
        tags=["disk"], product=None, reason="It was the disk.", version=1,
    )  # fmt: skip
    first, second = PracticeVersion.objects.filter(practice=practice)
    assert (first.number, first.kind, first.title, first.fields) == (1, "recorded", "Mail waits in the queue", FIELDS)
    assert (second.number, second.kind, second.author, second.reason) == (2, "edited", cast.cleo, "It was the disk.")
    assert (second.product, second.tags, second.fields["cause"]) == (None, ["disk"], "A full disk.")


def test_changes_of_different_lines_are_joined(cast: Cast) -> None:
    practice = recorded(cast)
    edit_practice(by=cast.cleo, practice=practice, fields={"resolution": f"0. Tell people.\n{STEPS}"}, version=1)
    late = {**FIELDS, "resolution": f"{STEPS}\n4. Look.", "cause": "A full disk."}
    edit_practice(by=cast.ada, practice=practice, title="Mail stays", fields=late, tags=["disk"], version=1)
    now = Practice.objects.get(pk=practice.pk)
    assert now.resolution == f"0. Tell people.\n{STEPS}\n4. Look."
    assert (now.title, now.cause, now.version) == ("Mail stays", "A full disk.", 3)
    assert "tell peopl" in SearchEntry.objects.get(kind="practice", object_id=practice.pk).body


def test_changes_of_the_same_lines_are_refused_and_lose_nothing(cast: Cast) -> None:
    practice = recorded(cast)
    edit_practice(by=cast.cleo, practice=practice, fields={"cause": "A full disk."}, version=1)
    with pytest.raises(Conflict) as refused:
        edit_practice(by=cast.ada, practice=practice, fields={"cause": "A slow disk."}, version=1)
    assert refused.value.code == "revised_meanwhile"
    assert (said(practice)["cause"], practice.versions.count()) == ("A full disk.", 2)
    edit_practice(by=cast.ada, practice=practice, fields={"cause": "A full disk."}, version=1)
    assert practice.versions.count() == 2


def test_who_changes_words_says_which_they_read(cast: Cast) -> None:
    practice = recorded(cast)
    for version in (None, 0, 7):
        with pytest.raises(Invalid) as refused:
            edit_practice(by=cast.ada, practice=practice, fields={"cause": "x"}, version=version)
        assert refused.value.fields.keys() == {"version"}
        with pytest.raises(Invalid):
            edit_practice(by=cast.ada, practice=practice, tags=["disk"], version=version)
    edit_practice(by=cast.ada, practice=practice)
    assert practice.versions.count() == 1, "who changes nothing needs none"
    edit_practice(by=cast.ada, practice=practice, tags=["disk"], version=1)
    assert [tag.slug for tag in practice.tags.all()] == ["disk"]
    with pytest.raises(Forbidden):
        edit_practice(by=cast.zoe, practice=practice, fields={"cause": "x"}, version=2)


def test_tags_and_product_are_put_together_with_what_others_made_of_them(cast: Cast) -> None:
    practice, product = recorded(cast), cast.products["mail-gateway"]
    Practice.objects.filter(pk=practice.pk).update(product=None)
    edit_practice(by=cast.cleo, practice=practice, tags=["disk"], product=product, version=1)
    edit_practice(by=cast.ada, practice=practice, tags=["disk", "relay"], version=2)
    edit_practice(by=cast.cleo, practice=practice, tags=["disk", "quota"], version=2)
    assert {tag.slug for tag in practice.tags.all()} == {"disk", "relay", "quota"}
    edit_practice(by=cast.ada, practice=practice, product=None, version=2)
    assert Practice.objects.get(pk=practice.pk).product is None
    backup = Product.objects.create(slug="backup", name="Backup")
    with pytest.raises(Conflict) as refused:
        edit_practice(by=cast.cleo, practice=practice, product=backup, version=4)
    assert refused.value.code == "revised_meanwhile"


def test_an_earlier_version_is_brought_back_as_the_newest(cast: Cast) -> None:
    practice = recorded(cast)
    edit_practice(by=cast.cleo, practice=practice, fields={"cause": "A full disk."}, tags=["disk"], version=1)
    with pytest.raises(Conflict):
        restore_practice(by=cast.ada, practice=practice, number=1, version=1)
    with pytest.raises(NotThere):
        restore_practice(by=cast.ada, practice=practice, number=9, version=2)
    with pytest.raises(Forbidden):
        restore_practice(by=cast.zoe, practice=practice, number=1, version=2)
    restore_practice(by=cast.ada, practice=practice, number=1, version=2)
    last = practice.versions.get(number=3)
    assert (last.kind, last.restores, last.fields, last.tags) == (
        "restored",
        1,
        FIELDS,
        practice.versions.get(number=1).tags,
    )
    assert said(practice) == FIELDS


def test_product_and_tags_come_back_and_each_version_says_how_its_state_changed(cast: Cast) -> None:
    practice = recorded(cast)
    gateway = cast.products["mail-gateway"]
    edit_practice(by=cast.cleo, practice=practice, tags=["disk"], product=gateway, version=1)
    edit_practice(by=cast.cleo, practice=practice, tags=[], product=None, version=2)
    retire(by=cast.cleo, practice=practice, reason="Old.")
    unretire(by=cast.cleo, practice=practice, reason="Not so old.")
    restore_practice(by=cast.cleo, practice=practice, number=2, version=5)
    last = Practice.objects.get(pk=practice.pk)
    assert (last.product, [tag.slug for tag in last.tags.all()]) == (gateway, ["disk"])
    kept = practice.versions.order_by("number").values_list("moved", flat=True)
    assert list(kept) == [
        {}, {}, {}, {"confidence": ["not_validated", "archived"]}, {"confidence": ["archived", "not_validated"]}, {},
    ]  # fmt: skip


def test_a_new_text_that_is_not_trusted_as_far_says_so(cast: Cast) -> None:
    practice = recorded(cast)
    for name in ("ada", "zoe", "finn"):
        say_verdict(by=cast.people[name], practice=practice, kind="worked")
    fields = {"resolution": "1. Throw it all away.\n2. Buy another one."}
    edit_practice(by=cast.cleo, practice=practice, fields=fields, version=1)
    assert practice.versions.get(number=2).moved == {"confidence": ["validated", "not_validated"]}


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_the_same_moment_lose_nothing() -> None:
    cast = make_cast()
    practice = recorded(cast)

    def add(who: str, where: int) -> None:
        lines = STEPS.split("\n")
        lines.insert(where, f"A line by {who}.")
        member = cast.people[who]
        edit_practice(by=member, practice=practice, fields={"resolution": "\n".join(lines)}, version=1)

    at_once(lambda: add("ada", 0), lambda: add("cleo", 3))
    assert said(practice)["resolution"] == f"A line by ada.\n{STEPS}\nA line by cleo."
    assert list(practice.versions.values_list("number", flat=True)) == [1, 2, 3]


def test_nothing_that_tells_of_somebody_goes_in_unseen(cast: Cast) -> None:
    thread = resolved(cast)
    with pytest.raises(Exposed) as refused:
        record_practice(by=cast.ada, thread=thread, fields={"cause": MAIL, "resolution": SECRET})
    assert exposed(refused) == [("cause", "heinzl@apolin.cz"), ("resolution", "Tr0ub4dor&3")]
    assert not Practice.objects.filter(thread=thread).exists()
    mail, secret = (digest_of(each) for each in refused.value.found)
    with pytest.raises(Exposed) as again:
        record_practice(by=cast.ada, thread=thread, fields={"cause": MAIL, "resolution": SECRET}, keep=[mail, secret])
    assert exposed(again) == [("resolution", "Tr0ub4dor&3")]
    practice = record_practice(
        by=cast.ada, thread=thread, fields={"cause": MAIL, "resolution": SECRET}, keep=[mail], mask=[secret]
    )
    assert (practice.cause, practice.resolution) == (MAIL, "password=[secret]")
    kept = KeptFinding.objects.get(practice=practice)
    assert (kept.kind, kept.by, "heinzl" in kept.digest) == ("email", cast.ada, False)
    stored = [practice.versions.get().fields, practice.resolution_html, SearchEntry.objects.get(kind="practice").body]
    assert "tr0ub4dor" not in str(stored).lower()


def test_masking_all_leaves_nothing_and_keeps_what_was_kept(cast: Cast) -> None:
    practice = recorded(cast)
    with pytest.raises(Exposed) as refused:
        edit_practice(by=cast.ada, practice=practice, fields={"cause": MAIL}, version=1)
    keep = [digest_of(each) for each in refused.value.found]
    edit_practice(by=cast.ada, practice=practice, fields={"cause": MAIL}, version=1, keep=keep)
    fields = {"cause": f"{MAIL} or jan@firma.cz"}
    edit_practice(by=cast.cleo, practice=practice, fields=fields, version=2, mask=True)
    assert said(practice)["cause"] == f"{MAIL} or [email-2]"


def test_what_was_kept_for_colleagues_is_asked_again_for_strangers(cast: Cast) -> None:
    practice = recorded(cast)
    with pytest.raises(Exposed) as refused:
        check_details(cast.ada, {"cause": MAIL}, practice=practice)
    keep = [digest_of(each) for each in refused.value.found]
    check_details(cast.ada, {"cause": MAIL}, practice=practice, keep=keep)
    check_details(cast.zoe, {"cause": MAIL}, practice=practice)
    for member, names in ((cast.cleo, []), (cast.ada, keep)):
        with pytest.raises(Exposed):
            check_details(member, {"cause": MAIL}, practice=practice, keep=names, level="public")
    check_details(cast.cleo, {"cause": MAIL}, practice=practice, keep=keep, level="public")
    check_details(curator(cast, cast.ben), {"cause": MAIL}, practice=practice, level="public")


def test_an_old_version_that_told_of_somebody_does_not_come_back_unseen(cast: Cast) -> None:
    practice = recorded(cast)
    PracticeVersion.objects.filter(practice=practice).update(fields={**FIELDS, "cause": MAIL})
    edit_practice(by=cast.ada, practice=practice, fields={"cause": "A full disk."}, version=1)
    with pytest.raises(Exposed):
        restore_practice(by=cast.ada, practice=practice, number=1, version=2)
    assert said(practice)["cause"] == "A full disk."
    address = reverse("practice-restoration", args=[practice.pk])
    ada, typed = signed_in(cast.ada), {"number": "1", "version": "2", "reason": "It was right."}
    asked = ada.post(address, typed)
    assert (asked.status_code, said(practice)["cause"]) == (422, "A full disk.")
    assert "Mask all and save" in asked.content.decode()
    assert ada.post(address, typed | {"details": "mask"}).status_code == 302
    newest = PracticeVersion.objects.filter(practice=practice).order_by("-number")[0]
    assert (newest.restores, newest.reason, newest.fields["cause"]) == (1, "It was right.", masked(MAIL))


def test_names_are_watched_for_by_their_own_organization_alone(cast: Cast) -> None:
    watch_name(by=cast.ben, name="Umbrella")
    practice = recorded(cast)
    with pytest.raises(Exposed) as refused:
        edit_practice(by=cast.ada, practice=practice, fields={"cause": "UMBRELLA's disk"}, version=1)
    assert exposed(refused) == [("cause", "UMBRELLA")]
    edit_practice(by=cast.cleo, practice=practice, fields={"cause": "UMBRELLA's disk"}, version=1)
    assert said(practice)["cause"] == "UMBRELLA's disk"


def test_one_function_writes_what_a_practice_says() -> None:
    """Besides it only the mirror of a record does, before there are versions, and who restores an archive with them."""
    writes = re.compile(
        r"setattr\(practice|practice\.(?:title|problem|environment|cause|resolution)(?:_html)?(?:, .*)? = "
    )
    folder = Path(__file__).parents[2] / "threads" / "actions"
    found = {path.stem for path in folder.rglob("*.py") if writes.search(path.read_text())}
    assert found == {"practices", "mirroring", "restoring"}
