"""Addresses of evidence files."""

from django.urls import path

from . import views

app_name = "evidence"
urlpatterns = [
    path("<uuid:uid>/", views.EvidenceFileDownloadView.as_view(), name="download"),
]
