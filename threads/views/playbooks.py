"""Playbooks: the list, one with what came of it, writing and changing, its versions, retiring."""

from collections.abc import Callable, Mapping
from itertools import zip_longest
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community.errors import Invalid, NotThere, Refused
from community.rendering.refusals import words_of
from community.views.viewer import viewer
from threads.actions.playbooks import (
    edit_playbook,
    keep_playbook,
    make_playbook,
    restore_playbook,
    retire_playbook,
    revert_playbook,
)
from threads.forms.curation import OwnerForm
from threads.forms.playbooks import (
    EditPlaybookForm,
    NewPlaybookForm,
    PlaybookForm,
    RawStep,
    blocks_of,
    rearranged,
    steps_in,
    with_keys,
)
from threads.forms.resolution import RestorationForm
from threads.models import Playbook, Run
from threads.policies.playbooks import may_edit
from threads.queries.catalog import all_products
from threads.queries.playbooks import (
    keys_ever_used,
    playbook_list,
    playbooks_visible_to,
    practices_in,
    record_of,
    role_names,
    spaces_to_write_in,
    versions_of,
    with_parts,
)
from threads.rendering.diffs import diff
from threads.rendering.run_lines import as_text, who_names
from threads.rules.limits import MOST_STEPS

_LARGEST = 2**63 - 1
_REFUSED = 422


@require_GET
def playbooks(request: HttpRequest) -> HttpResponse:
    """Those that one sees, the last changed first, by product and kind; `?retired=1` those that are retired."""
    member = viewer(request)
    chosen = {name: request.GET.get(name, "")[:100].replace("\0", "") for name in ("product", "kind")}
    retired = request.GET.get("retired") == "1"
    try:
        rows, following = playbook_list(member, **chosen, retired=retired, after=request.GET.get("after", ""))
    except ValueError:
        return HttpResponseBadRequest(_("This address is broken. Open the playbooks again."))
    kept = {name: value for name, value in {**chosen, "retired": "1" if retired else ""}.items() if value}
    context = {
        "rows": rows,
        "kinds": Playbook.Kind.choices,
        "products": all_products(),
        "chosen": chosen,
        "retired": retired,
        "may_make": bool(spaces_to_write_in(member)),
        "page": {"next_url": f"?{urlencode({**kept, 'after': following})}" if following else None},
    }
    return render(request, "threads/playbooks.html", context)


def load_playbook(request: HttpRequest, pk: int) -> Playbook:
    """The playbook, if the viewer may see it."""
    found = with_parts(playbooks_visible_to(viewer(request))).filter(pk=pk).first() if pk <= _LARGEST else None
    if found is None:
        raise Http404
    return found


@require_GET
def playbook(request: HttpRequest, pk: int) -> HttpResponse:
    """Its steps, and what came of it in threads that the viewer sees."""
    member, found = viewer(request), load_playbook(request, pk)
    record, practices, who = record_of(member, found), practices_in(member, found.steps), who_names(role_names())
    numbers = {step["key"]: number for number, step in enumerate(found.steps, 1)}
    steps = [
        {
            **step,
            "number": numbers[step["key"]],
            "html": found.html.get(step["key"], ""),
            "who_name": who.get(step["who"], ""),
            "answers": [{"label": each["label"], "number": numbers.get(each["go"])} for each in step["options"]],
            "practice": practices.get(step["practice"] or 0),
            "record": record.steps.get(step["key"]),
        }
        for step in found.steps
    ]
    context = {
        "playbook": found, "steps": steps, "record": record, "outcomes": _outcomes(record.outcomes),
        "versions": [(each, _outcomes(each.outcomes)) for each in record.versions.values()],
        "can_edit": may_edit(member, found),
    }  # fmt: skip
    return render(request, "threads/playbook.html", context)


def _outcomes(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """What came of runs, in words, and how often."""
    return [(str(label), counts[name]) for name, label in Run.Outcome.choices if name in counts]


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write one: choose the space first, then its steps."""
    member = viewer(request)
    spaces = spaces_to_write_in(member)
    if not spaces:
        raise PermissionDenied
    slug = request.GET.get("space", "")
    space = spaces[0] if len(spaces) == 1 else next((each for each in spaces if each.slug == slug), None)
    if space is None:
        return render(request, "threads/playbook_space.html", {"spaces": spaces})
    form = NewPlaybookForm(_sent(request), by=member, space=space, initial={"kind": Playbook.Kind.RESOLUTION})
    form.fields["audience"].initial = form.fields["audience"].choices[0][0]  # type: ignore[attr-defined]

    def save(steps: list[RawStep]) -> Playbook:
        return make_playbook(by=member, space=space, steps=steps, **form.accepted())

    return _writing(
        request, form, began=[{"kind": "do"}], used=set(), save=save, more={"space": space, "audience_form": form}
    )


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one. Beside each step stands why it failed or was skipped."""
    member, found = viewer(request), load_playbook(request, pk)
    if not may_edit(member, found):
        raise PermissionDenied
    initial = {
        "title": found.title, "purpose": found.purpose, "kind": found.kind, "version": found.version,
        "product": found.product.slug if found.product else None, "tags": [tag.slug for tag in found.tags.all()],
    }  # fmt: skip
    form = EditPlaybookForm(_sent(request), initial=initial)

    def save(steps: list[RawStep]) -> Playbook:
        return edit_playbook(by=member, playbook=found, steps=steps, **form.accepted())

    seen = practices_in(member, found.steps)
    began: list[RawStep] = [
        {**step, "practice": step["practice"] if step["practice"] in seen else None} for step in found.steps
    ]
    more = {"playbook": found, "records": record_of(member, found).steps}
    return _writing(request, form, began=began, used=keys_ever_used(found), save=save, more=more)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _writing(
    request: HttpRequest,
    form: PlaybookForm,
    *,
    began: list[RawStep],
    used: set[str],
    save: Callable[[list[RawStep]], Playbook],
    more: dict[str, Any],
) -> HttpResponse:
    """The form with its steps; pressed anything but "save" it comes back with what was typed."""
    act = request.POST.get("act", "save")
    steps = with_keys(steps_in(request.POST) if request.method == "POST" else began, used)
    errors: dict[str, str] = {}
    if request.method == "POST" and act != "save":
        steps = rearranged(steps, act, used)
        form.find_nothing_wrong()
    elif request.method == "POST" and form.is_valid():
        try:
            made = save(steps)
        except Invalid as error:
            errors = error.fields
            form.take(Invalid({name: words for name, words in errors.items() if not name.startswith("steps.")}))
        except Refused as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, _("It is kept as version %(n)d.") % {"n": made.version})
            return redirect(made)
    blocks = blocks_of(steps, errors, act)
    records = more.get("records", {})
    for block in blocks:
        block["record"] = records.get(block["key"])
    context = {
        **more, "form": form, "blocks": blocks, "who": who_names(role_names()), "full": len(blocks) >= MOST_STEPS,
        "wrong": bool(errors),
    }  # fmt: skip
    return render(request, "threads/playbook_form.html", context, status=_REFUSED if form.errors or errors else 200)


@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Its versions, with what differs from the one before and how often each was gone through."""
    member, found = viewer(request), load_playbook(request, pk)
    records, versions = record_of(member, found).versions, versions_of(found)
    who = who_names(role_names())
    rows = [
        {
            "version": version,
            "record": records.get(version.number),
            "outcomes": _outcomes(records[version.number].outcomes) if version.number in records else [],
            "lines": diff(as_text(before, who, beside=version) if before else "", as_text(version, who, beside=before)),
        }
        for version, before in zip_longest(versions, versions[1:])
    ]
    may_revert = may_edit(member, found) and found.retired_at is None
    return render(request, "threads/playbook_history.html", {"playbook": found, "rows": rows, "may_revert": may_revert})


@require_POST
def restoration(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring an earlier version back, as the newest one."""
    found, form = load_playbook(request, pk), RestorationForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("This form is broken. Open the history again."))
    number, version = form.cleaned_data["number"], form.cleaned_data["version"]
    try:
        revert_playbook(by=viewer(request), playbook=found, number=number, version=version)
    except NotThere as error:
        raise Http404 from error
    except Refused as error:
        messages.error(request, words_of(error))
        return redirect("playbook-history", pk=pk)
    messages.success(request, _("The playbook says again what version %(number)d says.") % {"number": number})
    return redirect(found)


@require_POST
def keeper(request: HttpRequest, pk: int) -> HttpResponse:
    """Have somebody look after one; nobody by name, nobody but who wrote it."""
    found, form = load_playbook(request, pk), OwnerForm(request.POST)
    try:
        if not form.is_valid():
            raise Invalid({"member": " ".join(str(error) for errors in form.errors.values() for error in errors)})
        keep_playbook(by=viewer(request), playbook=found, keeper=form.cleaned_data["member"])
    except Refused as error:
        messages.error(request, words_of(error))
    else:
        messages.success(request, _("It is kept who looks after it."))
    return redirect(found)


@require_POST
def retirement(request: HttpRequest, pk: int) -> HttpResponse:
    """Retire one, or bring it back."""
    member, found = viewer(request), load_playbook(request, pk)
    act = restore_playbook if request.POST.get("act") == "restore" else retire_playbook
    try:
        act(by=member, playbook=found)
    except Refused as error:
        messages.error(request, words_of(error))
    return redirect(found)
