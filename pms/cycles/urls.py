"""Addresses of the years."""

from django.urls import path

from .views import clauses, years

app_name = "cycles"

YEARS = [
    path("", years.CycleListView.as_view(), name="cycle_list"),
    path("new/", years.CycleCreateView.as_view(), name="cycle_create"),
    path("<int:pk>/edit/", years.CycleUpdateView.as_view(), name="cycle_update"),
]

CLAUSES = [
    path("guideline/", clauses.ClauseListView.as_view(), name="clause_list"),
    path("guideline/<int:pk>/", clauses.ClauseDetailView.as_view(), name="clause_detail"),
]

urlpatterns = [*CLAUSES, *YEARS]
