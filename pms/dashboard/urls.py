"""Addresses of landing pages, search and personal settings."""

from django.urls import path

from . import calendar_views, views

app_name = "dashboard"
urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("start/", views.StartView.as_view(), name="start"),
    path("overview/", views.OverviewView.as_view(), name="overview"),
    path("search/", views.SearchView.as_view(), name="search"),
    path("system/", views.SystemView.as_view(), name="system"),
    path("system/<uuid:pk>/retry/", views.TaskRetryView.as_view(), name="task_retry"),
    path("me/", views.SettingsView.as_view(), name="settings"),
    path("me/calendar/", calendar_views.CalendarView.as_view(), name="calendar"),
    path("me/calendar/revoke/", calendar_views.RevokeView.as_view(), name="calendar_revoke"),
    path("calendar/<slug:key>.ics", calendar_views.FeedView.as_view(), name="calendar_feed"),
    path("language/", views.LanguageView.as_view(), name="language"),
]
