"""Addresses of the company and its people."""

from django.urls import path

from .views import (
    accounts,
    affiliations,
    appointments,
    closed_days,
    departments,
    people,
    places,
)

app_name = "organization"
urlpatterns = [
    path("people/", people.PersonListView.as_view(), name="person_list"),
    path("people/new/", people.PersonCreateView.as_view(), name="person_create"),
    path("people/<int:pk>/", people.PersonDetailView.as_view(), name="person_detail"),
    path("people/<int:pk>/edit/", people.PersonUpdateView.as_view(), name="person_update"),
    path("people/<int:pk>/journal/", people.PersonHistoryView.as_view(), name="person_history"),
    path("people/<int:pk>/files/", people.PersonEvidenceView.as_view(), name="person_evidence"),
    path("people/<int:pk>/move/", affiliations.PersonMoveView.as_view(), name="person_move"),
    path(
        "people/<int:pk>/post/",
        affiliations.ConcurrentPostCreateView.as_view(),
        name="concurrent_post_create",
    ),
    path(
        "affiliations/<int:pk>/correct/",
        affiliations.AffiliationCorrectView.as_view(),
        name="affiliation_correct",
    ),
    path(
        "affiliations/<int:pk>/end/",
        affiliations.ConcurrentPostEndView.as_view(),
        name="concurrent_post_end",
    ),
    path("people/<int:pk>/leave/", affiliations.LeaveCreateView.as_view(), name="leave_create"),
    path("leaves/<int:pk>/end/", affiliations.LeaveEndView.as_view(), name="leave_end"),
    path("people/<int:pk>/end/", affiliations.EmploymentEndView.as_view(), name="employment_end"),
    path(
        "people/<int:pk>/stay/",
        affiliations.LeavingWithdrawView.as_view(),
        name="leaving_withdraw",
    ),
    path("people/<int:pk>/account/open/", accounts.AccountOpenView.as_view(), name="account_open"),
    path(
        "people/<int:pk>/account/invite/",
        accounts.AccountInviteView.as_view(),
        name="account_invite",
    ),
    path(
        "people/<int:pk>/account/close/", accounts.AccountCloseView.as_view(), name="account_close"
    ),
    path(
        "people/<int:pk>/account/reopen/",
        accounts.AccountReopenView.as_view(),
        name="account_reopen",
    ),
    path("departments/", departments.DepartmentListView.as_view(), name="department_list"),
    path("departments/new/", departments.DepartmentCreateView.as_view(), name="department_create"),
    path(
        "departments/<int:pk>/",
        departments.DepartmentDetailView.as_view(),
        name="department_detail",
    ),
    path(
        "departments/<int:pk>/edit/",
        departments.DepartmentUpdateView.as_view(),
        name="department_update",
    ),
    path(
        "departments/<int:pk>/rename/",
        departments.DepartmentRenameView.as_view(),
        name="department_rename",
    ),
    path(
        "departments/<int:pk>/move/",
        departments.DepartmentMoveView.as_view(),
        name="department_move",
    ),
    path(
        "departments/<int:pk>/close/",
        departments.DepartmentCloseView.as_view(),
        name="department_close",
    ),
    path("sites/", places.SiteListView.as_view(), name="site_list"),
    path("sites/new/", places.SiteCreateView.as_view(), name="site_create"),
    path("sites/<int:pk>/edit/", places.SiteUpdateView.as_view(), name="site_update"),
    path("company/", places.CompanyUpdateView.as_view(), name="company_update"),
    path("closed-days/", closed_days.ClosedDayListView.as_view(), name="closed_day_list"),
    path("closed-days/new/", closed_days.ClosedDayAddView.as_view(), name="closed_day_create"),
    path(
        "closed-days/<int:pk>/remove/",
        closed_days.ClosedDayRemoveView.as_view(),
        name="closed_day_remove",
    ),
    path("appointments/", appointments.AppointmentChartView.as_view(), name="appointment_list"),
    path("appointments/all/", appointments.AppointmentListView.as_view(), name="appointment_all"),
    path("appointments/new/", appointments.AppointView.as_view(), name="appoint"),
    path(
        "appointments/<int:pk>/",
        appointments.AppointmentDetailView.as_view(),
        name="appointment_detail",
    ),
    path(
        "appointments/<int:pk>/letter/",
        appointments.AppointmentLetterView.as_view(),
        name="appointment_letter",
    ),
    path(
        "appointments/<int:pk>/files/",
        appointments.AppointmentEvidenceView.as_view(),
        name="appointment_evidence",
    ),
    path(
        "appointments/<int:pk>/end/",
        appointments.AppointmentEndView.as_view(),
        name="appointment_end",
    ),
    path(
        "appointments/<int:pk>/withdraw/",
        appointments.AppointmentWithdrawView.as_view(),
        name="appointment_withdraw",
    ),
]
