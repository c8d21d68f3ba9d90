"""Courses: their list, their material in versions, and its publication."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import TemplateView

from pms.core.markdown import render_markdown
from pms.core.pages import ConfirmView, Crumbs, NewRowView, RowFormView, RowMixin
from pms.core.text import listed
from pms.core.views import with_query
from pms.evidence.models import EvidenceFile
from pms.evidence.pages import AttachView
from pms.training import services
from pms.training.choices import Topic
from pms.training.filters import CourseFilter
from pms.training.forms.courses import CourseForm, VersionForm
from pms.training.models import Course, CourseVersion
from pms.transfer.lists import Column, ExportListView

# A preview that somebody types is shown while it is typed; nobody writes more than this.
PREVIEW_LIMIT = 200_000


class CourseListView(ExportListView):
    """What is taught."""

    model = Course
    filterset_class = CourseFilter
    permission_required = "training.view_course"
    template_name = "training/course_list.html"
    sorts = {"code": ("code",), "title": ("title", "id"), "kind": ("kind", "code")}
    export_name = "courses"
    columns = (
        Column("コード", lambda it: it.code),
        Column("種類", lambda it: it.get_kind_display()),
        Column("講座名", lambda it: it.title, width=40),
        Column("講座名（英語）", lambda it: it.title_en, width=40),
        Column("公開中の版", lambda it: it.latest_version),
        Column("使用中の問題数", lambda it: it.question_count),
        Column("使用中", lambda it: it.is_active),
    )


class CourseDetailView(RowMixin, PermissionRequiredMixin, TemplateView):
    """One course: what is published, what is asked, where it was held."""

    model = Course
    permission_required = "training.view_course"
    template_name = "training/course_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Versions, questions by topic, campaigns."""
        versions = list(self.row.versions.annotate(campaign_count=Count("campaigns")))
        campaigns = self.row.campaigns.visible_to(self.request.user).select_related(
            "cycle", "course_version"
        )
        topics = self.topics()
        return super().get_context_data(
            course=self.row,
            versions=versions,
            draft=next((it for it in versions if not it.published_on), None),
            topics=topics,
            question_count=sum(topic["count"] for topic in topics),
            campaigns=campaigns,
            **kwargs,
        )

    def topics(self) -> list[dict[str, Any]]:
        """Each topic with the number of questions in use and the list of them."""
        rows = self.row.questions.filter(is_active=True).order_by().values_list("topic")
        counts = dict(rows.annotate(Count("pk")))
        bank = reverse("training:question_list")
        return [
            {
                "label": topic.label,
                "count": counts.get(topic.value, 0),
                "url": with_query(bank, course=self.row.pk, topic=topic.value, in_use=1),
            }
            for topic in Topic
        ]


class CourseCreateView(NewRowView):
    """A new course."""

    model = Course
    list_url = "training:course_list"
    form_class = CourseForm
    permission_required = "training.add_course"
    title = gettext_lazy("New course")
    submit_label = gettext_lazy("Add the course")
    success_message = gettext_lazy("The course was added. Next, write its first version.")

    def get_crumbs(self) -> Crumbs:
        return [(_("Courses"), reverse("training:course_list"))]

    def carry_out(self, form: CourseForm) -> None:
        self.row = services.save_course(form.instance, actor=self.request.user)


class CourseEditView(RowFormView):
    """A course's own facts."""

    model = Course
    form_class = CourseForm
    permission_required = "training.change_course"
    title = gettext_lazy("Edit the course")
    submit_label = gettext_lazy("Save the course")
    success_message = gettext_lazy("The course was saved.")

    def get_crumbs(self) -> Crumbs:
        return course_crumbs(self.row)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.row}

    def carry_out(self, form: CourseForm) -> None:
        services.save_course(form.instance, actor=self.request.user)


class VersionMixin:
    """A page about one version of a course."""

    request: HttpRequest
    kwargs: dict[str, Any]
    model = CourseVersion

    def get_rows(self) -> QuerySet:
        courses = Course.objects.visible_to(self.request.user)
        return CourseVersion.objects.filter(course__in=courses).select_related("course")

    def get_crumbs(self) -> Crumbs:
        return version_crumbs(self.row)

    def get_success_url(self) -> str:
        return reverse("training:version_detail", args=[self.kwargs["pk"]])


class VersionCreateView(RowMixin, PermissionRequiredMixin, View):
    """Starts the next version as a copy of the latest one."""

    model = Course
    permission_required = "training.add_courseversion"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        version = services.create_version(self.row, actor=request.user)
        return redirect("training:version_edit", version.pk)


class VersionDetailView(VersionMixin, RowMixin, PermissionRequiredMixin, TemplateView):
    """A version as people read it."""

    permission_required = "training.view_course"
    template_name = "training/version_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The material as HTML, and its files."""
        version = self.row
        may_change = self.request.user.has_perm("training.change_courseversion")
        return super().get_context_data(
            version=version,
            course=version.course,
            crumbs=course_crumbs(version.course),
            material=render_markdown(version.text_in_language()),
            files=EvidenceFile.objects.of(version).for_list(),
            upload_url=reverse("training:version_files", args=[version.pk])
            if may_change and not version.published_on
            else "",
            may_change=may_change and not version.published_on,
            campaigns=version.campaigns.visible_to(self.request.user).select_related("cycle"),
            **kwargs,
        )


class DraftMixin(VersionMixin):
    """Only for versions that are not published yet; the others lead to themselves, with why."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        may = self.has_permission()
        if may and self.row.published_on:
            messages.warning(
                request,
                _("Published material is never changed. Please start a new version instead."),
            )
            return redirect("training:version_detail", self.kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)


class VersionEditView(DraftMixin, RowFormView):
    """Writing the material, with what it will look like beside it."""

    form_class = VersionForm
    permission_required = "training.change_courseversion"
    template_name = "training/version_form.html"
    submit_label = gettext_lazy("Save the material")
    success_message = gettext_lazy("The material was saved. It is not published yet.")

    def get_title(self) -> str:
        return _("Edit version %(number)s") % {"number": self.row.number}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.row}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the present text as people would read it."""
        return super().get_context_data(
            version=self.row,
            preview=render_markdown(self.row.text),
            **kwargs,
        )

    def carry_out(self, form: VersionForm) -> None:
        services.change_version(self.row.pk, actor=self.request.user, **form.cleaned_data)


class MarkdownPreviewView(PermissionRequiredMixin, View):
    """What a text will look like; it is not kept."""

    permission_required = "training.change_courseversion"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        text = request.POST.get("text", "") or request.POST.get("text_en", "")
        return HttpResponse(render_markdown(text[:PREVIEW_LIMIT]))


class VersionPublishView(DraftMixin, ConfirmView):
    """From draft to what campaigns are held with."""

    permission_required = "training.change_courseversion"
    submit_label = gettext_lazy("Publish the material")
    is_calm = True
    success_message = gettext_lazy("The material was published.")
    consequence = gettext_lazy(
        "This cannot be undone: published material is never changed afterwards, because records "
        "refer to it. What is to be improved goes into a new version."
    )

    def get_title(self) -> str:
        return _("Publish version %(number)s of “%(course)s”") % {
            "number": self.row.number,
            "course": self.row.course,
        }

    def get_text(self) -> str:
        topics = self.row.topics
        return _("It covers %(topics)s. Campaigns that are opened from now on use it.") % {
            "topics": listed(str(topic.label) for topic in topics) or _("none of the four topics"),
        }

    def carry_out(self, form: Any) -> None:
        services.publish_version(self.row.pk, actor=self.request.user, today=timezone.localdate())


class VersionFilesView(DraftMixin, AttachView):
    """Slides, sheets and whatever else belongs to the material."""

    permission_required = "training.change_courseversion"
    title = gettext_lazy("Attach files to the material")


def course_crumbs(course: Course) -> Crumbs:
    """The way to what lies below a course."""
    return [
        (_("Courses"), reverse("training:course_list")),
        (str(course), course.get_absolute_url()),
    ]


def version_crumbs(version: CourseVersion) -> Crumbs:
    """The way to what lies below a version."""
    url = reverse("training:version_detail", args=[version.pk])
    name = _("Version %(number)s") % {"number": version.number}
    return [*course_crumbs(version.course), (name, url)]
