
import community.rules.clock
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('threads', '0023_saved'),
    ]

    operations = [
        migrations.CreateModel(
            name='EmbeddingModel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('digest', models.CharField(max_length=64)),
                ('recipe', models.PositiveSmallIntegerField()),
                ('dimensions', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('filling', 'Filling'), ('current', 'Current'), ('retired', 'Retired')], default='filling', max_length=8)),
                ('since', models.DateTimeField(default=community.rules.clock.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('digest', 'recipe'), name='embedding_model_once'), models.UniqueConstraint(condition=models.Q(('state', 'current')), fields=('state',), name='embedding_model_current')],
            },
        ),
        migrations.CreateModel(
            name='VectorWork',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('subject_id', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'subject_id'), name='vector_work_once')],
            },
        ),
        migrations.CreateModel(
            name='Vector',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('subject_id', models.BigIntegerField()),
                ('part', models.PositiveSmallIntegerField()),
                ('digest', models.CharField(max_length=16)),
                ('data', models.BinaryField()),
                ('at', models.DateTimeField()),
                ('model', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='vectors', to='threads.embeddingmodel')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('part', 0)), fields=['model', 'at'], name='vector_changed'), models.Index(fields=['kind', 'subject_id'], name='vector_of_subject')],
                'constraints': [models.UniqueConstraint(fields=('model', 'kind', 'subject_id', 'part'), name='vector_once')],
            },
        ),
    ]
