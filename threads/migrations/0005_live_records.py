"""The working record as a log of updates, and its versions with their authors."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import community.rules.clock


def number_versions(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Until now every saving was a version of its own, so the log's number was the version's."""
    apps.get_model("threads", "RecordVersion").objects.update(seq=models.F("number"))


class Migration(migrations.Migration):

    dependencies = [
        ('threads', '0004_search_words_planned_once'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RecordState',
            fields=[
                ('record', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='log_state', serialize=False, to='threads.workingrecord')),
                ('seq', models.PositiveIntegerField()),
                ('state', models.BinaryField()),
            ],
        ),
        migrations.AddField(
            model_name='recordversion',
            name='reason',
            field=models.CharField(blank=True, default='', max_length=400),
        ),
        migrations.AddField(
            model_name='recordversion',
            name='runs',
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='recordversion',
            name='seq',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name='RecordAuthor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('inserted', models.PositiveIntegerField(default=0)),
                ('deleted', models.PositiveIntegerField(default=0)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='authors', to='threads.recordversion')),
            ],
            options={
                'ordering': ('-inserted', '-deleted', 'id'),
                'constraints': [models.UniqueConstraint(fields=('version', 'member'), name='record_author_once_a_version')],
            },
        ),
        migrations.CreateModel(
            name='RecordUpdate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveIntegerField()),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
                ('update', models.BinaryField()),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='updates', to='threads.workingrecord')),
            ],
            options={
                'ordering': ('record', 'seq'),
                'constraints': [models.UniqueConstraint(fields=('record', 'seq'), name='record_update_numbered_once')],
            },
        ),
        migrations.RunPython(number_versions, migrations.RunPython.noop),
    ]
