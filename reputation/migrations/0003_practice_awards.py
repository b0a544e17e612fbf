"""What practices earn: using them again, validating, reviewing, suggesting, scoring samples."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reputation', '0002_skills'),
    ]

    operations = [
        migrations.AlterField(
            model_name='award',
            name='rule',
            field=models.CharField(choices=[('helped', 'A post helped somebody'), ('solution', 'A post solved a problem'), ('practice', 'A practice was recorded'), ('reused', 'A practice was used again'), ('validated', 'Organizations validated a practice'), ('review', 'A practice was reviewed'), ('suggestion', 'A suggested edit was taken up'), ('sampling', 'A sample was scored')], max_length=20),
        ),
    ]
