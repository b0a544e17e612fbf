from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("community", "0004_reach"),)

    operations = (
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("stamp", models.BigIntegerField()),
            ],
        ),
    )
