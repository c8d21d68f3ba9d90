"""The calendar of one's own duties: its secret address, and the file behind it."""

from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.generic import View

from pms.core.pages import ConfirmView, Crumbs
from pms.core.views import ServiceFormView
from pms.history.middleware import address_of
from pms.notifications.writing import language_of, link_to

from .feed import calendar_of
from .models import CalendarKey
from .services import make_calendar_key, reader_of, revoke_calendar_key

OWN: Final = "dashboard.view_duties"
# A program asks every few hours; so many a minute are enough for an office behind one address.
MOST_READS: Final = 60
SECONDS: Final = 60


@method_decorator(cache_control(private=True, no_store=True), name="dispatch")
class CalendarView(ServiceFormView):
    """Whether one's calendar can be subscribed to; a new address is shown once, right here."""

    template_name = "dashboard/calendar.html"
    permission_required = OWN
    form_class = Form
    success_url = reverse_lazy("dashboard:calendar")
    token = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The present key; and the address, for as long as this answer is on the screen."""
        facts: dict[str, Any] = {"key": CalendarKey.objects.visible_to(self.request.user).first()}
        if self.token:
            address = link_to(reverse("dashboard:calendar_feed", args=[self.token]))
            facts["address"] = address
            facts["webcal"] = f"webcal:{address.partition(':')[2]}"
        return super().get_context_data(**facts | kwargs)

    def carry_out(self, form: Form) -> None:
        """Make a new address."""
        self.token = make_calendar_key(actor=self.request.user, now=timezone.now())

    def form_valid(self, form: Form) -> HttpResponse:
        """Show the new address instead of leading on: nothing keeps it for another page."""
        answer = super().form_valid(form)
        return self.render_to_response(self.get_context_data(form=form)) if self.token else answer


class RevokeView(ConfirmView):
    """Make one's secret address worthless."""

    request: Any
    model = CalendarKey
    permission_required = OWN
    title = gettext_lazy("Revoke the address of the calendar")
    text = gettext_lazy("No program can read your calendar by this address any more.")
    consequence = gettext_lazy(
        "This cannot be undone. You can make a new address at any time, and enter it in your "
        "calendar program."
    )
    submit_label = gettext_lazy("Revoke the address")
    success_url = reverse_lazy("dashboard:calendar")
    success_message = gettext_lazy("The address has been revoked.")

    @cached_property
    def row(self) -> CalendarKey:
        """One's own key; there is no other way to name one."""
        return get_object_or_404(self.get_rows())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Without a key there is nothing to ask about, and the page answers 404."""
        return super().get_context_data(row=self.row, **kwargs)

    def get_success_url(self) -> str:
        """The page of the calendar."""
        return str(self.success_url)

    def get_crumbs(self) -> Crumbs:
        """The way over the settings."""
        return [
            (_("My settings"), reverse("dashboard:settings")),
            (_("Subscribe to the calendar"), reverse("dashboard:calendar")),
        ]

    def carry_out(self, form: Form) -> None:
        """Revoke it."""
        revoke_calendar_key(actor=self.request.user)


@method_decorator(login_not_required, name="dispatch")
@method_decorator(cache_control(private=True, no_store=True), name="dispatch")
class FeedView(View):
    """The calendar as a file, for a program that cannot sign in: who knows the address, reads it.

    It answers in plain words, never with one of our pages: those would set a cookie.
    """

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The file; 404 for an address that opens nothing (any more), 429 for too many at once."""
        now = timezone.now()
        if not _may_read(request, now):
            answer = _plain(_("Too many requests. Please try again in a minute."), status=429)
            answer.headers["Retry-After"] = str(SECONDS)
            return answer
        user = reader_of(key, now=now)
        if user is None:
            return _plain(
                _("This address opens no calendar. Make a new one in your settings."), status=404
            )
        content = calendar_of(user, today=timezone.localdate(now), now=now)
        answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
        answer.headers["Content-Language"] = language_of(user)
        return answer


def _plain(text: str, *, status: int) -> HttpResponse:
    return HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8", status=status)


def _may_read(request: HttpRequest, now: datetime) -> bool:
    """Whether the visitor's address has not asked too often in this minute."""
    minute = int(now.timestamp()) // SECONDS
    key = f"calendar:{address_of(request)}:{minute}"
    reads = cache.get(key, 0)
    if reads >= MOST_READS:
        return False
    cache.set(key, reads + 1, timeout=2 * SECONDS)
    return True
