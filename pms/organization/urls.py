"""Addresses of the company and its people."""

from django.urls import URLPattern

app_name = "organization"
urlpatterns: list[URLPattern] = []
