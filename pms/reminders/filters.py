"""What the ledger can be narrowed to."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet

from pms.core.forms import DayInput, PlainSelect
from pms.organization.models import Person

from .choices import ReminderState
from .labels import rule_choices
from .models import Reminder


class ReminderFilter(FilterSet):
    """Of what, to whom, what came of it, and when."""

    rule = ChoiceFilter(
        label=_("Reminder of"), choices=rule_choices, empty_label=_("All"), widget=PlainSelect
    )
    q = CharFilter(label=_("Name, kana or employee number"), method="keep_matches", max_length=100)
    state = ChoiceFilter(
        label=_("State"), choices=ReminderState, empty_label=_("All"), widget=PlainSelect
    )
    since = DateFilter(
        label=_("Told from (day)"), field_name="told_on", lookup_expr="gte", widget=DayInput
    )
    until = DateFilter(
        label=_("Told until (day)"), field_name="told_on", lookup_expr="lte", widget=DayInput
    )

    class Meta:
        model = Reminder
        fields: list[str] = []

    def keep_matches(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Rows of those who match every word."""
        return rows.filter(person__in=Person.objects.search(value).order_by().values("pk"))
