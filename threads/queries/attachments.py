"""Files, as those who may see them find them."""

import re
import uuid

from django.db.models import Q

from community.models import Member
from threads.models import Attachment, Practice
from threads.policies.posts import may_see_text
from threads.queries.archive import practices_visible_to
from threads.queries.threads import threads_visible_to

_LINK = re.compile(r"/attachments/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/")


def attachment_for(viewer: Member, pk: uuid.UUID) -> Attachment | None:
    """The file, when the viewer may see it: their own before it is posted, then with the thread and its post.

    A file that was shown along with a practice is seen with that too, until its post is deleted.
    """
    along = Practice.files.through.objects.filter(practice__in=practices_visible_to(viewer).values("pk"))
    shown = Q(pk__in=along.values("attachment_id"))
    seen = Q(thread__in=threads_visible_to(viewer).values("pk")) | shown
    if viewer.is_active:
        seen |= Q(thread__isnull=True, uploader=viewer)
    attachment = Attachment.objects.filter(seen, pk=pk).select_related("post__thread__space").first()
    if attachment is None or attachment.post is None or may_see_text(viewer, attachment.post):
        return attachment
    stands = attachment.post.deleted_at is None
    return attachment if stands and Attachment.objects.filter(shown, pk=pk).exists() else None


def linked_in(*texts: str) -> set[uuid.UUID]:
    """The ids of the files that texts link to."""
    return {uuid.UUID(found) for text in texts for found in _LINK.findall(text)}


def unposted_in(member: Member, *texts: str) -> list[Attachment]:
    """The member's own files, not posted yet, that texts link to."""
    wanted = linked_in(*texts)
    return list(Attachment.objects.filter(uploader=member, thread__isnull=True, pk__in=wanted)) if wanted else []
