"""Addresses of the years."""

from django.urls import path

from . import views

app_name = "cycles"
urlpatterns = [
    path("", views.CycleListView.as_view(), name="cycle_list"),
    path("new/", views.CycleCreateView.as_view(), name="cycle_create"),
    path("<int:pk>/edit/", views.CycleUpdateView.as_view(), name="cycle_update"),
]
