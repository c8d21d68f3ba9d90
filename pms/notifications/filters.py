"""What the lists of notifications can be narrowed to."""

from datetime import date, datetime, time, timedelta

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.forms import CheckboxInput
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, DateFilter, FilterSet

from pms.core.forms import DayInput, PlainSelect
from pms.core.text import search_key

from .choices import MailState
from .kinds import kind_choices
from .models import Notification


def _keep_subject(rows: QuerySet, name: str, value: str) -> QuerySet:
    """Every word stands in the subject, however it is spelled."""
    for word in value.split():
        rows = rows.filter(search_key__contains=search_key(word))
    return rows


class OwnNotificationFilter(FilterSet):
    """What one was told oneself."""

    q = CharFilter(label=_("Subject"), method="keep_subject")
    unread = BooleanFilter(label=_("Unread only"), method="keep_unread", widget=CheckboxInput)

    class Meta:
        model = Notification
        fields: list[str] = []

    def keep_subject(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Rows whose subject has every word."""
        return _keep_subject(rows, name, value)

    def keep_unread(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        """The unread ones, where only they are asked for."""
        return rows.unread() if value else rows


class NotificationFilter(FilterSet):
    """Who was told what, when, and what became of the mail."""

    recipient = CharFilter(label=_("Recipient (name, number or email)"), method="keep_recipient")
    q = CharFilter(label=_("Subject"), method="keep_subject")
    kind = ChoiceFilter(label=_("Kind"), choices=kind_choices, widget=PlainSelect)
    mail_state = ChoiceFilter(label=_("Email"), choices=MailState, widget=PlainSelect)
    since = DateFilter(label=_("From (day)"), method="keep_since", widget=DayInput)
    until = DateFilter(label=_("To (day)"), method="keep_until", widget=DayInput)

    class Meta:
        model = Notification
        fields: list[str] = []

    def keep_recipient(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Told to accounts whose address, or whose person, matches every word."""
        accounts = get_user_model()._default_manager.all()
        for word in value.split():
            by_person = Q(person__search_key__contains=search_key(word))
            accounts = accounts.filter(Q(email__icontains=word) | by_person)
        return rows.filter(recipient__in=accounts.values("pk"))

    def keep_subject(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Rows whose subject has every word."""
        return _keep_subject(rows, name, value)

    def keep_since(self, rows: QuerySet, name: str, value: date) -> QuerySet:
        """From the first moment of the day on."""
        return rows.filter(created_at__gte=_start_of(value))

    def keep_until(self, rows: QuerySet, name: str, value: date) -> QuerySet:
        """To the last moment of the day."""
        return rows.filter(created_at__lt=_start_of(value + timedelta(days=1)))


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
