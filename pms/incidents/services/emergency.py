"""The emergency contact list and procedure, kept by who handles incidents."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pms.history.context import as_actor
from pms.history.services import Action, record
from pms.incidents.models import EmergencyContact, EmergencyProcedure

from .locking import require_text


@transaction.atomic
@as_actor
def save_contact(contact: EmergencyContact, *, actor: Any) -> EmergencyContact:
    """Put a line on the list, or change one.

    Raises:
        ValidationError: nobody can be reached by it.
    """
    is_new = contact.pk is None
    contact.full_clean()
    contact.save()
    event = "incidents.contact_added" if is_new else "incidents.contact_changed"
    record(event, contact, actor=actor, action=Action.CREATE if is_new else Action.UPDATE)
    return contact


@transaction.atomic
@as_actor
def remove_contact(contact_id: int, *, actor: Any) -> None:
    """Take a line off the list."""
    contact = EmergencyContact.objects.select_for_update().get(pk=contact_id)
    record("incidents.contact_removed", contact, actor=actor, action=Action.DELETE)
    contact.delete()


@transaction.atomic
@as_actor
def write_procedure(*, text: str, text_en: str = "", actor: Any, today: date) -> EmergencyProcedure:
    """Write what everybody does when something has happened.

    Raises:
        DomainError: nothing is written.
    """
    row = EmergencyProcedure.objects.select_for_update().filter(pk=1).first()
    row = row or EmergencyProcedure(pk=1)
    row.text = require_text(text, "text", _("Write what is to be done."))
    row.text_en, row.changed_on = text_en.strip(), today
    row.full_clean()
    row.save()
    record("incidents.procedure_written", row, actor=actor)
    return row
