"""Members who left in good standing are told from those who are suspended; and those who were erased.

Of those who have no access already nobody knows why: they are taken to have left, so nothing that they said changes.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0005_marks"),
    ]

    operations = [
        migrations.AddField(
            model_name="member",
            name="left_at",
            field=models.DateTimeField(
                blank=True,
                help_text="For who has no access any more: their votes go on counting. Empty: suspended, their votes are withdrawn.",
                null=True,
                verbose_name="left in good standing",
            ),
        ),
        migrations.AddField(
            model_name="member",
            name="erased_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.RunSQL(
            "UPDATE community_member SET left_at = CURRENT_TIMESTAMP WHERE NOT is_active",
            migrations.RunSQL.noop,
        ),
    ]
