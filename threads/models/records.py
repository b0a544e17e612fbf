"""The working record of a thread: its texts, the log that they come from, and its versions."""

from django.db import models

from community.models import Member
from community.rules import clock
from threads.models.threads import Thread
from threads.rules.limits import REASON_LENGTH

RECORD_FIELDS = ("problem", "environment", "cause", "resolution")
RESTORED = "restored:"


class WorkingRecord(models.Model):
    """The four fields of a thread, as the log of its updates says them.

    `version` is the number of the last update, whoever made it: it guards against overwriting what somebody else wrote
    meanwhile. `indexed` is the number up to which search knows what it says.
    """

    thread = models.OneToOneField(Thread, on_delete=models.CASCADE, primary_key=True, related_name="record")
    problem = models.TextField(blank=True, default="")
    environment = models.TextField(blank=True, default="")
    cause = models.TextField(blank=True, default="")
    resolution = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=0)
    indexed = models.PositiveIntegerField(default=0)
    updated_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    updated_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"record of {self.thread_id}"

    @property
    def fields(self) -> dict[str, str]:
        """The four texts by name."""
        return {name: getattr(self, name) for name in RECORD_FIELDS}

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been written yet."""
        return not any(self.fields.values())


class RecordState(models.Model):
    """What a record's log says up to number `seq`, as one update. Apart from the record, which is read far oftener.

    At number `mended` it was last put right: whoever read it before then has to read it anew.
    """

    record = models.OneToOneField(WorkingRecord, on_delete=models.CASCADE, primary_key=True, related_name="log_state")
    seq = models.PositiveIntegerField()
    state = models.BinaryField()
    mended = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"record of {self.record_id} up to {self.seq}"


class RecordUpdate(models.Model):
    """One update of a record's log, with the number it got. Kept until a version is cut."""

    record = models.ForeignKey(WorkingRecord, on_delete=models.CASCADE, related_name="updates")
    seq = models.PositiveIntegerField()
    author = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    update = models.BinaryField()

    class Meta:
        ordering = ("record", "seq")
        constraints = (models.UniqueConstraint(fields=["record", "seq"], name="record_update_numbered_once"),)

    def __str__(self) -> str:
        return f"{self.record_id} update {self.seq}"


class RecordClient(models.Model):
    """Whose a Yjs client of a record is: who wrote as it first, or said that it is theirs. Nobody else ever does.

    Clients of the time before this was kept have no row until they write on.
    """

    record = models.ForeignKey(WorkingRecord, on_delete=models.CASCADE, related_name="clients")
    client = models.BigIntegerField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["record", "client"], name="record_client_of_one_member"),)

    def __str__(self) -> str:
        return f"{self.record_id} client {self.client}"


class RecordVersion(models.Model):
    """What a working record said at number `seq` of its log: what one sitting, or one form sent, made of it.

    `author` wrote most of it, `authors` has everybody. `runs` says who wrote what of its texts: for each field lengths
    in characters with a member's id, 0 for what was there before.
    """

    record = models.ForeignKey(WorkingRecord, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    seq = models.PositiveIntegerField(default=0)
    fields = models.JSONField()
    author = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True, default="")
    runs = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["record", "number"], name="record_version_numbered_once"),)

    def __str__(self) -> str:
        return f"{self.record_id} v{self.number}"

    @property
    def restores(self) -> int | None:
        """The number of the version that it brought back, if that is what it did."""
        number = self.reason.removeprefix(RESTORED)
        return int(number) if number != self.reason else None


class RecordAuthor(models.Model):
    """Somebody who wrote at a version, and how many characters they put in and took out."""

    version = models.ForeignKey(RecordVersion, on_delete=models.CASCADE, related_name="authors")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    inserted = models.PositiveIntegerField(default=0)
    deleted = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-inserted", "-deleted", "id")
        constraints = (models.UniqueConstraint(fields=["version", "member"], name="record_author_once_a_version"),)

    def __str__(self) -> str:
        return f"{self.member_id} at {self.version_id}"
