"""What the list of imports can be narrowed to."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet

from .choices import ImportStatus
from .importers import importer_class
from .models import ImportRun


def kind_choices() -> list[tuple[str, str]]:
    """Every kind of import, by its title."""
    return [(key, str(importer_class(key).title)) for key in settings.IMPORTERS]


class ImportRunFilter(FilterSet):
    """Which kind, and where it stands."""

    importer = ChoiceFilter(label=_("Kind"), choices=kind_choices)
    status = ChoiceFilter(label=_("Status"), choices=ImportStatus)

    class Meta:
        model = ImportRun
        fields: list[str] = []
