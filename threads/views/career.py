"""A member's own record of contributions: choose what is in it, see it, sign it, take it along, withdraw it."""

import json
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.errors import Invalid, Refused
from community.models import Member
from community.rendering.refusals import words_of
from community.views.viewer import viewer
from reputation.models import CareerRecord
from reputation.queries.keys import can_sign
from reputation.rules.career import RecordDraft
from threads.actions.career import Issued, digest_of, issue_record, withdraw_record
from threads.forms.career import CareerForm
from threads.queries.career import draft_of, issued_page, subjects_to_choose
from threads.queries.met import labels_of
from threads.rendering.career import facts_of, tables_of


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """Choose, and see what would be signed; then sign it, which answers with the file."""
    member = viewer(request)
    subjects = subjects_to_choose(member)
    if request.method != "POST":
        form = CareerForm(request.GET if "last" in request.GET else None, subjects=subjects)
        return _page(request, member, form)
    form = CareerForm(request.POST, subjects=subjects)
    number = _number(request.POST.get("number", ""))
    if not form.is_valid() or number is None:
        return _page(request, member, form, words=_("Nothing was signed. Look at it again."), status=422)
    try:
        issued = issue_record(by=member, choice=form.choice(), number=number, seen=request.POST.get("seen", ""))
    except Invalid as error:
        form.take(error)
        return _page(request, member, form)
    except Refused as error:
        return _page(request, member, form, words=words_of(error), status=error.status)
    return _file(issued)


@require_POST
def withdrawal(request: HttpRequest, number: UUID) -> HttpResponse:
    """Have a record verify no more."""
    withdraw_record(by=viewer(request), number=number)
    messages.success(request, _("The record is withdrawn: whoever checks it is told so."))
    return redirect("profile-record")


def _number(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _file(issued: Issued) -> HttpResponse:
    """The record as a file; it is made once and not kept here."""
    name = f"guildhall-record-{issued.document['record']['member']['handle']}-{issued.note.issued_at:%Y-%m-%d}.json"
    text = json.dumps(issued.document, ensure_ascii=False, indent=2) + "\n"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(text.encode(), content_type="application/json", headers=headers)


def _page(
    request: HttpRequest, member: Member, form: CareerForm, *, words: str = "", status: int = 200
) -> HttpResponse:
    draft = _draft(member, form)
    try:
        rows, following = issued_page(member, after=request.GET.get("older", ""))
    except ValueError as error:
        raise Http404 from error
    context = {
        "form": form,
        "member": member,
        "words": words,
        "can_sign": can_sign(),
        **(_preview(draft, form) if draft is not None else {}),
        "issued": _issued(rows),
        "page": {"next_url": f"?older={following}#issued" if following else None},
    }
    return render(request, "threads/career.html", context, status=422 if form.errors else status)


def _draft(member: Member, form: CareerForm) -> RecordDraft | None:
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return draft_of(member, form.choice())
    except Invalid as error:
        form.take(error)
        return None


def _preview(draft: RecordDraft, form: CareerForm) -> dict[str, Any]:
    number, said = uuid4(), draft.model_dump()
    written = {**said, "id": str(number), "issued_at": _("(the moment at which you sign)")}
    return {
        "facts": facts_of(said),
        "tables": tables_of(said),
        "written": json.dumps(written, ensure_ascii=False, indent=2),
        "number": number,
        "seen": digest_of(draft),
        "choice": form.choice(),
    }


def _issued(rows: list[CareerRecord]) -> list[dict[str, Any]]:
    labels = labels_of({scope for row in rows for scope in row.chosen.get("subjects", ())})
    return [
        {
            "row": row,
            "first": _day(row.chosen.get("first")),
            "last": _day(row.chosen.get("last")),
            "subjects": ", ".join(labels[each] for each in row.chosen.get("subjects", ())),
            "certificates": row.chosen.get("certificates"),
        }
        for row in rows
    ]


def _day(written: str | None) -> str:
    return date_format(date.fromisoformat(written), "M j, Y") if written else ""
