"""Addresses of the years."""

from django.urls import path

from .views import clauses, milestones, plans, years

app_name = "cycles"

YEARS = [
    path("", years.CycleListView.as_view(), name="cycle_list"),
    path("new/", years.CycleCreateView.as_view(), name="cycle_create"),
    path("<int:pk>/edit/", years.CycleUpdateView.as_view(), name="cycle_update"),
]

PLANS = [
    path("this/", plans.ThisYearView.as_view(), name="this_year"),
    path("<int:pk>/", plans.YearView.as_view(), name="year"),
    path("<int:pk>/months/", plans.MonthsView.as_view(), name="months"),
    path("<int:pk>/plan.pdf", plans.PlanPdfView.as_view(), name="plan_pdf"),
    path("<int:pk>/plan/", plans.PlanMakeView.as_view(), name="plan_make"),
    path("plans/<int:pk>/policy/", plans.PolicyView.as_view(), name="plan_policy"),
    path("plans/<int:pk>/submit/", plans.PlanSubmitView.as_view(), name="plan_submit"),
    path("plans/<int:pk>/return/", plans.PlanReturnView.as_view(), name="plan_return"),
    path("plans/<int:pk>/approve/", plans.PlanApproveView.as_view(), name="plan_approve"),
    path("<int:pk>/objectives/new/", plans.ObjectiveCreateView.as_view(), name="objective_create"),
    path("objectives/<int:pk>/edit/", plans.ObjectiveEditView.as_view(), name="objective_edit"),
    path(
        "objectives/<int:pk>/measure/",
        plans.ObjectiveMeasureView.as_view(),
        name="objective_measure",
    ),
    path(
        "objectives/<int:pk>/remove/",
        plans.ObjectiveRemoveView.as_view(),
        name="objective_remove",
    ),
]

MILESTONES = [
    path("milestones/", milestones.MilestoneListView.as_view(), name="milestone_list"),
    path(
        "<int:pk>/milestones/new/",
        milestones.MilestoneCreateView.as_view(),
        name="milestone_create",
    ),
    path("milestones/<int:pk>/", milestones.MilestoneDetailView.as_view(), name="milestone_detail"),
    path(
        "milestones/<int:pk>/edit/", milestones.MilestoneEditView.as_view(), name="milestone_edit"
    ),
    path(
        "milestones/<int:pk>/remove/",
        milestones.MilestoneRemoveView.as_view(),
        name="milestone_remove",
    ),
    path(
        "milestones/<int:pk>/complete/",
        milestones.MilestoneCompleteView.as_view(),
        name="milestone_complete",
    ),
    path(
        "milestones/<int:pk>/files/",
        milestones.MilestoneFilesView.as_view(),
        name="milestone_files",
    ),
    path(
        "milestones/<int:pk>/reopen/",
        milestones.MilestoneReopenView.as_view(),
        name="milestone_reopen",
    ),
    path(
        "milestones/<int:pk>/drop/", milestones.MilestoneDropView.as_view(), name="milestone_drop"
    ),
    path(
        "milestones/<int:pk>/extend/",
        milestones.ExtensionRequestView.as_view(),
        name="extension_request",
    ),
    path(
        "extensions/<int:pk>/decide/",
        milestones.ExtensionDecideView.as_view(),
        name="extension_decide",
    ),
]

CLAUSES = [
    path("guideline/", clauses.ClauseListView.as_view(), name="clause_list"),
    path("guideline/<int:pk>/", clauses.ClauseDetailView.as_view(), name="clause_detail"),
]

urlpatterns = [*CLAUSES, *MILESTONES, *PLANS, *YEARS]
