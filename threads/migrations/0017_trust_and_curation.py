"""Uses are counted from the beginning; practices know by how many organizations they were judged; claims of pairs."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

FEW, NEEDED_AMONG_FEW, NEEDED = 5, 2, 3


def count_uses(apps, _schema_editor):
    """Uses that were kept before there was a column for their number; practices with some are judged anew."""
    standing = apps.get_model("threads", "Reuse").objects.filter(practice=OuterRef("pk"), until__isnull=True)
    counted = standing.order_by().values("practice").annotate(n=Count("pk")).values("n")
    practices = apps.get_model("threads", "Practice").objects
    number = Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
    practices.filter(Q(Exists(standing)) | Q(reuse_count__gt=0)).update(reuse_count=number)
    practices.filter(reuse_count__gt=0).update(rejudge=True)


def judged_by_how_many(apps, _schema_editor):
    """What was judged here was judged by what the network is now, or is judged anew once.

    By how many it was is known only where two numbers come to the same: where fewer than either say that it works, or
    where that is not what its confidence is based on. What was brought along and nobody here spoke of was not judged.
    """
    active = apps.get_model("community", "Member").objects.filter(
        organization=OuterRef("pk"), is_active=True, source_site=""
    )
    organizations = apps.get_model("community", "Organization").objects.exclude(kind="imported")
    few = organizations.filter(Exists(active)).count() < FEW
    said_here = apps.get_model("threads", "Verdict").objects.filter(practice=OuterRef("pk"), member__source_site="")
    practices = apps.get_model("threads", "Practice").objects
    practices.filter(Q(source_site="") | Q(Exists(said_here))).update(needed=NEEDED_AMONG_FEW if few else NEEDED)
    judged = practices.alias(working=F("worked") + F("changed")).filter(working__gte=NEEDED_AMONG_FEW, needed__gt=0)
    judged.filter(basis__in=("", "computed")).update(rejudge=True)


class Migration(migrations.Migration):
    dependencies = [
        ("threads", "0016_what_versions_keep"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="duplicatepair",
            name="claimed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="duplicatepair", name="claimed_until", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="practice", name="needed", field=models.PositiveSmallIntegerField(default=0)
        ),
        migrations.AddField(model_name="practice", name="used", field=models.PositiveSmallIntegerField(default=0)),
        migrations.AddField(model_name="suggestion", name="number", field=models.PositiveIntegerField(default=1)),
        migrations.AddIndex(
            model_name="practice", index=models.Index(fields=["needed"], name="practice_by_needed")
        ),
        migrations.AddConstraint(
            model_name="duplicatepair",
            constraint=models.CheckConstraint(
                condition=models.Q(("claimed_by__isnull", True), ("claimed_until__isnull", True))
                | models.Q(("claimed_by__isnull", False), ("claimed_until__isnull", False)),
                name="pair_claimed_with_end",
            ),
        ),
        migrations.RunPython(count_uses, migrations.RunPython.noop),
        migrations.RunPython(judged_by_how_many, migrations.RunPython.noop),
    ]
