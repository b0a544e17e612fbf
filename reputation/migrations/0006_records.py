"""Records of contributions that members take with them, and the network's public keys."""

import community.rules.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reputation', '0005_evaluations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SigningKey',
            fields=[
                ('id', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('public', models.CharField(max_length=43, unique=True)),
                ('valid_from', models.DateTimeField(default=community.rules.clock.now)),
                ('valid_until', models.DateTimeField(blank=True, null=True)),
                ('is_current', models.BooleanField(default=True)),
                ('distrusted_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('-valid_from', 'id'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('is_current',), name='signing_key_current'), models.CheckConstraint(condition=models.Q(models.Q(('distrusted_at__isnull', True), ('is_current', True), ('valid_until__isnull', True)), models.Q(('is_current', False), ('valid_until__isnull', False)), _connector='OR'), name='signing_key_ends'), models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='signing_key_ends_after_it_began')],
            },
        ),
        migrations.CreateModel(
            name='CareerRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.UUIDField(unique=True)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('chosen', models.JSONField(default=dict)),
                ('issued_at', models.DateTimeField(default=community.rules.clock.now)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reputation.signingkey')),
                ('member', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='career_records', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-issued_at', '-id'),
                'indexes': [models.Index(fields=['member', '-issued_at'], name='career_record_of_member')],
            },
        ),
    ]
