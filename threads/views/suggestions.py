"""Suggesting an edit from where a practice is read, and deciding about it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community.errors import Conflict, Invalid, NotThere, Refused
from community.rendering.refusals import words_of
from community.views.viewer import viewer
from threads.actions.claims import is_claimed
from threads.actions.practices import content_at, content_of
from threads.actions.standard import Exposed
from threads.actions.suggestions import (
    accept_suggestion,
    joined,
    reject_suggestion,
    suggest_edit,
    withdraw_suggestion,
)
from threads.forms.practices import ReplyForm, SuggestionForm, TakeUpForm
from threads.models import RECORD_FIELDS, Practice, Suggestion, Thread
from threads.policies.practices import may_decide_suggestion, may_edit, may_suggest
from threads.queries.suggestions import suggestion_visible_to
from threads.queries.threads import threads_visible_to
from threads.rendering.diffs import diff
from threads.views.conflicts import Theirs, with_version
from threads.views.joining import is_merging, joined_texts, thread_asked
from threads.views.loading import load_practice
from threads.views.practices import theirs_of
from threads.views.standard import choices_in, exposed_in
from threads.views.thread_page import field_labels
from threads.views.tidying import missed_editing

_LARGEST = 2**63 - 1


@require_http_methods(["GET", "POST"])
def suggest(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose other words for a practice; the text as it is is there to begin with."""
    member, found = viewer(request), load_practice(request, pk)
    if not may_suggest(member, found):
        raise PermissionDenied
    thread = thread_asked(request)
    merging = thread is not None and is_merging(request)
    if merging and may_edit(member, found):
        return redirect(f"{reverse('practice-edit', args=[pk])}?{request.GET.urlencode()}")
    texts = joined_texts(found, thread) if thread and merging else found.fields
    initial = {**texts, "title": found.title, "version": found.version, "thread": thread.pk if thread else None}
    form = SuggestionForm(request.POST or None, initial=initial)
    context: dict[str, Any] = {"practice": found, "thread": thread, "field": request.GET.get("field", "")}
    context |= {"merging": merging, "missed": missed_editing(member, found)}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = suggest_edit(
                by=member, practice=found, base_version=data["version"], title=data["title"], fields=form.record(),
                reason=data["reason"], thread=thread,
            )  # fmt: skip
        except Exposed as error:
            context |= exposed_in(error, request.POST)
        except Invalid as error:
            form.take(error)
        except Refused as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, _("Thank you. Your edit waits for whoever looks after the practice."))
            return redirect("suggestion", pk=made.pk)
    return render(request, "threads/suggest.html", {**context, "form": form})


def _load(request: HttpRequest, pk: int) -> Suggestion:
    found = suggestion_visible_to(viewer(request), pk) if pk <= _LARGEST else None
    if found is None:
        raise Http404
    return found


@require_GET
def suggestion(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody suggests: the lines that differ, and what the practice would say with them."""
    return _shown(request, _load(request, pk))


def _shown(request: HttpRequest, found: Suggestion, **more: Any) -> HttpResponse:
    member, practice = viewer(request), found.practice
    is_open = found.state == Suggestion.State.OPEN
    decides = is_open and may_decide_suggestion(member, found)
    put_together = joined(practice, found) if is_open else None
    context: dict[str, Any] = {
        "suggestion": found,
        "practice": practice,
        "thread": _seen(request, found.thread),
        "parts": _parts(found),
        "clashes": is_open and put_together is None,
        "is_open": is_open,
        "decides": decides,
        "own": found.author_id == member.pk,
        "held": decides and is_claimed(practice) and practice.claimed_by_id != member.pk,
    }
    if decides:
        base = content_of(practice)
        wanted = put_together or base._replace(title=found.title or base.title, fields=base.fields | found.fields)
        initial = {**wanted.fields, "title": wanted.title, "version": practice.version}
        context |= {"form": TakeUpForm(initial=initial), "reply_form": ReplyForm()}
        if put_together is None:
            context["theirs"] = theirs_of(practice, {"title": wanted.title, **wanted.fields})
    return render(request, "threads/suggestion.html", context | more)


def _seen(request: HttpRequest, thread: Thread | None) -> Thread | None:
    return threads_visible_to(viewer(request)).filter(pk=thread.pk).first() if thread else None


def _parts(found: Suggestion) -> list[Theirs]:
    """The texts that would change, with what of them."""
    base = content_at(found.practice, found.base_version)
    labels = {"title": _("Title"), **field_labels()}
    before = {"title": base.title, **base.fields}
    after = ({"title": found.title} if found.title else {}) | found.fields
    names = [name for name in ("title", *RECORD_FIELDS) if name in after]
    return [Theirs(labels[name], after[name], diff(before[name], after[name])) for name in names]


@require_POST
def acceptance(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a suggestion up, in the words sent."""
    found, form = _load(request, pk), TakeUpForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, form=form)
    data, texts = form.cleaned_data, {"title": form.cleaned_data["title"], **form.record()}
    try:
        accept_suggestion(
            by=viewer(request), suggestion=found, version=data["version"], title=data["title"], fields=form.record(),
            **choices_in(request.POST),
        )  # fmt: skip
    except Exposed as error:
        return _shown(request, found, form=form, **exposed_in(error, request.POST))
    except Invalid as error:
        form.take(error)
        return _shown(request, found, form=form)
    except NotThere as error:
        raise Http404 from error
    except Conflict as error:
        now: Practice = load_practice(request, found.practice_id)
        again = TakeUpForm(with_version(request.POST, now.version))
        again.full_clean()
        return _shown(request, found, form=again, conflict=words_of(error), theirs=theirs_of(now, texts))
    except Refused as error:
        messages.error(request, words_of(error))
        return redirect("suggestion", pk=pk)
    messages.success(request, _("The suggestion is taken up."))
    return redirect(found.practice)


@require_POST
def rejection(request: HttpRequest, pk: int) -> HttpResponse:
    """Do not take a suggestion up, and say why."""
    found, form = _load(request, pk), ReplyForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, reply_form=form)
    try:
        reject_suggestion(by=viewer(request), suggestion=found, **form.accepted())
    except NotThere as error:
        raise Http404 from error
    except Refused as error:
        messages.error(request, words_of(error))
    return redirect("suggestion", pk=pk)


@require_POST
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what one suggested."""
    found = _load(request, pk)
    try:
        withdraw_suggestion(by=viewer(request), suggestion=found)
    except NotThere as error:
        raise Http404 from error
    except Refused as error:
        messages.error(request, words_of(error))
    return redirect(found.practice)
