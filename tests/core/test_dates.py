"""Dates as offices write them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pms.core.dates import DateError, format_wareki, format_wareki_short, parse_date

APRIL_FIRST = date(2026, 4, 1)


class TestParseDate:
    @pytest.mark.parametrize(
        "written",
        [
            "2026-04-01",
            "2026/4/1",
            "2026/04/01",
            "2026.4.1",
            "20260401",
            "2026年4月1日",
            "2026年04月01日",
            "令和8年4月1日",
            "令和 8年 4月 1日",
            "令和8年04月01日",
            "令和8/4/1",
            "R8.4.1",
            "R8/4/1",
            "r8-4-1",
            "R08.04.01",
            "R080401",
            "令8.4.1",
            "㋿8年4月1日",
            "２０２６／４／１",
            "２０２６年４月１日",
            "Ｒ８．４．１",
            " 2026/4/1 ",
            "2026/4/1(水)",
            "2026年4月1日（水曜日）",
            "2026/4/1 0:00",
            "2026-04-01 00:00:00",
            "2026-04-01T09:30:00.5",
            "2026/4/1(水) 13:05",
            "46113",
            "46113.0",
            "46113.5",
            46113,
            46113.0,
            46113.75,
            20260401,
            date(2026, 4, 1),
            datetime(2026, 4, 1, 0, 0),  # noqa: DTZ001 - what a spreadsheet holds
            datetime(2026, 4, 1, 13, 5),  # noqa: DTZ001
        ],
    )
    def test_reads_every_usual_form(self, written):
        assert parse_date(written) == APRIL_FIRST
        assert type(parse_date(written)) is date

    @pytest.mark.parametrize(
        ("written", "day"),
        [
            ("令和元年5月1日", date(2019, 5, 1)),
            ("令和1年5月1日", date(2019, 5, 1)),
            ("R1.5.1", date(2019, 5, 1)),
            ("平成31年4月30日", date(2019, 4, 30)),
            ("H31.4.30", date(2019, 4, 30)),
            ("平成元年1月8日", date(1989, 1, 8)),
            ("昭和64年1月7日", date(1989, 1, 7)),
            ("S45/12/1", date(1970, 12, 1)),
            ("昭和元年12月25日", date(1926, 12, 25)),
            ("大正15年12月25日", date(1926, 12, 25)),
            ("T9.10.1", date(1920, 10, 1)),
            ("明治45年7月30日", date(1912, 7, 30)),
            ("2024/2/29", date(2024, 2, 29)),
            ("10000", date(1927, 5, 18)),
        ],
    )
    def test_reads_the_eras_to_their_edges(self, written, day):
        assert parse_date(written) == day

    def test_takes_a_moment_in_the_current_time_zone(self, settings):
        settings.TIME_ZONE = "Asia/Tokyo"

        assert parse_date(datetime(2026, 3, 31, 15, 0, tzinfo=UTC)) == APRIL_FIRST

    @pytest.mark.parametrize(
        "written",
        [
            "",
            "未定",
            "26/4/1",
            "4/1",
            "2026年4月",
            "4/1/2026",
            "2026/4-1",
            "2026-W01-1",
            "R8",
            "令和八年四月一日",
            "昭和",
            "9999",
            "00123",
            "1234567",
            5,
            0,
            True,
            float("nan"),
            float("inf"),
            -46113,
        ],
    )
    def test_refuses_what_is_no_date_and_shows_how_to_write_one(self, written):
        with pytest.raises(DateError) as caught:
            parse_date(written)

        assert caught.value.code == "unreadable"
        assert "2026-04-01" in str(caught.value)

    @pytest.mark.parametrize(
        ("written", "last_day"),
        [("2026/2/30", "28"), ("2024-02-30", "29"), ("令和8年4月31日", "30"), ("20261232", "31")],
    )
    def test_refuses_a_day_that_does_not_exist_and_names_the_last(self, written, last_day):
        with pytest.raises(DateError) as caught:
            parse_date(written)

        assert caught.value.code == "no_such_day"
        assert written in str(caught.value)
        assert last_day in str(caught.value)

    @pytest.mark.parametrize("written", ["2026-13-01", "2026/0/1", "0000-01-01", "R8.13.1"])
    def test_refuses_a_month_that_does_not_exist(self, written):
        with pytest.raises(DateError) as caught:
            parse_date(written)

        assert caught.value.code == "no_such_day"
        assert written in str(caught.value)

    @pytest.mark.parametrize(
        ("written", "meant", "wareki"),
        [
            ("平成32年4月1日", date(2020, 4, 1), "令和2年4月1日"),
            ("H31.5.1", date(2019, 5, 1), "令和元年5月1日"),
            ("令和元年4月30日", date(2019, 4, 30), "平成31年4月30日"),
            ("昭和64年1月8日", date(1989, 1, 8), "平成元年1月8日"),
            ("S100.4.1", None, None),
            ("令和0年4月1日", date(2018, 4, 1), "平成30年4月1日"),
        ],
    )
    def test_refuses_a_day_outside_its_era_and_names_the_right_year(self, written, meant, wareki):
        with pytest.raises(DateError) as caught:
            parse_date(written)

        if meant is None:
            assert caught.value.code == "unreadable"
        else:
            assert caught.value.code == "outside_era"
            assert caught.value.suggestion == meant
            assert wareki in str(caught.value)

    def test_names_the_value_as_it_was_typed(self):
        with pytest.raises(DateError, match="２０２６／２／３０"):
            parse_date("２０２６／２／３０")


class TestFormatWareki:
    @pytest.mark.parametrize(
        ("day", "long", "short"),
        [
            (date(2026, 4, 1), "令和8年4月1日", "R8.4.1"),
            (date(2019, 5, 1), "令和元年5月1日", "R1.5.1"),
            (date(2019, 4, 30), "平成31年4月30日", "H31.4.30"),
            (date(1989, 1, 7), "昭和64年1月7日", "S64.1.7"),
            (date(1926, 12, 25), "昭和元年12月25日", "S1.12.25"),
            (date(1926, 12, 24), "大正15年12月24日", "T15.12.24"),
            (date(1912, 7, 29), "明治45年7月29日", "M45.7.29"),
            (date(1872, 12, 31), "1872年12月31日", "1872.12.31"),
        ],
    )
    def test_writes_the_era_of_the_day(self, day, long, short):
        assert (format_wareki(day), format_wareki_short(day)) == (long, short)

    @given(st.dates(min_value=date(1873, 1, 1), max_value=date(2099, 12, 31)))
    def test_what_is_written_is_read_back(self, day):
        assert parse_date(format_wareki(day)) == day
        assert parse_date(format_wareki_short(day)) == day
        assert parse_date(day.isoformat()) == day
        assert parse_date(f"{day:%Y%m%d}") == day
