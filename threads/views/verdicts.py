"""What organizations say of a practice: on its page, all of it, and saying something oneself."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from community.errors import Invalid, Refused
from community.models import Member
from community.rendering.refusals import words_of
from community.views.viewer import viewer
from threads.actions.verdicts import say_verdict, withdraw_verdict
from threads.forms.verdicts import VerdictForm
from threads.models import Practice, Verdict
from threads.policies.governance import Governing, governance_of
from threads.policies.practices import may_consent, may_judge
from threads.policies.rights import Rights
from threads.queries import public
from threads.queries.verdicts import Voice, newest_text, organizations_needed, verdicts_shown, voices
from threads.rendering.trust import reason_of
from threads.rules.confidence import SCORE_NEEDED
from threads.views.loading import load_practice

MOST_SHOWN = 8
_WITHDRAW = "withdraw"


def verdicts_context(
    member: Member, practice: Practice, rights: Rights | None = None, governing: Governing | None = None
) -> dict[str, Any]:
    """What a practice's page says of how far it can be trusted, and what the viewer may say."""
    found = voices(member, practice)
    own = next((voice.verdict for voice in found if voice.verdict.member_id == member.pk), None)
    return {
        "confidence_reason": reason_of(practice),
        "voices": found[:MOST_SHOWN],
        "more_voices": len(found) > MOST_SHOWN or any(voice.others for voice in found),
        "untried": _untried(practice, found),
        "own_verdict": own,
        "rule": _rule(practice),
        "may_judge": may_judge(member, practice, rights),
        "by_approval": (governing or governance_of(practice)).by_approval,
        "may_consent": public.SERVED and may_consent(member, practice),
        "verdict_kinds": [(kind.value, kind.label) for kind in Verdict.Kind if kind != Verdict.Kind.WORKED],
    }


def _rule(practice: Practice) -> dict[str, int]:
    """What the practice is judged by, and how it stands there; nothing while it is not judged by what is said."""
    if practice.follows_record or practice.confidence == Practice.Confidence.ARCHIVED:
        return {}
    needed = practice.needed or organizations_needed()
    return {"working": practice.worked + practice.changed, "needed": needed, "score": SCORE_NEEDED}


def _untried(practice: Practice, found: list[Voice]) -> int:
    """The newest version that anybody tried, when the text was changed since; 0 otherwise."""
    tried = max((voice.verdict.version for voice in found if voice.counts), default=0)
    return tried if tried and tried < practice.version and newest_text(practice) > tried else 0


@require_http_methods(["GET", "POST"])
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how a practice did, or take back what one said."""
    member, practice = viewer(request), load_practice(request, pk)
    if request.method == "POST" and request.POST.get("kind") == _WITHDRAW:
        withdraw_verdict(by=member, practice=practice)
        messages.success(request, _("What you said is taken back."))
        return redirect(practice)
    form = VerdictForm(request.POST or None, initial={"kind": request.GET.get("kind", ""), "version": practice.version})
    if request.method == "POST" and form.is_valid() and _said(member, practice, form):
        messages.success(request, _("Thank you. It counts for your organization."))
        return redirect(practice)
    context = {"practice": practice, "form": form, "may_judge": may_judge(member, practice)}
    return render(request, "threads/practice_verdict.html", context, status=422 if form.errors else 200)


def _said(member: Member, practice: Practice, form: VerdictForm) -> bool:
    try:
        say_verdict(by=member, practice=practice, **form.accepted())
    except Invalid as error:
        form.take(error)
    except Refused as error:
        form.add_error(None, words_of(error))
    return form.is_valid()


@require_GET
def verdicts(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that is said of a practice now."""
    member, practice = viewer(request), load_practice(request, pk)
    context = {
        "practice": practice,
        "confidence_reason": reason_of(practice),
        "rule": _rule(practice),
        "by_approval": governance_of(practice).by_approval,
        "verdicts": verdicts_shown(member, practice),
    }
    return render(request, "threads/practice_verdicts.html", context)
