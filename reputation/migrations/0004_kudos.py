"""Thanks in words."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import community.rules.clock


class Migration(migrations.Migration):

    dependencies = [
        ('reputation', '0003_practice_awards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Kudos',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(blank=True, max_length=280)),
                ('about', models.CharField(blank=True, default='', max_length=60)),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
                ('client_id', models.CharField(blank=True, max_length=64, null=True)),
                ('taken_back_at', models.DateTimeField(blank=True, null=True)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('removal_reason', models.CharField(blank=True, default='', max_length=400)),
                ('giver', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='kudos_given', to=settings.AUTH_USER_MODEL)),
                ('receiver', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='kudos_received', to=settings.AUTH_USER_MODEL)),
                ('removed_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-id',),
                'indexes': [models.Index(condition=models.Q(('removed_at__isnull', True), ('taken_back_at__isnull', True)), fields=['receiver', '-id'], name='kudos_standing'), models.Index(fields=['giver', 'at'], name='kudos_of_giver')],
                'constraints': [models.UniqueConstraint(fields=('giver', 'client_id'), name='kudos_sent_once'), models.CheckConstraint(condition=models.Q(('giver', models.F('receiver')), _negated=True), name='no_kudos_to_oneself'), models.CheckConstraint(condition=models.Q(models.Q(('taken_back_at__isnull', True), models.Q(('reason', ''), _negated=True)), models.Q(('about', ''), ('reason', ''), ('taken_back_at__isnull', False)), _connector='OR'), name='kudos_say_why_until_taken_back'), models.CheckConstraint(condition=models.Q(models.Q(('removal_reason', ''), ('removed_at__isnull', True), ('removed_by__isnull', True)), models.Q(('removed_at__isnull', False), ('removed_by__isnull', False), ('taken_back_at__isnull', True), models.Q(('removal_reason', ''), _negated=True)), _connector='OR'), name='kudos_removed_by_somebody_for_a_reason')],
            },
        ),
    ]
