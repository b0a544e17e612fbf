"""How practices are looked after: the rules, for all who see where they hold, and the form for who sets them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.errors import Forbidden, Invalid, Refused
from community.models import Member
from community.rendering.refusals import words_of
from community.views.viewer import viewer
from threads.actions.governance import set_governance
from threads.forms.governance import GovernanceForm
from threads.models import Governance
from threads.policies.governance import may_set_governance
from threads.queries.governance import rule_visible_to, rules_visible_to, sets_some, spaces_governed_by, would_wait

_LARGEST = 2**63 - 1


@require_http_methods(["GET", "POST"])
def governance(request: HttpRequest) -> HttpResponse:
    """The rules; with a form for those who set some: say, look what it does, confirm."""
    member = viewer(request)
    may_set = sets_some(member)
    form = GovernanceForm(request.POST or None, initial=_initial(request, member))
    form.offer("space", spaces_governed_by(member))
    context: dict[str, Any] = {"rules": rules_visible_to(member), "form": form if may_set else None}
    if request.method == "POST" and may_set and form.is_valid() and _done(request, member, form, context):
        messages.success(request, _("The rule holds. Practices that it is about are judged anew within seconds."))
        return redirect("governance")
    return render(request, "threads/governance.html", context, status=422 if form.errors else 200)


def _initial(request: HttpRequest, member: Member) -> dict[str, Any]:
    """What the rule of the address says, to change it."""
    pk = request.GET.get("rule", "")
    found = rule_visible_to(member, int(pk)) if pk.isdecimal() and int(pk) <= _LARGEST else None
    if found is None:
        return {"mode": Governance.Mode.COMPLIANCE}
    keepers = ", ".join(found.keepers.order_by("handle").values_list("handle", flat=True))
    return {
        "product": found.product, "tag": found.tag.slug if found.tag else "",
        "space": found.space.slug if found.space else "", "mode": found.mode, "keepers": keepers,
    }  # fmt: skip


def _done(request: HttpRequest, member: Member, form: GovernanceForm, context: dict[str, Any]) -> bool:
    data = form.accepted()
    product, tag, space = data["product"], data["tag"], data["space"]
    try:
        if not may_set_governance(member, space, product=product, tag=tag):
            raise Forbidden("may_not_set_governance")
        wait = would_wait(member, Governance(space=space, product=product, tag=tag))
        if data["mode"] == Governance.Mode.COMPLIANCE and wait and not request.POST.get("confirmed"):
            context["wait"] = wait
            return False
        set_governance(by=member, **data)
    except Invalid as error:
        form.take(error)
    except Refused as error:
        form.add_error(None, words_of(error))
    else:
        return True
    return False
