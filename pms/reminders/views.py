"""The ledger as a list: who was told what, and when."""

from typing import Any

from pms.core.pages import AnyPermissionMixin
from pms.transfer.lists import Column, ExportListView

from .filters import ReminderFilter
from .labels import rule_in_words, step_in_words
from .models import Reminder


class ReminderListView(AnyPermissionMixin, ExportListView):
    """All of it for the office, own people for managers, else what one was told oneself."""

    model = Reminder
    filterset_class = ReminderFilter
    permission_required = ("reminders.view_reminder", "reminders.view_own_reminders")
    template_name = "reminders/reminder_list.html"
    sorts = {"latest": ("-id",)}
    export_name = "reminders"
    columns = (
        Column("通知日", lambda it: it.told_on, 12),
        Column("予定日", lambda it: it.planned_on, 12),
        Column("社員番号", lambda it: it.person.employee_number),
        Column("氏名", lambda it: it.person.full_name, 20),
        Column("種別", lambda it: rule_in_words(it.rule), 24),
        Column("件名", lambda it: it.title, 36),
        Column("期限", lambda it: it.due_on, 12),
        Column("回", lambda it: step_in_words(it.step), 20),
        Column("状態", lambda it: it.get_state_display(), 24),
        Column("理由", lambda it: it.get_reason_display(), 24),
        Column("伝達者", lambda it: it.told_through.full_name if it.told_through else "", 20),
        Column("通知番号", lambda it: it.notification_id),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With every row in words, and which notifications this account may open."""
        context = super().get_context_data(**kwargs)
        user = self.request.user
        sees_all = user.has_perm("notifications.view_notification")
        for row in context["page"]:
            row.rule_label = rule_in_words(row.rule)
            row.step_label = step_in_words(row.step)
            reader = row.told_through or row.person
            row.may_read = bool(row.notification_id) and (sees_all or reader.user_id == user.pk)
        return context | {"is_partial": not user.has_perm("reminders.view_reminder")}
