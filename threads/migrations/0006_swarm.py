"""The swarm of a thread, requests for help, guests, read positions; and two indexes for what is newest in a topic."""

import community.rules.clock
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('community', '0004_reach'),
        ('threads', '0005_live_records'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Application',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='Asked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
                ('first', models.BooleanField(default=False)),
                ('reasons', models.JSONField(default=list)),
                ('asked_at', models.DateTimeField(default=community.rules.clock.now)),
                ('answer_by', models.DateTimeField()),
                ('answer', models.CharField(blank=True, choices=[('', 'No answer yet'), ('accepted', 'Helps'), ('declined', 'Cannot help'), ('more_information', 'Needs to know more'), ('expired', 'Did not answer in time'), ('withdrawn', 'Not needed any more')], default='', max_length=20)),
                ('note', models.TextField(blank=True, default='')),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('information', models.TextField(blank=True, default='')),
            ],
            options={
                'ordering': ('request', 'place'),
            },
        ),
        migrations.CreateModel(
            name='Guest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(default=community.rules.clock.now)),
                ('reads_only', models.BooleanField(default=False)),
                ('until', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('since', 'id'),
            },
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('summary', models.TextField()),
                ('html', models.TextField()),
                ('offered_at', models.DateTimeField(default=community.rules.clock.now)),
                ('state', models.CharField(choices=[('offered', 'Offered'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn')], default='offered', max_length=10)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.TextField(blank=True, default='')),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='Helper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(default=community.rules.clock.now)),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('removed', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ('since', 'id'),
            },
        ),
        migrations.CreateModel(
            name='HelpRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.TextField()),
                ('html', models.TextField()),
                ('due_at', models.DateTimeField()),
                ('target', models.CharField(choices=[('matched', 'Whoever fits best'), ('members', 'These people'), ('organization', 'People of an organization'), ('center', 'People of a center'), ('tag', 'Experts in a topic')], default='matched', max_length=12)),
                ('scope', models.CharField(blank=True, default='', max_length=80)),
                ('language', models.CharField(blank=True, default='', max_length=8)),
                ('wanted', models.PositiveSmallIntegerField(default=1)),
                ('at_once', models.PositiveSmallIntegerField(default=1)),
                ('beyond', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('open', 'Open'), ('answered', 'Answered'), ('exhausted', 'Nobody left to ask'), ('withdrawn', 'Withdrawn'), ('closed', 'Ended with the thread')], default='open', max_length=10)),
                ('opened_at', models.DateTimeField(default=community.rules.clock.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('next_try_at', models.DateTimeField(blank=True, null=True)),
                ('overdue_told', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('call', 'Call'), ('meeting', 'Meeting')], default='call', max_length=10)),
                ('held_at', models.DateTimeField()),
                ('minutes', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1440)])),
                ('others', models.CharField(blank=True, default='', max_length=400)),
                ('outcome', models.TextField()),
                ('html', models.TextField()),
                ('logged_at', models.DateTimeField(default=community.rules.clock.now)),
                ('deleted_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('-held_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='Named',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
            ],
            options={
                'ordering': ('place',),
            },
        ),
        migrations.CreateModel(
            name='ReadPosition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(default=0)),
                ('entry', models.PositiveBigIntegerField(default=0)),
                ('record_version', models.PositiveIntegerField(default=0)),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
            ],
        ),
        migrations.AlterField(
            model_name='searchentry',
            name='kind',
            field=models.CharField(choices=[('thread', 'Thread'), ('post', 'Post'), ('practice', 'Practice'), ('member', 'Member'), ('event', 'Event')], max_length=10),
        ),
        migrations.AddIndex(
            model_name='thread',
            index=models.Index(fields=['product', '-id'], name='thread_latest_of_product'),
        ),
        migrations.AddField(
            model_name='application',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='application',
            name='practice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='applications', to='threads.practice'),
        ),
        migrations.AddField(
            model_name='application',
            name='thread',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='applications', to='threads.thread'),
        ),
        migrations.AddField(
            model_name='asked',
            name='member',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='guest',
            name='ended_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='guest',
            name='invited_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='guest',
            name='member',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='guest',
            name='thread',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guests', to='threads.thread'),
        ),
        migrations.AddField(
            model_name='handover',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='handover',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='handover',
            name='thread',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hand_overs', to='threads.thread'),
        ),
        migrations.AddField(
            model_name='handover',
            name='to',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='helper',
            name='ended_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='helper',
            name='invited_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='helper',
            name='member',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='helping', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='helper',
            name='thread',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='helpers', to='threads.thread'),
        ),
        migrations.AddField(
            model_name='helprequest',
            name='by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='helprequest',
            name='center',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.center'),
        ),
        migrations.AddField(
            model_name='helprequest',
            name='organization',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.organization'),
        ),
        migrations.AddField(
            model_name='helprequest',
            name='thread',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='requests', to='threads.thread'),
        ),
        migrations.AddField(
            model_name='asked',
            name='request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='asked', to='threads.helprequest'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='attendees',
            field=models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='meeting',
            name='deleted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='meeting',
            name='logged_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='meeting',
            name='thread',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='meetings', to='threads.thread'),
        ),
        migrations.AddField(
            model_name='named',
            name='member',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='named',
            name='request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='named_in_order', to='threads.helprequest'),
        ),
        migrations.AddField(
            model_name='helprequest',
            name='named',
            field=models.ManyToManyField(related_name='+', through='threads.Named', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='readposition',
            name='member',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='readposition',
            name='thread',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='threads.thread'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.UniqueConstraint(fields=('thread', 'practice'), name='applied_once'),
        ),
        migrations.AddIndex(
            model_name='guest',
            index=models.Index(condition=models.Q(('until__isnull', True)), fields=['member', 'thread'], name='guest_now'),
        ),
        migrations.AddConstraint(
            model_name='guest',
            constraint=models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('thread', 'member'), name='guest_once'),
        ),
        migrations.AddConstraint(
            model_name='guest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_by__isnull', True), ('until__isnull', True)), ('until__isnull', False), _connector='OR'), name='guest_ended_by_and_when'),
        ),
        migrations.AddIndex(
            model_name='handover',
            index=models.Index(condition=models.Q(('state', 'offered')), fields=['to'], name='hand_over_waiting'),
        ),
        migrations.AddIndex(
            model_name='handover',
            index=models.Index(fields=['thread', '-id'], name='hand_over_latest'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'offered')), fields=('thread',), name='hand_over_offered_once'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True), ('state', 'offered')), models.Q(models.Q(('state', 'offered'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='hand_over_answered_by_and_when'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('to__isnull', True), models.Q(('to', models.F('by')), _negated=True), _connector='OR'), name='no_hand_over_to_oneself'),
        ),
        migrations.AddIndex(
            model_name='helper',
            index=models.Index(condition=models.Q(('until__isnull', True)), fields=['member'], name='helping_now'),
        ),
        migrations.AddIndex(
            model_name='helper',
            index=models.Index(condition=models.Q(('removed', True)), fields=['thread', 'member'], name='helper_removed'),
        ),
        migrations.AddConstraint(
            model_name='helper',
            constraint=models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('thread', 'member'), name='helping_once'),
        ),
        migrations.AddConstraint(
            model_name='helper',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_by__isnull', True), ('until__isnull', True)), ('until__isnull', False), _connector='OR'), name='helping_ended_by_and_when'),
        ),
        migrations.AddConstraint(
            model_name='helper',
            constraint=models.CheckConstraint(condition=models.Q(('removed', False), ('until__isnull', False), _connector='OR'), name='removed_helps_no_more'),
        ),
        migrations.AddIndex(
            model_name='asked',
            index=models.Index(condition=models.Q(('answer', '')), fields=['answer_by'], name='asked_to_pass_on'),
        ),
        migrations.AddIndex(
            model_name='asked',
            index=models.Index(fields=['member', '-asked_at'], name='asked_of_member'),
        ),
        migrations.AddConstraint(
            model_name='asked',
            constraint=models.UniqueConstraint(fields=('request', 'member'), name='asked_once'),
        ),
        migrations.AddConstraint(
            model_name='asked',
            constraint=models.UniqueConstraint(fields=('request', 'place'), name='asked_in_order'),
        ),
        migrations.AddConstraint(
            model_name='asked',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='asked_answered_and_when'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gte', 1), ('minutes__lte', 1440)), name='meeting_has_a_length'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('deleted_at__isnull', True), ('deleted_by__isnull', True)), models.Q(('deleted_at__isnull', False), ('deleted_by__isnull', False)), _connector='OR'), name='meeting_deleted_with_who_and_when'),
        ),
        migrations.AddConstraint(
            model_name='named',
            constraint=models.UniqueConstraint(fields=('request', 'member'), name='named_once'),
        ),
        migrations.AddIndex(
            model_name='helprequest',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['next_try_at'], name='request_to_try'),
        ),
        migrations.AddIndex(
            model_name='helprequest',
            index=models.Index(condition=models.Q(('overdue_told', False), ('state', 'open')), fields=['due_at'], name='request_to_be_late'),
        ),
        migrations.AddIndex(
            model_name='helprequest',
            index=models.Index(fields=['by', '-opened_at'], name='request_of_member'),
        ),
        migrations.AddConstraint(
            model_name='helprequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('organization__isnull', False), ('target', 'organization')), models.Q(models.Q(('target', 'organization'), _negated=True), ('organization__isnull', True)), _connector='OR'), name='request_names_its_organization'),
        ),
        migrations.AddConstraint(
            model_name='helprequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('center__isnull', False), ('target', 'center')), models.Q(models.Q(('target', 'center'), _negated=True), ('center__isnull', True)), _connector='OR'), name='request_names_its_center'),
        ),
        migrations.AddConstraint(
            model_name='helprequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('target', 'tag'), models.Q(('scope', ''), _negated=True)), models.Q(models.Q(('target', 'tag'), _negated=True), ('scope', '')), _connector='OR'), name='request_names_its_topic'),
        ),
        migrations.AddConstraint(
            model_name='helprequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='request_ended_when_not_open'),
        ),
        migrations.AddConstraint(
            model_name='helprequest',
            constraint=models.CheckConstraint(condition=models.Q(('at_once__gte', 1), ('at_once__lte', 5), ('wanted__gte', 1), ('wanted__lte', 5)), name='request_wants_some'),
        ),
        migrations.AddConstraint(
            model_name='readposition',
            constraint=models.UniqueConstraint(fields=('member', 'thread'), name='read_position_once'),
        ),
        migrations.RunSQL(
            "CREATE INDEX threads_thread_tags_newest ON threads_thread_tags (tag_id, thread_id DESC)",
            "DROP INDEX threads_thread_tags_newest",
        ),
    ]
