"""Uploading files. What a file is, its content says, never its name or what the browser claims."""

import logging
from collections.abc import Iterable
from pathlib import PurePath
from typing import IO

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from community.errors import Forbidden, Invalid
from community.events import action
from community.models import Member
from community.rules import clock
from threads.models import Attachment, Thread
from threads.queries.attachments import unposted_in
from threads.rules.files import document_type, safe_name
from threads.rules.limits import ATTACHMENT_BYTES

log = logging.getLogger(__name__)
_IMAGE_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
_MOST_PIXELS = 60_000_000


@action
def upload(*, by: Member, file: IO[bytes], name: str) -> Attachment:
    """Keep a file for a post that is being written; only the uploader sees it until a post of theirs carries it.

    Raises Invalid for an empty or too large file, for content that is not of an accepted type, and for a full disk.
    """
    if not by.is_active:
        raise Forbidden("not_active")
    content = file.read(ATTACHMENT_BYTES + 1)
    if not content:
        raise Invalid({"file": _("This file is empty. Choose another one.")})
    if len(content) > ATTACHMENT_BYTES:
        most = ATTACHMENT_BYTES // (1024 * 1024)
        raise Invalid(
            {"file": _("This file is too large; at most %(most)d MB fit. Compress it or cut it down.") % {"most": most}}
        )
    content_type = _type_of(content, file)
    name = safe_name(name)
    attachment = Attachment(
        uploader=by, name=name, content_type=content_type, size=len(content), uploaded_at=clock.now()
    )
    try:
        attachment.file.save(f"{attachment.pk}{PurePath(name).suffix}", ContentFile(content), save=False)
    except OSError as error:
        log.exception("a file could not be kept")
        message = _("The file cannot be kept just now. Try again later; if it goes on, tell an administrator.")
        raise Invalid({"file": message}) from error
    attachment.save()
    return attachment


def carry_files(thread: Thread, texts: Iterable[str], *, by: Member) -> None:
    """Show the member's own files that a thread's record or practice links to, to all who may see the thread."""
    pks = [file.pk for file in unposted_in(by, *texts)]
    Attachment.objects.filter(pk__in=pks).update(thread=thread)


def _type_of(content: bytes, file: IO[bytes]) -> str:
    image = _image_type(file)
    if image:
        return image
    found = document_type(content)
    if found is None:
        raise Invalid({"file": _("This kind of file is not accepted. Attach images, text and logs, PDF or ZIP files.")})
    return found


def _image_type(file: IO[bytes]) -> str | None:
    file.seek(0)
    try:
        with Image.open(file, formats=list(_IMAGE_TYPES)) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise Invalid({"file": _("This image has too many pixels. Make it smaller first.")})
            image.verify()
            return _IMAGE_TYPES[image.format or ""]
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
