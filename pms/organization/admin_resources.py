"""Rows of the admin as files.

The headings are a file format: they stay as they are in every language. The roster itself comes
in through its importer, which knows about moves and leaving; here only what has no history.
"""

from typing import Any

from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.instance_loaders import CachedInstanceLoader
from import_export.resources import ModelResource
from import_export.widgets import ForeignKeyWidget

from pms.core.exceptions import DomainError

from .models import Affiliation, Appointment, Department, Leave, Person, Site


class CodeWidget(ForeignKeyWidget):
    """A record named by its code; an unknown one is refused in words."""

    def __init__(self, model: Any) -> None:
        super().__init__(model, "code")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """The record, or why there is none."""
        if not value:
            return None
        try:
            return super().clean(value, row, **kwargs)
        except self.model.DoesNotExist as error:
            raise DomainError(
                _("There is no %(kind)s with the code “%(code)s”. Register it first.")
                % {"kind": self.model._meta.verbose_name, "code": value}
            ) from error


class SiteResource(ModelResource):
    """One row per place of business, matched by code."""

    code = Field("code", column_name="事業所コード")
    name = Field("name", column_name="事業所名")
    name_en = Field("name_en", column_name="事業所名（英語）")
    address = Field("address", column_name="所在地")

    class Meta:
        model = Site
        fields = ("code", "name", "name_en", "address")
        import_id_fields = ("code",)
        instance_loader_class = CachedInstanceLoader
        clean_model_instances = True
        skip_unchanged = True
        use_transactions = True


class DepartmentResource(ModelResource):
    """One row per department; its place in the tree and its names have histories of their own."""

    code = Field("code", column_name="部門コード")
    name = Field("name", column_name="部門名")
    name_en = Field("name_en", column_name="部門名（英語）")
    parent = Field("parent", column_name="上位部門コード", widget=CodeWidget(Department))
    site = Field("site", column_name="事業所コード", widget=CodeWidget(Site))
    starts_on = Field("starts_on", column_name="開始日")
    ends_on = Field("ends_on", column_name="終了日")

    class Meta:
        model = Department
        fields = ("code", "name", "name_en", "parent", "site", "starts_on", "ends_on")


class PersonResource(ModelResource):
    """One row per person, without where they belong."""

    employee_number = Field("employee_number", column_name="社員番号")
    family_name = Field("family_name", column_name="姓")
    given_name = Field("given_name", column_name="名")
    family_kana = Field("family_kana", column_name="セイ")
    given_kana = Field("given_kana", column_name="メイ")
    email = Field("email", column_name="メールアドレス")
    joined_on = Field("joined_on", column_name="入社日")
    left_on = Field("left_on", column_name="退職日")

    class Meta:
        model = Person
        fields = (
            "employee_number",
            "family_name",
            "given_name",
            "family_kana",
            "given_kana",
            "email",
            "joined_on",
            "left_on",
        )


class OfPersonResource(ModelResource):
    """Something that belongs to somebody; the name stands beside the number for the reader."""

    employee_number = Field("person__employee_number", column_name="社員番号")
    full_name = Field("person__full_name", column_name="氏名")
    starts_on = Field("starts_on", column_name="開始日")
    ends_on = Field("ends_on", column_name="終了日")

    def get_queryset(self) -> Any:
        """With whom each belongs to."""
        return super().get_queryset().select_related("person")


class AffiliationResource(OfPersonResource):
    """One row per affiliation."""

    department_code = Field("department__code", column_name="部門コード")
    department = Field("department__name", column_name="部門")
    employment_kind = Field("get_employment_kind_display", column_name="雇用区分")
    post = Field("post", column_name="役職")
    is_primary = Field("is_primary", column_name="主たる所属")

    class Meta:
        model = Affiliation
        fields = (
            "employee_number",
            "full_name",
            "department_code",
            "department",
            "employment_kind",
            "post",
            "is_primary",
            "starts_on",
            "ends_on",
        )


class LeaveResource(OfPersonResource):
    """One row per leave."""

    kind = Field("get_kind_display", column_name="種類")
    note = Field("note", column_name="備考")

    class Meta:
        model = Leave
        fields = ("employee_number", "full_name", "kind", "starts_on", "ends_on", "note")


class AppointmentResource(OfPersonResource):
    """One row per appointment."""

    role = Field("get_role_display", column_name="役割")
    department = Field("department__name", column_name="部門")
    appointed_by = Field("appointed_by", column_name="任命者")
    note = Field("note", column_name="備考")

    class Meta:
        model = Appointment
        fields = (
            "role",
            "employee_number",
            "full_name",
            "department",
            "starts_on",
            "ends_on",
            "appointed_by",
            "note",
        )
