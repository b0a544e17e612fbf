"""To whom members show their contribution profile, and which organizations have a leaderboard."""

import community.rules.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('community', '0005_marks'),
        ('reputation', '0008_mentoring'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ProfileChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contributions', models.CharField(choices=[('me', 'Only me'), ('organization', 'My organization'), ('network', 'Everybody in the network')], default='me', max_length=12)),
                ('ledger', models.CharField(choices=[('me', 'Only me'), ('organization', 'My organization'), ('network', 'Everybody in the network')], default='me', max_length=12)),
                ('peers', models.CharField(choices=[('me', 'Only me'), ('organization', 'My organization'), ('network', 'Everybody in the network')], default='me', max_length=12)),
                ('off_leaderboards', models.BooleanField(default=False)),
                ('changed_at', models.DateTimeField(default=community.rules.clock.now)),
                ('member', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='profile_choice', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Leaderboard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(default=community.rules.clock.now)),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leaderboards', to='community.organization')),
                ('switched_off_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('switched_on_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-id',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('organization',), name='one_leaderboard_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('switched_off_by__isnull', True), ('until__isnull', True)), models.Q(('switched_off_by__isnull', False), ('until__isnull', False)), _connector='OR'), name='leaderboard_switched_off_by_somebody')],
            },
        ),
    ]
