"""Addresses of imports."""

from django.urls import path

from . import filter_views, views

app_name = "transfer"
urlpatterns = [
    path("", views.ImportRunListView.as_view(), name="run_list"),
    path("<int:pk>/", views.ImportRunDetailView.as_view(), name="run_detail"),
    path("<int:pk>/columns/", views.ColumnsView.as_view(), name="run_columns"),
    path("<int:pk>/check/", views.CheckView.as_view(), name="run_check"),
    path("<int:pk>/confirm/", views.ImportConfirmView.as_view(), name="run_confirm"),
    path("<int:pk>/resume/", views.ResumeView.as_view(), name="run_resume"),
    path("<int:pk>/cancel/", views.CancelView.as_view(), name="run_cancel"),
    path("<int:pk>/undo/", views.UndoView.as_view(), name="run_undo"),
    path("<int:pk>/errors/", views.ErrorsView.as_view(), name="run_errors"),
    path("filters/new/", filter_views.SavedFilterCreateView.as_view(), name="filter_create"),
    path(
        "filters/<int:pk>/remove/",
        filter_views.SavedFilterDeleteView.as_view(),
        name="filter_delete",
    ),
    path("<slug:key>/new/", views.UploadView.as_view(), name="upload"),
    path("<slug:key>/table/", views.EmptyTableView.as_view(), name="table"),
]
