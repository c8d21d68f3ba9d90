"""The years: their list, and what is registered about them."""

from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from pms.core.pages import Crumbs, FormPageView, RowFormView
from pms.cycles import services
from pms.cycles.filters import CycleFilter
from pms.cycles.forms import CycleForm
from pms.cycles.models import Cycle
from pms.transfer.lists import Column, ExportListView

LIST = "cycles:cycle_list"


class CycleListView(ExportListView):
    """The years that everything is filed under."""

    model = Cycle
    filterset_class = CycleFilter
    permission_required = "cycles.view_cycle"
    sorts = {"latest": ("-starts_on", "id")}
    export_name = "cycles"
    columns = (
        Column("年度", lambda it: it.name, 16),
        Column("開始日", lambda it: it.starts_on, 12),
        Column("終了日", lambda it: it.ends_on, 12),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each year of the page with its state."""
        context, today = super().get_context_data(**kwargs), timezone.localdate()
        return context | {"lines": [(it, *_state(it, today)) for it in context["page"]]}


def _state(cycle: Cycle, today: Any) -> tuple[str, str]:
    if cycle.starts_on > today:
        return "planned", _("To come")
    if today in cycle:
        return "running", pgettext("cycle", "Running")
    return "closed", _("Over")


class CycleCreateView(FormPageView):
    """Another year comes."""

    form_class = CycleForm
    permission_required = "cycles.add_cycle"
    title = gettext_lazy("Register a fiscal year")
    submit_label = gettext_lazy("Register")
    success_message = gettext_lazy("The fiscal year has been registered.")

    def carry_out(self, form: Any) -> None:
        services.create_cycle(**form.cleaned_data, actor=self.request.user)

    def get_success_url(self) -> str:
        return reverse(LIST)

    def get_crumbs(self) -> Crumbs:
        return [(_("Fiscal years"), reverse(LIST))]


class CycleUpdateView(RowFormView):
    """A year is called differently, or begins on another day."""

    model: type[Model] = Cycle
    form_class = CycleForm
    permission_required = "cycles.change_cycle"
    title = gettext_lazy("Change the fiscal year")
    submit_label = gettext_lazy("Save")
    success_message = gettext_lazy("The changes have been saved.")

    def get_initial(self) -> dict[str, Any]:
        return {
            "name": self.row.name,
            "starts_on": self.row.starts_on,
            "ends_on": self.row.ends_on,
        }

    def carry_out(self, form: Any) -> None:
        services.update_cycle(
            self.row.pk,
            **form.cleaned_data,
            today=timezone.localdate(),
            actor=self.request.user,
        )

    def get_success_url(self) -> str:
        return reverse(LIST)

    def get_crumbs(self) -> Crumbs:
        return [(_("Fiscal years"), reverse(LIST))]
