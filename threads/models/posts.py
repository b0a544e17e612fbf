"""Posts, their history, and files attached to them."""

import uuid

from django.db import models
from django.urls import reverse

from community.models import Member, Organization
from community.models.provenance import Sourced, unique_source
from community.rules import clock
from threads.models.threads import Thread


class Post(Sourced):
    """The problem (number 1), a reply, or a note (a short post under a post, `parent`).

    `html` is made once from `body` when it is written. Imported bodies stay in their original HTML (`markup`).
    `organization` is the author's when they wrote it and is never recomputed. `votes` counts "this helped" here,
    `imported_votes` those an import brought; `imported_score` is a number to read only. Every post is written into each
    index, so there is none that nobody asks or that another one begins with.
    """

    class Markup(models.TextChoices):
        MARKDOWN = "markdown"
        HTML = "html"

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="posts", db_index=False)
    number = models.PositiveIntegerField()
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="notes")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="posts", db_index=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", db_index=False)
    body = models.TextField()
    markup = models.CharField(max_length=10, choices=Markup.choices, default=Markup.MARKDOWN)
    html = models.TextField()
    created_at = models.DateTimeField(default=clock.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    client_id = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001  (unique only where it is given)
    version = models.PositiveIntegerField(default=1)
    note_count = models.PositiveIntegerField(default=0)
    votes = models.PositiveIntegerField(default=0)
    imported_votes = models.PositiveIntegerField(default=0)
    imported_score = models.IntegerField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["thread", "number"], condition=models.Q(parent__isnull=True), name="reply_in_thread"),
            models.Index(fields=["author", "-id"], name="post_of_author"),
        )
        constraints = (
            models.UniqueConstraint(fields=["thread", "number"], name="post_numbered_once"),
            models.UniqueConstraint(fields=["author", "client_id"], name="post_sent_once"),
            unique_source("post_source_once", among=models.Q(parent__isnull=True)),
            unique_source("note_source_once", among=models.Q(parent__isnull=False)),
            models.CheckConstraint(
                condition=models.Q(deleted_at__isnull=True, deleted_by__isnull=True)
                | models.Q(deleted_at__isnull=False, deleted_by__isnull=False),
                name="post_deleted_with_who_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | models.Q(number__gt=1), name="problem_is_no_note"
            ),
        )

    def __str__(self) -> str:
        return f"{self.thread_id}#{self.number}"

    @property
    def helped(self) -> int:
        """How many said that it helped, here and where it was imported from."""
        return self.votes + self.imported_votes

    @property
    def is_problem(self) -> bool:
        """Whether this is the posted problem itself."""
        return self.number == 1

    def get_absolute_url(self) -> str:
        """The address that opens the thread at this post."""
        return reverse("post-permalink", args=[self.pk])


class PostRevision(Sourced):
    """What a post (and, for the problem, its thread's title) said from `at` on; number 1 is the first text.

    Replies that were never changed have none.
    """

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="revisions", db_index=False)
    number = models.PositiveIntegerField()
    body = models.TextField()
    title = models.CharField(max_length=200, blank=True, default="")
    editor = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(default=clock.now)
    reason = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["post", "number"], name="post_revision_numbered_once"),
            unique_source("post_revision_source_once"),
        )

    def __str__(self) -> str:
        return f"{self.post_id} v{self.number}"


class Attachment(models.Model):
    """A file somebody uploaded. Until something in a thread refers to it only its uploader sees it.

    Then whoever may see the thread; when a post carries it (`post`), whoever may see that post's text.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    uploader = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="attachments")
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, null=True, blank=True, related_name="attachments")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="attachments")
    file = models.FileField(upload_to="attachments/%Y/%m/", max_length=200)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    uploaded_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where those who may see the thread get it."""
        return reverse("attachment", args=[self.pk])

    @property
    def is_image(self) -> bool:
        """Whether a page may show it in place."""
        return self.content_type.startswith("image/")
