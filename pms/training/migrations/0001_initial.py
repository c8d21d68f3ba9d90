import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import pms.core.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cycles", "0001_initial"),
        ("organization", "0001_initial"),
        ("transfer", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Course",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("annual", "Annual training"),
                            ("new_hire", "Training on joining"),
                            ("role", "Training for a post"),
                            ("after_incident", "Extra training after an incident"),
                            ("my_number", "My Number training"),
                        ],
                        default="annual",
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=100, verbose_name="title")),
                (
                    "title_en",
                    models.CharField(blank=True, max_length=100, verbose_name="title in English"),
                ),
                ("summary", models.TextField(blank=True, verbose_name="summary")),
                ("summary_en", models.TextField(blank=True, verbose_name="summary in English")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "verbose_name": "course",
                "verbose_name_plural": "courses",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["annual", "new_hire", "role", "after_incident", "my_number"],
                            )
                        ),
                        name="course_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CourseVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                (
                    "text",
                    models.TextField(blank=True, help_text="Markdown.", verbose_name="material"),
                ),
                (
                    "text_en",
                    models.TextField(
                        blank=True, help_text="Markdown.", verbose_name="material in English"
                    ),
                ),
                ("link", models.URLField(blank=True, verbose_name="link to material")),
                (
                    "covers_policy",
                    models.BooleanField(
                        default=False, verbose_name="Personal information protection policy"
                    ),
                ),
                (
                    "covers_importance",
                    models.BooleanField(
                        default=False, verbose_name="Importance and benefits of conforming"
                    ),
                ),
                (
                    "covers_roles",
                    models.BooleanField(default=False, verbose_name="Roles and responsibilities"),
                ),
                (
                    "covers_consequences",
                    models.BooleanField(default=False, verbose_name="Consequences of violations"),
                ),
                (
                    "published_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="published on"
                    ),
                ),
                ("changes", models.TextField(blank=True, verbose_name="what changed")),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="training.course",
                        verbose_name="course",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a course",
                "verbose_name_plural": "versions of courses",
                "ordering": ["course", "-number"],
            },
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=100, verbose_name="title")),
                (
                    "title_en",
                    models.CharField(blank=True, max_length=100, verbose_name="title in English"),
                ),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
                (
                    "pass_mark",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        default=80,
                        help_text="Per cent of the questions; leave empty for a training without a test.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="pass mark",
                    ),
                ),
                (
                    "question_count",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Drawn at random for each attempt; leave empty to ask all of them.",
                        null=True,
                        verbose_name="questions in a test",
                    ),
                ),
                ("lecturer", models.CharField(blank=True, max_length=100, verbose_name="lecturer")),
                (
                    "audience_kinds",
                    models.JSONField(blank=True, default=list, verbose_name="employment kinds"),
                ),
                (
                    "audience_posts",
                    models.JSONField(blank=True, default=list, verbose_name="posts"),
                ),
                (
                    "audience_joined_since",
                    models.DateField(blank=True, null=True, verbose_name="joined on or after"),
                ),
                (
                    "joiner_rule",
                    models.CharField(
                        choices=[
                            ("add", "Add them to this campaign"),
                            ("new_hire", "Give them the training on joining"),
                        ],
                        default="add",
                        max_length=10,
                        verbose_name="people who join meanwhile",
                    ),
                ),
                (
                    "joiner_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="days that they are given",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Being prepared"),
                            ("open", "Open"),
                            ("closed", "Closed"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                (
                    "opened_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="opened at"),
                ),
                (
                    "population_on",
                    models.DateField(editable=False, null=True, verbose_name="population as of"),
                ),
                (
                    "closed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="closed at"),
                ),
                (
                    "audience_departments",
                    models.ManyToManyField(
                        blank=True,
                        related_name="+",
                        to="organization.department",
                        verbose_name="departments, with those below",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="cycles.cycle",
                        verbose_name="cycle",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="training.course",
                        verbose_name="course",
                    ),
                ),
                (
                    "course_version",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="training.courseversion",
                        verbose_name="version of the material",
                    ),
                ),
            ],
            options={
                "verbose_name": "training campaign",
                "verbose_name_plural": "training campaigns",
                "ordering": ["-starts_on", "-id"],
                "permissions": [
                    ("open_campaign", "Can open training campaigns"),
                    ("close_campaign", "Can close training campaigns"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, verbose_name="code")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("single", "One correct answer"),
                            ("multiple", "Several correct answers"),
                            ("true_false", "True or false"),
                        ],
                        default="single",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("policy", "Personal information protection policy"),
                            ("importance", "Importance and benefits of conforming"),
                            ("roles", "Roles and responsibilities"),
                            ("consequences", "Consequences of violations"),
                        ],
                        max_length=14,
                        verbose_name="topic",
                    ),
                ),
                ("clause", models.CharField(blank=True, max_length=12, verbose_name="clause")),
                (
                    "difficulty",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Easy"), (2, "Medium"), (3, "Hard")],
                        default=1,
                        verbose_name="difficulty",
                    ),
                ),
                ("text", models.TextField(verbose_name="question")),
                ("text_en", models.TextField(blank=True, verbose_name="question in English")),
                ("explanation", models.TextField(blank=True, verbose_name="explanation")),
                (
                    "explanation_en",
                    models.TextField(blank=True, verbose_name="explanation in English"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="training.course",
                        verbose_name="course",
                    ),
                ),
            ],
            options={
                "verbose_name": "question",
                "verbose_name_plural": "questions",
                "ordering": ["course", "code"],
            },
        ),
        migrations.CreateModel(
            name="Choice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="order")),
                ("text", models.CharField(max_length=300, verbose_name="answer")),
                (
                    "text_en",
                    models.CharField(blank=True, max_length=300, verbose_name="answer in English"),
                ),
                ("is_correct", models.BooleanField(default=False, verbose_name="correct")),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="choices",
                        to="training.question",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer",
                "verbose_name_plural": "answers",
                "ordering": ["question", "position"],
            },
        ),
        migrations.CreateModel(
            name="CampaignQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="order")),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("policy", "Personal information protection policy"),
                            ("importance", "Importance and benefits of conforming"),
                            ("roles", "Roles and responsibilities"),
                            ("consequences", "Consequences of violations"),
                        ],
                        max_length=14,
                        verbose_name="topic",
                    ),
                ),
                (
                    "content",
                    models.JSONField(
                        help_text="kind, text, text_en, explanation, explanation_en, choices, clause"
                    ),
                ),
                ("digest", models.CharField(help_text="SHA-256 of the content", max_length=64)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="training.campaign",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="training.question",
                    ),
                ),
            ],
            options={
                "verbose_name": "question of a campaign",
                "verbose_name_plural": "questions of campaigns",
                "ordering": ["campaign", "position"],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("figures", models.JSONField(default=dict, editable=False)),
                ("opinions", models.TextField(blank=True, verbose_name="opinions of participants")),
                (
                    "effectiveness",
                    models.TextField(blank=True, verbose_name="evaluation of effectiveness"),
                ),
                (
                    "improvements",
                    models.TextField(blank=True, verbose_name="improvements for next year"),
                ),
                (
                    "reported_to",
                    models.CharField(blank=True, max_length=100, verbose_name="reported to"),
                ),
                (
                    "reported_on",
                    models.DateField(blank=True, null=True, verbose_name="reported on"),
                ),
                (
                    "approved_on",
                    models.DateField(editable=False, null=True, verbose_name="approved on"),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="report",
                        to="training.campaign",
                        verbose_name="campaign",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "training report",
                "verbose_name_plural": "training reports",
                "permissions": [("approve_report", "Can approve training reports")],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("held_on", models.DateField(verbose_name="held on")),
                ("place", models.CharField(blank=True, max_length=100, verbose_name="place")),
                ("lecturer", models.CharField(blank=True, max_length=100, verbose_name="lecturer")),
                ("is_make_up", models.BooleanField(default=False, verbose_name="make-up session")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="training.campaign",
                        verbose_name="campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "ordering": ["held_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="TrainingPlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, verbose_name="version"
                    ),
                ),
                ("purpose", models.TextField(verbose_name="purpose")),
                (
                    "follow_up_rule",
                    models.TextField(blank=True, verbose_name="follow-up of those not trained"),
                ),
                (
                    "responsible",
                    models.CharField(blank=True, max_length=100, verbose_name="responsible"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Waiting for approval"),
                            ("approved", "Approved"),
                            ("superseded", "Replaced by a later version"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("created_on", models.DateField(verbose_name="made on")),
                (
                    "approved_on",
                    models.DateField(editable=False, null=True, verbose_name="approved on"),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="approved by",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="training_plans",
                        to="cycles.cycle",
                        verbose_name="cycle",
                    ),
                ),
            ],
            options={
                "verbose_name": "training plan",
                "verbose_name_plural": "training plans",
                "ordering": ["-cycle__starts_on", "-version"],
                "permissions": [("approve_plan", "Can approve training plans")],
            },
        ),
        migrations.CreateModel(
            name="PlanItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("target", models.CharField(max_length=100, verbose_name="for whom")),
                (
                    "planned_month",
                    models.DateField(help_text="Its first day.", verbose_name="planned month"),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("classroom", "Class-room"),
                            ("paper", "Paper"),
                            ("video", "Video"),
                            ("e_learning", "E-learning"),
                        ],
                        default="e_learning",
                        max_length=12,
                        verbose_name="method",
                    ),
                ),
                ("lecturer", models.CharField(blank=True, max_length=100, verbose_name="lecturer")),
                (
                    "comprehension",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="how comprehension is checked"
                    ),
                ),
                (
                    "pass_mark",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="pass mark"
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="training.course",
                        verbose_name="course",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="training.trainingplan",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a training plan",
                "verbose_name_plural": "lines of training plans",
                "ordering": ["planned_month", "id"],
            },
        ),
        migrations.CreateModel(
            name="TrainingRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "employee_number",
                    models.CharField(max_length=20, verbose_name="employee number"),
                ),
                ("name", models.CharField(max_length=101, verbose_name="name")),
                ("kana", models.CharField(blank=True, max_length=101, verbose_name="name in kana")),
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
                        max_length=12,
                        verbose_name="employment kind",
                    ),
                ),
                (
                    "search_key",
                    pms.core.fields.SearchKeyField(
                        blank=True,
                        default="",
                        editable=False,
                        max_length=400,
                        sources=("employee_number", "name", "kana"),
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("not_started", "Not started"),
                            ("in_progress", "In progress"),
                            ("failed", "Not yet passed"),
                            ("passed", "Passed"),
                            ("excused", "Excused"),
                            ("void", "Void"),
                        ],
                        default="not_started",
                        editable=False,
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="due on")),
                (
                    "attended_on",
                    models.DateField(editable=False, null=True, verbose_name="trained on"),
                ),
                (
                    "method",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("classroom", "Class-room"),
                            ("paper", "Paper"),
                            ("video", "Video"),
                            ("e_learning", "E-learning"),
                        ],
                        max_length=12,
                        verbose_name="method",
                    ),
                ),
                (
                    "comprehension",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("test", "Test with a score"),
                            ("questionnaire", "Questionnaire or signed sheet"),
                            ("oral", "Questions asked in person"),
                        ],
                        max_length=14,
                        verbose_name="comprehension checked by",
                    ),
                ),
                (
                    "score",
                    models.PositiveSmallIntegerField(
                        editable=False, help_text="per cent", null=True, verbose_name="score"
                    ),
                ),
                (
                    "failures",
                    models.PositiveSmallIntegerField(
                        default=0, editable=False, verbose_name="failed attempts"
                    ),
                ),
                (
                    "passed_on",
                    models.DateField(editable=False, null=True, verbose_name="passed on"),
                ),
                (
                    "acknowledged_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="“I understood” at"
                    ),
                ),
                ("lecturer", models.CharField(blank=True, max_length=100, verbose_name="lecturer")),
                (
                    "logged_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="logged at"),
                ),
                (
                    "void_reason",
                    models.TextField(blank=True, editable=False, verbose_name="reason for voiding"),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="training.campaign",
                        verbose_name="campaign",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "import_run",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="training_records",
                        to="transfer.importrun",
                    ),
                ),
                (
                    "logged_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="logged by",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="training_records",
                        to="organization.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="training.trainingrecord",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="training.session",
                    ),
                ),
            ],
            options={
                "verbose_name": "training record",
                "verbose_name_plural": "training records",
                "ordering": ["campaign", "employee_number"],
                "permissions": [
                    ("take_training", "Can take training"),
                    ("view_own_people", "Can view the training of one's own departments"),
                    ("view_score", "Can view scores"),
                    ("log_completion", "Can log completions"),
                    ("follow_up", "Can record follow-ups"),
                    ("request_excuse", "Can ask to excuse somebody"),
                    ("approve_excuse", "Can approve excuses"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("reminder", "Reminder"),
                            ("interview", "Interview"),
                            ("make_up", "Make-up session"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("done_on", models.DateField(verbose_name="date")),
                ("result", models.TextField(verbose_name="result")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "done_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="training.trainingrecord",
                    ),
                ),
            ],
            options={
                "verbose_name": "follow-up",
                "verbose_name_plural": "follow-ups",
                "ordering": ["-done_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Excuse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("leave", "On long leave"),
                            ("left", "Left the company"),
                            ("elsewhere", "Trained at another company in the same period"),
                            ("other", "Other reason"),
                        ],
                        max_length=10,
                        verbose_name="reason",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="explanation")),
                (
                    "until",
                    models.DateField(
                        blank=True,
                        help_text="After this day the training is due again.",
                        null=True,
                        verbose_name="until",
                    ),
                ),
                (
                    "by_rule",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="by a dated rule"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("requested", "Waiting for approval"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("ended", "Ended"),
                        ],
                        default="requested",
                        editable=False,
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("requested_at", models.DateTimeField(editable=False, verbose_name="asked at")),
                (
                    "decided_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="decided at"),
                ),
                (
                    "decision_note",
                    models.TextField(
                        blank=True, editable=False, verbose_name="note on the decision"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="excuses",
                        to="training.trainingrecord",
                    ),
                ),
            ],
            options={
                "verbose_name": "excuse",
                "verbose_name_plural": "excuses",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="attempt")),
                ("started_at", models.DateTimeField(verbose_name="started at")),
                (
                    "paper",
                    models.JSONField(
                        default=list, help_text="question numbers and the order of their answers"
                    ),
                ),
                ("answers", models.JSONField(default=dict)),
                ("submitted_at", models.DateTimeField(null=True, verbose_name="sent at")),
                ("score", models.PositiveSmallIntegerField(null=True, verbose_name="score")),
                ("is_passed", models.BooleanField(null=True, verbose_name="passed")),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="training.trainingrecord",
                    ),
                ),
            ],
            options={
                "verbose_name": "attempt",
                "verbose_name_plural": "attempts",
                "ordering": ["record", "number"],
            },
        ),
        migrations.AddConstraint(
            model_name="courseversion",
            constraint=models.UniqueConstraint(
                fields=("course", "number"), name="courseversion_number_unique"
            ),
        ),
        migrations.AddIndex(
            model_name="campaign",
            index=models.Index(fields=["status", "ends_on"], name="campaign_by_status"),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="campaign_dates_in_order",
                violation_error_message="The last day is before the first day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("opened_at__isnull", True), ("status", "draft")),
                    models.Q(
                        models.Q(("status", "draft"), _negated=True),
                        ("course_version__isnull", False),
                        ("opened_at__isnull", False),
                        ("population_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="campaign_opened_iff_past_draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("status", "closed")),
                    models.Q(
                        models.Q(("status", "closed"), _negated=True), ("closed_at__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="campaign_closed_iff_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("pass_mark__isnull", True), ("pass_mark__range", (1, 100)), _connector="OR"
                ),
                name="campaign_pass_mark_is_percentage",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                fields=("course", "code"), name="question_code_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["single", "multiple", "true_false"])),
                name="question_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("topic__in", ["policy", "importance", "roles", "consequences"])
                ),
                name="question_topic_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("difficulty__in", (1, 2, 3))), name="question_difficulty_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="choice",
            constraint=models.UniqueConstraint(
                fields=("question", "position"), name="choice_position_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaignquestion",
            constraint=models.UniqueConstraint(
                fields=("campaign", "position"), name="campaignquestion_position_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaignquestion",
            constraint=models.UniqueConstraint(
                fields=("campaign", "question"), name="campaignquestion_question_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(("approved_by", models.F("created_by")), _negated=True),
                name="report_approved_by_another",
                violation_error_message="Nobody approves a report that they made themselves.",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by__isnull", True),
                    ("approved_on__isnull", True),
                    _connector="XOR",
                    _negated=True,
                ),
                name="report_approved_iff_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingplan",
            constraint=models.UniqueConstraint(
                fields=("cycle", "version"), name="trainingplan_version_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingplan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "approved")),
                fields=("cycle",),
                name="trainingplan_one_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("approved_by__isnull", False),
                        ("approved_on__isnull", False),
                        ("status__in", ("approved", "superseded")),
                    ),
                    models.Q(
                        ("approved_by__isnull", True),
                        ("approved_on__isnull", True),
                        ("status__in", ("draft", "submitted")),
                    ),
                    _connector="OR",
                ),
                name="trainingplan_approved_iff_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("approved_by", models.F("created_by")), _negated=True),
                name="trainingplan_approved_by_another",
                violation_error_message="Nobody approves a plan that they made themselves.",
            ),
        ),
        migrations.AddConstraint(
            model_name="planitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("pass_mark__isnull", True), ("pass_mark__range", (1, 100)), _connector="OR"
                ),
                name="planitem_pass_mark_is_percentage",
            ),
        ),
        migrations.AddIndex(
            model_name="trainingrecord",
            index=models.Index(
                fields=["campaign", "department", "employment_kind", "status", "passed_on"],
                name="trainingrecord_progress",
            ),
        ),
        migrations.AddIndex(
            model_name="trainingrecord",
            index=models.Index(
                fields=["campaign", "employee_number", "id"], name="trainingrecord_by_number"
            ),
        ),
        migrations.AddIndex(
            model_name="trainingrecord",
            index=models.Index(
                fields=["campaign", "status", "employee_number", "id"],
                name="trainingrecord_by_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingrecord",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "void"), _negated=True),
                fields=("campaign", "person"),
                name="trainingrecord_one_per_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        ["not_started", "in_progress", "failed", "passed", "excused", "void"],
                    )
                ),
                name="trainingrecord_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "passed"), _negated=True),
                    models.Q(("attended_on__isnull", False), ("passed_on__isnull", False)),
                    _connector="OR",
                ),
                name="trainingrecord_passed_has_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("status__in", ("not_started", "in_progress", "failed")), _negated=True
                    ),
                    ("passed_on__isnull", True),
                    _connector="OR",
                ),
                name="trainingrecord_open_has_no_pass",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "void"), _negated=True),
                    models.Q(("void_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="trainingrecord_void_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("score__isnull", True), ("score__range", (0, 100)), _connector="OR"
                ),
                name="trainingrecord_score_is_percentage",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["reminder", "interview", "make_up", "other"])),
                name="followup_kind_known",
            ),
        ),
        migrations.AddIndex(
            model_name="excuse",
            index=models.Index(fields=["status", "until"], name="excuse_by_status"),
        ),
        migrations.AddConstraint(
            model_name="excuse",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ("requested", "approved"))),
                fields=("record",),
                name="excuse_one_in_force",
                violation_error_message="An excuse for this record is waiting or in force.",
            ),
        ),
        migrations.AddConstraint(
            model_name="excuse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    ("requested_by__isnull", True),
                    models.Q(("decided_by", models.F("requested_by")), _negated=True),
                    _connector="OR",
                ),
                name="excuse_decided_by_another",
                violation_error_message="Nobody approves their own request.",
            ),
        ),
        migrations.AddConstraint(
            model_name="excuse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("status", "requested")),
                    models.Q(
                        models.Q(("status", "requested"), _negated=True),
                        models.Q(("decided_by__isnull", False), ("by_rule", True), _connector="OR"),
                        ("decided_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="excuse_decided_or_by_rule",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.UniqueConstraint(
                fields=("record", "number"), name="attempt_number_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("submitted_at__isnull", True)),
                fields=("record",),
                name="attempt_one_running",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("is_passed__isnull", True),
                        ("score__isnull", True),
                        ("submitted_at__isnull", True),
                    ),
                    models.Q(
                        ("is_passed__isnull", False),
                        ("score__isnull", False),
                        ("submitted_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="attempt_marked_iff_sent",
            ),
        ),
    ]
