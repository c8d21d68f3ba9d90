"""What the pages of one action share: who gets there, and the way to it."""

from datetime import date, datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from pms.core.pages import AnyPermissionMixin, Crumbs, RowFormView, RowMixin, StateMixin
from pms.corrective_actions.choices import Status
from pms.corrective_actions.models import CorrectiveAction, Measure
from pms.corrective_actions.permissions import RUN
from pms.organization.models import access_of

# Who runs the register, and whoever has a part in the one action.
ANY = ("corrective_actions.view_correctiveaction", "corrective_actions.take_part")
ACT = (RUN, "corrective_actions.take_part")
LIST = "corrective_actions:action_list"


class ActionMixin(RowMixin):
    """A page about one action."""

    model = CorrectiveAction

    def get_rows(self) -> QuerySet:
        """With owner, department and present round."""
        rows = super().get_rows()
        return rows.select_related(
            "department", "clause", "owner__user", "current__checker__user", "recurrence_of"
        )

    def get_crumbs(self) -> Crumbs:
        """The way over the register and the action."""
        return action_crumbs(self.row)

    @property
    def today(self) -> date:
        """The day in the organization's time zone."""
        return timezone.localdate()

    @property
    def now(self) -> datetime:
        """The moment."""
        return timezone.now()


def action_crumbs(action: CorrectiveAction) -> Crumbs:
    """The way to a page of one action."""
    return [
        (_("Corrective actions"), reverse(LIST)),
        (action.number, action.get_absolute_url()),
    ]


class StepView(StateMixin, ActionMixin, RowFormView):
    """A step that an action takes, for some of its states only."""

    states: tuple[str, ...] = ()


class OwnStepView(AnyPermissionMixin, StepView):
    """A step for who runs the register, and for whoever answers for the action."""

    permission_required = ACT

    def get_rows(self) -> QuerySet:
        """Seeing the action is not enough to act."""
        rows, user = super().get_rows(), self.request.user
        return rows if user.has_perm(RUN) else rows.filter(owner=access_of(user).person)


class MeasureMixin(RowMixin):
    """A page about one measure of the present round."""

    model = Measure
    action_states: ClassVar[tuple[str, ...]] = ()

    def get_rows(self) -> QuerySet:
        """With its owner and its action."""
        rows = super().get_rows()
        return rows.select_related("owner__user", "round__action__owner__user")

    def get_crumbs(self) -> Crumbs:
        """The way over the action."""
        return action_crumbs(self.row.round.action)

    @property
    def today(self) -> date:
        """The day in the organization's time zone."""
        return timezone.localdate()

    def get_success_url(self) -> str:
        """Back to the action."""
        url: str = self.row.round.action.get_absolute_url()
        return url


class OwnMeasureMixin(MeasureMixin, AnyPermissionMixin):
    """For who runs the register, and for whoever answers for the measure or its action."""

    permission_required = ACT

    def get_rows(self) -> QuerySet:
        """Seeing the action is not enough to act."""
        rows, user = super().get_rows(), self.request.user
        if user.has_perm(RUN):
            return rows
        person = access_of(user).person
        return rows.filter(owner=person) | rows.filter(round__action__owner=person)


class PlanMeasureMixin(MeasureMixin, AnyPermissionMixin):
    """For who runs the register, and for whoever answers for the action."""

    permission_required = ACT

    def get_rows(self) -> QuerySet:
        """Whoever carries a measure out does not plan it."""
        rows, user = super().get_rows(), self.request.user
        if user.has_perm(RUN):
            return rows
        return rows.filter(round__action__owner=access_of(user).person)


def has_open_plan(action: CorrectiveAction) -> bool:
    """Whether measures can still be planned."""
    return action.status in (Status.RAISED, Status.ANALYSIS, Status.PLANNING)


def initial_of(record: Any, *names: str) -> dict[str, Any]:
    """What a form shows at first of a stored record."""
    return {name: getattr(record, name) for name in names}
