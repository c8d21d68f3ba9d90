"""There are names enough for a large roster, with the characters that software likes to lose."""

import re

import pytest

from pms.demo.names import FAMILY_NAMES, GIVEN_NAMES_F, GIVEN_NAMES_M, POSTS, Name

LISTS = {"family": FAMILY_NAMES, "female": GIVEN_NAMES_F, "male": GIVEN_NAMES_M}
each_list = pytest.mark.parametrize("names", LISTS.values(), ids=LISTS)


class TestNames:
    def test_suffice_for_ten_thousand_people_mostly_named_differently(self) -> None:
        assert len(FAMILY_NAMES) >= 150
        assert len(GIVEN_NAMES_F) >= 100
        assert len(GIVEN_NAMES_M) >= 100
        assert len(FAMILY_NAMES) * min(len(GIVEN_NAMES_F), len(GIVEN_NAMES_M)) >= 20_000

    @each_list
    def test_are_listed_once_each(self, names: tuple[Name, ...]) -> None:
        assert len(set(names)) == len(names)

    @each_list
    def test_are_written_in_three_ways(self, names: tuple[Name, ...]) -> None:
        for name in names:
            assert re.fullmatch(r"[^\x00-\x7f\s]+", name.kanji)
            assert re.fullmatch(r"[ァ-ヶー]+", name.kana)
            assert re.fullmatch(r"[A-Z][a-z]+", name.romaji)

    @pytest.mark.parametrize("character", "髙﨑𠮷斎齋齊邊邉濱")
    def test_include_variants_that_rosters_hold(self, character: str) -> None:
        assert any(character in name.kanji for name in FAMILY_NAMES)

    def test_mix_generations_and_share_names_between_them(self) -> None:
        female = {name.kanji for name in GIVEN_NAMES_F}
        male = {name.kanji for name in GIVEN_NAMES_M}
        assert {"和子", "陽菜"} <= female
        assert {"正雄", "陽翔"} <= male
        assert female & male


class TestPosts:
    def test_share_out_everybody(self) -> None:
        assert sum(post.per_thousand for post in POSTS) == 1000
