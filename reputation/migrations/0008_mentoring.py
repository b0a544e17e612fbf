"""Mentors and mentorings."""

import community.rules.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('community', '0005_marks'),
        ('reputation', '0007_by_space_and_month'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Mentor',
            fields=[
                ('member', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('since', models.DateTimeField(default=community.rules.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name='Mentoring',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(max_length=80)),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('running', 'Running'), ('declined', 'Declined'), ('withdrawn', 'Taken back'), ('ended', 'Ended')], default='asked', max_length=10)),
                ('what', models.CharField(max_length=1000)),
                ('asked_at', models.DateTimeField(default=community.rules.clock.now)),
                ('note', models.CharField(blank=True, default='', max_length=1000)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('learner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mentor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='MentoringHelped',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
                ('taken_back_at', models.DateTimeField(blank=True, null=True)),
                ('mentoring', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='helped', to='reputation.mentoring')),
            ],
            options={
                'ordering': ('-id',),
            },
        ),
        migrations.AddIndex(
            model_name='mentoring',
            index=models.Index(fields=['learner', '-asked_at'], name='mentoring_of_learner'),
        ),
        migrations.AddIndex(
            model_name='mentoring',
            index=models.Index(fields=['mentor', 'state', '-id'], name='mentoring_of_mentor'),
        ),
        migrations.AddConstraint(
            model_name='mentoring',
            constraint=models.CheckConstraint(condition=models.Q(('learner', models.F('mentor')), _negated=True), name='nobody_mentors_themselves'),
        ),
        migrations.AddConstraint(
            model_name='mentoring',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('asked', 'running'))), fields=('learner', 'mentor', 'scope'), name='mentoring_once_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='mentoring',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('asked', 'withdrawn')), ('answered_at__isnull', False), ('state', 'ended'), _connector='OR'), name='mentoring_answered_and_when'),
        ),
        migrations.AddConstraint(
            model_name='mentoring',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('asked', 'running', 'declined')), ('ended_at__isnull', True)), models.Q(('state__in', ('withdrawn', 'ended')), ('ended_at__isnull', False)), _connector='OR'), name='mentoring_ended_and_when'),
        ),
    ]
