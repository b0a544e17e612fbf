"""Putting a thread or practice under other tags, and closing a thread as a duplicate."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community.errors import Invalid, NotThere, Refused
from community.forms.base import ActionForm
from community.models import Member
from community.rendering.refusals import words_of
from community.rules.numbers import whole
from community.views.viewer import viewer
from reputation.policies.privileges import has
from reputation.rules.privileges import Privilege
from threads.actions.closing import close_duplicate, open_again
from threads.actions.retagging import retag_practice, retag_thread
from threads.forms.tidying import DuplicateForm, PracticeTagsForm, TagsForm
from threads.models import Practice, Thread
from threads.policies.governance import governance_of
from threads.policies.practices import may_curate, may_edit
from threads.policies.rights import rights_in
from threads.policies.subjects import subjects_of
from threads.policies.tidying import may_close_duplicate, may_open_again, may_retag, may_retag_practice
from threads.queries.closings import closing_of
from threads.queries.privileges import lacking
from threads.queries.threads import threads_visible_to
from threads.views.loading import load_practice, load_thread


@require_GET
def tidying(request: HttpRequest, pk: int) -> HttpResponse:
    """What may be put in order in a thread that others wrote, or what is lacking for it."""
    return _page(request, load_thread(request, pk))


def _page(request: HttpRequest, found: Thread, *, status: int = 200, **more: Any) -> HttpResponse:
    member = viewer(request)
    rights = rights_in(member, found)
    closing = closing_of(found)
    tags, closes = may_retag(member, found, rights), may_close_duplicate(member, found, rights)
    context = {
        "thread": found,
        "space": found.space,
        "closing": closing,
        "solved_in": threads_visible_to(member).filter(pk=closing.other_id).first() if closing else None,
        "opens": closing is not None and may_open_again(member, closing, rights),
        "tags_form": TagsForm(initial={"tags": [tag.slug for tag in found.tags.all()]}) if tags else None,
        "duplicate_form": DuplicateForm() if closes else None,
        "missed": [] if rights.guest else _missed(member, found, tags=tags, closes=closes),
        **more,
    }
    return render(request, "threads/tidying.html", context, status=status)


def _missed(member: Member, found: Thread, *, tags: bool, closes: bool) -> list[str]:
    wanted = [] if tags or found.status == Thread.Status.CLOSED else [Privilege.RETAG]
    wanted += [Privilege.DUPLICATES] if found.is_unresolved and not closes else []
    subjects = subjects_of(found)
    return [lacking(member, privilege, subjects) for privilege in wanted]


@require_POST
def tags(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a thread under other tags."""
    found, form = load_thread(request, pk), TagsForm(request.POST)
    if _retagged(request, form, partial(retag_thread, by=viewer(request), thread=found)):
        return redirect(found)
    return _page(request, found, tags_form=form, status=422)


def _retagged(request: HttpRequest, form: ActionForm, retag: Callable[..., Thread | Practice]) -> bool:
    """Whether what is typed was accepted; what was refused stands in the form."""
    if not form.is_valid():
        return False
    try:
        retag(**form.accepted())
    except Invalid as error:
        form.take(error)
    except Refused as error:
        form.add_error(None, words_of(error))
    else:
        messages.success(request, _("The tags are changed."))
    return form.is_valid()


@require_POST
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a thread as a duplicate, or (`act=open`) say that it is none."""
    found = load_thread(request, pk)
    if request.POST.get("act") == "open":
        return _open(request, found)
    form = DuplicateForm(request.POST)
    if form.is_valid():
        try:
            other = _named(request, form.cleaned_data["other"])
            close_duplicate(by=viewer(request), thread=found, other=other, reason=form.cleaned_data["reason"])
        except (Http404, NotThere):
            form.add_error("other", _("There is no such thread that you see."))
        except Invalid as error:
            form.take(error)
        except Refused as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, _("The thread is closed, and whoever follows it is led to the other one."))
            return redirect(found)
    return _page(request, found, duplicate_form=form, status=422)


def _open(request: HttpRequest, found: Thread) -> HttpResponse:
    try:
        open_again(by=viewer(request), thread=found)
    except Refused as error:
        messages.error(request, words_of(error))
    else:
        messages.success(request, _("The thread is open again."))
    return redirect(found)


def _named(request: HttpRequest, typed: str) -> Thread:
    """The thread of an address, or of the number in it. Raises Http404 when the viewer sees none."""
    number = whole(typed.strip().rstrip("/").rpartition("/")[2])
    found = threads_visible_to(viewer(request)).filter(pk=number).first() if number else None
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def practice_tags(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a practice under other tags."""
    member, found = viewer(request), load_practice(request, pk)
    may = may_retag_practice(member, found)
    initial = {"tags": [tag.slug for tag in found.tags.all()], "version": found.version}
    form = PracticeTagsForm(request.POST or None, initial=initial)
    if request.method == "POST" and _retagged(request, form, partial(retag_practice, by=member, practice=found)):
        return redirect(found)
    context = {
        "practice": found, "form": form if may or form.is_bound else None, "missed": _missed_in(member, found, may=may)
    }  # fmt: skip
    return render(request, "threads/practice_tags.html", context, status=422 if form.errors else 200)


def _missed_in(member: Member, found: Practice, *, may: bool) -> list[str]:
    """What the member lacks standing for in a practice, where standing counts."""
    if found.follows_record or not found.is_current or governance_of(found).by_approval:
        return []
    subjects = subjects_of(found)
    words = [] if may else [lacking(member, Privilege.RETAG, subjects)]
    words += [editing] if (editing := missed_editing(member, found)) else []
    if has(member, Privilege.VALIDATE, subjects) or may_curate(member, found):
        return words
    return [*words, lacking(member, Privilege.VALIDATE, subjects)]


def missed_editing(member: Member, found: Practice) -> str:
    """What the member lacks to edit a practice at once; nothing where they may, or where no standing would do."""
    if found.follows_record or not found.is_current or may_edit(member, found) or governance_of(found).by_approval:
        return ""
    return lacking(member, Privilege.EDIT, subjects_of(found))
