"""All that new sites need of the first twenty migrations, in one: sites that have some of these go on with them.

Django draws all models anew after every step of a migration, so that four hundred steps took a new site the better part
of a minute. Here the tables are made in one step, from the models as the twentieth migration left them.
"""

import uuid
from importlib import import_module

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

import community.rules.clock

SEARCH, PLANNED_ONCE, FINDING = (
    import_module(f"threads.migrations.{name}")
    for name in ("0002_search", "0004_search_words_planned_once", "0019_finding")
)


class CreateModels(Operation):
    """Makes the tables of models that may refer to each other in any order."""

    def __init__(self, created: list[migrations.CreateModel]) -> None:
        self.created = created

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Add them all before any of them is drawn."""
        state.__dict__.pop("apps", None)
        for each in self.created:
            each.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, editor: BaseDatabaseSchemaEditor, _before: ProjectState, after: ProjectState
    ) -> None:
        """Make their tables, with indexes and constraints."""
        for each in self.created:
            editor.create_model(after.apps.get_model(app_label, each.name))

    def database_backwards(
        self, app_label: str, editor: BaseDatabaseSchemaEditor, after: ProjectState, _before: ProjectState
    ) -> None:
        """Drop their tables, the last first."""
        for each in reversed(self.created):
            editor.delete_model(after.apps.get_model(app_label, each.name))

    def describe(self) -> str:
        """What Django says that it does."""
        return f"Create {len(self.created)} models"


CREATED = [
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.CharField(max_length=40, unique=True)),
            ],
            options={
                'ordering': ('slug',),
            },
        ),
        migrations.CreateModel(
            name='Thread',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_site', models.CharField(blank=True, default='', max_length=100)),
                ('source_id', models.CharField(blank=True, default='', max_length=64)),
                ('source_url', models.URLField(blank=True, default='', max_length=500)),
                ('source_license', models.CharField(blank=True, default='', max_length=60)),
                ('audience', models.CharField(choices=[('center', 'My center'), ('organization', 'My organization'), ('organizations', 'Named organizations'), ('space', 'Everyone in the space')], default='space', max_length=15)),
                ('title', models.CharField(max_length=200)),
                ('status', models.CharField(choices=[('open', 'Open'), ('waiting', 'Waiting'), ('resolved', 'Resolved'), ('closed', 'Closed')], default='open', max_length=10)),
                ('severity', models.PositiveSmallIntegerField(choices=[(1, '1 · Critical'), (2, '2 · High'), (3, '3 · Normal'), (4, '4 · Low')], default=3)),
                ('environment', models.TextField(blank=True, default='')),
                ('next_action', models.CharField(blank=True, default='', max_length=200)),
                ('next_action_due', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=community.rules.clock.now)),
                ('last_activity_at', models.DateTimeField(default=community.rules.clock.now)),
                ('last_number', models.PositiveIntegerField(default=0)),
                ('reply_count', models.PositiveIntegerField(default=0)),
                ('version', models.PositiveIntegerField(default=1)),
                ('audience_organizations', models.ManyToManyField(blank=True, related_name='+', to='community.organization')),
                ('author', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='threads', to=settings.AUTH_USER_MODEL)),
                ('center', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.center')),
                ('last_post_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('next_action_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.organization')),
                ('owner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='owned_threads', to=settings.AUTH_USER_MODEL)),
                ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='threads', to='threads.product')),
                ('product_version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='threads', to='threads.productversion')),
                ('space', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.space')),
                ('tags', models.ManyToManyField(blank=True, related_name='threads', to='threads.tag')),
            ],
            options={
                'indexes': [models.Index(fields=['space', '-last_activity_at', '-id'], name='thread_latest_in_space'), models.Index(fields=['space', 'status', '-last_activity_at', '-id'], name='thread_by_status'), models.Index(fields=['-last_activity_at', '-id'], name='thread_latest'), models.Index(fields=['author', '-id'], name='thread_of_author'), models.Index(fields=['owner', 'status'], name='thread_of_owner'), models.Index(fields=['product', '-id'], name='thread_latest_of_product')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('source_site', ''), _negated=True), fields=('source_site', 'source_id'), name='thread_source_once'), models.CheckConstraint(condition=models.Q(models.Q(('audience', 'center'), _negated=True), ('center__isnull', False), _connector='OR'), name='thread_for_a_center_has_one'), models.CheckConstraint(condition=models.Q(('severity__in', [1, 2, 3, 4])), name='thread_severity_is_one_of_four')],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_site', models.CharField(blank=True, default='', max_length=100)),
                ('source_id', models.CharField(blank=True, default='', max_length=64)),
                ('source_url', models.URLField(blank=True, default='', max_length=500)),
                ('source_license', models.CharField(blank=True, default='', max_length=60)),
                ('number', models.PositiveIntegerField()),
                ('body', models.TextField()),
                ('markup', models.CharField(choices=[('markdown', 'Markdown'), ('html', 'Html')], default='markdown', max_length=10)),
                ('html', models.TextField()),
                ('created_at', models.DateTimeField(default=community.rules.clock.now)),
                ('edited_at', models.DateTimeField(blank=True, null=True)),
                ('deleted_at', models.DateTimeField(blank=True, null=True)),
                ('client_id', models.CharField(blank=True, max_length=64, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('note_count', models.PositiveIntegerField(default=0)),
                ('votes', models.PositiveIntegerField(default=0)),
                ('imported_votes', models.PositiveIntegerField(default=0)),
                ('imported_score', models.IntegerField(blank=True, null=True)),
                ('author', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.organization')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='threads.post')),
                ('thread', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='threads.thread')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('parent__isnull', True)), fields=['thread', 'number'], name='reply_in_thread'), models.Index(fields=['author', '-id'], name='post_of_author')],
                'constraints': [models.UniqueConstraint(fields=('thread', 'number'), name='post_numbered_once'), models.UniqueConstraint(fields=('author', 'client_id'), name='post_sent_once'), models.UniqueConstraint(condition=models.Q(models.Q(('source_site', ''), _negated=True), ('parent__isnull', True)), fields=('source_site', 'source_id'), name='post_source_once'), models.UniqueConstraint(condition=models.Q(models.Q(('source_site', ''), _negated=True), ('parent__isnull', False)), fields=('source_site', 'source_id'), name='note_source_once'), models.CheckConstraint(condition=models.Q(models.Q(('deleted_at__isnull', True), ('deleted_by__isnull', True)), models.Q(('deleted_at__isnull', False), ('deleted_by__isnull', False)), _connector='OR'), name='post_deleted_with_who_and_when'), models.CheckConstraint(condition=models.Q(('parent__isnull', True), ('number__gt', 1), _connector='OR'), name='problem_is_no_note')],
            },
        ),
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('vendor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='products', to='community.organization')),
            ],
            options={
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='ProductVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='threads.product')),
            ],
            options={
                'ordering': ('name',),
                'constraints': [models.UniqueConstraint(fields=('product', 'name'), name='product_version_once')],
            },
        ),
        migrations.CreateModel(
            name='RecordVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('fields', models.JSONField()),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='threads.workingrecord')),
                ('reason', models.CharField(blank=True, default='', max_length=400)),
                ('runs', models.JSONField(blank=True, null=True)),
                ('seq', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ('number',),
                'constraints': [models.UniqueConstraint(fields=('record', 'number'), name='record_version_numbered_once')],
            },
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('thread', 'Thread'), ('post', 'Post'), ('practice', 'Practice'), ('member', 'Member'), ('event', 'Event'), ('playbook', 'Playbook')], max_length=10)),
                ('subject_id', models.BigIntegerField()),
                ('object_id', models.BigIntegerField()),
                ('title', models.TextField(blank=True, default='')),
                ('labels', models.TextField(blank=True, default='')),
                ('body', models.TextField(blank=True, default='')),
                ('size', models.PositiveIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'subject_id'], name='search_entry_of_subject'), models.Index(fields=['kind', 'size'], name='search_entry_size')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'object_id'), name='search_entry_once')],
            },
        ),
        migrations.CreateModel(
            name='WorkingRecord',
            fields=[
                ('thread', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='record', serialize=False, to='threads.thread')),
                ('problem', models.TextField(blank=True, default='')),
                ('environment', models.TextField(blank=True, default='')),
                ('cause', models.TextField(blank=True, default='')),
                ('resolution', models.TextField(blank=True, default='')),
                ('version', models.PositiveIntegerField(default=0)),
                ('updated_at', models.DateTimeField(blank=True, null=True)),
                ('updated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('indexed', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Resolution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('has_solution', models.BooleanField(default=False)),
                ('summary', models.TextField(blank=True, default='')),
                ('resolved_at', models.DateTimeField(default=community.rules.clock.now)),
                ('reopened_at', models.DateTimeField(blank=True, null=True)),
                ('reopen_reason', models.TextField(blank=True, default='')),
                ('posts', models.ManyToManyField(blank=True, related_name='resolutions', to='threads.post')),
                ('reopened_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('resolved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='resolutions', to='threads.thread')),
            ],
            options={
                'ordering': ('-id',),
                'constraints': [models.CheckConstraint(condition=models.Q(('has_solution', True), models.Q(('summary', ''), _negated=True), _connector='OR'), name='resolved_needs_solution_or_summary'), models.CheckConstraint(condition=models.Q(models.Q(('reopened_at__isnull', True), ('reopened_by__isnull', True)), models.Q(('reopened_at__isnull', False), ('reopened_by__isnull', False)), _connector='OR'), name='resolution_reopened_with_who_and_when'), models.UniqueConstraint(condition=models.Q(('reopened_at__isnull', True)), fields=('thread',), name='one_standing_resolution')],
            },
        ),
        migrations.CreateModel(
            name='Relation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('duplicate', 'Duplicate of'), ('related', 'Related to')], max_length=10)),
                ('added_at', models.DateTimeField(default=community.rules.clock.now)),
                ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='related_from', to='threads.thread')),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relations', to='threads.thread')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('thread', 'other', 'kind'), name='relation_once'), models.CheckConstraint(condition=models.Q(('thread', models.F('other')), _negated=True), name='no_relation_to_itself')],
            },
        ),
        migrations.CreateModel(
            name='Practice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_site', models.CharField(blank=True, default='', max_length=100)),
                ('source_id', models.CharField(blank=True, default='', max_length=64)),
                ('source_url', models.URLField(blank=True, default='', max_length=500)),
                ('source_license', models.CharField(blank=True, default='', max_length=60)),
                ('audience', models.CharField(choices=[('center', 'My center'), ('organization', 'My organization'), ('organizations', 'Named organizations'), ('space', 'Everyone in the space'), ('network', 'Everyone in the network'), ('public', 'Public, without signing in')], default='space', max_length=15)),
                ('title', models.CharField(max_length=200)),
                ('problem', models.TextField()),
                ('environment', models.TextField(blank=True, default='')),
                ('cause', models.TextField(blank=True, default='')),
                ('resolution', models.TextField(blank=True, default='')),
                ('problem_html', models.TextField(blank=True, default='')),
                ('environment_html', models.TextField(blank=True, default='')),
                ('cause_html', models.TextField(blank=True, default='')),
                ('resolution_html', models.TextField(blank=True, default='')),
                ('confidence', models.CharField(choices=[('work_in_progress', 'Work in progress'), ('not_validated', 'Not validated'), ('validated', 'Validated'), ('archived', 'Archived')], default='not_validated', max_length=20)),
                ('recorded_at', models.DateTimeField(default=community.rules.clock.now)),
                ('updated_at', models.DateTimeField(default=community.rules.clock.now)),
                ('version', models.PositiveIntegerField(default=1)),
                ('audience_organizations', models.ManyToManyField(blank=True, related_name='+', to='community.organization')),
                ('center', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.center')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.organization')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='practices', to=settings.AUTH_USER_MODEL)),
                ('space', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.space')),
                ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='practices', to='threads.product')),
                ('tags', models.ManyToManyField(blank=True, related_name='practices', to='threads.tag')),
                ('thread', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='practice', to='threads.thread')),
                ('basis', models.CharField(blank=True, choices=[('', 'Nobody has confirmed it yet'), ('computed', 'Organizations said that it works'), ('approved', 'Approved by those responsible'), ('imported', 'Brought along')], default='', max_length=12)),
                ('changed', models.PositiveSmallIntegerField(default=0)),
                ('claimed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claimed_until', models.DateTimeField(blank=True, null=True)),
                ('compared_version', models.PositiveIntegerField(default=0)),
                ('consent_at', models.DateTimeField(blank=True, null=True)),
                ('consent_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('dangerous', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('failed', models.PositiveSmallIntegerField(default=0)),
                ('files', models.ManyToManyField(blank=True, related_name='practices', to='threads.attachment')),
                ('follows_record', models.BooleanField(default=False)),
                ('helpful', models.PositiveIntegerField(default=0)),
                ('history_from', models.PositiveIntegerField(default=1)),
                ('judged_from', models.PositiveIntegerField(default=1)),
                ('last_worked_at', models.DateTimeField(blank=True, null=True)),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='threads.practice')),
                ('outdated', models.PositiveSmallIntegerField(default=0)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='owned_practices', to=settings.AUTH_USER_MODEL)),
                ('place', models.BigIntegerField(default=0)),
                ('public_html', models.JSONField(blank=True, default=dict)),
                ('public_text', models.JSONField(blank=True, default=dict)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('published_version', models.PositiveIntegerField(default=0)),
                ('rejudge', models.BooleanField(default=False)),
                ('reuse_count', models.PositiveIntegerField(default=0)),
                ('reviewed_at', models.DateTimeField(blank=True, null=True)),
                ('reviewed_version', models.PositiveIntegerField(default=0)),
                ('score', models.PositiveSmallIntegerField(default=50)),
                ('slug', models.SlugField(blank=True, max_length=80, null=True, unique=True)),
                ('unhelpful', models.PositiveIntegerField(default=0)),
                ('warned_at', models.DateTimeField(blank=True, null=True)),
                ('widened_at', models.DateTimeField(blank=True, null=True)),
                ('worked', models.PositiveSmallIntegerField(default=0)),
                ('needed', models.PositiveSmallIntegerField(default=0)),
                ('used', models.PositiveSmallIntegerField(default=0)),
                ('due_told', models.DateTimeField(blank=True, null=True)),
                ('mask_anew', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['-updated_at', '-id'], name='practice_latest'), models.Index(fields=['product', '-updated_at'], name='practice_by_product'), models.Index(fields=['-place', '-id'], name='practice_by_place'), models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='practice_due'), models.Index(condition=models.Q(('audience', 'public')), fields=['-published_at'], name='practice_public'), models.Index(condition=models.Q(('confidence', 'not_validated')), fields=['-reuse_count'], name='practice_reused'), models.Index(condition=models.Q(('rejudge', True)), fields=['id'], name='practice_to_rejudge'), models.Index(fields=['needed'], name='practice_by_needed'), models.Index(condition=models.Q(('mask_anew', True)), fields=['id'], name='practice_to_mask')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('source_site', ''), _negated=True), fields=('source_site', 'source_id'), name='practice_source_once'), models.CheckConstraint(condition=models.Q(models.Q(('audience', 'center'), _negated=True), ('center__isnull', False), _connector='OR'), name='practice_for_a_center_has_one'), models.CheckConstraint(condition=models.Q(('confidence__in', ['work_in_progress', 'archived']), models.Q(('resolution', ''), _negated=True), _connector='OR'), name='practice_has_a_resolution'), models.CheckConstraint(condition=models.Q(('follows_record', False), models.Q(('confidence', 'work_in_progress'), ('thread__isnull', False)), _connector='OR'), name='practice_follows_its_thread'), models.CheckConstraint(condition=models.Q(('follows_record', False), models.Q(('audience__in', ['network', 'public']), _negated=True), _connector='OR'), name='practice_mirror_stays_inside'), models.CheckConstraint(condition=models.Q(models.Q(('claimed_by__isnull', True), ('claimed_until__isnull', True)), models.Q(('claimed_by__isnull', False), ('claimed_until__isnull', False)), _connector='OR'), name='practice_claimed_with_end'), models.CheckConstraint(condition=models.Q(('merged_into__isnull', True), ('confidence', 'archived'), _connector='OR'), name='practice_merged_is_archived'), models.CheckConstraint(condition=models.Q(('merged_into__isnull', True), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='practice_not_merged_into_itself'), models.CheckConstraint(condition=models.Q(models.Q(models.Q(('audience', 'public'), _negated=True), ('published_at__isnull', True)), models.Q(('audience', 'public'), ('published_at__isnull', False), ('slug__isnull', False)), _connector='OR'), name='practice_public_is_published'), models.CheckConstraint(condition=models.Q(models.Q(('consent_at__isnull', True), ('consent_by__isnull', True)), models.Q(('consent_at__isnull', False), ('consent_by__isnull', False)), _connector='OR'), name='practice_consent_by_somebody'), models.CheckConstraint(condition=models.Q(('score__gte', 0), ('score__lte', 100)), name='practice_score_in_range')],
            },
        ),
        migrations.CreateModel(
            name='Following',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wanted', models.BooleanField(default=True)),
                ('since', models.DateTimeField(default=community.rules.clock.now)),
                ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='followings', to=settings.AUTH_USER_MODEL)),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='followings', to='threads.thread')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('member', 'thread'), name='following_once')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('file', models.FileField(max_length=200, upload_to='attachments/%Y/%m/')),
                ('name', models.CharField(max_length=200)),
                ('content_type', models.CharField(max_length=100)),
                ('size', models.PositiveIntegerField()),
                ('uploaded_at', models.DateTimeField(default=community.rules.clock.now)),
                ('uploader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to=settings.AUTH_USER_MODEL)),
                ('thread', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='threads.thread')),
                ('post', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='threads.post')),
            ],
        ),
        migrations.CreateModel(
            name='TimelineEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('after_number', models.PositiveIntegerField()),
                ('kind', models.CharField(max_length=40)),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
                ('data', models.JSONField(default=dict)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='timeline', to='threads.thread')),
                ('practice', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='threads.practice')),
            ],
            options={
                'ordering': ('id',),
                'indexes': [models.Index(fields=['thread', 'after_number', 'id'], name='timeline_of_thread'), models.Index(condition=models.Q(('practice__isnull', False)), fields=['practice'], name='timeline_of_practice')],
            },
        ),
        migrations.CreateModel(
            name='Deflection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('chosen', models.CharField(max_length=60)),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deflections', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['chosen'], name='deflection_by_chosen')],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=80)),
                ('content', models.JSONField()),
                ('saved_at', models.DateTimeField(default=community.rules.clock.now)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('member', 'place'), name='draft_once_a_place')],
            },
        ),
        migrations.CreateModel(
            name='PostRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_site', models.CharField(blank=True, default='', max_length=100)),
                ('source_id', models.CharField(blank=True, default='', max_length=64)),
                ('source_url', models.URLField(blank=True, default='', max_length=500)),
                ('source_license', models.CharField(blank=True, default='', max_length=60)),
                ('number', models.PositiveIntegerField()),
                ('body', models.TextField()),
                ('title', models.CharField(blank=True, default='', max_length=200)),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
                ('reason', models.CharField(blank=True, default='', max_length=400)),
                ('editor', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('post', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='threads.post')),
            ],
            options={
                'ordering': ('number',),
                'constraints': [models.UniqueConstraint(fields=('post', 'number'), name='post_revision_numbered_once'), models.UniqueConstraint(condition=models.Q(('source_site', ''), _negated=True), fields=('source_site', 'source_id'), name='post_revision_source_once')],
            },
        ),
        migrations.CreateModel(
            name='PracticeVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('fields', models.JSONField()),
                ('reason', models.CharField(blank=True, default='', max_length=400)),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('practice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='threads.practice')),
                ('kind', models.CharField(choices=[('recorded', 'Recorded'), ('edited', 'Edited'), ('restored', 'An earlier version brought back'), ('suggested', 'A suggestion taken up'), ('state', 'Its state changed'), ('merged', 'Merged'), ('imported', 'Brought along')], default='edited', max_length=12)),
                ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='threads.product')),
                ('restores', models.PositiveIntegerField(blank=True, null=True)),
                ('suggested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tags', models.JSONField(blank=True, null=True)),
                ('moved', models.JSONField(blank=True, default=dict)),
            ],
            options={
                'ordering': ('number',),
                'constraints': [models.UniqueConstraint(fields=('practice', 'number'), name='practice_version_numbered_once')],
            },
        ),
        migrations.CreateModel(
            name='RecordState',
            fields=[
                ('record', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='log_state', serialize=False, to='threads.workingrecord')),
                ('seq', models.PositiveIntegerField()),
                ('state', models.BinaryField()),
                ('mended', models.PositiveIntegerField(default=0)),
            ],
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
                ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='asked', to='threads.helprequest')),
            ],
            options={
                'ordering': ('request', 'place'),
                'indexes': [models.Index(condition=models.Q(('answer', '')), fields=['answer_by'], name='asked_to_pass_on'), models.Index(fields=['member', '-asked_at'], name='asked_of_member')],
                'constraints': [models.UniqueConstraint(fields=('request', 'member'), name='asked_once'), models.UniqueConstraint(fields=('request', 'place'), name='asked_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='asked_answered_and_when')],
            },
        ),
        migrations.CreateModel(
            name='Guest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(default=community.rules.clock.now)),
                ('reads_only', models.BooleanField(default=False)),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guests', to='threads.thread')),
            ],
            options={
                'ordering': ('since', 'id'),
                'indexes': [models.Index(condition=models.Q(('until__isnull', True)), fields=['member', 'thread'], name='guest_now')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('thread', 'member'), name='guest_once'), models.CheckConstraint(condition=models.Q(models.Q(('ended_by__isnull', True), ('until__isnull', True)), ('until__isnull', False), _connector='OR'), name='guest_ended_by_and_when')],
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
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hand_overs', to='threads.thread')),
                ('to', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('put_away_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('id',),
                'indexes': [models.Index(condition=models.Q(('state', 'offered')), fields=['to'], name='hand_over_waiting'), models.Index(fields=['thread', '-id'], name='hand_over_latest')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'offered')), fields=('thread',), name='hand_over_offered_once'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True), ('state', 'offered')), models.Q(models.Q(('state', 'offered'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='hand_over_answered_by_and_when'), models.CheckConstraint(condition=models.Q(('to__isnull', True), models.Q(('to', models.F('by')), _negated=True), _connector='OR'), name='no_hand_over_to_oneself')],
            },
        ),
        migrations.CreateModel(
            name='Helper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(default=community.rules.clock.now)),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('removed', models.BooleanField(default=False)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('invited_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='helping', to=settings.AUTH_USER_MODEL)),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='helpers', to='threads.thread')),
            ],
            options={
                'ordering': ('since', 'id'),
                'indexes': [models.Index(condition=models.Q(('until__isnull', True)), fields=['member'], name='helping_now'), models.Index(condition=models.Q(('removed', True)), fields=['thread', 'member'], name='helper_removed')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('thread', 'member'), name='helping_once'), models.CheckConstraint(condition=models.Q(models.Q(('ended_by__isnull', True), ('until__isnull', True)), ('until__isnull', False), _connector='OR'), name='helping_ended_by_and_when'), models.CheckConstraint(condition=models.Q(('removed', False), ('until__isnull', False), _connector='OR'), name='removed_helps_no_more')],
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
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('center', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.center')),
                ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.organization')),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='requests', to='threads.thread')),
                ('named', models.ManyToManyField(related_name='+', through='threads.Named', to=settings.AUTH_USER_MODEL)),
                ('client_id', models.CharField(blank=True, max_length=64, null=True)),
            ],
            options={
                'ordering': ('id',),
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['next_try_at'], name='request_to_try'), models.Index(condition=models.Q(('overdue_told', False), ('state', 'open')), fields=['due_at'], name='request_to_be_late'), models.Index(fields=['by', '-opened_at'], name='request_of_member')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('organization__isnull', False), ('target', 'organization')), models.Q(models.Q(('target', 'organization'), _negated=True), ('organization__isnull', True)), _connector='OR'), name='request_names_its_organization'), models.CheckConstraint(condition=models.Q(models.Q(('center__isnull', False), ('target', 'center')), models.Q(models.Q(('target', 'center'), _negated=True), ('center__isnull', True)), _connector='OR'), name='request_names_its_center'), models.CheckConstraint(condition=models.Q(models.Q(('target', 'tag'), models.Q(('scope', ''), _negated=True)), models.Q(models.Q(('target', 'tag'), _negated=True), ('scope', '')), _connector='OR'), name='request_names_its_topic'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='request_ended_when_not_open'), models.CheckConstraint(condition=models.Q(('at_once__gte', 1), ('at_once__lte', 5), ('wanted__gte', 1), ('wanted__lte', 5)), name='request_wants_some'), models.UniqueConstraint(fields=('by', 'client_id'), name='request_sent_once')],
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
                ('attendees', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('logged_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='meetings', to='threads.thread')),
                ('client_id', models.CharField(blank=True, max_length=64, null=True)),
            ],
            options={
                'ordering': ('-held_at', '-id'),
                'constraints': [models.CheckConstraint(condition=models.Q(('minutes__gte', 1), ('minutes__lte', 1440)), name='meeting_has_a_length'), models.CheckConstraint(condition=models.Q(models.Q(('deleted_at__isnull', True), ('deleted_by__isnull', True)), models.Q(('deleted_at__isnull', False), ('deleted_by__isnull', False)), _connector='OR'), name='meeting_deleted_with_who_and_when'), models.UniqueConstraint(fields=('logged_by', 'client_id'), name='meeting_sent_once')],
            },
        ),
        migrations.CreateModel(
            name='Named',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
                ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='named_in_order', to='threads.helprequest')),
            ],
            options={
                'ordering': ('place',),
                'constraints': [models.UniqueConstraint(fields=('request', 'member'), name='named_once')],
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
                ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='threads.thread')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('member', 'thread'), name='read_position_once')],
            },
        ),
        migrations.CreateModel(
            name='AudienceChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.CharField(choices=[('center', 'My center'), ('organization', 'My organization'), ('organizations', 'Named organizations'), ('space', 'Everyone in the space'), ('network', 'Everyone in the network'), ('public', 'Public, without signing in')], max_length=15)),
                ('after', models.CharField(choices=[('center', 'My center'), ('organization', 'My organization'), ('organizations', 'Named organizations'), ('space', 'Everyone in the space'), ('network', 'Everyone in the network'), ('public', 'Public, without signing in')], max_length=15)),
                ('organizations', models.JSONField(default=list)),
                ('reason', models.CharField(blank=True, default='', max_length=400)),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('practice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='audience_changes', to='threads.practice')),
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
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='curator_terms', to=settings.AUTH_USER_MODEL)),
                ('space', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='curator_terms', to='community.space')),
            ],
            options={
                'ordering': ('starts_at', 'id'),
                'indexes': [models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['starts_at'], name='term_running')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='term_ends_after_it_starts')],
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
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='threads.practice')),
                ('proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='threads.practice')),
                ('claimed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claimed_until', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('-score', 'id'),
                'constraints': [models.UniqueConstraint(fields=('first', 'second'), name='pair_once'), models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='pair_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('claimed_by__isnull', True), ('claimed_until__isnull', True)), models.Q(('claimed_by__isnull', False), ('claimed_until__isnull', False)), _connector='OR'), name='pair_claimed_with_end')],
            },
        ),
        migrations.CreateModel(
            name='Governance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mode', models.CharField(choices=[('experience', 'By experience'), ('compliance', 'By approval')], default='experience', max_length=10)),
                ('set_at', models.DateTimeField(default=community.rules.clock.now)),
                ('reason', models.CharField(blank=True, default='', max_length=400)),
                ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='threads.product')),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('space', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.space')),
                ('tag', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='threads.tag')),
                ('keepers', models.ManyToManyField(related_name='+', through='threads.Keeper', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('product__isnull', False), ('tag__isnull', True)), models.Q(('product__isnull', True), ('tag__isnull', False)), _connector='OR'), name='governance_of_a_product_or_tag'), models.UniqueConstraint(condition=models.Q(('product__isnull', False), ('space__isnull', False)), fields=('space', 'product'), name='governance_of_product_in_space_once'), models.UniqueConstraint(condition=models.Q(('product__isnull', False), ('space__isnull', True)), fields=('product',), name='governance_of_product_once'), models.UniqueConstraint(condition=models.Q(('space__isnull', False), ('tag__isnull', False)), fields=('space', 'tag'), name='governance_of_tag_in_space_once'), models.UniqueConstraint(condition=models.Q(('space__isnull', True), ('tag__isnull', False)), fields=('tag',), name='governance_of_tag_once')],
            },
        ),
        migrations.CreateModel(
            name='Keeper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(default=community.rules.clock.now)),
                ('governance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kept_by', to='threads.governance')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keeping', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('governance', 'member'), name='keeper_once')],
            },
        ),
        migrations.CreateModel(
            name='KeptFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('digest', models.CharField(max_length=64)),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('practice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kept_findings', to='threads.practice')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice', 'digest'), name='finding_kept_once')],
            },
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
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opened_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('practice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='threads.practice')),
            ],
            options={
                'ordering': ('id',),
                'indexes': [models.Index(condition=models.Q(('state', 'closed'), _negated=True), fields=['state', 'opened_at'], name='review_open')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'closed'), _negated=True), fields=('practice',), name='review_open_once'), models.CheckConstraint(condition=models.Q(models.Q(models.Q(('state', 'closed'), _negated=True), ('outcome', '')), models.Q(('decided_at__isnull', False), ('state', 'closed'), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='review_closed_is_decided')],
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
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='threads.review')),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('done_by__isnull', True)), models.Q(('done_at__isnull', False), ('done_by__isnull', False)), _connector='OR'), name='comment_done_by_somebody')],
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
                ('practice', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='threads.practice')),
                ('scorer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('thread', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='threads.thread')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='samples', to='threads.samplinground')),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('practice__isnull', False), ('thread__isnull', True)), models.Q(('practice__isnull', True), ('thread__isnull', False)), _connector='OR'), name='sample_of_one_thing'), models.UniqueConstraint(condition=models.Q(('practice__isnull', False)), fields=('round', 'practice'), name='practice_sampled_once'), models.UniqueConstraint(condition=models.Q(('thread__isnull', False)), fields=('round', 'thread'), name='thread_sampled_once')],
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
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('space', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.space')),
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
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suggestions', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.organization')),
                ('practice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suggestions', to='threads.practice')),
                ('thread', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='threads.thread')),
                ('number', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ('id',),
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['practice', 'id'], name='suggestion_open')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('practice', 'author'), name='suggestion_open_once'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='suggestion_decided_and_when')],
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
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='answered', to='threads.review')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verdicts', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.organization')),
                ('practice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='verdicts', to='threads.practice')),
                ('thread', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='threads.thread')),
            ],
            options={
                'ordering': ('id',),
                'indexes': [models.Index(fields=['practice', 'organization'], name='verdict_by_organization'), models.Index(fields=['member', '-at'], name='verdict_of_member')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True)), fields=('practice', 'member'), name='verdict_stands_once'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['failed', 'outdated', 'dangerous']), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='verdict_against_says_why')],
            },
        ),
        migrations.CreateModel(
            name='WatchedName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('folded', models.CharField(max_length=80)),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='watched_names', to='community.organization')),
            ],
            options={
                'ordering': ('folded',),
                'constraints': [models.UniqueConstraint(fields=('organization', 'folded'), name='watched_name_once')],
            },
        ),
        migrations.CreateModel(
            name='RecordClient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client', models.BigIntegerField()),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clients', to='threads.workingrecord')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('record', 'client'), name='record_client_of_one_member')],
            },
        ),
        migrations.CreateModel(
            name='Reuse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('practice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reuses', to='threads.practice')),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reuses', to='threads.thread')),
                ('practice_version', models.PositiveIntegerField(default=1)),
                ('solved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('solved_at', models.DateTimeField(blank=True, null=True)),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('id',),
                'indexes': [models.Index(condition=models.Q(('until__isnull', True)), fields=['practice', '-id'], name='reuse_of_practice')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('thread', 'practice'), name='reused_once'), models.CheckConstraint(condition=models.Q(models.Q(('solved_at__isnull', True), ('solved_by__isnull', True)), models.Q(('solved_at__isnull', False), ('solved_by__isnull', False)), _connector='OR'), name='reuse_solved_by_somebody'), models.CheckConstraint(condition=models.Q(('ended_by__isnull', True), ('until__isnull', False), _connector='OR'), name='reuse_ended_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Adoption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('adopted', 'Adopted'), ('adapted', 'Adapted'), ('not_applicable', 'Not applicable')], max_length=16)),
                ('variant', models.TextField(blank=True, default='')),
                ('variant_html', models.TextField(blank=True, default='')),
                ('reason', models.CharField(blank=True, default='', max_length=400)),
                ('version', models.PositiveIntegerField()),
                ('shares', models.CharField(choices=[('nothing', 'Nothing'), ('state', 'That we decided, and what'), ('variant', 'That, and our variant')], default='state', max_length=8)),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adoptions', to='community.organization')),
                ('practice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='adoptions', to='threads.practice')),
            ],
            options={
                'ordering': ('id',),
                'indexes': [models.Index(condition=models.Q(('until__isnull', True)), fields=['organization', '-at'], name='adoption_of_organization')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('organization', 'practice'), name='adopted_once'), models.CheckConstraint(condition=models.Q(models.Q(models.Q(('variant', ''), _negated=True), ('state', 'adapted')), models.Q(models.Q(('state', 'adapted'), _negated=True), ('variant', '')), _connector='OR'), name='adapted_has_a_variant'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'not_applicable'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='not_applicable_has_a_reason'), models.CheckConstraint(condition=models.Q(('ended_by__isnull', True), ('until__isnull', False), _connector='OR'), name='adoption_ended_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(max_length=80)),
                ('wanted', models.BooleanField(default=True)),
                ('since', models.DateTimeField(default=community.rules.clock.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.organization')),
                ('role', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.workrole')),
            ],
            options={
                'ordering': ('scope', 'id'),
                'indexes': [models.Index(fields=['scope'], name='subscription_to_scope')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('member__isnull', False), ('organization__isnull', True), ('role__isnull', True)), models.Q(('member__isnull', True), ('organization__isnull', False), ('role__isnull', False), ('wanted', True)), _connector='OR'), name='subscription_of_a_member_or_role'), models.UniqueConstraint(condition=models.Q(('member__isnull', False)), fields=('member', 'scope'), name='member_subscribes_once'), models.UniqueConstraint(condition=models.Q(('member__isnull', True)), fields=('organization', 'role', 'scope'), name='role_subscribes_once')],
            },
        ),
        migrations.CreateModel(
            name='PracticeNews',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('notice', models.CharField(max_length=40)),
                ('version', models.PositiveIntegerField()),
                ('due_at', models.DateTimeField()),
                ('besides', models.JSONField(default=list)),
                ('practice', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='threads.practice')),
            ],
            options={
                'indexes': [models.Index(fields=['due_at'], name='news_due')],
                'constraints': [models.UniqueConstraint(fields=('practice', 'notice'), name='news_of_practice_once')],
            },
        ),
        migrations.CreateModel(
            name='Bulletin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.CharField(choices=[('center', 'My center'), ('organization', 'My organization'), ('organizations', 'Named organizations'), ('space', 'Everyone in the space')], default='space', max_length=15)),
                ('title', models.CharField(max_length=200)),
                ('text', models.TextField()),
                ('html', models.TextField()),
                ('acknowledge_until', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(default=community.rules.clock.now)),
                ('reminded_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('audience_organizations', models.ManyToManyField(blank=True, related_name='+', to='community.organization')),
                ('center', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.center')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.organization')),
                ('space', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.space')),
                ('role', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.workrole')),
                ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('practice', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='threads.practice')),
                ('playbook', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='threads.playbook')),
            ],
            options={
                'ordering': ('-id',),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('audience', 'center'), _negated=True), ('center__isnull', False), _connector='OR'), name='bulletin_for_a_center_has_one'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='bulletin_ended_by_somebody')],
                'indexes': [models.Index(condition=models.Q(('acknowledge_until__isnull', False), ('ended_at__isnull', True), ('reminded_at__isnull', True)), fields=['acknowledge_until'], name='bulletin_to_remind')],
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
                ('bulletin', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='receipts', to='threads.bulletin')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.organization')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('bulletin', 'member'), name='read_once')],
            },
        ),
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
                ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='threads.product')),
                ('tags', models.JSONField(blank=True, null=True)),
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
        migrations.CreateModel(
            name='PublicKnock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=64)),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
            ],
            options={
                'indexes': [models.Index(fields=['source', 'at'], name='public_knock_by_source'), models.Index(fields=['at'], name='public_knock_lately')],
            },
        ),
        migrations.CreateModel(
            name='PublicReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=64)),
                ('outcome', models.CharField(choices=[('changes', 'It worked with changes'), ('failed', 'It did not work'), ('outdated', 'It is outdated'), ('dangerous', 'It is dangerous')], max_length=10)),
                ('environment', models.CharField(blank=True, default='', max_length=400)),
                ('text', models.CharField(max_length=2000)),
                ('version', models.PositiveIntegerField()),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
                ('handled_at', models.DateTimeField(blank=True, null=True)),
                ('handled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('practice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='public_reports', to='threads.practice')),
            ],
            options={
                'indexes': [models.Index(fields=['practice', '-id'], name='public_report_of_practice'), models.Index(fields=['source', 'at'], name='public_report_by_source')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('handled_at__isnull', True), ('handled_by__isnull', True)), models.Q(('handled_at__isnull', False), ('handled_by__isnull', False)), _connector='OR'), name='public_report_handled_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='PublicVote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('voter', models.CharField(max_length=64)),
                ('helpful', models.BooleanField()),
                ('version', models.PositiveIntegerField()),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
                ('practice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='public_votes', to='threads.practice')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('practice', 'voter'), name='public_vote_once')],
            },
        ),
        migrations.CreateModel(
            name='PublicWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=40)),
                ('practice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='threads.practice')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('word', 'practice'), name='public_word_once')],
            },
        ),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('word', models.CharField(max_length=40, unique=True)),
                ('documents', models.PositiveIntegerField(default=0)),
                ('counted_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['counted_at'], name='search_word_to_count')],
            },
        ),
]


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("threads", "0001_initial"),
        ("threads", "0002_search"),
        ("threads", "0003_fewer_indexes"),
        ("threads", "0004_search_words_planned_once"),
        ("threads", "0005_live_records"),
        ("threads", "0006_swarm"),
        ("threads", "0007_records_in_search"),
        ("threads", "0008_life_of_a_practice"),
        ("threads", "0009_hand_over_put_away"),
        ("threads", "0010_sent_once"),
        ("threads", "0011_practices_in_timelines"),
        ("threads", "0012_clients_of_records"),
        ("threads", "0013_practices_spread"),
        ("threads", "0014_playbooks"),
        ("threads", "0015_public"),
        ("threads", "0016_what_versions_keep"),
        ("threads", "0017_trust_and_curation"),
        ("threads", "0018_news_bulletins_and_public_words"),
        ("threads", "0019_finding"),
        ("threads", "0020_masked_anew"),
    ]

    dependencies = [
        ("community", "0005_marks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(CREATED),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Posting",
                    fields=[
                        ("pk", models.CompositePrimaryKey("slot", "impact", "entry_id", blank=True, editable=False, primary_key=True, serialize=False)),
                        ("slot", models.IntegerField()),
                        ("impact", models.SmallIntegerField()),
                        ("entry_id", models.BigIntegerField()),
                    ],
                    options={
                        "indexes": [models.Index(fields=["entry_id", "slot", "impact"], name="threads_posting_of_entry")],
                    },
                ),
            ],
            database_operations=[migrations.RunPython(FINDING.make, FINDING.remove)],
        ),
        migrations.RunPython(SEARCH.make, SEARCH.remove),
        migrations.RunPython(PLANNED_ONCE.plan_once, PLANNED_ONCE.plan_each_time),
        migrations.RunSQL(
            "CREATE INDEX threads_thread_tags_newest ON threads_thread_tags (tag_id, thread_id DESC)",
            "DROP INDEX threads_thread_tags_newest",
        ),
    ]
