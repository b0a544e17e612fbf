"""Comparing two practices and merging one into the other."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.errors import Invalid, Refused
from community.models import Member
from community.rendering.refusals import words_of
from community.rules.numbers import whole
from community.views.viewer import viewer
from threads.actions.merging import merge_practices
from threads.actions.standard import Exposed
from threads.forms.curation import MergeForm
from threads.models import RECORD_FIELDS, Practice
from threads.policies.covering import covers
from threads.policies.practices import may_merge, may_retire
from threads.queries.archive import practices_visible_to, with_card_parts
from threads.queries.similar import similar
from threads.views.loading import load_practice
from threads.views.standard import choices_in, exposed_in
from threads.views.thread_page import field_labels

_LIKE_IT = 8


@dataclass(frozen=True)
class Beside:
    """One field of both, and which of them the one that stays will say."""

    name: str
    label: str
    here: SafeString
    there: SafeString
    differs: bool


@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge a practice into the one named `with`; without one, those most like it are offered."""
    member, source = viewer(request), load_practice(request, pk)
    if not may_retire(member, source):
        raise PermissionDenied
    asked = request.POST.get("with") or request.GET.get("with", "")
    target = _named(member, source, asked)
    if target is None or not may_merge(member, source, target):
        return _choose(request, member, source, asked)
    form = MergeForm(request.POST or None, source=source, target=target, initial={"version": target.version})
    context: dict[str, Any] = {"source": source, "target": target, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            merge_practices(
                by=member, source=source, target=target, **form.accepted(), **choices_in(request.POST)
            )  # fmt: skip
        except Exposed as error:
            context |= exposed_in(error, request.POST)
        except Invalid as error:
            form.take(error)
        except Refused as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, _("Merged: the other one leads here now."))
            return redirect(target)
    context["rows"] = [_beside(name, label, source, target) for name, label in field_labels().items()]
    context["covered"] = covers(source, target)
    refused = form.errors or "details" in context
    return render(request, "threads/practice_merge.html", context, status=422 if refused else 200)


def _named(member: Member, source: Practice, asked: str) -> Practice | None:
    """The practice with that number or address, when they see it and it stands for itself."""
    number = whole(asked.strip().rstrip("/").rpartition("/")[2])
    if number is None:
        return None
    found = practices_visible_to(member).filter(pk=number, merged_into__isnull=True).exclude(pk=source.pk)
    return with_card_parts(found).first()


def _choose(request: HttpRequest, member: Member, source: Practice, asked: str) -> HttpResponse:
    text = f"{source.title}\n{source.problem}\n{source.resolution}"
    found = similar(member, text, kinds=("practice",), limit=_LIKE_IT, exclude=source)
    context: dict[str, Any] = {
        "source": source,
        "found": [hit.subject for hit in found if isinstance(hit.subject, Practice)],
        "asked": asked,
        "error": _("There is no such practice that you decide about. Give its address, or the number in it.")
        if asked
        else "",
    }
    return render(request, "threads/practice_merge_with.html", context, status=422 if asked else 200)


def _beside(name: str, label: str, source: Practice, target: Practice) -> Beside:
    here, there = (getattr(practice, f"{name}_html") for practice in (source, target))
    return Beside(
        name,
        label,
        mark_safe(here),  # noqa: S308  (sanitized when written)
        mark_safe(there),  # noqa: S308  (as above)
        differs=name in RECORD_FIELDS and getattr(source, name) != getattr(target, name),
    )
