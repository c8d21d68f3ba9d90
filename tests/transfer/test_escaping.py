"""Formulas made harmless without losing the value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pms.transfer.escaping import FORMULA_STARTS, neutralise, restore

TRICKY = st.text(alphabet="'=+-@\t\r\n＝－a1 ", max_size=6)


class TestNeutralise:
    @pytest.mark.parametrize("start", sorted(FORMULA_STARTS))
    def test_no_text_begins_like_a_formula(self, start):
        assert neutralise(f"{start}1+1") == f"'{start}1+1"

    @pytest.mark.parametrize(
        "text", ["", "'", "'tis", "佐藤", "a=b", "1-2", " =1", "taro@example.jp", "0123"]
    )
    def test_leaves_ordinary_text(self, text):
        assert neutralise(text) == text
        assert restore(text) == text

    @given(st.text() | TRICKY)
    def test_result_is_never_a_formula(self, text):
        assert neutralise(text)[:1] not in FORMULA_STARTS


class TestRestore:
    @given(st.text() | TRICKY)
    def test_gives_back_every_text(self, text):
        assert restore(neutralise(text)) == text

    @given(TRICKY, TRICKY)
    def test_two_texts_never_become_one(self, one, other):
        assert (neutralise(one) == neutralise(other)) == (one == other)
