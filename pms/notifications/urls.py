"""Addresses of what people are told."""

from django.urls import path

from . import views

app_name = "notifications"
urlpatterns = [
    path("preference/", views.PreferenceView.as_view(), name="preference"),
]
