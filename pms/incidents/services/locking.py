"""Rows held until the transaction ends; always the incident first, then what belongs to it."""

from django.utils.translation import gettext as _

from pms.core.exceptions import DomainError
from pms.incidents.models import Incident, Obligation


def lock_incident(incident_id: int) -> Incident:
    """The incident as it is now, held."""
    return Incident.objects.select_for_update().get(pk=incident_id)


def lock_obligation(obligation_id: int) -> Obligation:
    """The obligation as it is now, held, with its incident."""
    incident_id = Obligation.objects.values_list("incident_id", flat=True).get(pk=obligation_id)
    incident = lock_incident(incident_id)
    obligation = Obligation.objects.select_for_update().get(pk=obligation_id)
    obligation.incident = incident
    return obligation


def require_open(incident: Incident) -> None:
    """Refuse what only an incident that is not closed can go through."""
    if not incident.is_open:
        raise DomainError(
            _("%(incident)s is %(state)s. Reopen it first.")
            % {"incident": incident.number, "state": incident.get_status_display()}
        )


def require_text(text: str, field: str, message: str) -> str:
    """The text without blanks around it; `message` at `field` if nothing is left."""
    if not (found := text.strip()):
        raise DomainError({field: message})
    return found
