"""Addresses of the reminder ledger."""

from django.urls import path

from .views import ReminderListView

app_name = "reminders"
urlpatterns = [path("", ReminderListView.as_view(), name="reminder_list")]
