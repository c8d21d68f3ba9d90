"""Markdown becomes HTML that can do no harm."""

import pytest
from django.utils.safestring import SafeString

from pms.core.markdown import render_markdown


class TestRenderMarkdown:
    def test_is_safe_to_put_into_a_page(self):
        assert isinstance(render_markdown("text"), SafeString)

    def test_shows_paragraphs_lists_and_emphasis(self):
        html = render_markdown("**全員**が受けます。\n\n- 年に1回\n- 入社のとき\n\n~~昔の決まり~~")

        assert "<p><strong>全員</strong>が受けます。</p>" in html
        assert "<li>年に1回</li>" in html
        assert "<s>昔の決まり</s>" in html

    def test_moves_headings_below_the_heading_of_the_page(self):
        html = render_markdown("# 一\n\n## 二\n\n###### 六")

        assert "<h1>" not in html
        assert "<h2>一</h2>" in html
        assert "<h3>二</h3>" in html
        assert "<h6>六</h6>" in html

    def test_lets_a_table_scroll_by_itself(self):
        html = render_markdown("| 言葉 | 意味 |\n|---|---|\n| 本人 | その人 |")

        assert '<div class="table-wrap" tabindex="0"><table>' in html.replace("\n", "")
        assert "<th>言葉</th>" in html
        assert "<td>その人</td>" in html

    def test_opens_addresses_of_the_web_without_telling_where_from(self):
        html = render_markdown("[規程](https://intranet.example/rules)")

        assert 'href="https://intranet.example/rules"' in html
        assert 'rel="noopener noreferrer"' in html

    @pytest.mark.parametrize(
        "text",
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            '<a href="x" onclick="alert(1)">x</a>',
            "![x](https://elsewhere.example/pixel.png)",
            '<div style="position:fixed">x</div>',
            "<iframe src=https://elsewhere.example></iframe>",
            '[x](https://a.example "a\\" onmouseover=\\"alert(1)")',
        ],
    )
    def test_makes_no_element_out_of_typed_html(self, text):
        html = render_markdown(text)

        for tag in ("<script", "<img", "<iframe", "<a onclick", "<div", 'href="javascript', " onm"):
            assert tag not in html.replace("&quot; onm", "")

    def test_keeps_typed_html_readable(self):
        assert "&lt;b&gt;" in render_markdown("<b>太字</b>")

    def test_is_empty_for_an_empty_text(self):
        assert render_markdown("") == ""
