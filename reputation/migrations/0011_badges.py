"""Badges that are earned, and what notices of standing add up. Who declined to hear of votes goes on to."""

import community.rules.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


DECLINED = """
    INSERT INTO community_inboxsetting (member_id, kind, wanted)
    SELECT member_id, 'standing-earned', wanted FROM community_inboxsetting WHERE kind = 'thanks' AND NOT wanted
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ('community', '0005_marks'),
        ('reputation', '0010_patterns'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EarnedBadge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.CharField(max_length=40)),
                ('given_at', models.DateTimeField(default=community.rules.clock.now)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('why', models.CharField(blank=True, default='', max_length=20)),
            ],
            options={
                'ordering': ('-given_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='NewsLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(choices=[('helped', 'A post helped somebody'), ('solution', 'A post solved a problem'), ('practice', 'A practice was recorded'), ('reused', 'A practice was used again'), ('validated', 'Organizations validated a practice'), ('review', 'A practice was reviewed'), ('suggestion', 'A suggested edit was taken up'), ('sampling', 'A sample was scored'), ('answered', 'A help request was answered in time'), ('mentoring', 'A learner was helped along')], max_length=20)),
                ('why', models.CharField(blank=True, max_length=20)),
                ('subject', models.CharField(max_length=60)),
                ('points', models.IntegerField()),
                ('awards', models.PositiveIntegerField()),
            ],
        ),
        migrations.AddIndex(
            model_name='award',
            index=models.Index(condition=models.Q(('giver_organization__isnull', False), ('reverses__isnull', True)), fields=['member', 'rule', 'giver_organization'], name='award_by_organization'),
        ),
        migrations.AddIndex(
            model_name='award',
            index=models.Index(condition=models.Q(('giver_organization__isnull', False), ('reverses__isnull', True)), fields=['member', 'rule', 'month'], name='award_by_month'),
        ),
        migrations.AddField(
            model_name='earnedbadge',
            name='member',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='earned_badges', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='newsline',
            name='item',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.inboxitem'),
        ),
        migrations.AddIndex(
            model_name='earnedbadge',
            index=models.Index(condition=models.Q(('withdrawn_at__isnull', True)), fields=['slug'], name='badge_holders'),
        ),
        migrations.AddConstraint(
            model_name='earnedbadge',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('member', 'slug'), name='badge_held_once'),
        ),
        migrations.AddConstraint(
            model_name='earnedbadge',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', False), ('why', ''), _connector='OR'), name='badge_withdrawn_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='newsline',
            constraint=models.UniqueConstraint(fields=('item', 'rule', 'why', 'subject'), name='news_line_once'),
        ),
        migrations.RunSQL(DECLINED, migrations.RunSQL.noop),
    ]
