"""What one says that one knows, and certificates."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.errors import Invalid, Refused
from community.models import Member
from community.rendering.refusals import words_of
from community.views.viewer import viewer
from reputation.actions.skills import add_certificate, confirm_certificate, declare_skills, remove_certificate
from reputation.queries.mentoring import offers_mentoring
from reputation.queries.skills import certificate_with, certificates_of, skills_of
from threads.forms.skills import CertificateForm, SkillForm, SkillForms, declared_in, topic_of
from threads.queries.catalog import all_products

_ACTS: dict[str, Callable[..., Any]] = {"confirm": confirm_certificate, "remove": remove_certificate}


@require_http_methods(["GET", "POST"])
def skills(request: HttpRequest) -> HttpResponse:
    """Say what one knows, how well, and what one wishes to learn; all of it at once."""
    member, products = viewer(request), _products()
    if request.method != "POST":
        return _page(request, member, _forms_for(member, products), CertificateForm())
    forms = SkillForms(request.POST)
    if not forms.is_valid():
        return _page(request, member, forms, CertificateForm())
    try:
        declare_skills(by=member, skills=declared_in(forms))
    except Invalid as error:
        messages.error(request, words_of(error))
        return _page(request, member, forms, CertificateForm())
    messages.success(request, _("Your skills are saved."))
    return redirect("profile-skills")


@require_POST
def certificates(request: HttpRequest) -> HttpResponse:
    """Name a certificate that one holds."""
    member, form = viewer(request), CertificateForm(request.POST)
    if form.is_valid():
        try:
            add_certificate(by=member, **form.accepted())
        except Invalid as error:
            form.take(error)
        else:
            messages.success(request, _("The certificate is on your page. An administrator can confirm it there."))
            return redirect("profile-skills")
    return _page(request, member, _forms_for(member, _products()), form)


@require_POST
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm somebody's certificate (`act=confirm`), or remove one's own (`act=remove`)."""
    found, act = certificate_with(pk), _ACTS.get(request.POST.get("act", ""))
    if found is None or act is None:
        raise Http404
    holder = found.member
    try:
        act(by=viewer(request), certificate=found)
    except Refused as error:
        messages.error(request, words_of(error))
    if act is remove_certificate:
        return redirect("profile-skills")
    return redirect(f"{holder.get_absolute_url()}#certificates")


def _products() -> dict[str, str]:
    return dict(all_products().values_list("slug", "name"))


def _forms_for(member: Member, products: dict[str, str]) -> "BaseFormSet[SkillForm]":
    before = [
        {"topic": topic_of(row.scope, products), "level": row.level, "wants_to_learn": row.wants_to_learn}
        for row in skills_of(member)
    ]
    return SkillForms(initial=before)


def _page(
    request: HttpRequest, member: Member, forms: "BaseFormSet[SkillForm]", certificate_form: CertificateForm
) -> HttpResponse:
    products = _products()
    held = [{"row": row, "topic": topic_of(row.scope, products)} for row in certificates_of(member)]
    context = {
        "forms": forms,
        "form": certificate_form,
        "certificates": held,
        "products": sorted(products.values()),
        "member": member,
        "offers": offers_mentoring(member),
    }
    status = 422 if forms.is_bound or certificate_form.is_bound else 200
    return render(request, "threads/skills.html", context, status=status)
