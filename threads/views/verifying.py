"""For everybody, without signing in: whether a record of contributions is genuine, and the network's public keys."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from community.errors import TooMuch
from community.rendering.refusals import words_of
from community.rules.numbers import whole
from reputation.queries.keys import published_keys
from reputation.queries.verifying import Verified, verified
from reputation.rules.signing import MOST_BYTES
from threads.rendering.career import facts_of, reason_words, tables_of, verdict_words
from threads.rules.strangers import count_check
from threads.views.public_answering import for_strangers, said

_FRAME_BYTES = 16 * 1024
_AN_HOUR = "3600"
_CLEAR = {"genuine", "withdrawn"}


@csrf_exempt
@for_strangers
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Check a file, or its text. Nothing of it is kept, and nothing is changed by it, whoever sends it."""
    if request.method != "POST":
        return said("public/verify.html", 200)
    try:
        count_check(str(request.META.get("REMOTE_ADDR", "")))
    except TooMuch as error:
        return said("public/refused.html", 429, {"words": words_of(error)}, **{"Retry-After": _AN_HOUR})
    length = whole(request.META.get("CONTENT_LENGTH") or "0")
    if length is None or length > 2 * MOST_BYTES + _FRAME_BYTES:
        return _told(Verified("not_a_record", "too_large"), "", 413)
    typed = request.POST.get("text", "")
    file = request.FILES.get("file")
    data = file.read(MOST_BYTES + 1) if file else typed.encode()
    if not data.strip():
        return said("public/verify.html", 422, {"errors": (("file", reason_words("nothing")),)})
    return _told(verified(data), "" if file else typed, 200)


def _told(found: Verified, typed: str, status: int) -> HttpResponse:
    shown: dict[str, Any] = {
        "verdict": found.verdict,
        "words": verdict_words(found.verdict, found.reason),
        "typed": "" if found.verdict in _CLEAR else typed,
    }
    if found.record is not None:
        shown |= {"record": found.record, "facts": facts_of(found.record), "tables": tables_of(found.record)}
    if found.key is not None:
        shown |= {"key": found.key}
    if found.note is not None and found.note.withdrawn_at is not None:
        shown |= {"withdrawn_at": found.note.withdrawn_at}
    return said("public/verify.html", status, shown)


@for_strangers
@require_GET
def keys(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (every view is given one)
    """Every public key of the network, for whoever checks records without asking it."""
    answer = JsonResponse(published_keys())
    answer["Cache-Control"] = "public, max-age=60"
    return answer
