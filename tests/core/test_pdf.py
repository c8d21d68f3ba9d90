"""Papers: what they hold, what they refuse to become, and how they look to a reader of the file."""

import io
import re
import shutil
import threading
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
import typst
from django.core.exceptions import ImproperlyConfigured
from PIL import ImageFont
from pypdf import PdfReader

from pms.core import pdf
from pms.core.pdf import (
    APPROVED,
    PREPARED,
    Approval,
    Column,
    Masthead,
    Pair,
    missing_glyphs,
    render_pdf,
)

MASTHEAD = Masthead(
    company="株式会社みなと環境サービス",
    number="教育-2026-004",
    issued="2026年11月21日(土)",
    source="受講記録",
    as_of="2026年11月21日 09:30",
)
APPOINTMENT = {
    "company": "株式会社みなと環境サービス",
    "number": "任命-2026-003",
    "addressee": ["管理本部 人事総務部", "髙橋 健 殿"],
    "body": ["2026年4月1日付で、個人情報保護管理者に任命します。"],
    "date": "2026年3月25日",
    "sender": ["代表取締役社長 水野 玲子"],
    "seal_box": "印",
}
REPORT = {
    "masthead": Masthead(
        company="株式会社みなと環境サービス",
        addressee="代表取締役社長 殿",
        lead="下記のとおり、教育を実施しましたので報告します。",
        seal="1204 3f9a c2d1",
        approvals=[
            Approval(label="承認"),
            Approval(label="作成", name="佐々木 美咲", on="2026-11-20"),
        ],
    ),
    "overview": [
        Pair(label="対象年度", value="2026年度"),
        Pair(label="対象者", value=1240),
        Pair(label="使用教材", value="個人情報保護の基本", wide=True),
    ],
    "topics": [
        {"label": "個人情報保護方針", "ticked": True},
        {"label": "役割及び責任", "ticked": False},
    ],
    "series": ["合格", "対象外", "未了"],
    "bars": [{"label": "営業本部", "values": [58, 2, 4], "text": "58 / 64名"}],
    "ticks": ["9/1", "", "9/3"],
    "curve": [
        {"name": "2026年度", "values": [1, 2, None]},
        {"name": "2025年度", "values": [2, 3, 4]},
    ],
    "alt": "2026年度は2日目で2名です。",
    "columns": [Column(label="社員番号", kind="code"), Column(label="得点", kind="number")],
    "rows": [["000012", 1234567], ["000013", None]],
    "total": ["合計", {"text": "2名", "strong": True}],
    "evaluation": ["理解されています。", "来年度も続けます。"],
    "remark": "設問の38%は昨年度と同じでした。",
    "next": ["事例を加える"],
}


@pytest.fixture(scope="session")
def root(tmp_path_factory):
    """A package folder that holds the real base and the trial papers of the tests."""
    folder = tmp_path_factory.mktemp("package")
    shutil.copytree(pdf.PACKAGE_ROOT / "core/papers", folder / "core/papers")
    shutil.copytree(Path(__file__).parent / "papers", folder / "trial/papers")
    return folder


@pytest.fixture
def render(root):
    return partial(render_pdf, root=root, title="教育実施報告書")


def list_of(*rows, columns=("値",), **options):
    return {"masthead": MASTHEAD, "columns": columns, "rows": list(rows), **options}


def read(document):
    return PdfReader(io.BytesIO(document))


def text_of(document):
    """Everything on the paper, without the marks that only steer line breaks."""
    text = "\n".join(page.extract_text() for page in read(document).pages)
    return text.replace("\u200b", "")


def flowing(text):
    return re.sub(r"\s", "", text)


class TestContent:
    def test_japanese_of_every_kind_can_be_read_back(self, render):
        words = "髙橋 﨑山 𠮷田 令和8年 ① ㈱みなと ㌔ ｶﾅ 〜 ー"

        text = text_of(render("trial/list", list_of([words])))

        assert words in text

    def test_only_noto_sans_cjk_jp_is_embedded(self, render):
        reader = read(render("trial/report", REPORT))

        names = {
            font["/BaseFont"].split("+")[1]
            for page in reader.pages
            for font in (entry.get_object() for entry in page["/Resources"]["/Font"].values())
        }

        assert {re.sub("-Identity-H$", "", name) for name in names} == {
            "NotoSansCJKjp-Regular",
            "NotoSansCJKjp-Bold",
        }

    def test_dates_have_no_gap_between_figures_and_kanji(self, render):
        assert "2026年11月21日(土)" in text_of(render("trial/list", list_of()))

    def test_facts_may_be_dataclasses_dates_decimals_and_lazy_texts(self, render):
        @dataclass
        class Facts:
            masthead: Masthead
            columns: list
            rows: list

        facts = Facts(
            masthead=MASTHEAD,
            columns=[Column(label="a", kind="code"), Column(label="b"), Column(label="c")],
            rows=[[date(2026, 4, 1), Decimal("91.40"), PREPARED]],
        )

        text = text_of(render("trial/list", facts, language="en"))

        assert all(word in text for word in ("2026-04-01", "91.40", "Prepared"))

    def test_numbers_are_grouped_and_unknown_is_a_dash(self, render):
        text = text_of(render("trial/list", list_of([1234567], [-1200.5], [0], [None])))

        assert re.search(r"1,234,567\n−1,200.5\n0\n–", text)

    def test_an_empty_table_says_so(self, render):
        assert "None" in text_of(render("trial/list", list_of(), language="en"))

    def test_a_row_of_the_wrong_length_is_refused(self, render):
        with pytest.raises(typst.TypstError):
            render("trial/list", list_of(["a", "b"]))

    def test_a_report_holds_all_its_parts_in_order(self, render):
        text = flowing(text_of(render("trial/report", REPORT)))

        parts = (
            "報告書下記のとおり、教育を実施しましたので報告します。承認作成佐々木美咲2026-11-20",
            "対象年度2026年度対象者1,240使用教材個人情報保護の基本",
            "合格対象外未了営業本部58/64名",
            "9/19/32026年度2025年度",
            "社員番号得点0000121,234,567000013–合計2名",
            "設問の38%は昨年度と同じでした。1.事例を加える",
        )
        missing = [part for part in parts if part not in text]
        assert missing == []
        assert [text.index(part) for part in parts] == sorted(text.index(part) for part in parts)

    def test_charts_without_data_say_so(self, render):
        facts = REPORT | {"bars": [], "curve": [{"name": "2026年度", "values": [None]}]}

        text = text_of(render("trial/report", facts, language="en"))

        assert text.count("None") == 2

    def test_a_letter_is_one_page(self, render):
        document = render("trial/appointment", APPOINTMENT, title="任命書")

        assert len(read(document).pages) == 1
        assert "髙橋 健 殿" in text_of(document)

    def test_an_attendance_sheet_names_the_department_on_each_of_its_pages(self, render):
        columns = [Column(label="氏名"), Column(label="署名", kind="sign")]
        departments = [
            {"name": "営業本部", "rows": [["鈴木 一郎", ""]] * 40},
            {"name": "物流センター", "rows": [["𠮷田 﨑子", ""]]},
        ]
        facts = {"masthead": MASTHEAD, "columns": columns, "departments": departments}

        pages = [page.extract_text() for page in read(render("trial/attendance", facts)).pages]

        assert ["営業本部" in page for page in pages] == [True, True, False]
        assert ["物流センター" in page for page in pages] == [False, False, True]
        assert all("署名" in page for page in pages)


class TestPages:
    def test_head_row_page_number_and_running_head_are_on_every_page(self, render):
        rows = [[f"{number:06d}"] for number in range(120)]

        pages = [
            page.extract_text()
            for page in read(render("trial/list", list_of(*rows, columns=["社員番号"]))).pages
        ]

        assert len(pages) > 1
        for number, page in enumerate(pages, start=1):
            assert "社員番号" in page
            assert f"{number} / {len(pages)}" in page
            assert "教育-2026-004" in page
            assert "教育実施報告書" in page

    @pytest.mark.parametrize(("landscape", "size"), [(False, (595, 842)), (True, (842, 595))])
    def test_is_a4_upright_or_across(self, render, landscape, size):
        page = read(render("trial/list", list_of(landscape=landscape))).pages[0]

        assert (round(page.mediabox.width), round(page.mediabox.height)) == size

    def test_a_long_row_breaks_over_pages_without_losing_a_letter(self, render):
        text = text_of(render("trial/list", list_of(["漢" * 10_000])))

        assert text.count("漢") == 10_000

    @pytest.mark.parametrize(
        "word",
        ["x" * 10_000, "taro.yamada@" + "subsidiary." * 20 + "example.jp", "/" * 400, "ﬀ" * 500],
    )
    def test_a_long_word_stays_inside_its_cell(self, render, word):
        document = render("trial/list", list_of([word], columns=[Column(label="値", kind="code")]))

        font = ImageFont.truetype(pdf.noto_cjk_sans_jp_regular.FONT_PATH, 85)
        lines = [line for page in read(document).pages for line in page.extract_text().split("\n")]
        room = (
            (210 - 2 * 18 - 2 * 2) / 25.4 * 72
        )  # the column takes the page: margins and inset off
        assert max(font.getlength(line) / 10 for line in lines if line[:1] == word[0]) <= room
        assert text_of(document).count(word[0]) >= word.count(word[0])


class TestInjection:
    @pytest.mark.parametrize(
        "words",
        [
            '#read("/core/papers/base.typ")',
            '#panic("x")',
            "#import sys: inputs",
            "*太字* _斜体_ `コード`",
            "$x^2$ と @印 と <札>",
            "= 見出し",
            "+ 一つ",
            r"\u{41} \ \n",
            "<b>太字</b>&amp;<script>alert(1)</script>",
            '"); #eval("1")',
            '{"rows": []}',
            "~ -- --- ... \"引用\" 'x'",
            "https://example.com/[x]",
        ],
    )
    def test_words_come_out_as_they_were_typed(self, render, words):
        facts = REPORT | {
            "masthead": Masthead(company=words, lead=words, approvals=[Approval(label=words)]),
            "overview": [Pair(label=words, value=words)],
            "bars": [{"label": words, "values": [1, 0, 0], "text": words}],
            "rows": [[words, words]],
            "evaluation": words,
            "remark": words,
            "next": [words],
        }

        text = flowing(text_of(render("trial/report", facts, title=words)))

        # ligatures and typographic spaces are the reader's business, every letter must be there
        assert text.count(flowing(unicodedata.normalize("NFKC", words))) >= 10

    def test_line_ends_are_kept(self, render):
        assert "一行目\n二行目\n三行目" in text_of(
            render("trial/list", list_of(["一行目\n二行目\r\n三行目"]))
        )

    @pytest.mark.parametrize(
        "paper",
        ["../list", "trial/../list", "/etc/passwd", "trial/list.typ", "Trial/list", "", "a/b/c"],
    )
    def test_a_paper_has_a_name_and_not_a_path(self, render, paper):
        with pytest.raises(ValueError, match="A paper is named"):
            render(paper, list_of())

    def test_a_paper_that_does_not_exist_is_an_error(self, render):
        with pytest.raises(FileNotFoundError):
            render("trial/nothing", list_of())

    def test_no_template_fetches_packages_or_makes_source_of_facts(self):
        templates = list(pdf.PACKAGE_ROOT.glob("*/papers/*.typ"))

        assert templates
        for template in templates:
            source = re.sub(r"//.*", "", template.read_text(encoding="utf-8"))
            assert not re.search(r"@preview|\beval\s*\(|\bread\s*\(|\bplugin\s*\(", source), (
                template
            )


class TestFile:
    def test_says_its_language_title_and_that_it_is_tagged(self, render):
        catalog = read(render("trial/list", list_of(), language="en")).trailer["/Root"]

        assert catalog["/Lang"] == "en"
        assert catalog["/MarkInfo"]["/Marked"]
        assert read(render("trial/list", list_of())).metadata.title == "教育実施報告書"

    @pytest.mark.parametrize("standard", ["a-3b", "ua-1"])
    @pytest.mark.parametrize(
        ("paper", "facts"), [("trial/report", REPORT), ("trial/appointment", APPOINTMENT)]
    )
    def test_can_be_archived_and_can_be_read_aloud(self, render, paper, facts, standard):
        metadata = read(render(paper, facts, standard=standard)).trailer["/Root"]["/Metadata"]

        marks = {"a-3b": b"pdfaid:part>3<", "ua-1": b"pdfuaid:part>1<"}
        assert marks[standard] in metadata.get_data()

    def test_the_same_facts_at_the_same_moment_are_the_same_bytes(self, render):
        moment = datetime(2026, 11, 21, 0, 30, tzinfo=UTC)

        first = render("trial/report", REPORT, issued_at=moment)

        assert first == render("trial/report", REPORT, issued_at=moment)
        assert read(first).metadata.creation_date == moment

    def test_several_threads_print_at_once(self, render):
        documents = {}

        def print_one(number):
            documents[number] = text_of(render("trial/list", list_of([f"第{number}号"])))

        threads = [threading.Thread(target=print_one, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert {number for number, text in documents.items() if f"第{number}号" in text} == {
            *range(6)
        }


class TestGlyphs:
    def test_kanji_of_names_are_all_there(self):
        assert missing_glyphs("髙﨑𠮷𡈽① ㈱㍻令和〜―\t\n葛\U000e0100") == set()

    def test_every_letter_of_shift_jis_is_there(self):
        letters = {
            bytes((first, second)).decode("cp932", "ignore")
            for first in (*range(0x81, 0xA0), *range(0xE0, 0xF0), *range(0xFA, 0xFD))
            for second in range(0x40, 0xFD)
        }
        printable = {letter for pair in letters for letter in pair if letter.isprintable()}

        assert len(printable) > 6_000
        assert missing_glyphs("".join(printable)) == {"≒"}  # printed as ≈

    def test_emoji_and_control_letters_are_not(self):
        assert missing_glyphs("社員😀\x00\u202e") == {"😀", "\x00", "\u202e"}

    @pytest.mark.parametrize("standard", [None, "a-3b", "ua-1"])
    def test_what_cannot_be_drawn_is_printed_as_a_geta(self, render, standard):
        facts = list_of(["鈴木😀一郎", "\x00\u202eไ\ud800"], columns=["a", "b"])

        text = text_of(render("trial/list", facts, standard=standard))

        assert "鈴木〓一郎" in text
        assert "〓〓〓〓" in text

    def test_a_machine_without_the_fonts_is_told(self, monkeypatch, tmp_path):
        monkeypatch.setattr(pdf.noto_cjk_sans_jp_bold, "FONT_PATH", tmp_path / "none.otf")
        pdf._fonts.cache_clear()

        with pytest.raises(ImproperlyConfigured, match="regular and bold"):
            pdf._fonts()

        pdf._fonts.cache_clear()


class TestWords:
    def test_the_frame_speaks_the_language_of_the_paper(self, render, settings):
        text = text_of(render("trial/list", list_of(), language="en"))

        assert "Document no." in text
        assert "Issued on" in text
        assert "As of" in text

    def test_approval_labels_are_translated_when_printed(self, render):
        masthead = Masthead(company="x", approvals=[Approval(label=APPROVED)])

        text = text_of(render("trial/list", list_of() | {"masthead": masthead}, language="en"))

        assert "Approved" in text
