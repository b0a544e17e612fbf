"""How a record of contributions is told to people: tables of what it says, and words for what a file is."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reputation.models import Award


class Table(NamedTuple):
    """A table: its caption, heads, and rows; the last `numbers` columns are numbers."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def facts_of(record: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What a record, or its draft, says in single lines."""
    first, last = record["period"]["first"], record["period"]["last"]
    period = _("%(first)s to %(last)s") if first else _("from the beginning to %(last)s")
    subjects = ", ".join(subject_words(each) for each in record["subjects"] or ())
    return (
        (_("Name"), record["member"]["name"]),
        (_("Handle"), f"@{record['member']['handle']}"),
        (_("Network"), f"{record['network']['name']}, {record['network']['address']}"),
        (_("Days"), period % {"first": first, "last": last}),
        (_("Narrowed to"), subjects or _("nothing: all subjects")),
        (_("Standing earned by all this"), str(record["standing"])),
    )


def tables_of(record: Mapping[str, Any]) -> tuple[Table, ...]:
    """What a record, or its draft, says in tables, without those that are empty."""
    kind, count, points = _("Contribution"), _("How often"), _("Standing")
    tables = [
        Table(_("Contributions"), (kind, count, points), _counted(record["contributions"])),
        Table(_("By year"), (_("Year"), kind, count, points), _counted(record["years"], "year")),
        Table(_("By subject"), (_("Subject"), kind, count, points), _counted(record["topics"], "subject")),
        Table(
            _("Organizations worked for"), (_("Organization"), _("First contribution"), _("Last contribution")),
            tuple((row["name"], row["first"], row["last"]) for row in record["organizations"]),
        ),
        Table(
            _("Confirmed certificates"),
            (_("Certificate"), _("About"), _("Issued"), _("In force until"), _("Confirmed")),
            tuple(_certificate(row) for row in record["certificates"] or ()),
        ),
    ]  # fmt: skip
    return tuple(table for table in tables if table.rows)


def _counted(rows: list[dict[str, Any]], *names: str) -> tuple[tuple[Any, ...], ...]:
    return tuple(
        (*(_place(name, row[name]) for name in names), kind_words(row["kind"]), row["count"], row["points"])
        for row in rows
    )


def _place(name: str, said: Any) -> str:
    return subject_words(said) if name == "subject" else str(said)


def _certificate(row: Mapping[str, Any]) -> tuple[str, ...]:
    about = subject_words(row["subject"]) if row["subject"] else ""
    return f"{row['name']}, {row['issuer']}", about, row["issued_on"], row["expires_on"] or "", row["confirmed_on"]


def subject_words(scope: str) -> str:
    """How a subject is written: a product's slug, or a tag with #."""
    noun, _colon, slug = scope.partition(":")
    return f"#{slug}" if noun == "tag" else slug


def kind_words(kind: str) -> str:
    """What a kind of contribution is called; the kind itself where this release does not know it."""
    return str(Award.Rule(kind).label) if kind in Award.Rule.values else kind


_VERDICTS: dict[str, str | Promise] = {
    "genuine": gettext_lazy("This record is genuine and unchanged."),
    "withdrawn": gettext_lazy(
        "This network signed the record, and its member withdrew it. It does not count any more."
    ),
    "altered": gettext_lazy("This is not what the network signed: something was changed. Do not rely on it."),
    "other_network": gettext_lazy(
        "This was not signed by a key of this network. Check it at the network that it names, if you know that one."
    ),
    "distrusted": gettext_lazy(
        "The key of this signature is not trusted, and the network has no note of this record: do not rely on it."
    ),
    "not_a_record": gettext_lazy("This is not a record of contributions."),
}
_REASONS: dict[str, str | Promise] = {
    "too_large": gettext_lazy("It is larger than any record."),
    "not_text": gettext_lazy("It is not text in UTF-8."),
    "not_json": gettext_lazy("It is not JSON. Give the whole file, from the first { to the last }."),
    "too_deep": gettext_lazy("It has more within one another than any record has."),
    "named_twice": gettext_lazy("It says something twice, so that two readers could read it differently."),
    "odd_number": gettext_lazy("It has a number that no record has."),
    "other_format": gettext_lazy("It is of a version that this network does not know."),
    "other_shape": gettext_lazy("It has not the parts that a record has."),
    "nothing": gettext_lazy("Choose a file, or paste its text."),
}


def verdict_words(verdict: str, reason: str = "") -> str:
    """What a file is, in words."""
    said = f"{_VERDICTS[verdict]} {_REASONS.get(reason, '')}"
    return said.strip()


def reason_words(reason: str) -> str:
    """Why something is no record, in words."""
    return str(_REASONS[reason])
