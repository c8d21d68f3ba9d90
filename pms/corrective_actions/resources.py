"""The register as files of the admin; the headings are a file format."""

from import_export.fields import Field
from import_export.resources import ModelResource

from .models import CorrectiveAction, ExaminerFinding, Measure


class CorrectiveActionResource(ModelResource):
    """One row per action."""

    number = Field("number", column_name="番号")
    status = Field("get_status_display", column_name="状態")
    source = Field("get_source_display", column_name="発生源")
    source_label = Field("source_label", column_name="発生源の名称")
    title = Field("title", column_name="件名")
    department = Field("department__name", column_name="部門")
    grade = Field("get_grade_display", column_name="区分")
    owner = Field("owner__full_name", column_name="担当者")
    found_on = Field("found_on", column_name="発見日")
    first_due_on = Field("first_due_on", column_name="当初の期限")
    due_on = Field("due_on", column_name="期限")
    closed_on = Field("closed_on", column_name="完了日")

    class Meta:
        model = CorrectiveAction
        fields = (
            "number",
            "status",
            "source",
            "source_label",
            "title",
            "department",
            "grade",
            "owner",
            "found_on",
            "first_due_on",
            "due_on",
            "closed_on",
        )


class MeasureResource(ModelResource):
    """One row per measure."""

    action = Field("round__action__number", column_name="番号")
    round = Field("round__number", column_name="回")
    title = Field("title", column_name="処置")
    kind = Field("get_kind_display", column_name="種類")
    owner = Field("owner__full_name", column_name="担当者")
    first_due_on = Field("first_due_on", column_name="当初の期限")
    due_on = Field("due_on", column_name="期限")
    done_on = Field("done_on", column_name="実施日")
    result = Field("result", column_name="実施内容")

    class Meta:
        model = Measure
        fields = (
            "action",
            "round",
            "title",
            "kind",
            "owner",
            "first_due_on",
            "due_on",
            "done_on",
            "result",
        )


class ExaminerFindingResource(ModelResource):
    """One row per finding."""

    number = Field("number", column_name="指摘番号")
    action = Field("action__number", column_name="是正処置番号")
    fact = Field("action__fact", column_name="指摘事項")
    is_repeated = Field("is_repeated", column_name="再指摘")
    received_on = Field("received_on", column_name="受領日")
    answer_due_on = Field("answer_due_on", column_name="回答期限")
    answered_on = Field("answered_on", column_name="回答日")
    answer = Field("answer", column_name="回答")

    class Meta:
        model = ExaminerFinding
        fields = (
            "number",
            "action",
            "fact",
            "is_repeated",
            "received_on",
            "answer_due_on",
            "answered_on",
            "answer",
        )
