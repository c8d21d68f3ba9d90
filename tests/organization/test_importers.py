"""The roster: what a row means, for somebody new, somebody known, somebody who leaves."""

import io
from datetime import date, timedelta
from itertools import count

import pytest
from django.core import mail
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from pms.accounts.models import User
from pms.accounts.roles import Role
from pms.core.text import fold, fold_code
from pms.history.models import HistoryEntry
from pms.organization.choices import EmploymentKind
from pms.organization.models import Affiliation, Person
from pms.organization.resources import KIND_WORDS, PEOPLE_COLUMNS
from pms.transfer.writers import write_csv, write_xlsx
from tests.accounts.factories import UserFactory
from tests.organization.factories import (
    AffiliationFactory,
    AppointmentFactory,
    DepartmentFactory,
    LeaveFactory,
    PersonFactory,
)
from tests.transfer.rosters import (
    HEADINGS,
    TODAY,
    as_csv,
    as_xlsx,
    check,
    errors,
    message,
    person_row,
    take_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def general():
    return DepartmentFactory(code="D1", name="総務部")


@pytest.fixture
def sales():
    return DepartmentFactory(code="D2", name="営業部")


def row_of(person, **changes):
    """The row of somebody known, as it is, with `changes` by heading."""
    main = person.affiliations.filter(is_primary=True).last()
    known = {
        "姓": person.family_name,
        "名": person.given_name,
        "メールアドレス": person.email,
        "部門コード": main.department.code,
        "雇用区分": KIND_WORDS[main.employment_kind][0],
        "役職": main.post,
        "入社日": person.joined_on.isoformat(),
        "退職日": person.left_on.isoformat() if person.left_on else "",
    }
    return person_row(person.employee_number, **known | changes)


def stays(person):
    """Department code, first and last day of every main affiliation."""
    rows = person.affiliations.filter(is_primary=True).order_by("starts_on")
    return list(rows.values_list("department__code", "starts_on", "ends_on"))


class TestFiles:
    ROW = ("00042", "𠮷田", "髙子", "ヨシダ", "2020/4/1", "正社員", "総務部")
    IN_JAPANESE = ("社員番号", "姓", "名", "セイ", "入社日", "雇用区分", "部門")
    IN_ENGLISH = (
        "Employee No",
        "Last name",
        "First name",
        "family name kana",
        "Hire date",
        "Employment type",
        "department name",
    )

    @pytest.mark.parametrize("headings", [IN_JAPANESE, IN_ENGLISH])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "xlsx"])
    def test_every_encoding_and_language_says_the_same(self, general, encoding, headings):
        row = self.ROW
        if encoding == "cp932":  # 𠮷 is not in Shift_JIS
            row = tuple(cell.replace("𠮷", "吉") for cell in row)
        if encoding == "xlsx":
            content = as_xlsx([[*row[:4], date(2020, 4, 1), *row[5:]]], headings=headings)
        else:
            content = as_csv([row], headings=headings, encoding=encoding)

        run = take_in(content)

        assert run.encoding == encoding
        person = Person.objects.get()
        assert person.employee_number == "00042"
        assert person.full_name == f"{row[1]} 髙子"
        assert person.joined_on == date(2020, 4, 1)
        assert person.affiliations.get().department == general

    def test_columns_may_stand_in_any_order(self, general):
        order = sorted(range(len(self.ROW)), key=lambda it: self.ROW[it])
        headings = [self.IN_JAPANESE[it] for it in order]

        take_in(as_csv([[self.ROW[it] for it in order]], headings=headings))

        assert Person.objects.get().full_name == "𠮷田 髙子"

    @pytest.mark.parametrize(
        "day", ["2026-04-01", "2026/4/1", "令和8年4月1日", "R8.4.1", "46113", "２０２６年４月１日"]
    )
    def test_days_are_read_as_offices_write_them(self, general, day):
        take_in(as_csv([person_row("1", 入社日=day)]))

        assert Person.objects.get().joined_on == date(2026, 4, 1)

    def test_full_width_letters_are_folded_and_names_keep_their_form(self, general):
        row = person_row(
            "Ａ－００１", 姓="　渡邉　", 名="ﾊﾅｺ", メールアドレス="Ｈanako＠Example.jp"
        )

        take_in(as_csv([row]))

        person = Person.objects.get()
        assert person.employee_number == "A-001"
        assert person.full_name == "渡邉 ハナコ"
        assert person.email == "hanako@example.jp"
        assert Person.objects.search("渡辺").exists()

    def test_one_column_may_hold_the_whole_name(self, general):
        headings = ["社員番号", "氏名", "フリガナ", "部門", "雇用区分", "入社日"]
        row = ["1", "佐々木　真理子", "ササキ マリコ", "総務部", "正社員", "2020-04-01"]

        take_in(as_csv([row], headings=headings))

        person = Person.objects.get()
        assert (person.family_name, person.given_name) == ("佐々木", "真理子")
        assert (person.family_kana, person.given_kana) == ("ササキ", "マリコ")

    def test_a_name_without_a_space_does_not_change_one_that_is_known(self, general):
        person = PersonFactory(
            family_name="佐々木", given_name="真理子", affiliation__department=general
        )
        headings = ["社員番号", "氏名", "部門", "雇用区分", "入社日"]
        row = [person.employee_number, "佐々木真理子", "総務部", "正社員", "2020-04-01"]

        assert check(as_csv([row], headings=headings)).counts == {"unchanged": 1}

    @pytest.mark.parametrize(
        ("kind", "word"), [(kind, word) for kind, words in KIND_WORDS.items() for word in words]
    )
    def test_kinds_of_employment_are_read_in_words(self, general, kind, word):
        take_in(as_csv([person_row("1", 雇用区分=word)]))

        assert Affiliation.objects.get().employment_kind == kind

    def test_every_kind_has_words(self):
        assert set(KIND_WORDS) == set(EmploymentKind)


class TestNewPeople:
    def test_belong_from_the_first_day(self, general):
        take_in(as_csv([person_row("1", 役職="主任", 雇用区分="パート")]))

        affiliation = Affiliation.objects.get()
        assert (affiliation.starts_on, affiliation.ends_on) == (date(2020, 4, 1), None)
        assert (affiliation.post, affiliation.employment_kind) == ("主任", EmploymentKind.PART_TIME)
        assert affiliation.is_primary

    def test_belong_until_the_last_day_if_they_have_left(self, general):
        take_in(as_csv([person_row("1", 退職日="2025-03-31")]))

        assert stays(Person.objects.get()) == [("D1", date(2020, 4, 1), date(2025, 3, 31))]

    @pytest.mark.parametrize("heading", ["部門コード", "雇用区分", "入社日"])
    def test_need_department_kind_and_day_of_joining(self, general, heading):
        run = check(as_csv([person_row("1", **{heading: ""})]))

        assert errors(run) == [(2, heading)]

    def test_are_not_taken_for_known_ones_whose_zeros_were_lost(self, general):
        PersonFactory(employee_number="000102", affiliation__department=general)

        run = check(as_csv([person_row("102")]))

        assert errors(run) == [(2, "社員番号")]
        assert "000102" in message(run)

    def test_cannot_join_a_closed_department(self, general):
        DepartmentFactory(code="D9", ends_on=date(2024, 3, 31))

        run = check(as_csv([person_row("1", 部門コード="D9")]))

        assert errors(run) == [(2, "部門コード")]

    def test_may_have_left_a_department_before_it_was_closed(self, general):
        DepartmentFactory(code="D9", ends_on=date(2024, 3, 31))

        run = check(as_csv([person_row("1", 部門コード="D9", 退職日="2023-12-31")]))

        assert run.counts == {"new": 1}


class TestDepartments:
    def test_are_found_by_name(self, general):
        headings = [it if it != "部門コード" else "所属" for it in HEADINGS]

        take_in(as_csv([person_row("1", 部門コード="総務部")], headings=headings))

        assert Affiliation.objects.get().department == general

    def test_a_name_that_two_have_is_refused(self, general):
        DepartmentFactory(code="D7", name="総務部")
        headings = [it if it != "部門コード" else "所属" for it in HEADINGS]

        run = check(as_csv([person_row("1", 部門コード="総務部")], headings=headings))

        assert errors(run) == [(2, "所属")]
        assert "D1, D7" in message(run)

    def test_code_and_name_must_agree(self, general, sales):
        content = as_csv([[*person_row("1"), "営業部"]], headings=[*HEADINGS, "部門"])

        run = check(content)

        assert errors(run) == [(2, "部門")]
        assert "総務部" in message(run)


class TestMoves:
    def test_end_one_affiliation_and_start_the_next(self, general, sales):
        person = PersonFactory(affiliation__department=general)

        take_in(as_csv([row_of(person, 部門コード="D2")]), effective_on="2026-10-01")

        assert stays(person) == [
            ("D1", date(2020, 4, 1), date(2026, 9, 30)),
            ("D2", date(2026, 10, 1), None),
        ]

    def test_of_the_same_day_replace_in_place(self, general, sales):
        person = PersonFactory(affiliation__department=general)

        take_in(as_csv([row_of(person, 部門コード="D2")]), effective_on="2020-04-01")

        assert stays(person) == [("D2", date(2020, 4, 1), None)]

    def test_take_their_day_from_the_row_if_it_has_one(self, general, sales):
        person = PersonFactory(affiliation__department=general)
        content = as_csv(
            [[*row_of(person, 部門コード="D2"), "令和8年7月1日"]], headings=[*HEADINGS, "発令日"]
        )

        take_in(content)

        assert stays(person)[1] == ("D2", date(2026, 7, 1), None)

    @pytest.mark.parametrize(
        "change", [{"雇用区分": "契約社員"}, {"役職": "課長"}, {"部門コード": "D2"}]
    )
    def test_happen_for_department_kind_and_post_alike(self, general, sales, change):
        person = PersonFactory(affiliation__department=general)

        run = take_in(as_csv([row_of(person, **change)]))

        assert run.counts == {"changed": 1}
        assert len(stays(person)) == 2

    def test_are_planned_once(self, general, sales):
        person = PersonFactory(affiliation__department=general)
        content = as_csv([row_of(person, 部門コード="D2")])
        take_in(content, effective_on="2027-04-01")

        assert check(content, effective_on="2027-04-01").counts == {"unchanged": 1}
        assert check(content, effective_on="2026-11-21").counts == {"unchanged": 1}

    def test_do_not_pass_by_a_later_one(self, general, sales):
        DepartmentFactory(code="D3")
        person = PersonFactory(affiliation__department=general)
        take_in(as_csv([row_of(person, 部門コード="D2")]), effective_on="2027-04-01")

        run = check(as_csv([person_row(person.employee_number, 部門コード="D3")]))

        assert errors(run) == [(2, "部門コード")]
        assert "2027-04-01" in message(run)

    def test_wait_for_the_end_of_a_concurrent_post_at_the_same_place(self, general, sales):
        person = PersonFactory(affiliation__department=general)
        AffiliationFactory(person=person, department=sales, is_primary=False)

        run = check(as_csv([row_of(person, 部門コード="D2")]))

        assert errors(run) == [(2, "部門コード")]

    def test_must_not_bar_somebody_from_a_post_that_they_hold(self, general):
        person = PersonFactory(affiliation__department=general)
        AppointmentFactory(person=person, role=Role.PRIVACY_MANAGER)

        run = check(as_csv([row_of(person, 雇用区分="派遣社員")]))

        assert errors(run) == [(2, "役職")]
        assert "inside" in message(run)

    def test_leave_concurrent_posts_alone(self, general, sales):
        person = PersonFactory(affiliation__department=general)
        other = AffiliationFactory(person=person, department=sales, is_primary=False)
        DepartmentFactory(code="D3")

        take_in(as_csv([row_of(person, 部門コード="D3")]))

        other.refresh_from_db()
        assert other.ends_on is None


class TestLeaving:
    def test_closes_what_is_open(self, general, sales):
        person = PersonFactory(affiliation__department=general)
        AffiliationFactory(person=person, department=sales, is_primary=False)
        leave = LeaveFactory(person=person, ends_on=None)
        appointment = AppointmentFactory(person=person)

        run = take_in(as_csv([row_of(person, 退職日="2026-12-31")]))

        person.refresh_from_db()
        last = date(2026, 12, 31)
        assert person.left_on == last
        assert set(person.affiliations.values_list("ends_on", flat=True)) == {last}
        for record in (leave, appointment):
            record.refresh_from_db()
            assert record.ends_on == last
        assert "post of the management system" in run.preview["samples"]["changed"][0]["note"]

    def test_of_somebody_who_is_away_already_changes_nothing_twice(self, general):
        person = PersonFactory(affiliation__department=general)
        content = as_csv([row_of(person, 退職日="2026-03-31")])
        take_in(content)

        assert check(content).counts == {"unchanged": 1}

    def test_taken_back_opens_what_it_closed(self, general):
        person = PersonFactory(affiliation__department=general)
        take_in(as_csv([row_of(person, 退職日="2026-12-31")]))

        take_in(as_csv([person_row(person.employee_number)]))

        person.refresh_from_db()
        assert person.left_on is None
        assert stays(person) == [("D1", date(2020, 4, 1), None)]

    def test_cannot_come_before_joining(self, general):
        person = PersonFactory(affiliation__department=general)

        run = check(as_csv([row_of(person, 退職日="2019-12-31")]))

        assert errors(run) == [(2, "退職日")]

    def test_cannot_come_before_a_move_that_is_known(self, general, sales):
        person = PersonFactory(affiliation__department=general)
        take_in(as_csv([row_of(person, 部門コード="D2")]))

        run = check(as_csv([row_of(person, 退職日="2026-03-31")]))

        assert errors(run) == [(2, "退職日")]

    def test_leaves_the_department_of_the_past_alone(self, general, sales):
        person = PersonFactory(affiliation__department=general)
        take_in(as_csv([row_of(person, 退職日="2026-03-31")]))
        person.refresh_from_db()

        run = check(as_csv([row_of(person, 部門コード="D2")]))

        assert errors(run) == [(2, "部門コード")]
        assert "発令日" in message(run)

    def test_people_whom_the_file_does_not_name_stay(self, general):
        person = PersonFactory(affiliation__department=general)

        run = take_in(as_csv([person_row("N1")]))

        assert run.counts == {"new": 1, "missing": 1}
        assert Person.objects.filter(pk=person.pk, left_on=None).exists()


class TestFacts:
    def test_change_with_the_file_and_the_search_follows(self, general):
        person = PersonFactory(affiliation__department=general)

        take_in(as_csv([row_of(person, 姓="髙橋", メールアドレス="t@example.jp")]))

        assert Person.objects.search("高橋").get() == person
        entry = HistoryEntry.objects.of(person).filter(action=HistoryEntry.Action.UPDATE).get()
        assert entry.changes == {
            "family_name": ["山田", "髙橋"],
            "email": ["", "t@example.jp"],
        }

    def test_that_the_file_has_no_column_for_stay(self, general):
        person = PersonFactory(email="a@example.jp", affiliation__department=general)
        headings = ["社員番号", "姓", "名", "部門コード", "雇用区分", "入社日"]
        row = [
            person.employee_number,
            person.family_name,
            person.given_name,
            "D1",
            "正社員",
            "2020-04-01",
        ]

        assert check(as_csv([row], headings=headings)).counts == {"unchanged": 1}

    def test_another_day_of_joining_moves_the_first_affiliation(self, general):
        person = PersonFactory(affiliation__department=general)

        take_in(as_csv([row_of(person, 入社日="2020-05-01")]))

        person.refresh_from_db()
        assert person.joined_on == date(2020, 5, 1)
        assert stays(person) == [("D1", date(2020, 5, 1), None)]

    def test_a_number_that_stands_twice_is_refused_in_both_rows(self, general):
        run = check(as_csv([person_row("1"), person_row("2"), person_row("１")]))

        assert errors(run) == [(2, "社員番号"), (4, "社員番号")]
        assert run.counts["error"] == 2
        assert run.counts["new"] == 1


class TestAccounts:
    def content(self, *emails):
        return as_csv(
            [person_row(f"{n}", メールアドレス=email) for n, email in enumerate(emails, 1)]
        )

    def test_are_opened_only_when_asked_for(self, general):
        take_in(self.content("a@example.jp"))

        assert Person.objects.get().user is None

    def test_are_opened_without_a_password_for_people_with_an_address(self, general):
        take_in(self.content("a@example.jp", ""), accounts=True)

        account = User.objects.get(email="a@example.jp")
        assert account.person.employee_number == "1"
        assert not account.has_usable_password()
        assert "password" not in HistoryEntry.objects.of(account).get().changes
        assert Person.objects.get(employee_number="2").user is None

    def test_are_opened_for_known_people_as_well(self, general):
        person = PersonFactory(email="a@example.jp", affiliation__department=general)

        take_in(as_csv([row_of(person)]), accounts=True)

        person.refresh_from_db()
        assert person.user.email == "a@example.jp"

    def test_are_not_opened_twice(self, general):
        content = self.content("a@example.jp")
        take_in(content, accounts=True)

        assert check(content, accounts=True).counts == {"unchanged": 1}

    def test_need_an_address_of_their_own_in_the_file(self, general):
        run = check(self.content("a@example.jp", "b@example.jp", "A@example.jp"), accounts=True)

        assert errors(run) == [(2, "メールアドレス"), (4, "メールアドレス")]

    def test_need_an_address_of_their_own_in_the_system(self, general):
        UserFactory(email="A@example.jp")

        run = check(self.content("a@example.jp"), accounts=True)

        assert errors(run) == [(2, "メールアドレス")]

    def test_an_address_may_be_shared_where_no_accounts_are_opened(self, general):
        run = check(self.content("shop@example.jp", "shop@example.jp"))

        assert run.counts == {"new": 2}

    def test_bring_an_invitation_if_wanted(self, general, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            take_in(self.content("a@example.jp"), accounts=True, invitations=True)

        assert [it.to for it in mail.outbox] == [["a@example.jp"]]


def test_planning_asks_the_same_number_of_questions_whatever_the_rows(
    general, django_assert_max_num_queries
):
    def planned(numbers):
        content = as_csv([person_row(f"{n:06}", 役職="主任") for n in numbers])
        with django_assert_max_num_queries(1_000) as queries:
            check(content)
        return len(queries)

    take_in(as_csv([person_row(f"{n:06}") for n in range(1, 41)]))

    assert planned(range(1, 3)) == planned(range(1, 41))


def test_writing_asks_the_same_number_of_questions_whatever_the_rows(
    general, django_assert_max_num_queries
):
    numbers = count(1)

    def written(rows):
        content = as_csv([person_row(f"{next(numbers):06}") for _ in range(rows)])
        with django_assert_max_num_queries(1_000) as queries:
            take_in(content)
        return len(queries)

    written(1)
    assert written(2) == written(40)


# --- What is exported comes back as it was ----------------------------------------------------

NAMES = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co"), max_codepoint=0x2FFFF
    ),
    min_size=1,
    max_size=20,
).map(fold)
TEXTS = st.sampled_from(["", "=1+1", "'", "@x", "－", "課長", "A,B", 'さ"と"う', "髙﨑𠮷", "0012"])
DAYS = st.dates(date(1990, 1, 1), date(2040, 12, 31))


@st.composite
def people(draw):
    """Somebody with perhaps an affiliation, who perhaps has left or is still to come."""
    joined_on = draw(DAYS)
    left_on = draw(st.none() | st.integers(0, 9_999).map(lambda it: joined_on + timedelta(it)))
    return {
        "employee_number": fold_code(draw(st.from_regex(r"[0-9A-Za-z-]{1,12}", fullmatch=True))),
        "family_name": draw(NAMES.filter(bool) | st.sampled_from(["=SUM(A1)", "髙橋", "'太郎"])),
        "given_name": fold(draw(TEXTS)),
        "family_kana": fold(draw(TEXTS)),
        "given_kana": fold(draw(TEXTS)),
        "email": draw(st.sampled_from(["", "a@example.jp", "long.name+x@sub.example.co.jp"])),
        "joined_on": joined_on,
        "left_on": left_on,
        "post": fold(draw(TEXTS)),
        "kind": draw(st.sampled_from(EmploymentKind.values)),
    }


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@given(
    rows=st.lists(
        people(), min_size=1, max_size=5, unique_by=lambda it: it["employee_number"].lstrip("0")
    )
)
@settings(max_examples=25)
def test_an_export_that_is_imported_changes_nothing(form, rows):
    HistoryEntry.objects.count()
    Affiliation.objects.all().delete()
    Person.objects.all().delete()
    department = DepartmentFactory()
    for row in rows:
        post, kind = row.pop("post"), row.pop("kind")
        person = PersonFactory(**row, affiliation=None)
        AffiliationFactory(
            person=person,
            department=department,
            employment_kind=kind,
            post=post,
            ends_on=person.left_on,
        )
    file = io.BytesIO()
    headings = [column.heading for column in PEOPLE_COLUMNS]
    records = [
        [column.value(person) for column in PEOPLE_COLUMNS]
        for person in Person.objects.with_primary_on(TODAY)
    ]
    if form == "csv":
        write_csv(file, headings, records)
    else:
        write_xlsx(file, headings, records, sheet_name="people")

    run = check(file.getvalue())

    missing = run.counts.pop("missing", 0)
    assert (run.counts, missing) == ({"unchanged": len(rows)}, 0), run.preview["errors"]
