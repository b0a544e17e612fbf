"""How far search knows what a record says, and when a record's log was last put right."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('threads', '0006_swarm'),
    ]

    operations = [
        migrations.AddField(
            model_name='recordstate',
            name='mended',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='workingrecord',
            name='indexed',
            field=models.PositiveIntegerField(default=0),
        ),
    ]
