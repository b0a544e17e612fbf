"""Who may see a practice: showing it to others, with a look at what that means, and to strangers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.errors import Invalid, Refused
from community.models import Member
from community.rendering.refusals import words_of
from community.views.viewer import viewer
from threads.actions.practice_audience import change_audience, check_audience
from threads.actions.publishing import consent_to_publish, publish, withdraw, withdraw_consent
from threads.actions.standard import Exposed
from threads.forms.practice_audience import PracticeAudienceForm
from threads.models import Practice, PracticeAudience
from threads.policies.practices import may_change_audience, may_consent, may_publish
from threads.queries import public
from threads.queries.archive import practices_visible_to
from threads.queries.practice_audience import audience_changes_of, reach_of
from threads.queries.verdicts import newest_text
from threads.views.loading import load_practice
from threads.views.standard import kept_in, shown_details


@require_http_methods(["GET", "POST"])
def audience(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a practice to other people: choose, look, confirm."""
    member, practice = viewer(request), load_practice(request, pk)
    may_change = may_change_audience(member, practice, PracticeAudience.ORGANIZATION)
    if not (may_change or (public.SERVED and may_consent(member, practice))):
        raise PermissionDenied
    form = PracticeAudienceForm(
        request.POST or None, practice=practice, member=member, initial={"audience": practice.audience}
    )
    context: dict[str, Any] = {
        "practice": practice, "form": form if may_change else None, "changes": audience_changes_of(practice),
        "may_publish": public.SERVED and may_publish(member, practice),
        "may_consent": public.SERVED and may_consent(member, practice),
        "newer": practice.published_version and newest_text(practice) > practice.published_version,
    }  # fmt: skip
    if request.method == "POST" and may_change and form.is_valid():
        if _confirmed(request, member, practice, form, context):
            messages.success(request, _("They see it now, and nobody else."))
            return redirect(practice if _sees_it_still(member, practice) else "archive")
        if form.is_valid():
            data = form.cleaned_data
            context |= {
                "preview": reach_of(practice, data["audience"], data["organizations"]),
                "chosen": data["organizations"],
                "label": dict(form.fields["audience"].choices)[data["audience"]],  # type: ignore[attr-defined]
            }
    return render(request, "threads/practice_audience.html", context, status=422 if form.errors else 200)


def _sees_it_still(member: Member, practice: Practice) -> bool:
    """Whether they see it themselves now."""
    return practices_visible_to(member).filter(pk=practice.pk).exists()


def _confirmed(
    request: HttpRequest, member: Member, practice: Practice, form: PracticeAudienceForm, context: dict[str, Any]
) -> bool:
    """Whether it is done; else the form, or the context, says what is in the way."""
    data = form.cleaned_data
    try:
        if not data["preview"]:
            check_audience(practice, data["audience"], data["organizations"])
            return False
        change_audience(by=member, practice=practice, files=_files(request), keep=kept_in(request.POST), **data)
    except Exposed as error:
        context["details"] = shown_details(error.found, {"title": practice.title, **practice.fields})
    except Invalid as error:
        form.take(error)
    except Refused as error:
        if error.code != "preview_changed":
            form.add_error(None, words_of(error))
    else:
        return True
    return False


def _files(request: HttpRequest) -> list[UUID]:
    found = []
    for text in request.POST.getlist("files")[:200]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@require_POST
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree that strangers may read a practice, or no more; publish what it says now; take it back."""
    member, practice = viewer(request), load_practice(request, pk)
    act = request.POST.get("act", "")
    try:
        if act == "consent":
            consent_to_publish(by=member, practice=practice)
            messages.success(request, _("Your organization agrees."))
        elif act == "dissent":
            withdraw_consent(by=member, practice=practice)
            messages.success(request, _("Your organization agrees no more. Strangers do not see it."))
        elif act == "withdraw":
            withdraw(by=member, practice=practice, reason=request.POST.get("reason", ""))
            messages.success(request, _("Strangers do not see it any more."))
        else:
            version = request.POST.get("version", "")
            publish(by=member, practice=practice, version=int(version) if version.isdecimal() else 0)
            messages.success(request, _("Strangers read the present version now."))
    except Refused as error:
        messages.error(request, words_of(error))
    return redirect("practice-audience", practice.pk)
