"""Timelines point at practices, and threads' streams do not name them: whoever is let in later reads both."""

from django.db import migrations

TIMELINE = ("practice.recorded", "practice.applied")
SAID = ("practice", "title", "url")


def point_at_practices(apps, schema_editor):
    """Have entries point at the practice that they named, or kept quiet about; those of no known one go."""
    entries = apps.get_model("threads", "TimelineEntry").objects
    practices = apps.get_model("threads", "Practice").objects
    applications = apps.get_model("threads", "Application").objects
    for rows in batches(entries.filter(kind__in=TIMELINE, practice__isnull=True)):
        named = {entry.data.get("practice") for entry in rows} - {None}
        there = set(practices.filter(pk__in=named).values_list("pk", flat=True))
        recorded = dict(practices.filter(thread__in=[row.thread_id for row in rows]).values_list("thread", "pk"))
        gone = []
        for entry in rows:
            said = entry.data.get("practice")
            entry.practice_id = said if said in there else None
            if entry.practice_id is None and entry.kind == "practice.recorded":
                entry.practice_id = recorded.get(entry.thread_id)
            elif entry.practice_id is None and said is None:
                then = applications.filter(thread=entry.thread_id, by=entry.actor_id, at__lte=entry.at)
                entry.practice_id = then.order_by("-at").values_list("practice", flat=True).first()
            entry.data = without(entry.data)
            if entry.practice_id is None:
                gone.append(entry.pk)
        entries.bulk_update(rows, ["practice", "data"])
        entries.filter(pk__in=gone).delete()
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.connection.check_constraints()


def name_none_in_streams(apps, schema_editor):
    """Take titles and addresses out of what threads' streams told."""
    events = apps.get_model("community", "Event").objects
    for rows in batches(events.filter(kind__in=TIMELINE)):
        for event in rows:
            kept = {"practice": event.data.get("practice")} if event.kind == "practice.recorded" else {}
            event.data = without(event.data) | kept
        events.bulk_update(rows, ["data"])


def without(data):
    """What was said but for the practice."""
    return {name: said for name, said in data.items() if name not in SAID}


def batches(rows, size=500):
    """All of the rows, by id, in lists of that size."""
    last = 0
    while found := list(rows.filter(pk__gt=last).order_by("pk")[:size]):
        yield found
        last = found[-1].pk


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0005_marks"),
        ("threads", "0010_sent_once"),
    ]

    operations = [
        migrations.RunPython(point_at_practices, migrations.RunPython.noop),
        migrations.RunPython(name_none_in_streams, migrations.RunPython.noop),
    ]
