"""Files: uploading, and getting them back in a way that cannot run in the page."""

import logging
import uuid

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from community.errors import Invalid
from community.rendering.problems import problem
from community.views.viewer import viewer
from threads.actions.attachments import upload
from threads.models import Attachment
from threads.queries.attachments import attachment_for
from threads.rules.limits import ATTACHMENTS_PER_POST

log = logging.getLogger(__name__)
_INERT = "default-src 'none'; sandbox"


@require_POST
def create(request: HttpRequest) -> HttpResponse:
    """Keep one uploaded file; answers with the Markdown that shows it."""
    file = request.FILES.get("file")
    try:
        if file is None or isinstance(file, list):
            raise Invalid({"file": _("Choose a file.")})
        kept = upload(by=viewer(request), file=file, name=file.name or "")
    except Invalid as error:
        return problem(error.status, error.code, error.detail, error.fields)
    shown = {"id": str(kept.pk), "url": kept.get_absolute_url(), "name": kept.name, "is_image": kept.is_image}
    return JsonResponse({**shown, "markdown": _link_to(kept)}, status=201)


def with_files(request: HttpRequest, body: str) -> str:
    """The text with links to the files that a form without scripts sent along, kept now.

    Raises Invalid for a file that is not accepted.
    """
    files = request.FILES.getlist("files")
    if len(files) > ATTACHMENTS_PER_POST:
        raise Invalid({"files": _("Attach at most %(most)d files.") % {"most": ATTACHMENTS_PER_POST}})
    links = [_link_to(upload(by=viewer(request), file=file, name=file.name or "")) for file in files]
    return "\n\n".join([body, *links])


def _link_to(kept: Attachment) -> str:
    """The Markdown that shows a file."""
    name = kept.name.replace("[", "(").replace("]", ")")
    return f"{'!' if kept.is_image else ''}[{name}]({kept.get_absolute_url()})"


@require_GET
def attachment(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The file, to those who may see it: images in place, everything else as a download.

    A browser keeps it and asks each time whether it may still be shown. A file never changes, so its id says which.
    """
    found = attachment_for(viewer(request), pk)
    if found is None:
        raise Http404
    tag = f'"{found.pk.hex}"'
    kept: HttpResponseBase | None = get_conditional_response(request, etag=tag)
    response = _file(found) if kept is None else kept
    response.headers["ETag"] = tag
    # Also of what is only confirmed: its headers take the place of those that were kept.
    response.headers["Content-Security-Policy"] = _INERT
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _file(found: Attachment) -> FileResponse:
    try:
        content = found.file.open("rb")
    except FileNotFoundError as error:
        log.exception("the file of attachment %s is gone", found.pk)
        raise Http404 from error
    return FileResponse(content, as_attachment=not found.is_image, filename=found.name, content_type=found.content_type)
