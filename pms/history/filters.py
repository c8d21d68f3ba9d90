"""What the journal can be narrowed to."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet

from pms.core.forms import DayInput, PlainSelect
from pms.core.text import search_key

from .events import event_sentences
from .models import HistoryEntry

MAX_ACTORS = 100


def event_choices() -> list[tuple[str, str]]:
    """Every named event, as its sentence reads without names."""
    blanks = _Blanks()
    return sorted((name, str(text) % blanks) for name, text in event_sentences().items())


def kind_choices() -> list[tuple[str, str]]:
    """Every kind of record of ours, by its name."""
    kinds = []
    for kind in ContentType.objects.all():
        model = kind.model_class()
        if model and model.__module__.startswith("pms."):
            kinds.append((str(kind.pk), str(model._meta.verbose_name)))
    return sorted(kinds, key=lambda kind: kind[1])


class HistoryEntryFilter(FilterSet):
    """Who, what, about which kind of record, and when."""

    actor = CharFilter(label=_("Who (name or email address)"), method="keep_actor")
    event = ChoiceFilter(
        label=_("Event"), choices=event_choices, empty_label=_("All"), widget=PlainSelect
    )
    kind = ChoiceFilter(
        label=_("Kind of record"),
        field_name="content_type",
        choices=kind_choices,
        empty_label=_("All"),
        widget=PlainSelect,
    )
    since = DateFilter(label=_("From (day)"), method="keep_since", widget=DayInput)
    until = DateFilter(label=_("To (day)"), method="keep_until", widget=DayInput)
    record = CharFilter(label=_("Record number"), field_name="object_pk", widget=forms.HiddenInput)
    operation = CharFilter(label=_("Operation"), field_name="cid", widget=forms.HiddenInput)

    class Meta:
        model = HistoryEntry
        fields: list[str] = []

    def keep_actor(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Entries of accounts whose address, or whose person, matches every word."""
        accounts = get_user_model().objects.all()
        for word in value.split():
            by_person = Q(person__search_key__contains=search_key(word))
            accounts = accounts.filter(Q(email__icontains=word) | by_person)
        return rows.filter(actor__in=list(accounts.values_list("pk", flat=True)[:MAX_ACTORS]))

    def keep_since(self, rows: QuerySet, name: str, value: date) -> QuerySet:
        """From the first moment of the day on."""
        return rows.filter(timestamp__gte=_start_of(value))

    def keep_until(self, rows: QuerySet, name: str, value: date) -> QuerySet:
        """To the last moment of the day."""
        return rows.filter(timestamp__lt=_start_of(value + timedelta(days=1)))


class _Blanks(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "…"


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
