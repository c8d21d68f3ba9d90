"""The office's care of the organization's data.

What has rules over time (moves, leaving, names of departments, appointments) is done on the
pages of the subject; here facts are mended and looked through.
"""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RangeDateFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import display

from pms.accounts.models import User
from pms.history.admin import RecordedModelAdmin
from pms.transfer.admin import ExportModelAdmin, ImportExportModelAdmin

from . import services
from .admin_resources import (
    AffiliationResource,
    AppointmentResource,
    DepartmentResource,
    LeaveResource,
    PersonResource,
    SiteResource,
)
from .models import (
    Affiliation,
    Appointment,
    ClosedDay,
    Company,
    Department,
    DepartmentName,
    Leave,
    Person,
    Site,
)


class HoldsFilter(admin.SimpleListFilter):
    """Whether a period holds today."""

    title = _("State")
    parameter_name = "holds"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Holds, is over, is to come."""
        return [("now", _("Holds today")), ("over", _("Over")), ("later", _("To come"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        """Rows of the state asked for."""
        today = timezone.localdate()
        if self.value() == "now":
            return queryset.on(today)
        if self.value() == "over":
            return queryset.filter(ends_on__lt=today)
        if self.value() == "later":
            return queryset.filter(starts_on__gt=today)
        return queryset


class EmployedFilter(admin.SimpleListFilter):
    """Whether somebody works here today."""

    title = _("State")
    parameter_name = "employed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Works here, is on leave, has left."""
        return [
            ("now", _("Working here")),
            ("leave", _("On leave")),
            ("left", _("Left")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        """People of the state asked for."""
        today = timezone.localdate()
        if self.value() == "now":
            return queryset.employed_on(today)
        if self.value() == "leave":
            return queryset.employed_on(today).on_leave_on(today)
        if self.value() == "left":
            return queryset.filter(left_on__lt=today)
        return queryset


class SearchesPeople:
    """A search that forgives variants of spelling, through the key of the person."""

    person_path = ""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Rows of people who match every word."""
        if not search_term:
            return queryset, False
        people = Person.objects.search(search_term)
        return queryset.filter(**{f"{self.person_path}pk__in": people.values("pk")}), False


class ReadOnlyInline(TabularInline):
    """Rows that are shown beside their parent and changed elsewhere."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never."""
        return False


class AffiliationInline(ReadOnlyInline):
    """Where somebody belonged."""

    model = Affiliation
    fields = ["department", "employment_kind", "post", "is_primary", "starts_on", "ends_on"]
    verbose_name_plural = _("Affiliations")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """With their departments, which the heading of each row names."""
        return super().get_queryset(request).select_related("department")


class LeaveInline(ReadOnlyInline):
    """When somebody was away."""

    model = Leave
    fields = ["kind", "starts_on", "ends_on", "note"]


@admin.register(Person)
class PersonAdmin(SearchesPeople, ExportModelAdmin):
    """People; joining, moving and leaving are services with pages of their own."""

    resource_classes = [PersonResource]
    list_display = ["employee_number", "full_name_and_kana", "email", "joined_on", "left_on"]
    list_display_links = ["employee_number", "full_name_and_kana"]
    list_filter = [EmployedFilter, ("joined_on", RangeDateFilter), ("left_on", RangeDateFilter)]
    search_fields = ["search_key"]
    search_help_text = _("Name, kana or employee number")
    ordering = ["employee_number"]
    readonly_fields = ["joined_on", "left_on", "user"]
    inlines = [AffiliationInline, LeaveInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "employee_number",
                    ("family_name", "given_name"),
                    ("family_kana", "given_kana"),
                    "email",
                ]
            },
        ),
        (_("Employment"), {"fields": [("joined_on", "left_on"), "user"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never here: somebody new needs a first affiliation."""
        return False

    @display(description=_("Name"), ordering="family_kana", header=True)
    def full_name_and_kana(self, person: Person) -> tuple[str, str]:
        """姓 名 above セイ メイ."""
        return person.full_name, person.full_kana


@admin.register(Affiliation)
class AffiliationAdmin(SearchesPeople, ExportModelAdmin):
    """Affiliations; one that was entered by mistake can be deleted here."""

    person_path = "person__"
    may_delete = True
    resource_classes = [AffiliationResource]
    list_display = [
        "person",
        "department",
        "employment_kind",
        "post",
        "is_primary",
        "starts_on",
        "ends_on",
    ]
    list_select_related = ["person", "department"]
    list_filter = [
        HoldsFilter,
        ("department", RelatedDropdownFilter),
        ("employment_kind", ChoicesDropdownFilter),
        "is_primary",
    ]
    search_fields = ["person__search_key"]
    search_help_text = _("Name, kana or employee number")
    autocomplete_fields = ["person", "department"]
    fields = [
        "person",
        "department",
        "employment_kind",
        "post",
        "is_primary",
        ("starts_on", "ends_on"),
    ]
    ordering = ["-starts_on", "-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Of people that the account may see."""
        return _of_visible_people(super().get_queryset(request), request)


@admin.register(Leave)
class LeaveAdmin(SearchesPeople, ExportModelAdmin):
    """Long absences; one that was entered by mistake can be deleted here."""

    person_path = "person__"
    may_delete = True
    resource_classes = [LeaveResource]
    list_display = ["person", "kind", "starts_on", "ends_on", "note"]
    list_select_related = ["person"]
    list_filter = [HoldsFilter, ("kind", ChoicesDropdownFilter)]
    search_fields = ["person__search_key"]
    search_help_text = _("Name, kana or employee number")
    autocomplete_fields = ["person"]
    fields = ["person", "kind", ("starts_on", "ends_on"), "note"]
    ordering = ["-starts_on", "-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Of people that the account may see."""
        return _of_visible_people(super().get_queryset(request), request)


class DepartmentNameInline(ReadOnlyInline):
    """What a department was called."""

    model = DepartmentName
    fields = ["name", "name_en", "starts_on", "ends_on"]


@admin.register(Department)
class DepartmentAdmin(ExportModelAdmin):
    """Departments; name, place in the tree and end are changed on their pages."""

    resource_classes = [DepartmentResource]
    list_display = ["code", "name", "parent", "site", "starts_on", "ends_on"]
    list_display_links = ["code", "name"]
    list_select_related = ["parent", "site"]
    list_filter = [HoldsFilter, ("site", RelatedDropdownFilter)]
    search_fields = ["code", "name", "name_en", "names__name"]
    ordering = ["code"]
    readonly_fields = ["name", "parent", "starts_on", "ends_on"]
    fields = ["code", "name", "name_en", "parent", "site", "starts_on", "ends_on"]
    inlines = [DepartmentNameInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never here: a department begins with a name that has a date."""
        return False


@admin.register(Site)
class SiteAdmin(ImportExportModelAdmin):
    """Places of business."""

    resource_classes = [SiteResource]
    list_display = ["code", "name", "address"]
    list_display_links = ["code", "name"]
    search_fields = ["code", "name", "name_en", "address"]
    ordering = ["code"]


@admin.register(Company)
class CompanyAdmin(RecordedModelAdmin):
    """The company itself; there is one."""

    list_display = ["name", "address", "privacy_mark_number"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Once."""
        return super().has_add_permission(request) and not Company.objects.exists()


class AppointmentAdminForm(ModelForm):
    """A new appointment; the rules of duties are asked before it is saved."""

    class Meta:
        model = Appointment
        fields = [
            "role",
            "person",
            "department",
            "starts_on",
            "ends_on",
            "appointed_by",
            "note",
        ]

    def clean(self) -> dict[str, Any]:
        """Name every reason why not, above the form."""
        facts = super().clean() or self.cleaned_data
        if not self.errors:
            services.check_appointment(Appointment(**facts))
        return facts


@admin.register(Appointment)
class AppointmentAdmin(SearchesPeople, ExportModelAdmin):
    """Appointments; made by the service, ended on their pages, never changed."""

    form = AppointmentAdminForm
    person_path = "person__"
    resource_classes = [AppointmentResource]
    list_display = ["role", "person", "department", "starts_on", "ends_on"]
    list_select_related = ["person", "department"]
    list_filter = [
        HoldsFilter,
        ("role", ChoicesDropdownFilter),
        ("department", RelatedDropdownFilter),
        ("starts_on", RangeDateFilter),
    ]
    search_fields = ["person__search_key"]
    search_help_text = _("Name, kana or employee number")
    autocomplete_fields = ["person", "department"]
    ordering = ["-starts_on", "-id"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A letter has been handed over: what it says stays."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Appoint by the service, which asks the rules again with everything locked."""
        made = services.appoint(**form.cleaned_data, actor=request.user)
        obj.pk, obj._state.adding = made.pk, False


@admin.register(ClosedDay)
class ClosedDayAdmin(RecordedModelAdmin):
    """Days on which the company is closed; a row of them is added on the page of the subject."""

    may_delete = True
    list_display = ["day", "name", "name_en", "is_public_holiday"]
    list_filter = [("day", RangeDateFilter)]
    search_fields = ["name", "name_en"]
    ordering = ["-day"]
    fields = ["day", ("name", "name_en"), "is_public_holiday"]


@admin.register(User)
class UserAdmin(SearchesPeople, RecordedModelAdmin):
    """Accounts; passwords are set by their owners, rights come from appointments."""

    person_path = "person__"
    list_display = ["email", "owner", "is_active", "is_superuser", "last_login"]
    list_select_related = ["person"]
    list_filter = ["is_active", "is_superuser", ("last_login", RangeDateFilter)]
    search_fields = ["email", "person__search_key"]
    search_help_text = _("Name, kana, employee number or email address")
    ordering = ["email"]
    fields = ["email", "is_active", "language", "uses_wareki", "owner", "date_joined", "last_login"]
    readonly_fields = ["owner", "date_joined", "last_login"]

    @display(description=_("person"), ordering="person__employee_number")
    def owner(self, user: User) -> str:
        """Who stands behind the account."""
        return str(getattr(user, "person", None) or "–")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Accounts whose person, or whose address, matches."""
        by_person, _may_repeat = super().get_search_results(request, queryset, search_term)
        return by_person | queryset.filter(email__icontains=search_term.strip()), False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A new account has no password until its owner sets one."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


def _of_visible_people(rows: QuerySet, request: HttpRequest) -> QuerySet:
    return rows.filter(person__in=Person.objects.visible_to(request.user))
