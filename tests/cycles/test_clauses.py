"""The guideline: what is shipped, which edition holds on a day, its pages, and a later edition."""

import csv
import importlib
import io
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone, translation

from pms.accounts.roles import Role
from pms.core.exceptions import DomainError
from pms.cycles.choices import Confidence, Phase
from pms.cycles.models import ARTICLES, CODE, Clause, GuidelineEdition, natural_order
from pms.cycles.services import read_clauses
from pms.history.models import HistoryEntry
from tests.accounts.factories import UserFactory
from tests.cycles.factories import (
    ClauseFactory,
    CycleFactory,
    GuidelineEditionFactory,
    MilestoneFactory,
)

LIST = reverse("cycles:clause_list")
SHIPPED = importlib.import_module("pms.cycles.migrations.0003_load_the_guideline")


def shipped():
    """The rows of the file that the migration reads."""
    with SHIPPED.CSV.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def reader(client, db):
    user = UserFactory(roles=[Role.PMS_OFFICE], language="en")
    client.force_login(user)
    return user


class TestShippedFile:
    def test_has_every_number_of_the_guideline_once(self):
        codes = [row["code"] for row in shipped()]

        assert len(codes) == len(set(codes)) == 68
        assert all(map(CODE.fullmatch, codes))

    def test_stands_in_the_order_of_the_guideline(self):
        codes = [natural_order(row["code"]) for row in shipped()]

        assert all(one < other for one, other in pairwise(codes))

    def test_has_each_title_in_both_languages(self):
        assert [row["code"] for row in shipped() if not (row["title"] and row["title_en"])] == []

    def test_says_in_both_languages_what_is_expected_and_nothing_for_a_heading(self):
        for row in shipped():
            is_item = row["is_section"] == "0"

            assert bool(row["evidence"]) is is_item, row["code"]
            assert bool(row["evidence_en"]) is is_item, row["code"]

    def test_remarks_in_both_languages_or_in_none(self):
        assert [row["code"] for row in shipped() if bool(row["note"]) != bool(row["note_en"])] == []

    def test_keeps_to_the_words_of_the_choices(self):
        for row in shipped():
            assert row["phase"] in Phase.values
            assert row["is_section"] in ("0", "1")
            assert row["title_confidence"] in Confidence.values
            assert row["mapping_confidence"] in Confidence.values
            assert not row["act_article"] or ARTICLES.fullmatch(row["act_article"])

    def test_calls_no_mapping_sure_whose_numbers_were_not_read(self):
        unread = [row for row in shipped() if "まだ確認していません" in row["note"]]

        assert unread
        assert {row["mapping_confidence"] for row in unread} == {Confidence.TO_BE_CHECKED}


class TestMigration:
    def test_stores_the_file_and_takes_it_back_without_touching_another_edition(self, guideline):
        guideline.ends_on = date(2028, 3, 31)
        guideline.save()
        later = ClauseFactory(edition__starts_on=date(2028, 4, 1))

        SHIPPED.unload(apps, None)
        assert list(Clause.objects.all()) == [later]
        assert list(GuidelineEdition.objects.all()) == [later.edition]

        later.delete()
        later.edition.delete()
        SHIPPED.load(apps, None)
        codes = list(Clause.objects.order_by("position").values_list("code", flat=True))
        assert codes == [row["code"] for row in shipped()]

    def test_stores_rows_that_pass_every_check(self, guideline):
        for clause in guideline.clauses.select_related("edition"):
            clause.full_clean(validate_unique=False, validate_constraints=False)


class TestOrder:
    def test_puts_ten_after_nine(self):
        assert sorted(["J.10", "J.2", "J.1.10", "J.1.9"], key=natural_order) == [
            "J.1.9",
            "J.1.10",
            "J.2",
            "J.10",
        ]

    def test_is_that_of_the_pages(self, guideline):
        codes = list(guideline.clauses.values_list("code", flat=True))

        assert codes.index("J.2") < codes.index("J.9.4") < codes.index("J.10")


@pytest.mark.django_db
class TestEdition:
    @pytest.mark.parametrize(
        ("day", "found"),
        [
            (date(2024, 9, 30), []),
            (date(2024, 10, 1), ["2023-1.0"]),
            (date(2028, 3, 31), ["2023-1.0"]),
            (date(2028, 4, 1), ["2027-2.0"]),
        ],
    )
    def test_is_the_one_that_holds_on_the_day(self, guideline, day, found):
        guideline.ends_on = date(2028, 3, 31)
        guideline.save()
        GuidelineEditionFactory(code="2027-2.0", starts_on=date(2028, 4, 1))

        assert [it.code for it in GuidelineEdition.objects.on(day)] == found

    @pytest.mark.parametrize(
        ("first", "last"),
        [
            (date(2024, 10, 1), date(2024, 10, 1)),
            (date(2020, 4, 1), date(2024, 10, 1)),
            (date(2020, 4, 1), None),
            (date(2030, 4, 1), None),
        ],
    )
    def test_shares_no_day_with_another(self, guideline, first, last):
        edition = GuidelineEditionFactory.build(code="other", starts_on=first, ends_on=last)

        with pytest.raises(DomainError, match=r"2023-1\.0"):
            edition.clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            edition.save()

    def test_may_lie_before_another(self, guideline):
        edition = GuidelineEditionFactory.build(
            code="former", starts_on=date(2022, 4, 1), ends_on=date(2024, 9, 30)
        )

        edition.full_clean()
        edition.save()

    def test_cannot_be_stretched_over_another(self, guideline):
        former = GuidelineEditionFactory(
            code="former", starts_on=date(2022, 4, 1), ends_on=date(2024, 9, 30)
        )

        with pytest.raises(IntegrityError), transaction.atomic():
            GuidelineEdition.objects.filter(pk=former.pk).update(ends_on=None)

    def test_is_not_deleted_while_it_has_clauses(self, guideline):
        with pytest.raises(ProtectedError):
            guideline.delete()


class TestClause:
    @pytest.mark.parametrize(
        ("article", "japanese", "english"),
        [
            ("", [], []),
            ("23", ["法23条"], ["Art. 23"]),
            ("20(2);2(3)", ["法20条2項", "法2条3項"], ["Art. 20(2)", "Art. 2(3)"]),
            ("43-46", ["法43条～46条"], ["Arts. 43–46"]),
        ],
    )
    def test_cites_the_act_as_the_reader_does(self, article, japanese, english):
        clause = Clause(act_article=article)

        with translation.override("ja"):
            assert clause.articles == japanese
        with translation.override("en"):
            assert clause.articles == english

    def test_names_the_annex_in_the_language_of_the_reader(self):
        clause = Clause(jis_2023="A", jis_2017="A.3.4.2;8.1")

        with translation.override("ja"):
            assert clause.numbers_2023 == ["附属書A"]
        with translation.override("en"):
            assert clause.numbers_2023 == ["Annex A"]
        assert clause.numbers_2017 == ["A.3.4.2", "8.1"]

    def test_has_one_number_once_in_an_edition(self, db):
        clause = ClauseFactory()

        with translation.override("en"), pytest.raises(ValidationError, match="number already"):
            ClauseFactory.build(
                edition=clause.edition, code=clause.code, position=99
            ).validate_constraints()

    def test_asks_for_nothing_where_it_is_a_heading(self, db):
        with translation.override("en"), pytest.raises(ValidationError, match="no evidence"):
            ClauseFactory.build(
                edition=GuidelineEditionFactory(), is_section=True, evidence="台帳"
            ).validate_constraints()


class TestList:
    def codes(self, client, **query):
        return [it.code for it in client.get(LIST, query).context["page"]]

    def test_shows_the_edition_in_force_in_its_order(self, client, reader, guideline):
        ClauseFactory()

        answer = client.get(LIST)

        assert answer.context["edition"] == guideline
        assert [it.code for it in answer.context["page"]] == [row["code"] for row in shipped()]
        assert "not in force" not in answer.text

    def test_shows_another_edition_where_it_is_asked_for(self, client, reader, guideline):
        former = ClauseFactory()

        answer = client.get(LIST, {"edition": former.edition.code})

        assert list(answer.context["page"]) == [former]
        assert "This edition is not in force today." in answer.text

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"q": "J.10.1"}, ["J.10.1"]),
            ({"q": "Ｊ．８．８"}, ["J.8.8", "J.8.8.1", "J.8.8.2", "J.8.8.3", "J.8.8.4"]),
            ({"q": "j.7", "phase": "act"}, ["J.7", "J.7.1", "J.7.2"]),
            ({"q": "仮名加工"}, ["J.8.10"]),
            ({"q": "letters appointment"}, ["J.2.1", "J.2.3.2"]),
            ({"phase": "act"}, ["J.7", "J.7.1", "J.7.2"]),
            ({"q": "J.1", "unsure": "on"}, []),
        ],
    )
    def test_can_be_narrowed(self, client, reader, guideline, query, found):
        assert self.codes(client, **query) == found

    def test_keeps_what_is_to_be_checked_if_asked(self, client, reader, guideline):
        unsure = [row["code"] for row in shipped() if "to_be_checked" in row.values()]

        assert self.codes(client, unsure="on") == unsure
        assert 0 < len(unsure) < 68

    @pytest.mark.parametrize(
        ("title", "mapping", "word"),
        [
            ("to_be_checked", "to_be_checked", "title, mapping"),
            ("to_be_checked", "secondary", "title"),
            ("secondary", "to_be_checked", "mapping"),
            ("verified", "secondary", None),
        ],
    )
    def test_says_what_of_a_line_is_to_be_checked(self, client, reader, title, mapping, word):
        edition = ClauseFactory(title_confidence=title, mapping_confidence=mapping).edition

        text = client.get(LIST, {"edition": edition.code}).text

        badge = f'<span class="status status-hold">To be checked ({word})</span>'
        assert text.count("status-hold") == (1 if word else 0)
        assert (badge in text) is bool(word)

    def test_marks_exactly_the_lines_to_be_checked(self, client, reader, guideline):
        unsure = [row for row in shipped() if "to_be_checked" in row.values()]

        assert client.get(LIST).text.count("status-hold") == len(unsure)

    def test_says_what_to_do_where_no_edition_is_in_force(self, client, reader):
        SHIPPED.unload(apps, None)

        answer = client.get(LIST)

        assert answer.context["edition"] is None
        assert "No edition of the guideline is in force today." in answer.text

    def test_is_closed_to_who_has_no_part_in_the_year(self, client, db):
        client.force_login(UserFactory(roles=[]))

        assert client.get(LIST).status_code == 403

    def test_is_read_in_japanese(self, client, guideline):
        client.force_login(UserFactory(roles=[Role.AUDITOR], language="ja"))

        text = client.get(LIST, {"q": "J.8.8.1"}).text

        assert "外国にある第三者への提供の制限" in text
        assert "法28条" in text
        assert "附属書A" in text

    def test_of_the_administration_is_sorted_as_one_counts(self, client, guideline):
        client.force_login(UserFactory(roles=[Role.PRIVACY_MANAGER]))

        url = reverse("admin:cycles_clause_changelist")
        column = client.get(url).context["cl"].list_display.index("number")

        page = client.get(url, {"o": str(column)})

        codes = [it.code for it in page.context["cl"].result_list]
        assert codes == [row["code"] for row in shipped()]

    def test_asks_the_database_no_more_than_a_list_may(
        self, client, reader, guideline, django_assert_max_num_queries
    ):
        client.get(LIST)

        with django_assert_max_num_queries(6):
            client.get(LIST)


class TestDetail:
    def test_asks_the_database_no_more_than_a_page_may(
        self, client, reader, guideline, django_assert_max_num_queries
    ):
        self.page(client, guideline, "J.6")
        url = guideline.clauses.get(code="J.6").get_absolute_url()

        with django_assert_max_num_queries(8):
            client.get(url)

    def page(self, client, guideline, code):
        return client.get(guideline.clauses.get(code=code).get_absolute_url())

    def test_says_what_is_expected_and_where_it_comes_from(self, client, reader, guideline):
        text = self.page(client, guideline, "J.4.3").text

        assert "The training plan, the material" in text
        assert "7.3, A.3.4.5" in text
        assert "Art. 24" in text
        assert "status-hold" not in text

    @pytest.mark.parametrize(("code", "badges"), [("J.8.9", 1), ("J.9.3", 2), ("J.10", 0)])
    def test_marks_what_is_to_be_checked(self, client, reader, guideline, code, badges):
        assert self.page(client, guideline, code).text.count("status-hold") == badges

    def test_of_a_heading_lists_what_is_below_it(self, client, reader, guideline):
        below = self.page(client, guideline, "J.1").context["below"]

        assert [it.code for it in below] == ["J.1.1", "J.1.2", "J.1.3", "J.1.4", "J.1.5"]

    def test_leads_to_the_clauses_beside_it(self, client, reader, guideline):
        context = self.page(client, guideline, "J.9.4").context

        assert (context["before"].code, context["after"].code) == ("J.9.3", "J.10")

    def test_ends_where_the_guideline_begins_and_ends(self, client, reader, guideline):
        assert self.page(client, guideline, "J.1").context["before"] is None
        assert self.page(client, guideline, "J.11.1").context["after"] is None

    def test_shows_what_this_years_plan_does_for_it_and_for_what_is_below(
        self, client, reader, guideline
    ):
        today = timezone.localdate()
        running = CycleFactory(name="今年度", starts_on=today, ends_on=today + timedelta(days=300))
        former = CycleFactory(
            name="前年度", starts_on=today - timedelta(days=300), ends_on=today - timedelta(days=1)
        )
        for code, cycle in [
            ("J.6", running),
            ("J.6.2", running),
            ("J.7", running),
            ("J.6", former),
        ]:
            MilestoneFactory(
                title=f"{cycle} {code}",
                cycle=cycle,
                clause=guideline.clauses.get(code=code),
                due_on=cycle.ends_on,
            )

        answer = self.page(client, guideline, "J.6")

        assert answer.context["cycle"] == running
        assert [it.title for it in answer.context["milestones"]] == ["今年度 J.6", "今年度 J.6.2"]
        assert "今年度 J.6.2" in answer.text

    def test_says_so_where_no_plan_refers_to_it(self, client, reader, guideline):
        text = self.page(client, guideline, "J.6").text

        assert "No milestone of the running year refers to this clause." in text


class TestExport:
    def test_is_the_form_for_the_next_edition(self, client, reader, guideline, tmp_path):
        path = tmp_path / "guideline.csv"
        path.write_bytes(client.get(LIST, {"export": "csv"}).getvalue())

        clauses, faults = read_clauses(path)

        assert faults == []
        fields = [it.name for it in Clause._meta.fields if it.name not in ("id", "edition")]
        assert [[getattr(it, name) for name in fields] for it in clauses] == [
            [getattr(it, name) for name in fields] for it in guideline.clauses.all()
        ]


HEAD = "項番,題名,PDCA,項番と題名の出典,対応の出典,見出しのみ,審査員が確認するもの\n"
LATER = {"code": "2027-2.0", "name": "指針 ver2.0", "starts_on": "2028-04-01"}


@pytest.fixture
def load(tmp_path, guideline):
    """Run the command on a table below `HEAD`; gives what it printed, complaints included."""

    def call(rows, *arguments, head=HEAD, **options):
        path = tmp_path / "later.csv"
        path.write_text(head + rows, encoding="utf-8")
        out = io.StringIO()
        with translation.override("en"):
            try:
                call_command(
                    "load_guideline", path, *arguments, **LATER | options, stdout=out, stderr=out
                )
            except CommandError as refusal:
                return f"{out.getvalue()}{refusal}"
        return out.getvalue()

    return call


class TestLoading:
    ROWS = "J.10,権利,do,verified,secondary,1,\nJ.2,方針,Plan,原典で確認済み,要確認,,方針の現行版\n"

    def test_adds_an_edition_and_leaves_the_former_as_it_was(self, load, guideline):
        before = list(guideline.clauses.values())

        printed = load(self.ROWS)

        edition = GuidelineEdition.objects.get(code="2027-2.0")
        assert list(edition.clauses.values_list("code", "position", "phase")) == [
            ("J.2", 1, "plan"),
            ("J.10", 2, "do"),
        ]
        assert edition.clauses.get(code="J.2").is_mapping_to_be_checked
        guideline.refresh_from_db()
        assert (guideline.ends_on, edition.starts_on) == (date(2028, 3, 31), date(2028, 4, 1))
        assert list(guideline.clauses.values()) == before
        assert "has been added with 2 clauses" in printed
        entry = HistoryEntry.objects.get(event="cycles.guideline_added")
        assert entry.additional_data == {"count": 2, "from": "2028-04-01"}

    def test_tells_what_differs_from_the_edition_before(self, load):
        printed = load(
            "J.2,リーダーシップ,plan,verified,verified,1,\nJ.12,別,do,verified,verified,1,\n"
        )

        assert "New: J.12" in printed
        assert "No longer there: J.1, J.1.1" in printed
        assert "Another title" not in printed

    def test_writes_nothing_when_it_is_only_tried(self, load, guideline):
        printed = load(self.ROWS, "--dry-run")

        guideline.refresh_from_db()
        assert "This was a dry run." in printed
        assert guideline.ends_on is None
        assert GuidelineEdition.objects.count() == 1

    @pytest.mark.parametrize(
        ("row", "complaint"),
        [
            ("3.1,方針,plan,verified,verified,,", "Row 2, “項番”: A number like J.3.1.3"),
            ("J.3,,plan,verified,verified,,", "Row 2, “題名”: This field cannot be blank."),
            ("J.3,方針,someday,verified,verified,,", "Row 2, “PDCA”: Value 'someday'"),
            ("J.3,方針,plan,surely,verified,,", "Row 2, “項番と題名の出典”: Value 'surely'"),
            ("J.3,方針,plan,verified,verified,maybe,", "Row 2, “見出しのみ”: Please write 1"),
            ("J.3,方針,plan,verified,verified,1,台帳", "Row 2, “審査員が確認するもの”: A heading"),
            (
                "J.3,方針,plan,verified,verified,,\nJ.3,別,do,verified,verified,,",
                "Row 3, “項番”: J.3 stands in row 2 already.",
            ),
            ("", "The file has no clause."),
        ],
    )
    def test_says_in_which_row_and_column_something_is_wrong(self, load, row, complaint):
        printed = load(f"{row}\n")

        assert complaint in printed
        assert "Errors: 1. Please correct them" in printed
        assert GuidelineEdition.objects.count() == 1

    def test_names_the_columns_that_are_missing(self, load):
        printed = load("J.3,方針\n", head="項番,題名\n")

        assert "The column “PDCA” is missing. Please add it." in printed

    @pytest.mark.parametrize(
        ("options", "complaint"),
        [
            ({"code": "2023-1.0"}, "already exists"),
            ({"starts_on": "2024-10-01"}, "holds for some of these days"),
            ({"starts_on": "2020-04-01"}, "holds for some of these days"),
            ({"starts_on": "2028/2/30"}, "2028/2/30"),
        ],
    )
    def test_refuses_an_edition_that_does_not_fit(self, load, guideline, options, complaint):
        printed = load(self.ROWS, **options)

        guideline.refresh_from_db()
        assert complaint in printed
        assert guideline.ends_on is None
        assert GuidelineEdition.objects.count() == 1
