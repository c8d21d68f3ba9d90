"""The guideline: its clauses, and what an examiner expects to see for each."""

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.views.generic import TemplateView

from pms.core.pages import RowMixin
from pms.cycles.filters import ClauseFilter
from pms.cycles.models import Clause, Cycle, Milestone
from pms.cycles.services import CLAUSE_HEADINGS
from pms.transfer.lists import Column, ExportListView

_DISPLAYED = {"phase", "title_confidence", "mapping_confidence"}


def _column(name: str, heading: str) -> Column:
    if name in _DISPLAYED:
        return Column(heading, lambda it: getattr(it, f"get_{name}_display")())
    if name == "is_section":
        return Column(heading, lambda it: int(it.is_section))
    return Column(heading, lambda it: getattr(it, name), 40 if name.startswith("evid") else 16)


class ClauseListView(ExportListView):
    """The clauses of one edition; their file is the form to fill in for the next."""

    model = Clause
    filterset_class = ClauseFilter
    permission_required = "cycles.view_clause"
    # An edition is read as a whole, and one has some seventy clauses.
    paginate_by = 100
    sorts = {"number": ("position", "id")}
    export_name = "guideline"
    columns = tuple(_column(*it) for it in CLAUSE_HEADINGS.items())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the edition that is shown, and whether it is the one in force."""
        edition = self.filterset.shown_edition
        return super().get_context_data(
            edition=edition,
            is_in_force=bool(edition and edition.holds_on(timezone.localdate())),
            **kwargs,
        )


class ClauseDetailView(RowMixin, PermissionRequiredMixin, TemplateView):
    """One clause: what is expected, where it comes from, and what this year's plan does for it."""

    model = Clause
    permission_required = "cycles.view_clause"
    template_name = "cycles/clause_detail.html"

    def get_rows(self) -> QuerySet:
        return super().get_rows().for_list()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With its neighbours in the edition, and the milestones of the running year."""
        clause: Clause = self.row
        around = list(
            clause.edition.clauses.filter(
                Q(position__in=(clause.position - 1, clause.position + 1))
                | Q(code__startswith=f"{clause.code}.")
            )
        )
        cycle = Cycle.objects.on(timezone.localdate()).first()
        return super().get_context_data(
            clause=clause,
            before=next((it for it in around if it.position == clause.position - 1), None),
            after=next((it for it in around if it.position == clause.position + 1), None),
            below=[it for it in around if it.code.startswith(f"{clause.code}.")],
            cycle=cycle,
            milestones=self.milestones(cycle),
            **kwargs,
        )

    def milestones(self, cycle: Cycle | None) -> QuerySet:
        """What the plan of `cycle` does for the clause, or for a clause below it."""
        below = Q(clause__code__startswith=f"{self.row.code}.", clause__edition=self.row.edition)
        rows = Milestone.objects.visible_to(self.request.user).filter(cycle=cycle)
        return rows.filter(Q(clause=self.row) | below).for_list().order_by("due_on", "pk")
