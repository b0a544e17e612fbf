"""The life of a practice: what people say of it, who looks after it, who reviews it, who may see it."""

import community.rules.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


STEPS = {"archived": 0, "work_in_progress": 1, "not_validated": 2, "validated": 3}


def say_what_was_known(apps, schema_editor):
    """Give each practice its place and owner; what a curator validated by hand stays so, as brought along."""
    practices = apps.get_model("threads", "Practice").objects
    versions = apps.get_model("threads", "PracticeVersion").objects
    for rows in batches(practices.only("confidence", "updated_at", "source_site", "recorded_by_id")):
        for row in rows:
            row.place = STEPS[row.confidence] * 10**11 + int(row.updated_at.timestamp())
            row.owner_id = None if row.source_site else row.recorded_by_id
            row.basis = "imported" if row.confidence == "validated" else ""
        practices.bulk_update(rows, ["place", "owner", "basis"])
    versions.filter(number=1).update(kind="recorded")
    # Else PostgreSQL makes no index in this transaction: references to owners would still be to be checked.
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.connection.check_constraints()


def batches(rows, size=500):
    """All of the rows, by id, in lists of that size."""
    last = 0
    while found := list(rows.filter(pk__gt=last).order_by("pk")[:size]):
        yield found
        last = found[-1].pk


class Migration(migrations.Migration):

    dependencies = [
        ('community', '0004_reach'),
        ('threads', '0007_records_in_search'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AudienceChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.CharField(choices=[('center', 'My center'), ('organization', 'My organization'), ('organizations', 'Named organizations'), ('space', 'Everyone in the space'), ('network', 'Everyone in the network'), ('public', 'Public, without signing in')], max_length=15)),
                ('after', models.CharField(choices=[('center', 'My center'), ('organization', 'My organization'), ('organizations', 'Named organizations'), ('space', 'Everyone in the space'), ('network', 'Everyone in the network'), ('public', 'Public, without signing in')], max_length=15)),
                ('organizations', models.JSONField(default=list)),
                ('reason', models.CharField(blank=True, default='', max_length=400)),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='CuratorTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('began_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('grant_made', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ('starts_at', 'id'),
            },
        ),
        migrations.CreateModel(
            name='DuplicatePair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('score', models.FloatField(default=0)),
                ('found_at', models.DateTimeField(default=community.rules.clock.now)),
                ('state', models.CharField(choices=[('open', 'Open'), ('dismissed', 'Not the same'), ('merged', 'Merged')], default='open', max_length=10)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('-score', 'id'),
            },
        ),
        migrations.CreateModel(
            name='Governance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mode', models.CharField(choices=[('experience', 'By experience'), ('compliance', 'By approval')], default='experience', max_length=10)),
                ('set_at', models.DateTimeField(default=community.rules.clock.now)),
                ('reason', models.CharField(blank=True, default='', max_length=400)),
            ],
        ),
        migrations.CreateModel(
            name='Keeper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(default=community.rules.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name='KeptFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('digest', models.CharField(max_length=64)),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('new', 'New'), ('changed', 'Changed'), ('challenged', 'Challenged'), ('due', 'Due for review'), ('suggested', 'Suggested')], max_length=12)),
                ('version', models.PositiveIntegerField()),
                ('base_version', models.PositiveIntegerField(default=0)),
                ('opened_at', models.DateTimeField(default=community.rules.clock.now)),
                ('state', models.CharField(choices=[('open', 'Open'), ('changes_asked', 'Changes asked for'), ('closed', 'Closed')], default='open', max_length=14)),
                ('outcome', models.CharField(blank=True, choices=[('', 'Not decided'), ('approved', 'Approved'), ('revised', 'Revised'), ('retired', 'Retired'), ('merged', 'Merged'), ('rejected', 'Rejected'), ('kept', 'Kept as it is')], default='', max_length=10)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, default='', max_length=400)),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='ReviewComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(blank=True, default='', max_length=12)),
                ('line', models.PositiveIntegerField(blank=True, null=True)),
                ('quote', models.CharField(blank=True, default='', max_length=400)),
                ('body', models.TextField()),
                ('html', models.TextField()),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='Sample',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scores', models.JSONField(default=dict)),
                ('score', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('comment', models.TextField(blank=True, default='')),
                ('scored_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='SamplingRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
                ('seed', models.BigIntegerField()),
                ('size', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(blank=True, default='', max_length=10)),
                ('since', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('base_version', models.PositiveIntegerField()),
                ('title', models.CharField(blank=True, default='', max_length=200)),
                ('fields', models.JSONField(default=dict)),
                ('reason', models.CharField(max_length=400)),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
                ('state', models.CharField(choices=[('open', 'Open'), ('accepted', 'Taken up'), ('rejected', 'Not taken up'), ('withdrawn', 'Withdrawn')], default='open', max_length=10)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('reply', models.CharField(blank=True, default='', max_length=400)),
                ('accepted_version', models.PositiveIntegerField(blank=True, null=True)),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='Verdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('worked', 'Worked for us'), ('changes', 'Worked with changes'), ('failed', 'Did not work'), ('outdated', 'Outdated'), ('dangerous', 'Dangerous')], max_length=10)),
                ('environment', models.CharField(blank=True, default='', max_length=400)),
                ('note', models.TextField(blank=True, default='')),
                ('version', models.PositiveIntegerField(default=1)),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
                ('superseded_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='WatchedName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('folded', models.CharField(max_length=80)),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
            ],
            options={
                'ordering': ('folded',),
            },
        ),
        migrations.RemoveConstraint(
            model_name='practice',
            name='practice_has_a_resolution',
        ),
        migrations.AddField(
            model_name='practice',
            name='adopted_count',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='practice',
            name='basis',
            field=models.CharField(blank=True, choices=[('', 'Nobody has confirmed it yet'), ('computed', 'Organizations said that it works'), ('approved', 'Approved by those responsible'), ('imported', 'Brought along')], default='', max_length=12),
        ),
        migrations.AddField(
            model_name='practice',
            name='changed',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='practice',
            name='claimed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='practice',
            name='claimed_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='practice',
            name='compared_version',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='practice',
            name='consent_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='practice',
            name='consent_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='practice',
            name='dangerous',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='practice',
            name='due_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='practice',
            name='failed',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='practice',
            name='files',
            field=models.ManyToManyField(blank=True, related_name='practices', to='threads.attachment'),
        ),
        migrations.AddField(
            model_name='practice',
            name='follows_record',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='practice',
            name='helpful',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='practice',
            name='history_from',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='practice',
            name='judged_from',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='practice',
            name='last_worked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='practice',
            name='merged_into',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='threads.practice'),
        ),
        migrations.AddField(
            model_name='practice',
            name='outdated',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='practice',
            name='owner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='owned_practices', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='practice',
            name='place',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='practice',
            name='public_html',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='practice',
            name='public_text',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='practice',
            name='published_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='practice',
            name='published_version',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='practice',
            name='rejudge',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='practice',
            name='reuse_count',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='practice',
            name='reviewed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='practice',
            name='reviewed_version',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='practice',
            name='score',
            field=models.PositiveSmallIntegerField(default=50),
        ),
        migrations.AddField(
            model_name='practice',
            name='slug',
            field=models.SlugField(blank=True, max_length=80, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='practice',
            name='unhelpful',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='practice',
            name='warned_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='practice',
            name='widened_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='practice',
            name='worked',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='practiceversion',
            name='kind',
            field=models.CharField(choices=[('recorded', 'Recorded'), ('edited', 'Edited'), ('restored', 'An earlier version brought back'), ('suggested', 'A suggestion taken up'), ('state', 'Its state changed'), ('merged', 'Merged'), ('imported', 'Brought along')], default='edited', max_length=12),
        ),
        migrations.AddField(
            model_name='practiceversion',
            name='product',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='threads.product'),
        ),
        migrations.AddField(
            model_name='practiceversion',
            name='restores',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='practiceversion',
            name='suggested_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='practiceversion',
            name='tags',
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='timelineentry',
            name='practice',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='threads.practice'),
        ),
        migrations.AlterField(
            model_name='practice',
            name='audience',
            field=models.CharField(choices=[('center', 'My center'), ('organization', 'My organization'), ('organizations', 'Named organizations'), ('space', 'Everyone in the space'), ('network', 'Everyone in the network'), ('public', 'Public, without signing in')], default='space', max_length=15),
        ),
        migrations.AddIndex(
            model_name='practice',
            index=models.Index(fields=['-place', '-id'], name='practice_by_place'),
        ),
        migrations.AddIndex(
            model_name='practice',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='practice_due'),
        ),
        migrations.AddIndex(
            model_name='practice',
            index=models.Index(condition=models.Q(('audience', 'public')), fields=['-published_at'], name='practice_public'),
        ),
        migrations.AddIndex(
            model_name='practice',
            index=models.Index(condition=models.Q(('confidence', 'not_validated')), fields=['-reuse_count'], name='practice_reused'),
        ),
        migrations.AddIndex(
            model_name='practice',
            index=models.Index(condition=models.Q(('rejudge', True)), fields=['id'], name='practice_to_rejudge'),
        ),
        migrations.AddIndex(
            model_name='timelineentry',
            index=models.Index(condition=models.Q(('practice__isnull', False)), fields=['practice'], name='timeline_of_practice'),
        ),
        migrations.AddConstraint(
            model_name='practice',
            constraint=models.CheckConstraint(condition=models.Q(('confidence__in', ['work_in_progress', 'archived']), models.Q(('resolution', ''), _negated=True), _connector='OR'), name='practice_has_a_resolution'),
        ),
        migrations.AddConstraint(
            model_name='practice',
            constraint=models.CheckConstraint(condition=models.Q(('follows_record', False), models.Q(('confidence', 'work_in_progress'), ('thread__isnull', False)), _connector='OR'), name='practice_follows_its_thread'),
        ),
        migrations.AddConstraint(
            model_name='practice',
            constraint=models.CheckConstraint(condition=models.Q(('follows_record', False), models.Q(('audience__in', ['network', 'public']), _negated=True), _connector='OR'), name='practice_mirror_stays_inside'),
        ),
        migrations.AddConstraint(
            model_name='practice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('claimed_by__isnull', True), ('claimed_until__isnull', True)), models.Q(('claimed_by__isnull', False), ('claimed_until__isnull', False)), _connector='OR'), name='practice_claimed_with_end'),
        ),
        migrations.AddConstraint(
            model_name='practice',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into__isnull', True), ('confidence', 'archived'), _connector='OR'), name='practice_merged_is_archived'),
        ),
        migrations.AddConstraint(
            model_name='practice',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into__isnull', True), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='practice_not_merged_into_itself'),
        ),
        migrations.AddConstraint(
            model_name='practice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('audience', 'public'), _negated=True), ('published_at__isnull', True)), models.Q(('audience', 'public'), ('published_at__isnull', False), ('slug__isnull', False)), _connector='OR'), name='practice_public_is_published'),
        ),
        migrations.AddConstraint(
            model_name='practice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('consent_at__isnull', True), ('consent_by__isnull', True)), models.Q(('consent_at__isnull', False), ('consent_by__isnull', False)), _connector='OR'), name='practice_consent_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='practice',
            constraint=models.CheckConstraint(condition=models.Q(('score__gte', 0), ('score__lte', 100)), name='practice_score_in_range'),
        ),
        migrations.AddField(
            model_name='audiencechange',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='audiencechange',
            name='practice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='audience_changes', to='threads.practice'),
        ),
        migrations.AddField(
            model_name='curatorterm',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='curatorterm',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='curator_terms', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='curatorterm',
            name='space',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='curator_terms', to='community.space'),
        ),
        migrations.AddField(
            model_name='duplicatepair',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='duplicatepair',
            name='first',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='threads.practice'),
        ),
        migrations.AddField(
            model_name='duplicatepair',
            name='proposed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='duplicatepair',
            name='second',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='threads.practice'),
        ),
        migrations.AddField(
            model_name='governance',
            name='product',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='threads.product'),
        ),
        migrations.AddField(
            model_name='governance',
            name='set_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='governance',
            name='space',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.space'),
        ),
        migrations.AddField(
            model_name='governance',
            name='tag',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='threads.tag'),
        ),
        migrations.AddField(
            model_name='keeper',
            name='governance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kept_by', to='threads.governance'),
        ),
        migrations.AddField(
            model_name='keeper',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keeping', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='governance',
            name='keepers',
            field=models.ManyToManyField(related_name='+', through='threads.Keeper', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='keptfinding',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='keptfinding',
            name='practice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kept_findings', to='threads.practice'),
        ),
        migrations.AddField(
            model_name='review',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='review',
            name='opened_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='review',
            name='practice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='threads.practice'),
        ),
        migrations.AddField(
            model_name='reviewcomment',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reviewcomment',
            name='done_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reviewcomment',
            name='review',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='threads.review'),
        ),
        migrations.AddField(
            model_name='sample',
            name='practice',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='threads.practice'),
        ),
        migrations.AddField(
            model_name='sample',
            name='scorer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sample',
            name='thread',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='threads.thread'),
        ),
        migrations.AddField(
            model_name='samplinground',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='samplinground',
            name='space',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.space'),
        ),
        migrations.AddField(
            model_name='sample',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='samples', to='threads.samplinground'),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suggestions', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.organization'),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='practice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suggestions', to='threads.practice'),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='thread',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='threads.thread'),
        ),
        migrations.AddField(
            model_name='verdict',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='answered', to='threads.review'),
        ),
        migrations.AddField(
            model_name='verdict',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verdicts', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='verdict',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.organization'),
        ),
        migrations.AddField(
            model_name='verdict',
            name='practice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='verdicts', to='threads.practice'),
        ),
        migrations.AddField(
            model_name='verdict',
            name='thread',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='threads.thread'),
        ),
        migrations.AddField(
            model_name='watchedname',
            name='added_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='watchedname',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='watched_names', to='community.organization'),
        ),
        migrations.AddIndex(
            model_name='curatorterm',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['starts_at'], name='term_running'),
        ),
        migrations.AddConstraint(
            model_name='curatorterm',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='term_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='duplicatepair',
            constraint=models.UniqueConstraint(fields=('first', 'second'), name='pair_once'),
        ),
        migrations.AddConstraint(
            model_name='duplicatepair',
            constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='pair_in_order'),
        ),
        migrations.AddConstraint(
            model_name='keeper',
            constraint=models.UniqueConstraint(fields=('governance', 'member'), name='keeper_once'),
        ),
        migrations.AddConstraint(
            model_name='governance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('product__isnull', False), ('tag__isnull', True)), models.Q(('product__isnull', True), ('tag__isnull', False)), _connector='OR'), name='governance_of_a_product_or_tag'),
        ),
        migrations.AddConstraint(
            model_name='governance',
            constraint=models.UniqueConstraint(condition=models.Q(('product__isnull', False), ('space__isnull', False)), fields=('space', 'product'), name='governance_of_product_in_space_once'),
        ),
        migrations.AddConstraint(
            model_name='governance',
            constraint=models.UniqueConstraint(condition=models.Q(('product__isnull', False), ('space__isnull', True)), fields=('product',), name='governance_of_product_once'),
        ),
        migrations.AddConstraint(
            model_name='governance',
            constraint=models.UniqueConstraint(condition=models.Q(('space__isnull', False), ('tag__isnull', False)), fields=('space', 'tag'), name='governance_of_tag_in_space_once'),
        ),
        migrations.AddConstraint(
            model_name='governance',
            constraint=models.UniqueConstraint(condition=models.Q(('space__isnull', True), ('tag__isnull', False)), fields=('tag',), name='governance_of_tag_once'),
        ),
        migrations.AddConstraint(
            model_name='keptfinding',
            constraint=models.UniqueConstraint(fields=('practice', 'digest'), name='finding_kept_once'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(condition=models.Q(('state', 'closed'), _negated=True), fields=['state', 'opened_at'], name='review_open'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'closed'), _negated=True), fields=('practice',), name='review_open_once'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('state', 'closed'), _negated=True), ('outcome', '')), models.Q(('decided_at__isnull', False), ('state', 'closed'), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='review_closed_is_decided'),
        ),
        migrations.AddConstraint(
            model_name='reviewcomment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('done_by__isnull', True)), models.Q(('done_at__isnull', False), ('done_by__isnull', False)), _connector='OR'), name='comment_done_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='sample',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('practice__isnull', False), ('thread__isnull', True)), models.Q(('practice__isnull', True), ('thread__isnull', False)), _connector='OR'), name='sample_of_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='sample',
            constraint=models.UniqueConstraint(condition=models.Q(('practice__isnull', False)), fields=('round', 'practice'), name='practice_sampled_once'),
        ),
        migrations.AddConstraint(
            model_name='sample',
            constraint=models.UniqueConstraint(condition=models.Q(('thread__isnull', False)), fields=('round', 'thread'), name='thread_sampled_once'),
        ),
        migrations.AddIndex(
            model_name='suggestion',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['practice', 'id'], name='suggestion_open'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('practice', 'author'), name='suggestion_open_once'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='suggestion_decided_and_when'),
        ),
        migrations.AddIndex(
            model_name='verdict',
            index=models.Index(fields=['practice', 'organization'], name='verdict_by_organization'),
        ),
        migrations.AddIndex(
            model_name='verdict',
            index=models.Index(fields=['member', '-at'], name='verdict_of_member'),
        ),
        migrations.AddConstraint(
            model_name='verdict',
            constraint=models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True)), fields=('practice', 'member'), name='verdict_stands_once'),
        ),
        migrations.AddConstraint(
            model_name='verdict',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['failed', 'outdated', 'dangerous']), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='verdict_against_says_why'),
        ),
        migrations.AddConstraint(
            model_name='watchedname',
            constraint=models.UniqueConstraint(fields=('organization', 'folded'), name='watched_name_once'),
        ),
        migrations.RunPython(say_what_was_known, migrations.RunPython.noop),
    ]
