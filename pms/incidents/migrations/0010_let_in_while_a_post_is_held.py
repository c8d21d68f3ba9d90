"""Whom a rule lets in knows of a case as long as they hold the post; which one, is kept."""

from django.db import migrations, models
from django.db.models import Q
from django.db.models.deletion import PROTECT


def name_the_department(apps, schema_editor):
    """Of the managers that were let in: the department that they manage."""
    parents = dict(apps.get_model("organization", "Department").objects.values_list("pk", "parent"))
    posts = apps.get_model("organization", "Appointment").objects.order_by("starts_on", "pk")
    members = apps.get_model("incidents", "Member").objects.filter(
        added_by=None, reason="department_manager"
    )
    for member in members.select_related("incident"):
        concerned, key = set(), member.incident.department_id
        while key and key not in concerned:
            concerned.add(key)
            key = parents.get(key)
        held = posts.filter(
            role=member.reason, person__user=member.user_id, department__in=concerned
        )
        if post := held.last():
            member.department_id = post.department_id
            member.save()


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0009_day_of_dismissal"),
        ("organization", "0006_add_the_deputy"),
    ]

    operations = [
        migrations.AddField(
            "member",
            "department",
            models.ForeignKey(
                "organization.department",
                PROTECT,
                null=True,
                related_name="+",
                editable=False,
                verbose_name="as the manager of",
            ),
        ),
        migrations.AddField(
            "member",
            "is_shut_out",
            models.BooleanField("may know no more", default=False, editable=False),
        ),
        migrations.RunPython(name_the_department, migrations.RunPython.noop),
        migrations.AddConstraint(
            "member",
            models.CheckConstraint(
                condition=Q(is_shut_out=False) | Q(added_by__isnull=True),
                name="member_by_hand_is_removed_instead_of_shut_out",
            ),
        ),
    ]
