"""Versions keep product, tags, and how a state or an audience changed; timelines know which use they tell of."""

import django.db.models.deletion
from django.db import migrations, models

APPLIED = "practice.applied"


def keep_what_they_say_now(apps, _schema_editor):
    """The newest version of each playbook has the product and the tags that it has now; of older ones nobody knows."""
    versions = apps.get_model("threads", "PlaybookVersion").objects
    for playbook in apps.get_model("threads", "Playbook").objects.prefetch_related("tags"):
        tags = sorted(tag.slug for tag in playbook.tags.all())
        newest = versions.filter(playbook=playbook, number=playbook.version)
        newest.update(product=playbook.product_id, tags=tags)


def name_uses(apps, schema_editor):
    """Have entries name the use that they tell of, and follow it to the practice that it was moved to.

    Of a merged practice the entries go whose use was taken back, or joined with another one there.
    """
    entries = apps.get_model("threads", "TimelineEntry").objects.filter(kind=APPLIED)
    search = apps.get_model("threads", "SearchEntry").objects.filter(kind="event")
    for rows in batches(entries.filter(practice__isnull=False).select_related("practice")):
        threads = {entry.thread_id for entry in rows}
        uses = standing_uses(apps, threads)
        telling = {pk: data.get("use") for pk, data in entries.filter(thread__in=threads).values_list("pk", "data")}
        named, gone = [], []
        for entry in rows:
            telling.pop(entry.pk)
            led_to = {entry.practice_id, entry.practice.merged_into_id}
            found = [uses[entry.thread_id, pk] for pk in led_to if (entry.thread_id, pk) in uses]
            use = min(found, key=lambda use: use.pk, default=None)
            if use is not None and use.pk not in telling.values():
                telling[entry.pk] = use.pk
                solved = {"solved": True} if use.solved_at else {}
                entry.data, entry.practice_id = {"use": use.pk, **solved}, use.practice_id
                named.append(entry)
            elif use is not None or None not in led_to:
                gone.append(entry.pk)
        entries.bulk_update(named, ["data", "practice"], batch_size=100)
        search.filter(object_id__in=gone).delete()
        entries.filter(pk__in=gone).delete()
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.connection.check_constraints()


def standing_uses(apps, threads):
    """The uses that stand in some threads, by thread and practice."""
    uses = apps.get_model("threads", "Reuse").objects.filter(thread__in=threads, until__isnull=True)
    return {(use.thread_id, use.practice_id): use for use in uses}


def batches(rows, size=500):
    """All of the rows, by id, in lists of that size."""
    last = 0
    while found := list(rows.filter(pk__gt=last).order_by("pk")[:size]):
        last = found[-1].pk
        yield found


class Migration(migrations.Migration):
    dependencies = [("threads", "0015_public")]

    operations = [
        migrations.AddField(
            model_name="playbookversion",
            name="product",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="threads.product",
            ),
        ),
        migrations.AddField(model_name="playbookversion", name="tags", field=models.JSONField(blank=True, null=True)),
        migrations.AddField(
            model_name="practiceversion", name="moved", field=models.JSONField(blank=True, default=dict)
        ),
        migrations.RunPython(keep_what_they_say_now, migrations.RunPython.noop),
        migrations.RunPython(name_uses, migrations.RunPython.noop),
    ]
