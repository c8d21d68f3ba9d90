"""How many letters came back is a number of the notice; nobody marks it on single addressees."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("incidents", "0013_reserve_lines_of_the_timeline")]

    operations = [migrations.RemoveField("addressee", "is_returned")]
