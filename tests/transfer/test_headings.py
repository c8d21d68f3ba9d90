"""Headings, matched with what an import knows."""

import pytest

from pms.transfer.headings import HeadingSpec, heading_key, match_headings

FIELDS = [
    HeadingSpec("number", ("社員番号", "従業員番号", "Employee number"), required=True),
    HeadingSpec("name", ("氏名", "名前"), required=True),
    HeadingSpec("kana", ("フリガナ", "氏名（カナ）")),
]


class TestHeadingKey:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("社員番号", " 社員　番号 "),
            ("社員番号（必須）", "社員番号"),
            ("※社員番号 【必須】", "社員番号"),
            ("社員番号*", "社員番号"),
            ("社員\n番号", "社員番号"),
            ("ﾌﾘｶﾞﾅ", "フリガナ"),
            ("氏名(ｶﾅ)", "氏名（カナ）"),
            ("Ｅｍｐｌｏｙｅｅ　Ｎｕｍｂｅｒ", "employee_number"),
            ("社員№", "社員No."),
            ("E-mail", "email"),
        ],
    )
    def test_is_the_same_for_two_spellings(self, one, other):
        assert heading_key(one) == heading_key(other)

    def test_differs_for_name_and_its_reading(self):
        assert heading_key("氏名") != heading_key("氏名（カナ）")

    def test_is_empty_for_decoration(self):
        assert heading_key("※") == heading_key("---") == ""


class TestMatchHeadings:
    def test_finds_columns_in_any_order_and_spelling(self):
        match = match_headings(["氏名※", "ﾌﾘｶﾞﾅ", "EMPLOYEE_NUMBER"], FIELDS)

        assert match.columns == {"number": 2, "name": 0, "kana": 1}
        assert (match.missing, match.unknown) == ([], [])

    def test_takes_the_name_of_the_field_itself(self):
        assert match_headings(["number", "name"], FIELDS).columns == {"number": 0, "name": 1}

    def test_names_what_is_missing_and_what_is_unknown(self):
        match = match_headings(["氏名", "", "血液型", "※"], FIELDS)

        assert match.missing == [FIELDS[0]]
        assert match.unknown == ["血液型"]

    def test_prefers_the_likelier_label_and_reports_the_other(self):
        match = match_headings(["名前", "氏名", "社員番号"], FIELDS)

        assert match.columns["name"] == 1
        assert match.unknown == ["名前"]

    def test_what_was_remembered_goes_first(self):
        match = match_headings(
            ["職員コード", "氏名", "通称"],
            FIELDS,
            remembered={"職員コード": "number", "通称": "name"},
        )

        assert match.columns == {"number": 0, "name": 2}
        assert match.unknown == ["氏名"]

    @pytest.mark.parametrize("name", ["", "no_field_any_more"])
    def test_what_was_left_out_before_stays_out(self, name):
        match = match_headings(
            ["社員番号", "氏名", "血液型", "趣味"],
            FIELDS,
            remembered={"血液型": name, "趣味": name},
        )

        assert match.columns == {"number": 0, "name": 1}
        assert match.unknown == []

    def test_of_two_memories_for_one_field_the_first_holds(self):
        match = match_headings(
            ["通称", "別名", "社員番号"], FIELDS, remembered={"通称": "name", "別名": "name"}
        )

        assert match.columns["name"] == 0
        assert match.unknown == ["別名"]

    def test_a_memory_of_a_heading_that_is_not_there_changes_nothing(self):
        match = match_headings(["社員番号", "氏名"], FIELDS, remembered={"職員コード": "number"})

        assert match.columns == {"number": 0, "name": 1}
