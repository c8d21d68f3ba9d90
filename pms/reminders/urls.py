"""Addresses of the reminder ledger."""

from django.urls import URLPattern

app_name = "reminders"
urlpatterns: list[URLPattern] = []
