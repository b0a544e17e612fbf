"""Of which practices one hears."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.errors import Refused
from community.models import Member
from community.policies.members import is_organization_admin
from community.rendering.refusals import words_of
from community.rules.numbers import whole
from community.views.viewer import viewer
from threads.actions.subscribing import subscribe, subscribe_role, unsubscribe, unsubscribe_role
from threads.queries.catalog import all_products
from threads.queries.subscriptions import labels_of, role_subscriptions_of, subscriptions_of, work_roles
from threads.views.desk import next_of

_LONGEST = 80


@require_http_methods(["GET", "POST"])
def subscriptions(request: HttpRequest) -> HttpResponse:
    """What one hears of, and what the roles of one's organization hear of; a POST adds to it or takes away."""
    member = viewer(request)
    if request.method == "POST":
        try:
            messages.success(request, _change(request, member))
        except Refused as error:
            messages.error(request, words_of(error))
        return redirect(next_of(request, request.path))
    administers = is_organization_admin(member, member.organization_id)
    own, by_role = subscriptions_of(member), role_subscriptions_of(member)
    names = labels_of({row.scope for row in (*own, *by_role)})
    context = {
        "own": [(row, names[row.scope]) for row in own],
        "by_role": [(row, names[row.scope]) for row in by_role],
        "administers": administers,
        "roles": work_roles() if administers else [],
        "products": all_products(),
    }
    return render(request, "threads/subscriptions.html", context)


def _change(request: HttpRequest, member: Member) -> str:
    act = request.POST.get("act", "")
    scope = _scope(request)
    if request.POST.get("role"):
        pk = whole(request.POST["role"], most_digits=9) or 0
        role = work_roles().filter(pk=pk).first()
        if role is None:
            raise Http404
        change = subscribe_role if act == "subscribe" else unsubscribe_role
        change(by=member, role=role, scope=scope)
    elif act in ("subscribe", "decline"):
        subscribe(by=member, scope=scope, wanted=act == "subscribe")
    else:
        unsubscribe(by=member, scope=scope)
    if act == "subscribe":
        return _("New and changed practices of this come into the inbox.")
    return _("That is taken back.") if act != "decline" else _("Nothing of this comes into your inbox.")


def _scope(request: HttpRequest) -> str:
    tag = request.POST.get("tag", "").strip()
    scope = f"tag:{tag}" if tag else request.POST.get("scope", "")
    return scope.replace("\0", "")[:_LONGEST]
