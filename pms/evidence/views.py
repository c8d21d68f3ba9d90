"""The one way out for a file."""

import logging
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.csp import CSP
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override

from . import services
from .models import EvidenceFile

# Even a browser that opens the file in spite of everything runs nothing in it.
POLICY = {"default-src": [CSP.NONE], "frame-ancestors": [CSP.NONE], "sandbox": ""}

logger = logging.getLogger(__name__)


@method_decorator([never_cache, csp_override(POLICY)], name="dispatch")
class EvidenceFileDownloadView(PermissionRequiredMixin, View):
    """Hands a file to whoever may see its record, as a download and never as a page."""

    permission_required = "evidence.download_evidencefile"

    def get(self, request: HttpRequest, uid: UUID, **kwargs: Any) -> HttpResponseBase:
        """The file under its own name; the journal notes who took it."""
        files = EvidenceFile.objects.filter(uid=uid).visible_to(request.user)
        evidence = get_object_or_404(files)
        if evidence.is_infected:
            raise PermissionDenied(
                _("A virus was found in “%(name)s”, so it is no longer handed out.")
                % {"name": evidence.name}
            )
        response = _response(evidence)
        services.record_download(evidence, actor=request.user)
        response.headers["Content-Type"] = evidence.media_type
        response.headers["Content-Disposition"] = content_disposition_header(True, evidence.name)
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def _response(evidence: EvidenceFile) -> HttpResponseBase:
    if settings.EVIDENCE_ACCEL_PREFIX:
        # The web server in front sends the file from a location of its own that is closed to all.
        path = f"{settings.EVIDENCE_ACCEL_PREFIX}{evidence.file.name}"
        return HttpResponse(headers={"X-Accel-Redirect": quote(path)})
    try:
        return FileResponse(evidence.file.open("rb"))
    except FileNotFoundError as error:
        logger.exception("The storage has lost the evidence file %s.", evidence.uid)
        raise Http404 from error
