"""Files, as those who may see them find them."""

import re
import uuid

from community.models import Member
from threads.models import Attachment
from threads.queries.threads import threads_visible_to

_LINK = re.compile(r"/attachments/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/")


def attachment_for(viewer: Member, pk: uuid.UUID) -> Attachment | None:
    """The file, when the viewer may see it: their own before it is posted, then with the thread."""
    attachment = Attachment.objects.filter(pk=pk).first()
    if attachment is None:
        return None
    if attachment.thread_id is None:
        return attachment if viewer.is_active and attachment.uploader_id == viewer.pk else None
    return attachment if threads_visible_to(viewer).filter(pk=attachment.thread_id).exists() else None


def unposted_in(member: Member, body: str) -> list[Attachment]:
    """The member's own files, not posted yet, that a text links to."""
    wanted = {uuid.UUID(found) for found in _LINK.findall(body)}
    return list(Attachment.objects.filter(uploader=member, thread__isnull=True, pk__in=wanted)) if wanted else []
