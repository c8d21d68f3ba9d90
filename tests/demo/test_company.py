"""The invented company hangs together before anything is generated from it."""

import re

import pytest

from pms.demo import company

CODES = {department.code: department for department in company.DEPARTMENTS}

each_known_person = pytest.mark.parametrize(
    "person", [pytest.param(person, id=person.key) for person in company.KNOWN_PEOPLE]
)


class TestCompany:
    def test_has_two_sites_that_are_both_used(self) -> None:
        assert len(company.SITES) == 2
        used = {department.site_code for department in company.DEPARTMENTS}
        assert used == {site.code for site in company.SITES}

    def test_uses_a_mail_domain_nobody_can_own(self) -> None:
        assert company.EMAIL_DOMAIN.endswith(".example")


class TestDepartments:
    def test_are_fourteen_with_codes_and_names_of_their_own(self) -> None:
        assert len(company.DEPARTMENTS) == 14
        for field in ("code", "name", "name_en"):
            assert len({getattr(each, field) for each in company.DEPARTMENTS}) == 14

    def test_follow_their_parents(self) -> None:
        seen: set[str | None] = {None}
        for department in company.DEPARTMENTS:
            assert department.parent_code in seen
            seen.add(department.code)
        assert any(department.parent_code for department in company.DEPARTMENTS)

    def test_share_out_everybody(self) -> None:
        assert sum(department.per_thousand for department in company.DEPARTMENTS) == 1000
        assert min(department.per_thousand for department in company.DEPARTMENTS) > 0

    def test_include_the_late_one(self) -> None:
        assert company.LATE_DEPARTMENT_CODE in CODES


class TestEmploymentMix:
    def test_shares_out_everybody(self) -> None:
        assert sum(company.EMPLOYMENT_PER_THOUSAND.values()) == 1000

    def test_knows_every_way_of_working_here(self) -> None:
        assert set(company.EMPLOYMENT_PER_THOUSAND) == {
            "regular", "contract", "part_time", "temporary", "dispatched", "seconded", "officer",
        }  # fmt: skip


class TestKnownPeople:
    @pytest.mark.parametrize("field", ["key", "label", "label_en", "employee_number", "full_name"])
    def test_are_told_apart(self, field: str) -> None:
        values = {getattr(person, field) for person in company.KNOWN_PEOPLE}
        assert len(values) == len(company.KNOWN_PEOPLE)

    def test_have_addresses_of_their_own(self) -> None:
        addresses = {person.email for person in company.KNOWN_PEOPLE}
        assert len(addresses) == len(company.KNOWN_PEOPLE)

    def test_keep_the_incompatible_posts_in_separate_hands(self) -> None:
        holders = {person.role: person for person in company.KNOWN_PEOPLE if person.role}
        apart = [
            holders[role].employee_number
            for role in ("privacy_manager", "audit_officer", "top_management")
        ]
        assert len(set(apart)) == 3

    def test_head_no_department_twice(self) -> None:
        headed = [
            person.department_code
            for person in company.KNOWN_PEOPLE
            if person.post in {"部長", "室長"}
        ]
        assert len(set(headed)) == len(headed)

    @each_known_person
    def test_work_in_a_department_on_known_terms(self, person: company.KnownPerson) -> None:
        assert person.department_code in CODES
        assert person.employment_kind in company.EMPLOYMENT_PER_THOUSAND

    @each_known_person
    def test_have_readings_and_a_plain_address(self, person: company.KnownPerson) -> None:
        assert re.fullmatch(r"[ァ-ヶー]+", person.family_kana + person.given_kana)
        assert re.fullmatch(r"[a-z]+\.[a-z]+@tsumugino\.example", person.email)
