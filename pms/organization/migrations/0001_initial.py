import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import pms.core.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Site",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "name_en",
                    models.CharField(blank=True, max_length=100, verbose_name="name in English"),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
            ],
            options={
                "verbose_name": "site",
                "verbose_name_plural": "sites",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Department",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="to")),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                (
                    "name",
                    models.CharField(
                        help_text="The name it has now.", max_length=100, verbose_name="name"
                    ),
                ),
                (
                    "name_en",
                    models.CharField(blank=True, max_length=100, verbose_name="name in English"),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="organization.department",
                        verbose_name="belongs to",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="departments",
                        to="organization.site",
                        verbose_name="site",
                    ),
                ),
            ],
            options={
                "verbose_name": "department",
                "verbose_name_plural": "departments",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="department_dates_in_order",
                        violation_error_message="The period ends before it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("parent", models.F("id")), _negated=True),
                        name="department_not_its_own_parent",
                        violation_error_message="A department cannot belong to itself.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "employee_number",
                    models.CharField(max_length=20, unique=True, verbose_name="employee number"),
                ),
                ("family_name", models.CharField(max_length=50, verbose_name="family name")),
                (
                    "given_name",
                    models.CharField(blank=True, max_length=50, verbose_name="given name"),
                ),
                (
                    "family_kana",
                    models.CharField(blank=True, max_length=50, verbose_name="family name in kana"),
                ),
                (
                    "given_kana",
                    models.CharField(blank=True, max_length=50, verbose_name="given name in kana"),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="email address"),
                ),
                ("joined_on", models.DateField(verbose_name="joined on")),
                (
                    "left_on",
                    models.DateField(
                        blank=True,
                        help_text="The last day of employment; signing in ends when this day begins.",
                        null=True,
                        verbose_name="left on",
                    ),
                ),
                (
                    "search_key",
                    pms.core.fields.SearchKeyField(
                        blank=True,
                        default="",
                        editable=False,
                        max_length=400,
                        sources=(
                            "employee_number",
                            "family_name",
                            "given_name",
                            "family_kana",
                            "given_kana",
                        ),
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="person",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "ordering": ["employee_number"],
                "permissions": [
                    ("view_own_people", "Can view the people of one's own departments"),
                    ("import_people", "Can import the roster"),
                ],
                "indexes": [
                    models.Index(fields=["family_kana", "given_kana", "id"], name="person_by_kana"),
                    models.Index(fields=["joined_on", "id"], name="person_by_joining"),
                    models.Index(fields=["left_on"], name="person_by_leaving"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_on__isnull", True),
                            ("left_on__gte", models.F("joined_on")),
                            _connector="OR",
                        ),
                        name="person_left_after_joining",
                        violation_error_message="The last day is before the day of joining.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Leave",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="to")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("childcare", "Childcare leave"),
                            ("care", "Family care leave"),
                            ("sick", "Sick leave"),
                            ("secondment", "Seconded elsewhere"),
                            ("other", "Other leave"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leaves",
                        to="organization.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "leave",
                "verbose_name_plural": "leaves",
                "ordering": ["-starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="leave_dates_in_order",
                        violation_error_message="The period ends before it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["childcare", "care", "sick", "secondment", "other"])
                        ),
                        name="leave_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="to")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("top_management", "Top management"),
                            ("privacy_manager", "Privacy manager"),
                            ("audit_officer", "Privacy audit officer"),
                            ("auditor", "Auditor"),
                            ("training_officer", "Training officer"),
                            ("complaint_officer", "Complaint officer"),
                            ("system_officer", "Information system officer"),
                            ("department_manager", "Department privacy manager"),
                            ("my_number_handler", "My Number handler"),
                            ("pms_office", "PMS office"),
                            ("system_administrator", "System administrator"),
                        ],
                        max_length=24,
                        verbose_name="post",
                    ),
                ),
                (
                    "appointed_by",
                    models.CharField(blank=True, max_length=100, verbose_name="appointed by"),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        help_text="Only for a department privacy manager: the department, with those below it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="organization.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="organization.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "appointment",
                "verbose_name_plural": "appointments",
                "ordering": ["role", "-starts_on"],
                "indexes": [
                    models.Index(fields=["person", "starts_on"], name="appointment_by_person"),
                    models.Index(fields=["role", "starts_on"], name="appointment_by_role"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="appointment_dates_in_order",
                        violation_error_message="The period ends before it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "top_management",
                                    "privacy_manager",
                                    "audit_officer",
                                    "auditor",
                                    "training_officer",
                                    "complaint_officer",
                                    "system_officer",
                                    "department_manager",
                                    "my_number_handler",
                                    "pms_office",
                                    "system_administrator",
                                ],
                            )
                        ),
                        name="appointment_role_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("department__isnull", False), ("role", "department_manager")),
                            models.Q(
                                models.Q(("role", "department_manager"), _negated=True),
                                ("department__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="appointment_department_iff_manager",
                        violation_error_message="Name a department for a department privacy manager, and for no other post.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("role__in", ("top_management", "privacy_manager", "audit_officer")),
                        ),
                        fields=("role",),
                        name="appointment_single_posts",
                        violation_error_message="Somebody holds this post without an end date; end that appointment first.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Affiliation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="to")),
                (
                    "employment_kind",
                    models.CharField(
                        choices=[
                            ("regular", "Regular employee"),
                            ("contract", "Contract employee"),
                            ("part_time", "Part-time worker"),
                            ("temporary", "Temporary worker"),
                            ("dispatched", "Dispatched worker"),
                            ("seconded", "Seconded employee"),
                            ("officer", "Officer"),
                            ("external", "Outsider"),
                        ],
                        default="regular",
                        max_length=12,
                        verbose_name="employment kind",
                    ),
                ),
                ("post", models.CharField(blank=True, max_length=60, verbose_name="post")),
                (
                    "is_primary",
                    models.BooleanField(
                        default=True,
                        help_text="Switch off for a concurrent post.",
                        verbose_name="main affiliation",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="affiliations",
                        to="organization.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="affiliations",
                        to="organization.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "affiliation",
                "verbose_name_plural": "affiliations",
                "ordering": ["person", "-is_primary", "-starts_on"],
                "indexes": [
                    models.Index(
                        fields=["department", "starts_on", "ends_on"],
                        name="affiliation_by_department",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="affiliation_dates_in_order",
                        violation_error_message="The period ends before it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "employment_kind__in",
                                [
                                    "regular",
                                    "contract",
                                    "part_time",
                                    "temporary",
                                    "dispatched",
                                    "seconded",
                                    "officer",
                                    "external",
                                ],
                            )
                        ),
                        name="affiliation_kind_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on__isnull", True), ("is_primary", True)),
                        fields=("person",),
                        name="affiliation_one_open_main",
                        violation_error_message="This person has a main affiliation already.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_primary", True)),
                        fields=("person", "starts_on"),
                        name="affiliation_one_main_per_start",
                        violation_error_message="A main affiliation begins on this day already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DepartmentName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="to")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "name_en",
                    models.CharField(blank=True, max_length=100, verbose_name="name in English"),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="names",
                        to="organization.department",
                    ),
                ),
            ],
            options={
                "verbose_name": "department name",
                "verbose_name_plural": "department names",
                "ordering": ["department", "-starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="departmentname_dates_in_order",
                        violation_error_message="The period ends before it starts.",
                    ),
                    models.UniqueConstraint(
                        fields=("department", "starts_on"), name="departmentname_one_per_start"
                    ),
                ],
            },
        ),
    ]
