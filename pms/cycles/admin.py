"""The years in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from import_export.fields import Field
from import_export.resources import ModelResource

from pms.transfer.admin import ExportModelAdmin

from .models import Cycle


class CycleResource(ModelResource):
    """One row per year; the headings are a file format."""

    name = Field("name", column_name="年度")
    starts_on = Field("starts_on", column_name="開始日")
    ends_on = Field("ends_on", column_name="終了日")

    class Meta:
        model = Cycle
        fields = ("name", "starts_on", "ends_on")


@admin.register(Cycle)
class CycleAdmin(ExportModelAdmin):
    """Years; the days of one that is registered are changed on its page."""

    resource_classes = [CycleResource]
    list_display = ["name", "starts_on", "ends_on"]
    search_fields = ["name"]
    ordering = ["-starts_on"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """Records rely on the days of a year."""
        return ["starts_on", "ends_on"] if obj else []
