"""Pages that need an open case."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from .bases import CaseMixin


class OpenMixin(CaseMixin):
    """A page that leads back to the case once that is not open any more, and says so."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the case as it is now."""
        if self.has_permission():
            incident = self.get_incident()
            if not incident.is_open:
                facts = {"record": incident.number, "state": incident.get_status_display()}
                messages.info(request, _("“%(record)s” is now: %(state)s.") % facts)
                return HttpResponseRedirect(incident.get_absolute_url())
        return super().dispatch(request, *args, **kwargs)
