"""Tables of corrective actions that leave as files for somebody outside."""

from collections.abc import Iterable
from typing import BinaryIO, Final

from pms.corrective_actions.models import ExaminerFinding
from pms.transfer.writers import write_xlsx

# The headings are a file format: the examiner reads Japanese.
REPLY_HEADINGS: Final = (
    "指摘番号",
    "項番",
    "指摘事項",
    "部門",
    "初回・再指摘",
    "回答（是正処置の内容）",
    "原因",
    "是正処置番号",
    "回答日",
)
REPLY_WIDTHS: Final = (10, 10, 40, 18, 12, 60, 40, 14, 12)


def reply_sheet(stream: BinaryIO, findings: Iterable[ExaminerFinding]) -> int:
    """Write the reply to one list of findings as a workbook.

    Args:
        stream: where to.
        findings: with their actions, all answered or withdrawn.

    Returns:
        How many findings it holds.
    """
    rows = (
        [
            it.number,
            it.action.clause.code if it.action.clause else "",
            it.action.fact,
            it.action.department.name,
            "再指摘" if it.is_repeated else "初回",
            f"取下げ：{it.action.withdrawn_reason}" if it.is_withdrawn else it.answer,
            it.action.current.root_cause if it.action.current else "",
            it.action.number,
            it.answered_on,
        ]
        for it in findings
    )
    return write_xlsx(
        stream, REPLY_HEADINGS, rows, sheet_name="指摘事項回答書", widths=REPLY_WIDTHS
    )
