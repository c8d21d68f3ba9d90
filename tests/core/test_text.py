"""Folding for storing, keying for searching."""

import pytest
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from pms.core import text
from pms.core.text import escaped, fold, fold_code, search_key

JAPANESE = st.text(
    alphabet=st.one_of(
        st.characters(min_codepoint=0x20, max_codepoint=0x7E),
        st.characters(min_codepoint=0x3000, max_codepoint=0x30FF),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
        st.characters(min_codepoint=0xF900, max_codepoint=0xFFEF),
    )
)


class TestFold:
    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            ("０１２３", "0123"),
            ("ＡＢＣｘｙｚ", "ABCxyz"),
            ("総務部（東京）", "総務部(東京)"),
            ("０３－１２３４", "03-1234"),
            ("営業１課／２課", "営業1課/2課"),
            ("taro＠example．jp", "taro@example.jp"),
            ("佐々木\u3000花子", "佐々木 花子"),
            ("ﾀﾅｶ ﾀﾛｳ", "タナカ タロウ"),
            ("ｶﾞｷﾞﾊﾟｳﾞ｡｢｣･ｰ", "ガギパヴ。「」・ー"),
            ("か\u3099は\u309a", "がぱ"),
            ("e\u0301", "é"),
            ("03\u22121234", "03-1234"),
            ("4月\u301c6月", "4月～6月"),
        ],
    )
    def test_unifies_the_width(self, typed, stored):
        assert fold(typed) == stored

    @pytest.mark.parametrize(
        "name",
        [
            "髙橋",
            "山﨑",
            "𠮷田",
            "㈱青葉",
            "①",
            "Ⅲ",
            "㎡",
            "№",
            "葛\U000e0100城",
            "\ufa1b田",  # 福, a compatibility ideograph that NFC and NFKC would replace
            "\ufa19谷",
            "4月～6月",
            "ー",
            "￥",
            "゛",
        ],
    )
    def test_keeps_what_somebody_chose(self, name):
        assert fold(name) == name

    def test_keeps_old_forms_beside_characters_that_do_change(self):
        assert fold("\ufa1b田\u3000か\u3099く") == "\ufa1b田 がく"

    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            ("  佐藤 \t 一郎\n", "佐藤 一郎"),
            ("\u3000\u3000", ""),
            ("a  b", "a b"),
            ("佐藤\u200b\ufeff", "佐藤"),
            ("佐\x00藤\x07", "佐藤"),
            ("a\x00b", "ab"),
            ("Sato\xa0Ichiro", "Sato Ichiro"),
        ],
    )
    def test_trims_collapses_and_drops_the_invisible(self, typed, stored):
        assert fold(typed) == stored

    @given(st.text() | JAPANESE)
    def test_folding_twice_changes_nothing(self, value):
        assert fold(fold(value)) == fold(value)

    @given(JAPANESE)
    def test_result_is_trimmed_and_has_no_full_width_ascii(self, value):
        folded = fold(value)

        assert folded == folded.strip()
        assert not any("\uff01" <= character <= "\uff5d" for character in folded)


class TestFoldCode:
    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            ("００１２３", "00123"),
            (" Ａ０ １ ", "A01"),
            ("A－01", "A-01"),
            ("A‐01", "A-01"),
            ("Ａー０１", "A-01"),
            ("Ａｰ１ｰ２", "A-1-2"),
            ("a01", "a01"),
            ("センター1", "センター1"),
        ],
    )
    def test_gives_one_form_to_one_code(self, typed, stored):
        assert fold_code(typed) == stored

    @given(st.text() | JAPANESE)
    def test_folding_twice_changes_nothing(self, value):
        assert fold_code(fold_code(value)) == fold_code(value)


class TestSearchKey:
    @pytest.mark.parametrize(
        ("stored", "typed"),
        [
            ("髙橋", "高橋"),
            ("山﨑", "山崎"),
            ("齋藤", "斎藤"),
            ("齊藤", "斉藤"),
            ("渡邊", "渡辺"),
            ("渡邉", "渡辺"),
            ("𠮷田", "吉田"),
            ("澤田", "沢田"),
            ("濵口", "浜口"),
            ("櫻井", "桜井"),
            ("廣田", "広田"),
            ("國分", "国分"),
            ("眞子", "真子"),
            ("葛\U000e0100城", "葛城"),
            ("\ufa1b田", "福田"),
            ("ｻﾄｳ ｲﾁﾛｳ", "さとういちろう"),
            ("キョウコ", "ｷﾖｳｺ"),
            ("しづか", "シズカ"),
            ("ジョン・スミス", "ジョンスミス"),
            ("SATO Ichiro", "sato　ichiro"),
            ("José Núñez", "jose nunez"),
            ("Nguyễn Đức", "nguyen duc"),
            ("㈱青葉", "(株)青葉"),
        ],
    )
    def test_finds_the_name_however_it_is_typed(self, stored, typed):
        assert search_key(stored) == search_key(typed)

    @pytest.mark.parametrize(
        ("one", "other"), [("坂本", "阪本"), ("崎田", "埼田"), ("ハシ", "バシ"), ("山田", "山本")]
    )
    def test_keeps_different_names_apart(self, one, other):
        assert search_key(one) != search_key(other)

    def test_no_ideograph_stands_in_two_groups(self):
        characters = [character for group in text._VARIANTS.split() for character in group]

        assert len(characters) == len(set(characters))

    @given(st.text() | JAPANESE)
    def test_does_not_depend_on_folding_before(self, value):
        assert search_key(fold(value)) == search_key(value)

    @given(st.text(st.characters(categories=["L", "N", "P", "Zs"])))
    def test_key_of_a_key_is_the_key(self, value):
        assert search_key(search_key(value)) == search_key(value)


class TestEscaped:
    @pytest.mark.parametrize(
        "value",
        ["R&D <b>", 'say "x"', "it's", mark_safe("<b>ok</b>"), 12, None, gettext_lazy("People")],
    )
    def test_gives_what_django_gives(self, value):
        assert escaped(value) == conditional_escape(value)


@pytest.mark.parametrize(
    ("said", "number"),
    [("0", 0), ("042", 42), ("9" * 18, 10**18 - 1)]
    + [(it, None) for it in ("", "-1", "1.5", "²", "４２", "9" * 19, "9" * 5_000)],
)
def test_a_number_is_read_and_nothing_else_breaks(said, number):
    assert text.whole_number(said) == number
