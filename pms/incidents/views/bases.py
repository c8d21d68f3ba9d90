"""What the pages about one incident have in common: who may, and the way there."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

from django.core.cache import cache
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from pms.core.pages import Crumbs, RowMixin
from pms.history.services import record_access
from pms.incidents.models import Incident

# Everybody who works here has it; which incidents they may know of is the queryset's matter.
KNOW = "incidents.report_incident"
HANDLE = "incidents.handle_incident"
# Handles incidents or decides on them; who was let in to know of one sees less.
SEE_ALL = "incidents.view_incident"
# Whoever reads a case again within this time is not noted again.
READ_AGAIN: Final = timedelta(hours=1)


def list_crumbs() -> Crumbs:
    """The way to the register."""
    return [(_("Incidents"), reverse("incidents:list"))]


class HiddenMixin:
    """A page that is not there for who may not open it: a refusal would say that there is one."""

    request: Any

    def handle_no_permission(self) -> HttpResponse:
        """404 for who is signed in, whatever they lack."""
        if self.request.user.is_authenticated:
            raise Http404
        return super().handle_no_permission()


class CaseMixin(HiddenMixin):
    """A page that tells of one case: that somebody read it is in the journal."""

    row: Any

    def get_incident(self) -> Incident:
        """The case that the row is, or belongs to."""
        return self.row if isinstance(self.row, Incident) else self.row.incident

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; where it leads elsewhere or is not there, nothing of the case was read."""
        answer = super().dispatch(request, *args, **kwargs)
        if answer.status_code == HTTPStatus.OK:
            note_reading(self.get_incident(), request.user)
        return answer


def note_reading(incident: Incident, user: Any) -> None:
    """Write into the journal that somebody read a case, once an hour."""
    key = f"incidents.read:{incident.pk}:{user.pk}"
    # Asked first, because adding takes the lock that who writes needs.
    if not cache.get(key) and cache.add(key, 1, timeout=READ_AGAIN.total_seconds()):
        record_access(incident, actor=user, event="incidents.read")


class IncidentMixin(CaseMixin, RowMixin):
    """A page about one incident that the account may know of."""

    model: type[Model] = Incident

    def get_crumbs(self) -> Crumbs:
        """The way over the register and the case."""
        return [*list_crumbs(), (self.row.number, self.row.get_absolute_url())]


class ActMixin(IncidentMixin):
    """What the department and the technicians do in a case, too: for handlers and who was let in.

    Who only decides reads; nobody else knows of it.
    """

    permission_required = KNOW

    def get_rows(self) -> QuerySet:
        """Those that one may act in."""
        rows, user = super().get_rows(), self.request.user
        if user.has_perm(HANDLE):
            return rows
        return rows.known_by(user)
