"""The bell's pages, one's own settings, and the office's list of who was told what."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View

from pms.core.pages import AnyPermissionMixin, ConfirmView, Crumbs, FormPageView, RowMixin
from pms.core.views import ListView
from pms.transfer.lists import Column, ExportListView

from .choices import MailState
from .filters import NotificationFilter, OwnNotificationFilter
from .forms import PreferenceForm
from .models import Notification, Preference
from .services import change_preference, mark_all_read, mark_read, retry

OWN = "notifications.read_own"
OFFICE = "notifications.view_notification"


class OwnRowMixin(RowMixin):
    """About one thing that one was told oneself."""

    model = Notification

    def get_rows(self) -> QuerySet:
        """One's own, whatever else one may see."""
        user: Any = self.request.user
        return Notification.objects.to(user)


class OwnNotificationListView(ListView):
    """What one was told, newest first."""

    model = Notification
    filterset_class = OwnNotificationFilter
    permission_required = OWN
    sorts = {"newest": ("-id",)}
    template_name = "notifications/notification_list.html"

    def get_queryset(self) -> QuerySet:
        """One's own, whatever else one may see."""
        return Notification.objects.to(self.request.user).defer("body")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the number that the bell shows."""
        unread = getattr(self.request.user, "unread_notifications", 0)
        return super().get_context_data(**kwargs) | {"unread_count": unread}


class OpenView(OwnRowMixin, PermissionRequiredMixin, View):
    """Note that it was opened, and lead to the page that it is about."""

    permission_required = OWN
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page in question."""
        user: Any = request.user
        told = mark_read(self.row.pk, actor=user, now=timezone.now())
        return HttpResponseRedirect(told.url)


class ReadView(OwnRowMixin, PermissionRequiredMixin, View):
    """Put one aside without opening it."""

    permission_required = OWN
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Note it, and stay on the list."""
        user: Any = request.user
        mark_read(self.row.pk, actor=user, now=timezone.now())
        return HttpResponseRedirect(reverse("notifications:notification_list"))


class ReadAllView(PermissionRequiredMixin, View):
    """Put all of them aside."""

    permission_required = OWN
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Note it, and say how many they were."""
        user: Any = request.user
        count = mark_all_read(actor=user, now=timezone.now())
        text = ngettext(
            "%(count)d notification is marked as read.",
            "%(count)d notifications are marked as read.",
            count,
        )
        messages.success(request, text % {"count": count})
        return HttpResponseRedirect(reverse("notifications:notification_list"))


class NotificationDetailView(RowMixin, AnyPermissionMixin, TemplateView):
    """One notification: to its recipient the words, to the office the proof."""

    model = Notification
    permission_required = (OWN, OFFICE)
    template_name = "notifications/notification_detail.html"

    def get_rows(self) -> QuerySet:
        """With the recipient."""
        return super().get_rows().select_related("recipient__person")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; who reads the words has opened it."""
        user: Any = request.user
        if self.row.recipient_id == user.pk and not self.row.is_read:
            self.row.read_at = mark_read(self.row.pk, actor=user, now=timezone.now()).read_at
            # The bell of this page was counted before.
            user.unread_notifications = max(getattr(user, "unread_notifications", 0) - 1, 0)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the account may see of it."""
        user: Any = self.request.user
        is_own = self.row.recipient_id == user.pk
        return super().get_context_data(**kwargs) | {
            "told": self.row,
            "is_own": is_own,
            "shows_words": is_own or user.has_perm("notifications.view_words"),
            "may_retry": self.row.mail_state == MailState.FAILED
            and user.has_perm("notifications.retry"),
        }


class OutboxView(ExportListView):
    """Who was told what, and what became of the mail; subjects only."""

    model = Notification
    filterset_class = NotificationFilter
    permission_required = OFFICE
    sorts = {"newest": ("-id",)}
    template_name = "notifications/outbox.html"
    export_name = "notifications"
    columns = (
        Column("通知日時", lambda it: timezone.localtime(it.created_at), 20),
        Column("宛先", lambda it: it.recipient_name, 20),
        Column("メールアドレス", lambda it: it.recipient.email, 30),
        Column("種類", lambda it: it.kind_label, 24),
        Column("件名", lambda it: it.subject, 40),
        Column("要対応", lambda it: "○" if it.is_duty else "", 10),
        Column("メール", lambda it: str(it.get_mail_state_display()), 16),
        Column("メール送信日時", lambda it: it.sent_at and timezone.localtime(it.sent_at), 20),
        Column("試行回数", lambda it: it.attempts, 10),
        Column("エラー", lambda it: it.last_error, 40),
        Column("開封日時", lambda it: it.read_at and timezone.localtime(it.read_at), 20),
    )


class RetryView(ConfirmView):
    """Have a mail that was given up sent again."""

    model = Notification
    permission_required = "notifications.retry"
    title = gettext_lazy("Send the mail again")
    text = gettext_lazy(
        "The mail is sent to the present address of the account, in the words of then, and tried "
        "for another three days."
    )
    submit_label = gettext_lazy("Send again")
    success_message = gettext_lazy("The mail is on its way.")
    is_calm = True

    def get_crumbs(self) -> Crumbs:
        """The way over the list."""
        return [
            (_("Sent notifications"), reverse("notifications:outbox")),
            *super().get_crumbs(),
        ]

    def carry_out(self, form: Any) -> None:
        """Put it back into the outbox."""
        retry(self.row.pk, actor=self.request.user, now=timezone.now())


class PreferenceView(FormPageView):
    """Whether one wants news by mail."""

    title = gettext_lazy("Notification settings")
    lead = gettext_lazy("Everything you are told can be read here, under the bell.")
    submit_label = gettext_lazy("Save the settings")
    permission_required = OWN
    form_class = PreferenceForm
    success_url = reverse_lazy("dashboard:settings")
    success_message = gettext_lazy("Your settings have been saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form shows the present choice."""
        present = Preference.objects.filter(user=self.request.user).first()
        return super().get_form_kwargs() | {
            "instance": present or Preference(user=self.request.user)
        }

    def get_crumbs(self) -> Crumbs:
        """The way over the settings."""
        return [(_("My settings"), reverse("dashboard:settings"))]

    def carry_out(self, form: PreferenceForm) -> None:
        """Store the choice."""
        change_preference(actor=self.request.user, **form.cleaned_data)
