"""The statistics of a year."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.utils import timezone
from django.views.generic import TemplateView

from pms.incidents.statistics import statistics_of, years_with_rows

from .bases import list_crumbs


class StatisticsView(PermissionRequiredMixin, TemplateView):
    """Incidents of a fiscal year by class, cause, department and month; every number a link."""

    permission_required = "incidents.view_statistics"
    template_name = "incidents/statistics.html"
    request: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The year asked for, or the present one."""
        user, today = self.request.user, timezone.localdate()
        years = years_with_rows(user, today)
        asked = self.request.GET.get("year", "")
        year = next((it for it in years if str(it.number) == asked), years[0])
        return super().get_context_data(
            years=years,
            statistics=statistics_of(year, user=user),
            crumbs=list_crumbs(),
            **kwargs,
        )
