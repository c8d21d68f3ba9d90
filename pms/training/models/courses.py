"""What is taught and asked: courses, versions of their material, the question bank."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pms.organization.models import in_language

from ..choices import CourseKind, QuestionKind, Topic


class CourseQuerySet(models.QuerySet):
    """Courses, asked by viewer."""

    def visible_to(self, user: Any) -> "CourseQuerySet":
        """All for who runs or examines training; others meet courses through their records."""
        return self if user.has_perm("training.view_course") else self.none()

    def for_list(self) -> "CourseQuerySet":
        """With what the list shows."""
        return self.annotate(
            question_count=models.Count(
                "questions", filter=Q(questions__is_active=True), distinct=True
            ),
            latest_version=models.Max(
                "versions__number", filter=Q(versions__published_on__isnull=False)
            ),
        )


class Course(models.Model):
    """A subject of training; what is handed out is one of its versions."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=CourseKind, default=CourseKind.ANNUAL)
    title = models.CharField(_("title"), max_length=100)
    title_en = models.CharField(_("title in English"), max_length=100, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="course_kind_known", condition=Q(kind__in=CourseKind.values)
            )
        ]

    def __str__(self) -> str:
        return in_language(self.title, self.title_en)

    def get_absolute_url(self) -> str:
        return reverse("training:course_detail", args=[self.pk])


class CourseVersionQuerySet(models.QuerySet):
    """Versions, asked by viewer."""

    def visible_to(self, user: Any) -> "CourseVersionQuerySet":
        """All for who runs or examines training; else those one is or was trained with."""
        if user.has_perm("training.view_course"):
            return self
        return self.filter(
            pk__in=self.model._default_manager.filter(campaigns__records__person__user=user).values(
                "pk"
            )
        )

    def files_visible_to(self, user: Any) -> "CourseVersionQuerySet":
        """Material is for whoever is trained with it."""
        return self.visible_to(user)


class CourseVersion(models.Model):
    """The material as it was handed out; once published it is never changed, only followed."""

    course = models.ForeignKey(
        Course, models.PROTECT, related_name="versions", verbose_name=_("course")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("material"), blank=True, help_text=_("Markdown."))
    text_en = models.TextField(_("material in English"), blank=True, help_text=_("Markdown."))
    link = models.URLField(_("link to material"), blank=True)
    covers_policy = models.BooleanField(Topic.POLICY.label, default=False)
    covers_importance = models.BooleanField(Topic.IMPORTANCE.label, default=False)
    covers_roles = models.BooleanField(Topic.ROLES.label, default=False)
    covers_consequences = models.BooleanField(Topic.CONSEQUENCES.label, default=False)
    published_on = models.DateField(_("published on"), null=True, blank=True, editable=False)
    changes = models.TextField(_("what changed"), blank=True)

    objects = CourseVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a course")
        verbose_name_plural = _("versions of courses")
        ordering = ["course", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="courseversion_number_unique")
        ]

    def __str__(self) -> str:
        return _("%(course)s, version %(number)s") % {
            "course": self.course,
            "number": self.number,
        }

    @property
    def topics(self) -> list[Topic]:
        """Which of the four topics this version covers."""
        return [topic for topic in Topic if getattr(self, f"covers_{topic.value}")]

    def text_in_language(self) -> str:
        """The Markdown that the present reader should get."""
        return in_language(self.text, self.text_en)


class QuestionQuerySet(models.QuerySet):
    """Questions, asked by viewer."""

    def visible_to(self, user: Any) -> "QuestionQuerySet":
        """Only for who runs training: a test whose answers are known proves nothing."""
        return self if user.has_perm("training.view_question") else self.none()


class Question(models.Model):
    """One question of the bank. A campaign freezes a copy, so it may be improved at any time."""

    course = models.ForeignKey(
        Course, models.PROTECT, related_name="questions", verbose_name=_("course")
    )
    code = models.CharField(_("code"), max_length=20)
    kind = models.CharField(
        _("kind"), max_length=12, choices=QuestionKind, default=QuestionKind.SINGLE
    )
    topic = models.CharField(_("topic"), max_length=14, choices=Topic)
    clause = models.CharField(_("clause"), max_length=12, blank=True)
    difficulty = models.PositiveSmallIntegerField(
        _("difficulty"), default=1, choices=[(1, _("Easy")), (2, _("Medium")), (3, _("Hard"))]
    )
    text = models.TextField(_("question"))
    text_en = models.TextField(_("question in English"), blank=True)
    explanation = models.TextField(_("explanation"), blank=True)
    explanation_en = models.TextField(_("explanation in English"), blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["course", "code"]
        constraints = [
            models.UniqueConstraint(fields=["course", "code"], name="question_code_unique"),
            models.CheckConstraint(
                name="question_kind_known", condition=Q(kind__in=QuestionKind.values)
            ),
            models.CheckConstraint(
                name="question_topic_known", condition=Q(topic__in=Topic.values)
            ),
            models.CheckConstraint(
                name="question_difficulty_known", condition=Q(difficulty__in=(1, 2, 3))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {in_language(self.text, self.text_en)}"

    def get_absolute_url(self) -> str:
        return reverse("training:question_detail", args=[self.pk])


class Choice(models.Model):
    """One answer that a question offers."""

    question = models.ForeignKey(
        Question, models.CASCADE, related_name="choices", verbose_name=_("question")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=1)
    text = models.CharField(_("answer"), max_length=300)
    text_en = models.CharField(_("answer in English"), max_length=300, blank=True)
    is_correct = models.BooleanField(_("correct"), default=False)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["question", "position"]
        constraints = [
            models.UniqueConstraint(fields=["question", "position"], name="choice_position_unique")
        ]

    def __str__(self) -> str:
        return in_language(self.text, self.text_en)
