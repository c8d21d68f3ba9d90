"""Addresses of landing pages, search and personal settings."""

from django.urls import path

from . import views

app_name = "dashboard"
urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("start/", views.StartView.as_view(), name="start"),
    path("overview/", views.OverviewView.as_view(), name="overview"),
    path("search/", views.SearchView.as_view(), name="search"),
    path("me/", views.SettingsView.as_view(), name="settings"),
    path("language/", views.LanguageView.as_view(), name="language"),
]
