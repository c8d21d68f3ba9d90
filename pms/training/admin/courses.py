"""Courses, versions of their material and the question bank in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import action, display

from pms.history.admin import RecordedModelAdmin
from pms.organization.admin import ReadOnlyInline
from pms.training import services
from pms.training.admin_resources import CourseResource, QuestionResource
from pms.training.choices import Topic
from pms.training.forms.courses import MAX_CHOICES, ChoiceFormSet
from pms.training.models import Choice, Course, CourseVersion, Question
from pms.transfer.admin import ExportModelAdmin

COVERS = [f"covers_{topic.value}" for topic in Topic]


def changed(form: Any) -> dict[str, Any]:
    """The fields that somebody changed, as the services take them."""
    return {name: form.cleaned_data[name] for name in form.changed_data}


class VersionInline(ReadOnlyInline):
    """The versions of a course; a new one begins on the course's page, as a copy of the last."""

    model = CourseVersion
    show_title = False
    fields = ["number", "published_on", "changes"]
    readonly_fields = fields


@admin.register(Course)
class CourseAdmin(ExportModelAdmin):
    """Courses."""

    resource_classes = [CourseResource]
    list_display = ["code", "title", "kind", "is_active"]
    list_display_links = ["code", "title"]
    list_filter = [("kind", ChoicesDropdownFilter), "is_active"]
    search_fields = ["code", "title", "title_en", "summary"]
    ordering = ["code"]
    inlines = [VersionInline]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """As on the pages."""
        services.save_course(obj, actor=request.user)


@admin.register(CourseVersion)
class CourseVersionAdmin(RecordedModelAdmin):
    """Versions: what is published is only looked at."""

    list_display = ["course", "number", "published_on", *COVERS]
    list_display_links = ["course", "number"]
    list_filter = [
        ("course", RelatedDropdownFilter),
        ("published_on", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["course"]
    search_fields = ["course__code", "course__title", "text", "changes"]
    ordering = ["course__code", "-number"]
    readonly_fields = ["course", "number", "published_on"]
    fieldsets = [
        (None, {"fields": ["course", "number", "published_on"]}),
        (_("Material"), {"fields": ["text", "text_en", "link"]}),
        (_("Topics covered"), {"fields": COVERS}),
        (_("Since the version before"), {"fields": ["changes"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never here: a version begins on its course's page, as a copy of the last."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Until it is published."""
        is_published = isinstance(obj, CourseVersion) and obj.published_on is not None
        return not is_published and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """As on the pages."""
        services.change_version(obj.pk, actor=request.user, **changed(form))


class AnswersFormSet(ChoiceFormSet):
    """The answers of a question, refused with their reasons above them."""

    def clean(self) -> None:
        """Ask the same rules as the pages do."""
        super().clean()
        if not any(self.errors):
            services.check_question(self.instance, self.answers())


class AnswersInline(StackedInline):
    """What a question offers, in the order of the rows."""

    model = Choice
    formset = AnswersFormSet
    fields = ["text", "text_en", "is_correct"]
    max_num = MAX_CHOICES

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Answers are a part of their question."""
        return request.user.has_perm("training.view_question")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Answers are a part of their question."""
        return request.user.has_perm("training.change_question")

    has_add_permission = has_delete_permission = has_change_permission


@admin.register(Question)
class QuestionAdmin(ExportModelAdmin):
    """The question bank; files come in through the import of questions."""

    resource_classes = [QuestionResource]
    may_delete = True
    actions_list = ["import_questions"]
    list_display = ["code", "text_start", "course", "topic", "kind", "is_active"]
    list_display_links = ["code", "text_start"]
    list_filter = [
        ("course", RelatedDropdownFilter),
        ("topic", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        "is_active",
    ]
    list_select_related = ["course"]
    search_fields = ["code", "text", "text_en", "explanation"]
    ordering = ["course__code", "code"]
    inlines = [AnswersInline]
    fieldsets = [
        (None, {"fields": [("course", "code", "kind"), "text", "text_en"]}),
        (_("Explanation"), {"fields": ["explanation", "explanation_en"]}),
        (_("For the report"), {"fields": [("topic", "clause", "difficulty"), "is_active"]}),
    ]

    @display(description=_("question"), ordering="text")
    def text_start(self, question: Question) -> str:
        """The beginning of the question."""
        return question.text if len(question.text) <= 60 else f"{question.text[:60]}…"

    @action(
        description=_("Import questions"),
        # A method: the name of a permission would be looked up before there is a database.
        permissions=["import_questions"],
        icon="upload_file",
        url_path="import-questions",
    )
    def import_questions(self, request: HttpRequest) -> HttpResponse:
        """To the import, which previews, names every fault and can be undone."""
        return redirect("transfer:upload", "questions")

    def has_import_questions_permission(self, request: HttpRequest) -> bool:
        """Whether this account may import questions."""
        return request.user.has_perm("training.change_question")

    def get_export_queryset(self, request: HttpRequest) -> QuerySet:
        """With the answers."""
        return super().get_export_queryset(request).prefetch_related("choices")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing yet: question and answers are stored together."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """As on the pages."""
        (answers,) = formsets
        answers.save(commit=False)  # so that the form knows what was changed
        services.save_question(form.instance, answers.answers(), actor=request.user)
