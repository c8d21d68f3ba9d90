"""Telling the persons: notices and their text, letters, and a list that is erased by rule."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation

from pms.accounts.roles import Role
from pms.history.models import HistoryEntry
from pms.incidents import services
from pms.incidents.choices import Item, Kind, NoticeMethod, ObligationStatus
from pms.incidents.letters import PLACES, TEMPLATE, addressed, fill
from pms.incidents.models import Addressee, IncidentSettings, PersonsNotice
from pms.incidents.services import Words
from pms.organization.models import Company
from pms.transfer.readers import open_table
from pms.transfer.writers import write_xlsx
from tests.accounts.factories import UserFactory

from .factories import assess, report

pytestmark = pytest.mark.django_db
LIST = "氏名,郵便番号,住所\n山田 花子,100-0001,東京都千代田区\n佐藤 一郎,530-0001,大阪市北区\n"
MAY_NOT = [role for role in Role if role not in {Role.PRIVACY_MANAGER, Role.DEPUTY_PRIVACY_MANAGER}]


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def today(now):
    return timezone.localdate(now)


@pytest.fixture
def manager():
    return UserFactory(roles=[Role.PRIVACY_MANAGER])


@pytest.fixture
def incident(manager, now):
    Company.objects.update_or_create(pk=1, defaults={"name": "みなと商事"})
    incident = report(now=now, noticed_at=now - timedelta(hours=1))
    assess(incident, "sensitive", actor=manager, now=now)
    return incident


@pytest.fixture
def notice(incident, manager, now, today):
    return services.tell_persons(
        incident.pk,
        group="顧客",
        method=NoticeMethod.LETTER,
        text=TEMPLATE,
        actor=manager,
        today=today,
        now=now,
    )


@pytest.fixture
def office(client, manager):
    client.force_login(manager)
    return client


def url(name, row):
    return reverse(f"incidents:{name}", args=[row.pk])


def tell(notice, manager, now, **facts):
    today = timezone.localdate(now)
    facts = {"told_on": today, "sent": 2} | facts
    return services.update_notice(notice.pk, actor=manager, today=today, now=now, **facts)


def upload(office, notice, content, name="list.csv", encoding="utf-8"):
    file = SimpleUploadedFile(name, content.encode(encoding))
    return office.post(url("addressees_import", notice), {"file": file})


class TestText:
    def test_has_the_items_that_the_persons_are_told(self):
        """施行規則 art. 10: items 1, 2, 4, 5 and 9."""
        assert set(PLACES.values()) == {
            Item.OVERVIEW,
            Item.DATA_ITEMS,
            Item.CAUSE,
            Item.SECONDARY_DAMAGE,
            Item.OTHER,
        }
        assert all(TEMPLATE.count(place) == 1 for place in PLACES)

    def test_is_filled_with_what_is_known_and_says_of_the_rest_that_it_follows(self):
        content = {
            Item.OVERVIEW: {"text": "鞄を紛失", "is_known": True},
            Item.CAUSE: {"text": "社内の推測", "is_known": False},
        }
        text = fill(TEMPLATE, content, company="みなと商事")
        assert "鞄を紛失" in text
        assert "社内の推測" not in text
        assert text.count("確認中です") == 4
        assert "みなと商事" in text

    def test_is_addressed_to_each(self):
        assert addressed("{氏名} 様", "山田 花子") == "山田 花子 様"

    def test_stays_as_it_went_out(self, incident, notice, manager, now):
        words = {Item.OVERVIEW: Words("はじめの概要", is_known=True)}
        services.write_items(incident.pk, items=words, actor=manager)
        tell(notice, manager, now)
        words = {Item.OVERVIEW: Words("のちの概要", is_known=True)}
        services.write_items(incident.pk, items=words, actor=manager)
        notice.refresh_from_db()
        assert "はじめの概要" in notice.text
        assert "{氏名}" in notice.text


class TestNotice:
    def test_starts_from_the_usual_text(self, office, incident):
        answer = office.get(url("notice_create", incident))
        assert answer.context["form"].initial["text"] == TEMPLATE
        assert "みなと商事" in answer.context["preview"]

    def test_is_kept_as_planned(self, office, incident):
        facts = {"group": "顧客", "method": "letter", "text": "{概要}"}
        assert office.post(url("notice_create", incident), facts).status_code == 302
        assert incident.notices.get().told_on is None

    def test_settles_the_duty_once_it_went_out(self, office, incident, notice, today):
        facts = {"group": "顧客", "method": "letter", "text": "{概要}"}
        facts |= {"told_on": today, "sent": 5, "returned": 1, "reached": 4}
        assert office.post(url("notice_update", notice), facts).status_code == 302
        notice.refresh_from_db()
        assert (notice.sent, notice.returned, notice.reached) == (5, 1, 4)
        assert incident.obligations.get(kind=Kind.PERSONS).status == ObligationStatus.FILED

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"method": "substitute"}, "reason"),
            ({"sent": 3, "returned": 1, "reached": 3}, "reached"),
            ({"told_on": "2099-01-01"}, "told_on"),
            ({"group": ""}, "group"),
        ],
    )
    def test_shows_at_the_field_what_cannot_be(self, office, incident, facts, field):
        usual = {"group": "顧客", "method": "letter", "text": "x"}
        answer = office.post(url("notice_create", incident), usual | facts)
        assert field in answer.context["form"].errors
        assert not incident.notices.exists()

    def test_more_returned_than_sent_is_refused(self, office, incident):
        facts = {"group": "顧客", "method": "letter", "sent": 1, "returned": 2}
        answer = office.post(url("notice_create", incident), facts)
        assert "More were returned" in str(answer.context["form"].errors)

    def test_that_went_out_keeps_its_text(self, office, notice, manager, now):
        tell(notice, manager, now)
        notice.refresh_from_db()
        facts = {"group": "顧客", "method": "letter", "text": "別の文", "sent": 2, "returned": 1}
        office.post(url("notice_update", notice), facts | {"told_on": notice.told_on})
        before, text = notice.returned, notice.text
        notice.refresh_from_db()
        assert (before, notice.returned, notice.text) == (0, 1, text)

    def test_or_the_reason_why_not(self, office, incident):
        assert office.post(url("not_told", incident), {"reason": "害がない"}).status_code == 302
        incident.refresh_from_db()
        assert incident.not_told_reason == "害がない"
        assert office.get(url("not_told", incident)).context["form"].initial["reason"]

    def test_of_a_closed_case_is_not_written(self, office, incident, notice, manager, now):
        services.dismiss(incident.pk, reason="個人情報なし", actor=manager, now=now)
        for name, row in (
            ("notice_create", incident),
            ("not_told", incident),
            ("notice_update", notice),
            ("addressees_import", notice),
        ):
            assert office.get(url(name, row)).status_code == 302


class TestAddressees:
    @pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
    def test_come_from_what_offices_save(self, office, notice, encoding):
        assert upload(office, notice, LIST, encoding=encoding).status_code == 302
        rows = list(notice.addressees.values_list("name", "postal_code", "address"))
        assert rows[0] == ("山田 花子", "100-0001", "東京都千代田区")
        assert len(rows) == 2

    def test_come_from_a_workbook(self, office, notice):
        stream = BytesIO()
        headings = ["お名前", "住所", "メールアドレス"]
        write_xlsx(stream, headings, [["山田 花子", "東京都", "hanako@example.jp"]], sheet_name="1")
        file = SimpleUploadedFile("list.xlsx", stream.getvalue())
        office.post(url("addressees_import", notice), {"file": file})
        assert notice.addressees.get().email == "hanako@example.jp"

    def test_who_is_on_the_list_is_not_added_again(self, office, notice):
        upload(office, notice, LIST)
        upload(office, notice, LIST + "鈴木 次郎,,\n山田 花子,100-0001,東京都千代田区\n")
        assert notice.addressees.count() == 3

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ("住所\n東京都\n", "氏名"),
            ("氏名,住所\n", "no row"),
            (LIST + ",100-0002,東京都\n", "Row 4"),
            ("氏名,メールアドレス\n山田 花子,hanako\n", "Row 2"),
        ],
    )
    def test_all_of_them_or_none(self, office, notice, content, words):
        answer = upload(office, notice, content)
        assert words in str(answer.context["form"].errors["file"])
        assert not notice.addressees.exists()

    def test_leave_nothing_but_their_number_in_the_journal(self, office, notice):
        upload(office, notice, LIST)
        entry = HistoryEntry.objects.get(event="incidents.addressees_added")
        assert entry.additional_data["count"] == 2
        written = "".join(
            str(it) for it in HistoryEntry.objects.values_list("changes", "object_repr")
        )
        assert "花子" not in written


class TestLetters:
    def test_are_a_row_for_each_with_the_text_filled(self, office, incident, notice, manager):
        words = {Item.OVERVIEW: Words("鞄を紛失", is_known=True)}
        services.write_items(incident.pk, items=words, actor=manager)
        upload(office, notice, LIST)
        answer = office.get(url("letters", notice))
        with open_table(BytesIO(b"".join(answer.streaming_content)), name="letters.xlsx") as table:
            assert table.headings == ["氏名", "郵便番号", "住所", "メールアドレス", "文面"]
            rows = [cells for _number, cells in table.rows()]
        assert len(rows) == 2
        assert rows[0][4].startswith("山田 花子 様")
        assert "鞄を紛失" in rows[0][4]

    def test_that_are_taken_out_are_in_the_journal_under_the_case(
        self, office, incident, notice, manager
    ):
        upload(office, notice, LIST)
        office.get(url("letters", notice))
        entry = HistoryEntry.objects.get(event="incidents.letters_taken")
        assert (entry.object_id, entry.actor) == (incident.pk, manager)
        assert not HistoryEntry.objects.filter(event="history.exported").exists()

    def test_of_nobody_are_not_there(self, office, notice):
        assert office.get(url("letters", notice)).status_code == 404


class TestErasing:
    @pytest.fixture
    def told(self, office, notice, manager, now):
        IncidentSettings.objects.update_or_create(pk=1, defaults={"keeps_addresses_days": 30})
        upload(office, notice, LIST)
        return tell(notice, manager, now)

    def run(self, day):
        call_command("run_due", "--today", day.isoformat())

    def test_is_done_by_the_daily_run_once(self, told, today, capsys):
        self.run(today + timedelta(days=30))
        assert told.addressees.count() == 2
        capsys.readouterr()
        self.run(today + timedelta(days=31))
        assert "1 lists of addressees erased" in capsys.readouterr().out
        self.run(today + timedelta(days=31))
        assert "0 lists of addressees erased" in capsys.readouterr().out
        told.refresh_from_db()
        assert (told.erased_count, Addressee.objects.count()) == (2, 0)

    def test_leaves_no_name_in_the_journal(self, told, today):
        self.run(today + timedelta(days=31))
        entry = HistoryEntry.objects.get(event="incidents.list_erased")
        assert entry.additional_data["count"] == 2
        written = "".join(
            str(it) for it in HistoryEntry.objects.values_list("changes", "object_repr")
        )
        assert "花子" not in written

    def test_is_certified_afterwards_and_not_before(self, office, told, today):
        assert office.get(url("certificate", told)).status_code == 404
        self.run(today + timedelta(days=31))
        answer = office.get(url("certificate", told))
        assert b"".join(answer.streaming_content).startswith(b"%PDF")

    def test_takes_no_new_list(self, office, told, today):
        self.run(today + timedelta(days=31))
        answer = upload(office, told, LIST)
        assert "erased" in str(answer.context["form"].errors)
        assert not Addressee.objects.exists()


class TestConfidentiality:
    @pytest.mark.parametrize("role", MAY_NOT)
    def test_nobody_else_finds_any_of_it(self, client, office, incident, notice, role):
        upload(office, notice, LIST)
        client.force_login(UserFactory(roles=[role]))
        rows = [("notice_create", incident), ("not_told", incident)]
        rows += [(name, notice) for name in ("notice_update", "addressees_import", "letters")]
        for name, row in rows:
            assert client.get(url(name, row)).status_code == 404, name
            assert client.post(url(name, row)).status_code in {404, 405}, name

    def test_who_decides_sees_the_certificate_and_no_addressee(
        self, client, office, notice, manager, now, today
    ):
        upload(office, notice, LIST)
        tell(notice, manager, now)
        days = IncidentSettings.current().keeps_addresses_days
        services.erase_due_lists(today=today + timedelta(days=days + 1))
        client.force_login(UserFactory(roles=[Role.TOP_MANAGEMENT]))
        assert client.get(url("certificate", notice)).status_code == 200
        assert client.get(url("letters", notice)).status_code == 404
        assert PersonsNotice.objects.visible_to(manager).exists()


class TestTakingBack:
    def test_removes_what_was_only_planned(self, client, manager, incident, today, now):
        planned = services.tell_persons(
            incident.pk, group="退職者", method="letter", actor=manager, today=today, now=now
        )
        path = reverse("incidents:notice_drop", args=[planned.pk])
        client.force_login(manager)
        assert path in client.get(incident.get_absolute_url()).text
        assert "退職者" in client.get(path).text
        answer = client.post(path, {"reason": "対象者がいなかった", "form_token": "d"})
        assert answer["Location"] == f"{incident.get_absolute_url()}#persons"
        assert not incident.notices.filter(pk=planned.pk).exists()
