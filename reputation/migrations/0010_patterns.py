"""Votes of suspended members are withheld; patterns in giving are shown to moderators, and who looked is kept."""

import community.rules.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('community', '0006_erasure'),
        ('reputation', '0009_profile'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Flag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('reciprocal', 'Two give to each other'), ('ring', 'A group gives mostly to itself'), ('serial', 'Much from one to another at once'), ('new', 'New accounts give to one member first')], max_length=12)),
                ('key', models.CharField(max_length=300)),
                ('gifts', models.PositiveIntegerField()),
                ('numbers', models.JSONField(default=dict)),
                ('found_at', models.DateTimeField(default=community.rules.clock.now)),
                ('newest_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('state', models.CharField(choices=[('open', 'Open'), ('dismissed', 'Dismissed'), ('acted', 'Awards withdrawn')], default='open', max_length=10)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, default='', max_length=400)),
                ('settled', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='FlagAward',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='FlagDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('open', 'Open'), ('dismissed', 'Dismissed'), ('acted', 'Awards withdrawn')], max_length=10)),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
                ('reason', models.CharField(max_length=400)),
            ],
            options={
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='FlagLook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
                ('hour', models.DateTimeField()),
            ],
            options={
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='PatternSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True)),
                ('at', models.DateTimeField(default=community.rules.clock.now)),
                ('found', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='WithheldAward',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.CreateModel(
            name='Withholding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wanted', models.BooleanField()),
                ('changed_at', models.DateTimeField(default=community.rules.clock.now)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name='vote',
            name='withheld_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='award',
            index=models.Index(condition=models.Q(('giver__isnull', False), ('reverses__isnull', True)), fields=['at'], name='award_given_at'),
        ),
        migrations.AddField(
            model_name='flag',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='flag',
            name='members',
            field=models.ManyToManyField(related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='flagaward',
            name='award',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='named_in', to='reputation.award'),
        ),
        migrations.AddField(
            model_name='flagaward',
            name='flag',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='named', to='reputation.flag'),
        ),
        migrations.AddField(
            model_name='flagdecision',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='flagdecision',
            name='flag',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='reputation.flag'),
        ),
        migrations.AddField(
            model_name='flaglook',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='flaglook',
            name='flag',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='looks', to='reputation.flag'),
        ),
        migrations.AddField(
            model_name='withheldaward',
            name='award',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withheld', to='reputation.award'),
        ),
        migrations.AddField(
            model_name='withheldaward',
            name='giver',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='withholding',
            name='member',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withholding', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='flag',
            index=models.Index(condition=models.Q(('settled', False)), fields=['decided_at'], name='flag_to_settle'),
        ),
        migrations.AddConstraint(
            model_name='flag',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('key',), name='flag_open_once'),
        ),
        migrations.AddConstraint(
            model_name='flag',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('reason', ''), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='flag_decided_by_somebody_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='flagaward',
            constraint=models.UniqueConstraint(fields=('flag', 'award'), name='award_named_once_in_a_flag'),
        ),
        migrations.AddConstraint(
            model_name='flaglook',
            constraint=models.UniqueConstraint(fields=('flag', 'by', 'hour'), name='flag_look_once_an_hour'),
        ),
        migrations.AddIndex(
            model_name='withholding',
            index=models.Index(condition=models.Q(('settled_at', None)), fields=['changed_at'], name='withholding_to_settle'),
        ),
    ]
