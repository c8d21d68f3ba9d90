"""Papers and workbooks against the libraries alone."""

import io
import tempfile
from pathlib import Path
from typing import Any

import noto_cjk_sans_jp_bold
import noto_cjk_sans_jp_regular
import xlsxwriter
from django.test import RequestFactory
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from pms.accounts.models import User
from pms.core.pdf import Column, render_pdf
from pms.organization.mastheads import masthead
from pms.training.models import TrainingRecord
from pms.training.views.records import RecordListView
from pms.transfer.exports import export_response

from .common import HR, clock, idle_megabytes, peak_megabytes

HEADINGS = ("社員番号", "氏名", "部署", "雇用区分", "修了日", "点数")


def table(rows: int) -> list[list[str]]:
    """A table of the training."""
    found = TrainingRecord.objects.select_related("department").order_by("pk")[:rows]
    return [
        [
            it.employee_number,
            it.name,
            it.department.name,
            it.get_employment_kind_display(),
            str(it.passed_on or "–"),
            str(it.score or "–"),
        ]
        for it in found
    ]


def typst_pdf(rows: int) -> dict[str, Any]:
    """Our paper with the table."""
    cells = table(rows)
    kinds = ("code", "text", "text", "text", "code", "number")
    facts = {
        "masthead": masthead(now=timezone.now()),
        "blanks": [],
        "columns": [Column(*it) for it in zip(HEADINGS, kinds, strict=True)],
        "departments": [{"name": "全社", "rows": cells}],
        "empty": "",
    }
    begun = clock()
    content = render_pdf(
        "training/attendance", facts, title="一覧", language="ja", issued_at=timezone.now()
    )
    return {"seconds": clock() - begun, "bytes": len(content), "memory": peak_megabytes()}


def weasyprint_pdf(rows: int) -> dict[str, Any]:
    """The same table by WeasyPrint, with the same fonts."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    cells = table(rows)
    fonts = FontConfiguration()
    begun = clock()
    head = format_html_join("", "<th>{}</th>", ((it,) for it in HEADINGS))
    body = format_html_join(
        "",
        "<tr>{}</tr>",
        ((format_html_join("", "<td>{}</td>", ((it,) for it in row)),) for row in cells),
    )
    page = format_html(
        '<html lang="ja"><h1>一覧</h1><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>',
        head,
        body,
    )
    faces = "".join(
        f"@font-face {{ font-family: Noto; font-weight: {weight};"
        f" src: url({Path(font.FONT_PATH).as_uri()}) }}"
        for weight, font in (
            ("normal", noto_cjk_sans_jp_regular),
            ("bold", noto_cjk_sans_jp_bold),
        )
    )
    style = faces + (
        "@page { size: A4; margin: 20mm; @bottom-right { content: counter(page) } }"
        "body { font: 9pt Noto } table { width: 100%; border-collapse: collapse }"
        "th, td { border: 0.4pt solid #888; padding: 3pt; text-align: left }"
    )
    content = HTML(string=page).write_pdf(
        stylesheets=[CSS(string=style, font_config=fonts)], font_config=fonts
    )
    return {"seconds": clock() - begun, "bytes": len(content), "memory": peak_megabytes()}


def export(rows: int) -> dict[str, Any]:
    """Our export of a list as a workbook, the database included."""
    request = RequestFactory().get("/")
    request.user = User.objects.get(person__employee_number=HR)
    found = TrainingRecord.objects.select_related("campaign", "department").order_by("pk")[:rows]
    idle = idle_megabytes()
    begun = clock()
    response = export_response(request, found, RecordListView.columns, name="b", form="xlsx")
    ended = clock() - begun
    size = len(b"".join(response.streaming_content))
    return {"seconds": ended, "bytes": size, "memory": peak_megabytes() - idle}


def bare_export(rows: int) -> dict[str, Any]:
    """The same cells by XlsxWriter alone; they are at hand before the clock starts."""
    columns = RecordListView.columns
    found = TrainingRecord.objects.select_related("campaign", "department").order_by("pk")[:rows]
    cells = [[column.value(it) for column in columns] for it in found.iterator(2_000)]
    for row in cells:
        row[:] = [
            timezone.make_naive(it) if hasattr(it, "tzinfo") and it.tzinfo else it for it in row
        ]
    stream = io.BytesIO()
    begun = clock()
    with tempfile.TemporaryDirectory() as folder:
        options = {"constant_memory": True, "tmpdir": folder, "default_date_format": "yyyy-mm-dd"}
        book = xlsxwriter.Workbook(stream, options)
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [column.heading for column in columns])
        for number, row in enumerate(cells, start=1):
            sheet.write_row(number, 0, row)
        book.close()
    return {"seconds": clock() - begun, "bytes": len(stream.getvalue())}
