"""Addresses of the years."""

from django.urls import path

from .views import years

app_name = "cycles"

YEARS = [
    path("", years.CycleListView.as_view(), name="cycle_list"),
    path("new/", years.CycleCreateView.as_view(), name="cycle_create"),
    path("<int:pk>/edit/", years.CycleUpdateView.as_view(), name="cycle_update"),
]

urlpatterns = [*YEARS]
