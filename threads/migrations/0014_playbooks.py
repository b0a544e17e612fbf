import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import community.rules.clock


class Migration(migrations.Migration):

    dependencies = [
        ('community', '0004_reach'),
        ('threads', '0013_practices_spread'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Playbook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.CharField(choices=[('center', 'My center'), ('organization', 'My organization'), ('organizations', 'Named organizations'), ('space', 'Everyone in the space')], default='space', max_length=15)),
                ('title', models.CharField(max_length=200)),
                ('purpose', models.TextField(blank=True, default='')),
                ('purpose_html', models.TextField(blank=True, default='')),
                ('kind', models.CharField(choices=[('resolution', 'Resolution'), ('escalation', 'Escalation')], default='resolution', max_length=10)),
                ('steps', models.JSONField(default=list)),
                ('html', models.JSONField(default=dict)),
                ('version', models.PositiveIntegerField(default=1)),
                ('made_at', models.DateTimeField(default=community.rules.clock.now)),
                ('updated_at', models.DateTimeField(default=community.rules.clock.now)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('audience_organizations', models.ManyToManyField(blank=True, related_name='+', to='community.organization')),
                ('center', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.center')),
                ('keeper', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.organization')),
                ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='threads.product')),
                ('retired_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('space', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.space')),
                ('tags', models.ManyToManyField(blank=True, related_name='+', to='threads.tag')),
            ],
            options={
                'ordering': ('-updated_at', '-id'),
                'indexes': [models.Index(fields=['-updated_at', '-id'], name='playbook_latest'), models.Index(fields=['product', '-updated_at'], name='playbook_by_product')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('audience', 'center'), _negated=True), ('center__isnull', False), _connector='OR'), name='playbook_for_a_center_has_one'), models.CheckConstraint(condition=models.Q(models.Q(('retired_at__isnull', True), ('retired_by__isnull', True)), models.Q(('retired_at__isnull', False), ('retired_by__isnull', False)), _connector='OR'), name='playbook_retired_by_and_when')],
            },
        ),
        migrations.CreateModel(
            name='PlaybookVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('purpose', models.TextField(blank=True, default='')),
                ('kind', models.CharField(choices=[('resolution', 'Resolution'), ('escalation', 'Escalation')], max_length=10)),
                ('steps', models.JSONField(default=list)),
                ('reason', models.CharField(blank=True, default='', max_length=400)),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('playbook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='threads.playbook')),
            ],
            options={
                'ordering': ('-number',),
                'constraints': [models.UniqueConstraint(fields=('playbook', 'number'), name='playbook_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('resolution', 'Resolution'), ('escalation', 'Escalation')], max_length=10)),
                ('steps', models.JSONField(default=list)),
                ('html', models.JSONField(default=dict)),
                ('started_at', models.DateTimeField(default=community.rules.clock.now)),
                ('state', models.CharField(choices=[('running', 'Running'), ('finished', 'Finished'), ('abandoned', 'Given up')], default='running', max_length=10)),
                ('outcome', models.CharField(blank=True, choices=[('solved', 'It solved the problem'), ('helped', 'It helped'), ('escalated', 'It was brought before others'), ('not_helped', 'It did not help')], default='', max_length=10)),
                ('note', models.CharField(blank=True, default='', max_length=1000)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('playbook', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='threads.playbook')),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('thread', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='runs', to='threads.thread')),
            ],
            options={
                'ordering': ('-id',),
                'indexes': [models.Index(fields=['playbook', '-id'], name='run_of_playbook'), models.Index(fields=['thread', '-id'], name='run_in_thread')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'running')), fields=('thread', 'playbook'), name='playbook_runs_once'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True), ('state', 'running')), models.Q(models.Q(('state', 'running'), _negated=True), ('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='run_ended_by_and_when'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'finished'), _negated=True), models.Q(('outcome', ''), _negated=True), _connector='OR'), name='finished_run_has_outcome')],
            },
        ),
        migrations.CreateModel(
            name='RunStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=8)),
                ('state', models.CharField(choices=[('open', 'Open'), ('done', 'Done'), ('skipped', 'Skipped'), ('failed', 'Failed')], default='open', max_length=8)),
                ('choice', models.CharField(blank=True, default='', max_length=8)),
                ('note', models.CharField(blank=True, default='', max_length=1000)),
                ('at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='marks', to='threads.run')),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.UniqueConstraint(fields=('run', 'key'), name='step_of_run_once'), models.CheckConstraint(condition=models.Q(models.Q(('at__isnull', True), ('by__isnull', True), ('choice', ''), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('at__isnull', False), ('by__isnull', False)), _connector='OR'), name='step_marked_by_and_when'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['skipped', 'failed']), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='step_not_done_says_why'), models.CheckConstraint(condition=models.Q(('version__gt', 0), ('state', 'open'), _connector='OR'), name='marked_step_has_version')],
            },
        ),
    ]
