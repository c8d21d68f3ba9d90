"""The page on which files are attached to a record of any subject."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from pms.core.pages import RowFormView

from .forms import EvidenceUploadForm
from .services import attach_all


class AttachView(RowFormView):
    """Files for a row."""

    form_class = EvidenceUploadForm
    submit_label = gettext_lazy("Attach the files")

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the day, which a document cannot be dated after."""
        return super().get_form_kwargs() | {"today": timezone.localdate()}

    def carry_out(self, form: EvidenceUploadForm) -> str:
        """Keep them all or none."""
        facts = form.cleaned_data
        kept = attach_all(
            self.row,
            facts["evidence"],
            actor=self.request.user,
            note=facts["note"],
            stated_on=facts["stated_on"],
        )
        return ngettext(
            "%(count)s file was attached.", "%(count)s files were attached.", len(kept)
        ) % {"count": len(kept)}
