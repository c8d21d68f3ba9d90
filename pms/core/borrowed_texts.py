"""Texts of libraries for which nobody else has a Japanese translation, or none that people use.

They are shown by the administration pages. Naming them here brings them into our catalogue, which
goes before those of the libraries.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

TEXTS = (
    _("This field is required."),
    _("Select record"),
    _("Select action"),
    _("Select action to run"),
    _("Welcome"),
    _("Select value"),
    _("Select format"),
    _("Value"),
    _("Date from"),
    _("Date to"),
    _("Type to search"),
    _("Click here to select the objects across all pages"),
    _("Run the selected action"),
    _("Models in the %(name)s application"),
    _(
        "Deleting the %(object_name)s '%(escaped_object)s' would result in deleting related objects, but your account doesn't have permission to delete the following types of objects:"
    ),
    _(
        "Deleting the %(object_name)s '%(escaped_object)s' would require deleting the following protected related objects:"
    ),
    _(
        'Are you sure you want to delete the %(object_name)s "%(escaped_object)s"? All of the following related items will be deleted:'
    ),
    _("Nothing matched your search"),
    _("Image preview"),
    _("Click to download"),
    _("Filters"),
    _("Previous"),
    _("Next"),
    _("Light"),
    _("Dark"),
    _("System"),
    _("Return to site"),
    _("True"),
    _("False"),
    _("Available shortcuts"),
    _("Global shortcuts"),
    _("Open command tool"),
    _("Open shortcuts list"),
    _("Toggle sidebar"),
    _("Toggle dark/light mode"),
    _("Changelist shortcuts"),
    _("Toggle filter"),
    _("Create new record"),
    _("Command tool shortcuts"),
    _("Navigate"),
    _("Open selection"),
    _("Open selection in new tab"),
    _("No results found"),
    _("This page yielded into no results."),
    _("Reset filters"),
    _("Search apps and models..."),
    _("All applications"),
    _("Select"),
    _("General"),
    _("Apply Filters"),
    _("Go back"),
    _("Recent searches"),
    _("No data"),
    _("Choose file to upload"),
    _("Toggle password visibility"),
    _("This item will be deleted."),
    _("Click to cancel"),
    _("Add row"),
    _("Not enough data."),
    _("Some rows failed to validate"),
    _(
        "Please correct these errors in your data where possible, then reupload it using the form above."
    ),
    _("Non field specific"),
    _("This exporter will export the following fields: "),
    _("This exporter will export the following fields"),
    _("View traceback"),
    _(
        "%(exc_name)s encountered while trying to read file. Ensure you have chosen the correct format for the file."
    ),
    _("Import finished: {} new, {} updated, {} deleted and {} skipped {}."),
    _("No valid data to import. Ensure your file has the correct headers or data for import."),
    _("Value could not be parsed."),
    _('Select at least 1 field for "%(resource_name)s" to export'),
    _("Select all"),
    _("None"),
    _("Filter by %(field_name)s"),
    _("- Select an option -"),
)

COUNTED = (
    ngettext_lazy("Export %(len)s selected item.", "Export %(len)s selected items."),
    ngettext_lazy(
        "\n                    Export %(len)s selected item.\n                ",
        "\n                    Export %(len)s selected items.\n                ",
    ),
    ngettext_lazy("…and %(count)d more object.", "…and %(count)d more objects."),
)
