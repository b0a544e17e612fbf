"""Rating those with whom one worked on a thread."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.errors import Invalid, Refused
from community.models import Member
from community.rendering.refusals import words_of
from community.rules.numbers import whole
from community.views.viewer import viewer
from reputation.models import Evaluation
from reputation.queries.evaluations import given_in
from reputation.rules.evaluations import DAYS_TO_CHANGE, LEAST_RATERS
from threads.actions.evaluating import rate_part
from threads.forms.evaluating import EvaluationForm
from threads.models import Post, Thread
from threads.queries.evaluating import rateable_in, rateable_member, rateable_post
from threads.views.loading import load_thread


@require_http_methods(["GET", "POST"])
def evaluate(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom one can rate; with `member` or `post` the form for that."""
    asking, thread = viewer(request), load_thread(request, pk)
    named = request.POST if request.method == "POST" else request.GET
    member, post = _chosen(asking, thread, named.get("member", ""), named.get("post", ""))
    if member is None:
        return _people(request, asking, thread)
    kept = given_in(asking, thread.pk).get((member.pk, post.pk if post else None))
    form = EvaluationForm(request.POST if request.method == "POST" else None, initial=_before(kept))
    if request.method == "POST" and form.is_valid() and _rated(asking, thread, member, post, form):
        messages.success(request, _("Thank you. It counts once five have rated; nobody is told who they are."))
        return redirect("thread-evaluate", thread.pk)
    context = {"thread": thread, "member": member, "post": post, "form": form, "kept": kept, **_numbers()}
    return render(request, "threads/evaluate.html", context, status=422 if form.errors else 200)


def _chosen(asking: Member, thread: Thread, handle: str, number: str) -> tuple[Member | None, Post | None]:
    """Whose part, or whose post; nobody when nothing is named. Raises 404 for what cannot be rated."""
    if number:
        post = rateable_post(asking, thread, whole(number, most_digits=18) or 0)
        if post is None:
            raise Http404
        return post.author, post
    if handle:
        member = rateable_member(asking, thread, handle.replace("\0", "")[:60])
        if member is None:
            raise Http404
        return member, None
    return None, None


def _people(request: HttpRequest, asking: Member, thread: Thread) -> HttpResponse:
    people = rateable_in(asking, thread)
    why_not = "" if people else _why_not(thread)
    context = {"thread": thread, "people": people, "why_not": why_not, **_numbers()}
    return render(request, "threads/evaluate_people.html", context)


def _why_not(thread: Thread) -> str:
    if thread.is_unresolved:
        return _("The thread is not resolved yet. Come back when it is.")
    return _("Those who took part in a thread rate each other: who asked, replied, helped or owned it.")


def _numbers() -> dict[str, int]:
    return {"least_raters": LEAST_RATERS, "days_to_change": DAYS_TO_CHANGE}


def _before(kept: Evaluation | None) -> dict[str, Any]:
    if kept is None:
        return {}
    return {**kept.scores, "note": kept.note, "note_to": kept.note_to or "person", "version": kept.version}


def _rated(asking: Member, thread: Thread, member: Member, post: Post | None, form: EvaluationForm) -> bool:
    version = form.cleaned_data["version"]
    try:
        rate_part(by=asking, thread=thread, member=member, post=post, said=form.said(), version=version)
    except Invalid as error:
        form.take(error)
    except Refused as error:
        form.add_error(None, words_of(error))
    return form.is_valid()
