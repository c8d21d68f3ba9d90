"""The baseline's addresses: a plain admin of people and training records."""

from django.contrib import admin
from django.http import HttpRequest
from django.urls import path
from import_export.admin import ImportExportModelAdmin
from import_export.resources import ModelResource

from pms.organization.models import Affiliation, Department, Person
from pms.training.models import Campaign, TrainingRecord


class PlainSite(admin.AdminSite):
    """Open to every account; ours asks for a permission where Django asks for `is_staff`."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether somebody is signed in."""
        return request.user.is_active


site = PlainSite(name="admin")


class PersonResource(ModelResource):
    """People matched by number, all else as the library has it."""

    class Meta:
        model = Person
        import_id_fields = ("employee_number",)
        fields = (
            *("employee_number", "family_name", "given_name", "family_kana", "given_kana"),
            *("email", "joined_on", "left_on"),
        )


class RecordResource(ModelResource):
    """Records matched by campaign and number, all else as the library has it."""

    class Meta:
        model = TrainingRecord
        import_id_fields = ("campaign", "employee_number")
        fields = (
            *("campaign", "employee_number", "status", "attended_on", "passed_on"),
            *("method", "comprehension", "score", "lecturer"),
        )


class AffiliationInline(admin.TabularInline):
    """Where somebody belongs."""

    model = Affiliation
    extra = 1


class PersonAdmin(ImportExportModelAdmin):
    """What our list of people shows, as far as it is a column of the table."""

    resource_classes = [PersonResource]
    skip_import_confirm = False
    list_display = ["employee_number", "full_name", "email", "joined_on", "left_on"]
    search_fields = ["search_key"]
    exclude = ["search_key"]
    raw_id_fields = ["user"]
    inlines = [AffiliationInline]


class RecordAdmin(ImportExportModelAdmin):
    """What our list of training records shows."""

    resource_classes = [RecordResource]
    list_display = [
        *("campaign", "employee_number", "name", "department", "employment_kind"),
        *("status", "due_on", "passed_on", "score"),
    ]
    list_filter = ["status", "employment_kind"]
    list_select_related = ["campaign", "department"]
    search_fields = ["search_key"]
    exclude = ["search_key"]
    raw_id_fields = ["campaign", "person", "session", "import_run", "logged_by", "replaces"]


site.register(Person, PersonAdmin)
site.register(TrainingRecord, RecordAdmin)
site.register([Department, Campaign])

urlpatterns = [path("admin/", site.urls)]
