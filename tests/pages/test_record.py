"""The working record without JavaScript: as a form that overwrites nobody, and its history."""

import pytest
from django.test import Client

from community.errors import Conflict
from tests.cast import Cast
from tests.pages.stories import SignIn, Story
from tests.threads.replicas import Replica
from threads.actions.live_records import Copy, Sent, cut_version, write_updates
from threads.actions.records import save_record
from threads.actions.threads import edit_thread, open_thread
from threads.models import RecordVersion, Thread, WorkingRecord

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def thread(cast: Cast) -> Thread:
    return open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Mail is slow", body="Since Sunday.")


class Typing:
    """Somebody who types in a record, letter by letter."""

    def __init__(self, thread: Thread, member: int, *seen: bytes) -> None:
        self.thread, self.member, self.replica = thread, member, Replica(None, *seen)
        self.copies: dict[int, Copy] = {}

    def type(self, field: str, text: str) -> None:
        for place, letter in enumerate(text):
            update = self.replica.write(field, place, letter)
            sent = {self.thread.pk: [Sent(self.member, update, whole=False)]}
            assert write_updates(sent=sent, copies=self.copies)[self.thread.pk].verdicts == ["stored"]


def texts(thread: Thread) -> dict[str, str]:
    return WorkingRecord.objects.get(pk=thread.pk).fields


def page_of(client: Client, thread: Thread, rest: str = "") -> str:
    return client.get(f"/threads/{thread.pk}/record/{rest}").content.decode()


def test_both_texts_are_shown_when_two_wrote_the_same_field(cast: Cast, thread: Thread, sign_in: SignIn) -> None:
    zoe = sign_in(cast.zoe)
    assert 'name="version" value="0"' in page_of(zoe, thread)
    Typing(thread, cast.ben.pk).type("cause", "DNS, perhaps")
    address = f"/threads/{thread.pk}/record/"
    answered = zoe.post(address, {"cause": "A <firewall> rule", "problem": "Slow mail", "version": "0"})
    page = answered.content.decode()
    assert texts(thread) == {"problem": "", "environment": "", "cause": "DNS, perhaps", "resolution": ""}
    assert "A &lt;firewall&gt; rule</textarea>" in page
    assert "Slow mail</textarea>" in page
    assert "DNS, perhaps" in page
    assert "Ben Okafor saved this record meanwhile" in page
    assert 'name="version" value="12"' in page
    put_together = {"cause": "A <firewall> rule, or DNS", "problem": "Slow mail", "version": "12"}
    assert zoe.post(address, put_together).status_code == 302
    assert texts(thread)["cause"] == "A <firewall> rule, or DNS"


def test_who_changes_another_field_needs_to_compare_nothing(cast: Cast, thread: Thread, sign_in: SignIn) -> None:
    save_record(by=cast.ada, thread=thread, fields={"problem": "Slow", "environment": "Linux"})
    Typing(thread, cast.ben.pk).type("cause", "DNS")
    seen = {"problem": "Slow mail", "environment": "Linux", "cause": "DN", "resolution": "", "version": "3"}
    Typing(thread, cast.mo.pk).type("resolution", "Wait")
    assert sign_in(cast.zoe).post(f"/threads/{thread.pk}/record/", seen).status_code == 302
    said = {"problem": "Slow mail", "environment": "Linux", "cause": "DNS", "resolution": "Wait"}
    assert texts(thread) == said


def test_the_api_refuses_whatever_was_written_meanwhile(cast: Cast, thread: Thread) -> None:
    Typing(thread, cast.ben.pk).type("cause", "DNS")
    with pytest.raises(Conflict):
        save_record(by=cast.zoe, thread=thread, fields={"problem": "Slow"}, version=2)


def test_what_cannot_be_told_any_more_is_a_conflict(
    cast: Cast, thread: Thread, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    Typing(thread, cast.ben.pk).type("cause", "DNS")
    monkeypatch.setattr("threads.rules.sittings.MOST_UPDATES", 1)
    assert cut_version(thread_id=thread.pk).made
    client = sign_in(cast.zoe)
    assert client.post(f"/threads/{thread.pk}/record/", {"problem": "Slow", "version": "2"}).status_code == 200
    assert texts(thread)["problem"] == ""


def test_resolving_overwrites_nobody_either(cast: Cast, thread: Thread, sign_in: SignIn) -> None:
    ada = sign_in(cast.ada)
    assert 'name="version" value="0"' in ada.get(f"/threads/{thread.pk}/resolution/").content.decode()
    Typing(thread, cast.ben.pk).type("resolution", "Restart it")
    typed = {"summary": "It works", "problem": "Slow", "resolution": "Raise the limit", "version": "0"}
    page = ada.post(f"/threads/{thread.pk}/resolution/", typed).content.decode()
    assert texts(thread)["resolution"] == "Restart it"
    assert "Restart it" in page
    assert "Raise the limit</textarea>" in page
    assert Thread.objects.get(pk=thread.pk).is_unresolved
    seen = typed | {"version": "10"}
    assert ada.post(f"/threads/{thread.pk}/resolution/", seen).status_code == 302
    assert texts(thread)["resolution"] == "Raise the limit"


def test_a_thread_in_the_archive_is_resolved_again_without_its_record(
    cast: Cast, story: Story, sign_in: SignIn
) -> None:
    ada, address = sign_in(cast.ada), f"/threads/{story.thread.pk}/resolution/"
    ada.post(f"/threads/{story.thread.pk}/reopening/", {"reason": "It is back."})
    page = ada.get(address).content.decode()
    assert 'name="summary"' in page
    assert 'name="cause"' not in page
    assert 'name="record_practice"' not in page
    assert ada.post(address, {"summary": "Restart order matters.", "cause": "Ignored"}).status_code == 302
    assert texts(story.thread)["cause"] == ""


def test_what_was_typed_while_the_thread_was_closed_is_given_back(cast: Cast, thread: Thread, sign_in: SignIn) -> None:
    client, address = sign_in(cast.ben), f"/threads/{thread.pk}/record/"
    edit_thread(by=cast.nia, thread=thread, status="closed")
    answered = client.post(address, {"cause": "All my findings", "version": "0"})
    assert answered.status_code == 403
    assert "All my findings</textarea>" in answered.content.decode()
    assert "Save the record" not in answered.content.decode()
    assert client.get(address).status_code == 403
    assert texts(thread)["cause"] == ""


def test_a_record_in_the_archive_is_read_only_with_a_link(cast: Cast, story: Story, sign_in: SignIn) -> None:
    ben = sign_in(cast.ben)
    page = ben.get(story.thread.get_absolute_url()).content.decode()
    assert "Disable R7" in page
    assert f'In the archive as <a href="{story.practice.get_absolute_url()}">' in page
    assert f'/threads/{story.thread.pk}/record/"' not in page
    assert ben.get(f"/threads/{story.thread.pk}/record/").headers["Location"] == story.practice.get_absolute_url()
    assert ben.post(f"/threads/{story.thread.pk}/record/", {"cause": "x", "version": "1"}).status_code == 403


def test_the_history_names_everybody_and_says_who_wrote_what(
    cast: Cast, thread: Thread, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    ben = Typing(thread, cast.ben.pk)
    ben.type("cause", "DNS")
    Typing(thread, cast.zoe.pk, ben.replica.since()).type("cause", "No <b>")
    client = sign_in(cast.mo)
    assert "Nothing has been written yet" in page_of(client, thread, "history/")
    monkeypatch.setattr("threads.rules.sittings.MOST_UPDATES", 1)
    cut_version(thread_id=thread.pk)
    Typing(thread, cast.mo.pk).type("environment", "Linux")
    page = page_of(client, thread, "history/")
    assert "Zoe Nakamura and Ben Okafor" in page
    assert 'title="Zoe Nakamura">No &lt;b&gt;</ins>' in page
    assert 'title="Ben Okafor">DNS</ins>' in page
    assert "put in 6, took out 0 characters" in page
    assert "It is being written" in page


def test_a_version_is_brought_back_from_the_history(cast: Cast, thread: Thread, sign_in: SignIn) -> None:
    for cause in ("DNS", "TLS"):
        save_record(by=cast.ben, thread=thread, fields={"cause": cause})
    zoe, address = sign_in(cast.zoe), f"/threads/{thread.pk}/record/restoration/"
    assert "restoration" not in page_of(zoe, thread, "history/")
    assert "Make the record say version 1 again" in page_of(zoe, thread, "history/?version=1")
    zoe.post(address, {"number": "1", "version": "1"})
    assert texts(thread)["cause"] == "TLS"
    zoe.post(address, {"number": "1", "version": "2"})
    assert texts(thread)["cause"] == "DNS"
    assert "Version 1 again" in page_of(zoe, thread, "history/")
    assert RecordVersion.objects.get(number=3).author == cast.zoe
    assert zoe.post(address, {"number": "9", "version": "3"}).status_code == 404
    assert zoe.post(address, {"number": "x", "version": "3"}).status_code == 400
    edit_thread(by=cast.nia, thread=thread, status="closed")
    assert "restoration" not in page_of(zoe, thread, "history/?version=1")
    zoe.post(address, {"number": "2", "version": "3"})
    assert texts(thread)["cause"] == "DNS"
