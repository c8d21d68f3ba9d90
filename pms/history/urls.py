"""Addresses of the journal."""

from django.urls import path

from . import views

app_name = "history"
urlpatterns = [
    path("", views.HistoryEntryListView.as_view(), name="entry_list"),
]
