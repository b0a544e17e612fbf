"""Many speak at once: each voice is counted, nobody has two, and one review is opened."""

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection, transaction

from community.models import Member
from tests.cast import make_cast
from tests.community.test_event_concurrency import assert_gap_free, at_once
from tests.live import ROOT
from tests.processes import until
from tests.services.processes import PATIENCE_SECONDS
from tests.threads.practicing import fresh, recorded
from threads.actions.practices import edit_practice
from threads.actions.verdicts import say_verdict, withdraw_verdict
from threads.models import Practice, Review, Verdict
from threads.rules.limits import MOST_AGAINST_A_DAY, MOST_AGAINST_OF_ORGANIZATION

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

WHY = "It made things worse here."


def saying(by: Member, practice: Practice, kind: str) -> Callable[[], object]:
    return partial(say_verdict, by=by, practice=practice, kind=kind, note=WHY)


def test_organizations_that_speak_at_once_are_all_counted() -> None:
    cast = make_cast()
    practice = recorded(cast)
    at_once(*(saying(cast.people[name], practice, "worked") for name in ("ada", "zoe", "finn", "mo")))
    now = fresh(practice)
    assert (now.worked, now.score, now.confidence) == (4, 75, "validated")
    assert_gap_free()


def test_a_member_who_says_two_things_at_once_has_said_one() -> None:
    cast = make_cast()
    practice = recorded(cast)
    at_once(
        saying(cast.zoe, practice, "worked"), saying(cast.zoe, practice, "failed"), saying(cast.zoe, practice, "worked")
    )
    standing = Verdict.objects.get(superseded_at=None)
    now = fresh(practice)
    assert (now.worked, now.failed) == ((1, 0) if standing.kind == "worked" else (0, 1))


def test_what_is_said_against_it_at_once_opens_one_review() -> None:
    cast = make_cast()
    practice = recorded(cast)
    against = [saying(cast.people[name], practice, "failed") for name in ("ada", "zoe", "finn")]
    at_once(*against, saying(cast.mo, practice, "dangerous"))
    assert Review.objects.get().kind == "challenged"
    now = fresh(practice)
    assert (now.failed, now.dangerous, now.warned_at is not None) == (3, 1, True)


def test_a_verdict_and_a_withdrawal_and_a_new_text_at_once() -> None:
    cast = make_cast()
    practice = recorded(cast)
    say_verdict(by=cast.zoe, practice=practice, kind="worked")
    rewrite = partial(
        edit_practice, by=cast.ben, practice=practice, version=1,
        fields={"resolution": "Replace the disk and rebuild the array on both nodes."},
    )  # fmt: skip
    at_once(rewrite, partial(withdraw_verdict, by=cast.zoe, practice=practice), saying(cast.finn, practice, "worked"))
    now = fresh(practice)
    counted = Verdict.objects.filter(superseded_at=None, version__gte=now.judged_from)
    assert now.judged_from == 2
    assert now.worked == counted.count()
    assert_gap_free()


def speaking(by: Member, practice: Practice) -> "subprocess.Popen[str]":
    """Another process on the tests' database, about to say something against a practice."""
    database = str(connection.settings_dict["NAME"])
    settings = {"DJANGO_SETTINGS_MODULE": "tests.realtime.settings", "GUILDHALL_TEST_DATABASE": database}
    command = [sys.executable, "-m", "tests.threads.speaking", by.handle, str(practice.pk)]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def waits() -> bool:
    """Whether somebody waits for what this transaction has locked; on SQLite every writer does."""
    if connection.vendor == "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("before", "second", "most"),
    [("ada", "ada", MOST_AGAINST_A_DAY), ("ben", "olga", MOST_AGAINST_OF_ORGANIZATION)],
)
def test_two_processes_cannot_both_say_the_last_that_a_day_allows(before: str, second: str, most: int) -> None:
    """Neither of one member, nor of one organization: Ada, Ben and Olga are of one."""
    cast = make_cast()
    one, other = recorded(cast), recorded(cast, title="Mail is lost in the gateway")
    said = Verdict(
        practice=one, member=cast.people[before], organization=cast.organizations["acme"], kind="failed", note=WHY
    )
    said.superseded_at = said.at
    for _each in range(most - 1):
        said.pk = None
        said.save()
    with transaction.atomic():
        say_verdict(by=cast.ada, practice=one, kind="failed", note=WHY)
        process = speaking(cast.people[second], other)
        until(lambda: waits() or process.poll() is not None)
    answer, _nothing = process.communicate(timeout=PATIENCE_SECONDS)
    assert answer == "too_much_against\n"
    assert Verdict.objects.count() == most
