"""Threads closed as duplicates, and reviews decided by standing."""

import community.rules.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('threads', '0025_titles'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='review',
            name='by_standing',
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name='DuplicateClosing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
                ('reason', models.CharField(blank=True, default='', max_length=400)),
                ('related', models.BooleanField(default=True)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='threads.thread')),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='closings', to='threads.thread')),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('undone_at__isnull', True)), fields=('thread',), name='closed_as_one_only'), models.CheckConstraint(condition=models.Q(('thread', models.F('other')), _negated=True), name='no_duplicate_of_itself'), models.CheckConstraint(condition=models.Q(models.Q(('undone_at__isnull', True), ('undone_by__isnull', True)), models.Q(('undone_at__isnull', False), ('undone_by__isnull', False)), _connector='OR'), name='closing_undone_by_somebody')],
            },
        ),
    ]
