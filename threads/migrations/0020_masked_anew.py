"""What works in progress show of somebody is masked, also where they were begun before there were masks."""

from django.db import migrations, models


def mark_begun(apps, _schema_editor):
    """The worker looks through all that are shown while they are written."""
    apps.get_model("threads", "Practice").objects.filter(follows_record=True).update(mask_anew=True)


class Migration(migrations.Migration):
    dependencies = [("threads", "0019_finding")]

    operations = [
        migrations.AddField(model_name="practice", name="mask_anew", field=models.BooleanField(default=False)),
        migrations.AddIndex(
            model_name="practice",
            index=models.Index(condition=models.Q(("mask_anew", True)), fields=["id"], name="practice_to_mask"),
        ),
        migrations.RunPython(mark_begun, migrations.RunPython.noop),
    ]
