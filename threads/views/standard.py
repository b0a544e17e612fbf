"""Details that tell of somebody, on pages: shown in their place, each with what to do about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from community.models import Member
from threads.actions.standard import Exposed, digest_of
from threads.queries.names import names_watched_for
from threads.rendering.standard import KINDS, ShownPoint, Words, shown_points
from threads.rules.content_standard import checklist
from threads.rules.details import SECRET
from threads.rules.masking import Found, found_in
from threads.views.thread_page import field_labels

_AROUND = 40
_PREFIX = "detail-"


@dataclass(frozen=True)
class ShownDetail:
    """Something found: in which field, what stands around it, and the mask; how often, and whether it may stay."""

    kind: Words
    label: str
    before: str
    text: str
    after: str
    mask: str
    name: str
    may_keep: bool
    kept: bool
    times: int

    @property
    def digest(self) -> str:
        """What it is named by."""
        return self.name.removeprefix(_PREFIX)


def shown_details(
    found: Iterable[Found], texts: Mapping[str, str], typed: QueryDict | None = None
) -> list[ShownDetail]:
    """What was found, the same thing once, with what was chosen for it before."""
    labels = {"title": _("Title"), **field_labels()}
    return _shown(found, texts, labels, typed)


def shown_ever(found: Iterable[Found], texts: Mapping[str, str]) -> list[ShownDetail]:
    """What was found in texts of any place, the same thing once."""
    return _shown(found, texts, {}, None)


def _shown(
    found: Iterable[Found], texts: Mapping[str, str], labels: Mapping[str, str], typed: QueryDict | None
) -> list[ShownDetail]:
    times: dict[str, list[Found]] = {}
    for each in found:
        times.setdefault(digest_of(each), []).append(each)
    shown = []
    for digest, same in times.items():
        field, detail = same[0]
        text = texts[field]
        before, after = text[: detail.start].rpartition("\n")[2], text[detail.end :].partition("\n")[0]
        name = f"{_PREFIX}{digest}"
        shown.append(
            ShownDetail(
                KINDS[detail.kind],
                labels.get(field, ""),
                before[-_AROUND:],
                detail.text,
                after[:_AROUND],
                detail.mask,
                name,
                detail.kind != SECRET,
                typed is not None and typed.get(name) == "keep",
                len(same),
            )
        )
    return shown


def exposed_in(error: Exposed, typed: QueryDict) -> dict[str, Any]:
    """The context of threads/parts/details.html after an action refused."""
    return {"details": shown_details(error.found, error.texts, typed)}


def details_in(member: Member, texts: Mapping[str, str]) -> dict[str, Any]:
    """The context of threads/parts/details.html for texts that nobody has sent yet."""
    return {"details": shown_details(found_in(texts, names_watched_for(member)), texts)}


def choices_in(typed: QueryDict) -> dict[str, Any]:
    """What is to be done about details, by the names of the actions' parameters."""
    act = typed.get("details", "")
    if act == "mask":
        return {"mask": True}
    chosen = {name.removeprefix(_PREFIX): typed[name] for name in typed if name.startswith(_PREFIX)}
    if act != "choices" or not chosen:
        return {}
    return {
        "keep": [digest for digest, what in chosen.items() if what == "keep"],
        "mask": [digest for digest, what in chosen.items() if what == "mask"],
    }


def kept_in(typed: QueryDict) -> list[str]:
    """The details that were ticked as needed."""
    return [name.removeprefix(_PREFIX) for name in typed if name.startswith(_PREFIX) and typed[name] == "keep"]


def points_of(member: Member, texts: Mapping[str, str], *, asked: str, product: bool) -> list[ShownPoint]:
    """How these texts stand against the standard, for threads/parts/checklist.html."""
    fields = {name: text for name, text in texts.items() if name != "title"}
    names = names_watched_for(member)
    return shown_points(checklist(texts.get("title", ""), fields, asked=asked, product=product, names=names))
