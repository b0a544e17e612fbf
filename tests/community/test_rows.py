"""Rows written with SQL made once are what the models say, whatever is in them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from community.models import Event, Organization, Stream
from community.rules.rows import insert, insert_all, insert_values, save

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

HOSTILE = (
    *("", "NULL", "null", "{}", "[1]", '"', "\\", "\\u0041", "'; --", "%s %%", "a\nb\tc", "{a,b}"),
    *("çš🦉", "\u2028", "</script>"),
)
AT = datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC)
WRITTEN = ("stream", "seq", "kind", "at", "actor", "data", "html")
ATTRIBUTES = ("stream_id", "seq", "kind", "at", "actor_id", "data", "html")


def stream() -> Stream:
    row = Stream(kind=Stream.Kind.THREAD, subject_id=2**40)
    insert(row)
    return row


def kept(row: Event) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in ATTRIBUTES)


def test_every_text_and_value_comes_back_as_it_was() -> None:
    of = stream()
    rows = [
        (of.pk, seq, "kind", AT + timedelta(seconds=seq), None, {"said": [text, None, 1.5, True]}, text)
        for seq, text in enumerate(HOSTILE, 1)
    ]
    insert_values(Event, WRITTEN, rows)
    assert [kept(row) for row in Event.objects.order_by("seq")] == rows
    Event.objects.all().delete()
    insert_all([Event(**dict(zip(ATTRIBUTES, row, strict=True))) for row in rows])
    assert [kept(row) for row in Event.objects.order_by("seq")] == rows


def test_many_rows_are_written_and_none_are_nothing() -> None:
    of = stream()
    insert_values(Event, WRITTEN, [(of.pk, seq, "kind", AT, None, {}, "") for seq in range(1, 452)])
    insert_all([])
    assert list(Event.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 452))


def test_a_new_row_gets_its_id_and_is_changed_by_field() -> None:
    for text in HOSTILE[1:]:
        row = Organization(slug=f"o{HOSTILE.index(text)}", name=text)
        insert(row)
        assert Organization.objects.get(pk=row.pk).name == text
        row.name = f"{text} & sons"
        save(row, "name")
        assert Organization.objects.get(pk=row.pk).name == f"{text} & sons"


def test_what_is_there_is_refused_or_left_out() -> None:
    of = stream()
    one = Event(stream=of, seq=1, kind="kind", at=AT)
    insert_all([one])
    insert_all([one, Event(stream=of, seq=2, kind="kind", at=AT)], unless_there=True)
    assert Event.objects.count() == 2
    with pytest.raises(IntegrityError):
        insert_all([one])
