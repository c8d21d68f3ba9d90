"""When the company is closed beside weekends and public holidays."""

from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pms.core.pages import ConfirmView, Crumbs, FormPageView
from pms.organization import services
from pms.organization.filters import ClosedDayFilter
from pms.organization.forms import ClosedDayForm
from pms.organization.models import ClosedDay
from pms.transfer.lists import Column, ExportListView

CLOSED_DAYS = "organization:closed_day_list"


class ClosedDayListView(ExportListView):
    """The company's own closed days, the latest first."""

    model = ClosedDay
    filterset_class = ClosedDayFilter
    permission_required = "organization.view_closedday"
    template_name = "organization/closedday_list.html"
    sorts = {"day": ("-day",)}
    export_name = "closed-days"
    columns = (
        Column("日付", lambda it: it.day, 12),
        Column("名称", lambda it: it.name, 30),
        Column("名称（英語）", lambda it: it.name_en, 30),
        Column("新しい祝日", lambda it: "○" if it.is_public_holiday else "", 12),
    )

    def get_queryset(self) -> QuerySet:
        """Whoever may see closed days may see all."""
        return ClosedDay.objects.all()


class ClosedDayAddView(FormPageView):
    """The company will be closed on a day, or for a while."""

    form_class = ClosedDayForm
    permission_required = "organization.add_closedday"
    title = gettext_lazy("Add closed days")
    lead = gettext_lazy(
        "Weekends and public holidays are known. On closed days nobody is reminded of anything."
    )
    submit_label = gettext_lazy("Add")

    def carry_out(self, form: Any) -> str:
        added = services.add_closed_days(**form.cleaned_data, actor=self.request.user)
        return ngettext(
            "%(count)s closed day has been added.",
            "%(count)s closed days have been added.",
            len(added),
        ) % {"count": len(added)}

    def get_success_url(self) -> str:
        return reverse(CLOSED_DAYS)

    def get_crumbs(self) -> Crumbs:
        return [(_("Closed days"), reverse(CLOSED_DAYS))]


class ClosedDayRemoveView(ConfirmView):
    """The company works on that day after all."""

    model: type[Model] = ClosedDay
    permission_required = "organization.delete_closedday"
    title = gettext_lazy("Remove the closed day")
    submit_label = gettext_lazy("Remove the closed day")
    consequence = gettext_lazy(
        "Reminders that fall on it go out on it. Who has been reminded already stays reminded."
    )
    success_message = gettext_lazy("The closed day has been removed.")

    def get_rows(self) -> QuerySet:
        """Whoever may remove closed days may remove all."""
        return ClosedDay.objects.all()

    def get_text(self) -> str:
        return _("The company works on %(day)s (%(name)s).") % {
            "day": date_format(self.row.day, "SHORT_DATE_FORMAT"),
            "name": self.row.label,
        }

    def carry_out(self, form: Any) -> None:
        services.remove_closed_day(self.row.pk, actor=self.request.user)

    def get_success_url(self) -> str:
        return reverse(CLOSED_DAYS)

    def get_crumbs(self) -> Crumbs:
        return [(_("Closed days"), reverse(CLOSED_DAYS))]
