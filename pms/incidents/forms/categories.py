"""Lines of the lists that the examining bodies count by."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from pms.incidents.models import Category

YEAR_HELP = _("The year in which it begins, in April; e.g. 2026 for April 2026 to March 2027.")


class CategoryForm(forms.ModelForm):
    """A line, from a year on; the published share may follow later with another version."""

    groups: ClassVar = [
        (_("The line"), "", ["list", "code", "label_ja", "label_en", "first_year"]),
        (
            _("What was published of it"),
            _("Empty as long as nothing is."),
            ["share", "share_year", "share_source"],
        ),
    ]
    code = forms.SlugField(
        label=_("Key"),
        max_length=40,
        help_text=_("Small Latin letters and digits; the versions of a line share it."),
    )

    first_year = forms.IntegerField(
        label=_("first fiscal year"), min_value=2000, max_value=2100, help_text=YEAR_HELP
    )
    share_year = forms.IntegerField(
        label=_("fiscal year of the share"), required=False, min_value=2000, max_value=2100
    )

    class Meta:
        model = Category
        fields = (
            *("list", "code", "label_ja", "label_en", "first_year"),
            *("share", "share_year", "share_source"),
        )

    def __init__(self, *args: Any, former: Category | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if former is not None:
            for name in ("list", "code"):
                self.fields[name].disabled = True

    def _post_clean(self) -> None:
        """The service judges the whole."""


class CategoryEndForm(forms.Form):
    """In which year a line holds for the last time, and why."""

    last_year = forms.IntegerField(
        label=_("last fiscal year"),
        required=False,
        min_value=2000,
        max_value=2100,
        help_text=_("Leave it empty if the line holds on after all."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)


class CategoryWithdrawForm(forms.Form):
    """Why a line goes that nothing is counted by."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
