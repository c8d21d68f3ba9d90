"""The question bank."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from pms.core.pages import Crumbs, NewRowView, RowMixin
from pms.training import services
from pms.training.filters import QuestionFilter
from pms.training.forms.courses import ChoiceRows, QuestionForm
from pms.training.importers.questions import QUESTION_COLUMNS
from pms.training.models import CampaignQuestion, Choice, Question
from pms.transfer.lists import ExportListView

from .bases import FormWithRowsView


def _with_answers(rows: QuerySet) -> QuerySet:
    return rows.select_related("course").prefetch_related(
        Prefetch("choices", Choice.objects.order_by("position"))
    )


class QuestionListView(ExportListView):
    """What can be asked; its export is what the import of questions reads."""

    model = Question
    filterset_class = QuestionFilter
    permission_required = "training.view_question"
    template_name = "training/question_list.html"
    sorts = {
        "code": ("course__code", "code", "id"),
        "topic": ("topic", "id"),
        "difficulty": ("difficulty", "id"),
    }
    export_name = "questions"
    columns = QUESTION_COLUMNS

    def get_queryset(self) -> QuerySet:
        """With the answers in a file; the page does not show them."""
        rows = super().get_queryset().select_related("course")
        return _with_answers(rows) if "export" in self.request.GET else rows


class QuestionDetailView(RowMixin, PermissionRequiredMixin, TemplateView):
    """One question with its answers and where it was asked."""

    model = Question
    permission_required = "training.view_question"
    template_name = "training/question_detail.html"

    def get_rows(self) -> QuerySet:
        return _with_answers(super().get_rows())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the campaigns that asked it."""
        asked = CampaignQuestion.objects.filter(question=self.row).select_related("campaign__cycle")
        return super().get_context_data(
            question=self.row, asked=asked.order_by("-campaign__starts_on"), **kwargs
        )


class QuestionFormView(FormWithRowsView):
    """A question with its answers."""

    model = Question
    form_class = QuestionForm
    rows_class = ChoiceRows
    rows_title = gettext_lazy("Answers")
    rows_help = gettext_lazy("Empty rows are left out. The order is shuffled for every test.")
    add_label = gettext_lazy("Add an answer")
    submit_label = gettext_lazy("Save the question")
    success_message = gettext_lazy("The question was saved.")

    def get_crumbs(self) -> Crumbs:
        return [(_("Question bank"), reverse("training:question_list"))]

    def carry_out(self, form: QuestionForm) -> None:
        self.row = services.save_question(
            form.instance, self.form_rows.answers(), actor=self.request.user
        )


class QuestionCreateView(QuestionFormView, NewRowView):
    """A new question."""

    permission_required = "training.add_question"
    list_url = "training:question_list"
    title = gettext_lazy("New question")

    def get_parent(self) -> None:
        return None

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"course": self.request.GET.get("course")}


class QuestionEditView(QuestionFormView):
    """A question of the bank; what campaigns have frozen stays as it was asked."""

    permission_required = "training.change_question"

    def get_title(self) -> str:
        return _("Edit question %(code)s") % {"code": self.row.code}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.row}
