"""Addresses of training."""

from django.urls import path

from .views import logging, papers, taking

app_name = "training"

TAKING = [
    path("records/<int:pk>/take/", taking.TakeView.as_view(), name="take"),
    path("records/<int:pk>/start/", taking.AttemptStartView.as_view(), name="attempt_start"),
    path("records/<int:pk>/understood/", taking.AcknowledgeView.as_view(), name="acknowledge"),
    path("attempts/<int:pk>/", taking.AttemptView.as_view(), name="attempt"),
    path("attempts/<int:pk>/result/", taking.AttemptResultView.as_view(), name="attempt_result"),
]

LOGGING = [
    path("campaigns/<int:pk>/log/", logging.PasteView.as_view(), name="log_paste"),
    path("campaigns/<int:pk>/log/grid/", logging.GridView.as_view(), name="log_grid"),
    path("records/<int:record>/log/", logging.LogOneView.as_view(), name="log_one"),
]

PAPERS = [
    path("plans/<int:pk>/pdf/", papers.PlanPdfView.as_view(), name="plan_pdf"),
    path(
        "campaigns/<int:pk>/attendance.<str:form>",
        papers.AttendanceSheetView.as_view(),
        name="attendance_sheet",
    ),
]

urlpatterns = [*TAKING, *LOGGING, *PAPERS]
