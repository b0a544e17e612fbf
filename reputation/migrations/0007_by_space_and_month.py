"""Standing by space and by month; what caps left, and why something was taken back.

Rows from before know their month and no space.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

MONTH = {
    "sqlite": "CAST(strftime('%Y%m', at) AS integer)",
    "postgresql": "CAST(to_char(at AT TIME ZONE 'UTC', 'YYYYMM') AS integer)",
}
TAGS = {"sqlite": "json_each(award.tags)", "postgresql": "jsonb_array_elements_text(award.tags)"}
SUMS = """
    INSERT INTO reputation_monthlystanding (member_id, scope, month, points, awards)
    SELECT member_id, scope, month, sum(points), sum(CASE WHEN points > 0 THEN 1 ELSE -1 END) FROM (
        SELECT member_id, '' AS scope, month, points FROM reputation_award
        UNION ALL
        SELECT member_id, 'product:' || product, month, points FROM reputation_award WHERE product <> ''
        UNION ALL
        SELECT member_id, 'tag:' || tag, month, points FROM (
            SELECT DISTINCT award.id, award.member_id, award.month, award.points, named.value AS tag
            FROM reputation_award AS award CROSS JOIN {tags} AS named(value)
        ) AS tagged
    ) AS added GROUP BY member_id, scope, month
"""


def fill(_apps, editor):
    """Find each row's month, and what the months add up to."""
    vendor = editor.connection.vendor
    editor.execute(f"UPDATE reputation_award SET month = {MONTH[vendor]}")
    editor.execute("""
        UPDATE reputation_award SET month = (
            SELECT given.month FROM reputation_award AS given WHERE given.id = reputation_award.reverses_id
        ) WHERE reverses_id IS NOT NULL
    """)
    sums = SUMS.format(tags=TAGS[vendor])
    editor.execute(sums.replace("named(value)", "named") if vendor == "sqlite" else sums)


class Migration(migrations.Migration):

    dependencies = [
        ('community', '0005_marks'),
        ('reputation', '0006_records'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MonthlyStanding',
            fields=[
                ('pk', models.CompositePrimaryKey('member_id', 'scope', 'month', blank=True, editable=False, primary_key=True, serialize=False)),
                ('scope', models.CharField(blank=True, default='', max_length=80)),
                ('month', models.PositiveIntegerField()),
                ('points', models.IntegerField(default=0)),
                ('awards', models.PositiveIntegerField(default=0)),
                ('member', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='award',
            name='award_gives_and_reversal_takes',
        ),
        migrations.AddField(
            model_name='award',
            name='capped',
            field=models.CharField(blank=True, choices=[('', 'Not capped'), ('day', 'more than a day brings'), ('member', 'much from the same member lately'), ('organization', 'much from the same organization lately'), ('organizations', 'much between the same two organizations lately'), ('own_word', 'much lately that nobody else had to agree to')], default='', max_length=20),
        ),
        migrations.AddField(
            model_name='award',
            name='month',
            field=models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='award',
            name='space',
            field=models.CharField(blank=True, default='', max_length=60),
        ),
        migrations.AddField(
            model_name='award',
            name='why',
            field=models.CharField(blank=True, choices=[('', 'Not said'), ('unvoted', 'the vote was taken back'), ('reopened', 'the thread was opened again'), ('deleted', 'what it was for was deleted'), ('outdated', 'the practice is out of use'), ('wrong', 'the practice is not validated any more'), ('unmerged', 'the merging was taken back'), ('unused', 'the use was taken back'), ('unsaid', 'whoever gave it took it back'), ('suspended', 'whoever gave it is suspended'), ('gamed', 'a moderator found that it was not earned')], default='', max_length=20),
        ),
        migrations.AlterField(
            model_name='award',
            name='giver_organization',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.organization'),
        ),
        migrations.AlterField(
            model_name='award',
            name='rule',
            field=models.CharField(choices=[('helped', 'A post helped somebody'), ('solution', 'A post solved a problem'), ('practice', 'A practice was recorded'), ('reused', 'A practice was used again'), ('validated', 'Organizations validated a practice'), ('review', 'A practice was reviewed'), ('suggestion', 'A suggested edit was taken up'), ('sampling', 'A sample was scored'), ('answered', 'A help request was answered in time'), ('mentoring', 'A learner was helped along')], max_length=20),
        ),
        migrations.AddIndex(
            model_name='award',
            index=models.Index(fields=['member', 'at'], name='award_lately'),
        ),
        migrations.AddIndex(
            model_name='award',
            index=models.Index(fields=['giver_organization', 'receiver_organization', 'at', 'points'], name='award_between'),
        ),
        migrations.AddConstraint(
            model_name='award',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('points__gt', 0), ('reverses__isnull', True)), models.Q(('points', 0), ('reverses__isnull', True), models.Q(('capped', ''), _negated=True)), models.Q(('points__lte', 0), ('reverses__isnull', False)), _connector='OR'), name='award_gives_and_reversal_takes'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
