"""Addresses of incidents."""

from django.urls import path
from django.views.generic import TemplateView

app_name = "incidents"
urlpatterns = [path("<int:pk>/", TemplateView.as_view(), name="detail")]
