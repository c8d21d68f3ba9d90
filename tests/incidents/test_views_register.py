"""The register: who may know of what, the list, one case, and the way out as a file."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pms.accounts.roles import Role
from pms.corrective_actions.services import withdraw
from pms.history.models import HistoryEntry
from pms.incidents import services
from pms.incidents.choices import CountKind, FactCode, RecordKind
from pms.incidents.models import Incident, IncidentAction, Member
from tests.accounts.factories import UserFactory
from tests.corrective_actions.factories import CorrectiveActionFactory
from tests.incidents.factories import NOW, assess, category, report
from tests.organization.factories import DepartmentFactory

from .test_closing import close, make_ready

pytestmark = pytest.mark.django_db

LIST = reverse("incidents:list")
NOBODY_KNOWS = [
    Role.AUDIT_OFFICER,
    Role.PMS_OFFICE,
    Role.TRAINING_OFFICER,
    Role.SYSTEM_ADMINISTRATOR,
    Role.SYSTEM_OFFICER,
    Role.DEPARTMENT_MANAGER,
]
VERBS = [
    "detail",
    "journal",
    "attach",
    "assess",
    "describe",
    "contain",
    "cause",
    "no_action",
    "publication",
    "timeline_add",
    "let_in",
    "close",
    "dismiss",
    "reopen",
]


def page(incident, name="detail"):
    return reverse(f"incidents:{name}", args=[incident.pk])


def numbers(response):
    return [it.number for it in response.context["page"]]


def sign_in(client, *roles, **facts):
    user = UserFactory(roles=list(roles), language="en", **facts)
    client.force_login(user)
    return user


@pytest.fixture
def handler(client):
    return sign_in(client, Role.PRIVACY_MANAGER)


@pytest.fixture
def member(client):
    """Who may know of `incident`, and of no other."""
    return sign_in(client)


def let_in(user, incident):
    return Member.objects.create(
        incident=incident, user=user, reason="x", added_by=UserFactory(), added_at=NOW
    )


class TestWhoMayKnow:
    @pytest.mark.parametrize("role", NOBODY_KNOWS)
    @pytest.mark.parametrize("verb", VERBS)
    def test_hides_every_page_from_others(self, client, role, verb):
        incident = report()
        sign_in(client, role)

        assert client.get(page(incident, verb)).status_code == 404

    @pytest.mark.parametrize("role", NOBODY_KNOWS)
    def test_shows_others_an_empty_register(self, client, role):
        report()
        sign_in(client, role)

        answer = client.get(LIST)

        assert numbers(answer) == []
        assert "INC-" not in answer.text

    def test_hides_the_case_from_who_reported_it(self, client):
        reporter = sign_in(client)
        incident = report(actor=reporter)

        assert client.get(page(incident)).status_code == 404

    def test_answers_as_if_there_were_none(self, client):
        incident = report()
        sign_in(client, Role.AUDIT_OFFICER)

        there, missing = client.get(page(incident)), client.get("/incidents/999999/")

        assert there.status_code == missing.status_code == 404
        assert incident.number not in there.text

    def test_shows_a_member_the_one_case(self, client, member):
        mine, _other = report(), report()
        let_in(member, mine)

        assert numbers(client.get(LIST)) == [mine.number]
        assert client.get(page(mine)).status_code == 200

    @pytest.mark.parametrize("verb", ["assess", "describe", "no_action", "let_in", "close"])
    def test_leaves_what_the_office_does_to_the_office(self, client, member, verb):
        incident = report()
        let_in(member, incident)

        assert client.get(page(incident, verb)).status_code == 404

    @pytest.mark.parametrize("verb", ["contain", "cause", "timeline_add", "attach"])
    def test_lets_a_member_do_their_part(self, client, member, verb):
        incident = report()
        let_in(member, incident)

        assert client.get(page(incident, verb)).status_code == 200

    def test_does_not_tell_a_member_who_reported_or_how_it_was_judged(self, client, member):
        reporter = UserFactory(roles=[])
        incident = report(actor=reporter, noticed_by="山川 花子")
        assess(incident, FactCode.SENSITIVE)
        assess(incident, note="考え直した理由")
        let_in(member, incident)

        text = client.get(page(incident)).text

        assert "鞄を電車に置き忘れました。" in text
        for secret in (str(reporter.person), reporter.email, "山川 花子", "考え直した理由"):
            assert secret not in text
        assert "Special-care-required" not in text

    @pytest.mark.parametrize("query", [{"reportable": "no"}, {"duty": "ppc_final"}])
    def test_does_not_let_a_member_ask_how_a_case_was_judged(self, client, member, query):
        incident = report()
        assess(incident, FactCode.SENSITIVE)
        let_in(member, incident)

        answer = client.get(LIST, query)

        assert numbers(answer) == [incident.number]
        assert not set(query) & set(answer.context["filter"].form.fields)

    def test_does_not_tell_a_member_by_a_file_how_a_case_was_judged(self, client, member):
        incident = report()
        assess(incident, FactCode.SENSITIVE)
        let_in(member, incident)

        answer = client.get(LIST, {"export": "csv"})
        text = b"".join(answer.streaming_content).decode("utf-8-sig")

        assert incident.number in text
        assert "当局への報告" not in text

    def test_does_not_tell_a_member_by_the_timeline_what_the_page_keeps_to_itself(
        self, client, member
    ):
        incident = report()
        assess(incident, FactCode.SENSITIVE)
        duty = incident.obligations.get(kind="ppc_preliminary")
        waived = {"rule": "規則7条", "reason": "免除の理由"}
        president = UserFactory(roles=[Role.TOP_MANAGEMENT])
        day, actor = NOW.date(), {"actor": president, "now": NOW}
        services.waive(duty.pk, **waived, today=day, **actor)
        decided = {"publication": "not_published", "reason": "公表しない理由", "today": day}
        services.decide_publication(incident.pk, **decided, **actor)
        let_in(member, incident)

        shown = client.get(page(incident)).text
        client.force_login(president)
        in_full = client.get(page(incident)).text

        for secret in ("免除の理由", "公表しない理由"):
            assert secret not in shown
            assert secret in in_full

    def test_does_not_tell_top_management_who_reported(self, client):
        reporter = UserFactory(roles=[])
        incident = report(actor=reporter, noticed_by="山川 花子")
        assess(incident, FactCode.SENSITIVE)
        sign_in(client, Role.TOP_MANAGEMENT)

        text = client.get(page(incident)).text

        assert "Special-care-required" in text
        assert str(reporter.person) not in text
        assert "山川 花子" not in text

    def test_tells_the_handler(self, client, handler):
        reporter = UserFactory(roles=[])

        assert str(reporter.person) in client.get(page(report(actor=reporter))).text

    def test_notes_the_reading_once_an_hour(self, client, handler):
        incident = report()
        for _time in range(3):
            client.get(page(incident))

        assert HistoryEntry.objects.filter(event="incidents.read", actor=handler).count() == 1


class TestList:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({}, {"lost", "near", "reportable"}),
            ({"drills": "with"}, {"lost", "near", "reportable", "drill"}),
            ({"drills": "only"}, {"drill"}),
            ({"kind": "near_miss"}, {"near"}),
            ({"state": "open"}, {"lost", "near", "reportable"}),
            ({"state": "handling"}, {"reportable"}),
            ({"state": "dismissed"}, set()),
            ({"reportable": "yes"}, {"reportable"}),
            ({"reportable": "unknown"}, {"lost", "near"}),
            ({"duty": "any"}, {"reportable"}),
            ({"duty": "ppc_final"}, {"reportable"}),
            ({"duty": "mn_final"}, set()),
            ({"event_class": "mis_sending"}, {"reportable"}),
            ({"event_class": "-"}, {"lost", "near"}),
            ({"department": "-"}, {"near", "reportable"}),
            ({"q": "置き忘れ"}, {"lost", "reportable"}),
            ({"q": "メール"}, {"near"}),
            ({"q": "置き忘れ メール"}, set()),
            ({"since": "2026-11-20", "until": "2026-11-20"}, {"lost", "near", "reportable"}),
            ({"until": "2026-11-19"}, set()),
            ({"overdue": "1"}, {"reportable"}),
            ({"lacks": "containment"}, {"reportable"}),
            ({"lacks": "cause"}, {"reportable"}),
            ({"lacks": "action"}, {"reportable"}),
        ],
    )
    def test_can_be_narrowed(self, client, handler, query, found):
        rows = {
            "lost": report(department=DepartmentFactory()),
            "near": report(what="メールの宛先を間違えかけた", kind=RecordKind.NEAR_MISS),
            "reportable": report(),
            "drill": report(is_drill=True),
        }
        assess(rows["reportable"], FactCode.SENSITIVE, event_class=category("class", "mis_sending"))
        rows["reportable"].next_due_on = timezone.localdate() - timedelta(days=1)
        rows["reportable"].save()

        got = set(numbers(client.get(LIST, query)))

        assert got == {rows[name].number for name in found}

    def test_what_is_there_is_not_missing(self, client, handler):
        incident = report()
        assess(incident)
        lacking = ["containment", "cause", "action"]
        done = {
            "containment": {"containment": "回収した。"},
            "cause": {
                "cause_category": category("cause", "not_checked"),
                "cause": "確認を怠った。",
                "why_not_earlier": "点検がなかった。",
                "elsewhere": "各課",
            },
            "action": {"no_action_reason": "別件で進行中"},
        }
        for what, facts in done.items():
            assert [it for it in lacking if numbers(client.get(LIST, {"lacks": it}))] == lacking
            Incident.objects.filter(pk=incident.pk).update(**facts)
            lacking.remove(what)
        assert not any(numbers(client.get(LIST, {"lacks": it})) for it in done)

    def test_an_action_that_was_withdrawn_is_missing_again(self, client, handler):
        incident = report()
        assess(incident)
        link = IncidentAction.objects.create(incident=incident, action=CorrectiveActionFactory())
        assert not numbers(client.get(LIST, {"lacks": "action"}))
        withdraw(link.action_id, reason="別件と重複", actor=handler)
        assert numbers(client.get(LIST, {"lacks": "action"})) == [incident.number]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({}, {"closed", "slip", "sales", "below"}),
            ({"state": "open"}, {"sales", "below"}),
            ({"state": "closed"}, {"closed"}),
            ({"state": "dismissed"}, {"slip"}),
            ({"state": "valid"}, {"closed", "sales", "below"}),
            ({"reportable": "yes"}, {"sales"}),
            ({"reportable": "no"}, {"closed"}),
            ({"reportable": "unknown"}, {"slip", "below"}),
            ({"cause": "not_checked"}, {"closed"}),
            ({"cause": "slip"}, set()),
            ({"cause": "-"}, {"slip", "sales", "below"}),
            ({"department": "sales"}, {"sales"}),
            ({"department": "below"}, {"below"}),
            ({"department": "-"}, {"closed", "slip"}),
        ],
    )
    def test_can_be_narrowed_by_end_cause_and_place(self, client, handler, query, found):
        sales = DepartmentFactory()
        below = DepartmentFactory(parent=sales)
        rows = {
            "closed": report(),
            "slip": report(),
            "sales": report(department=sales),
            "below": report(department=below),
        }
        assess(rows["closed"])
        make_ready(rows["closed"])
        close(rows["closed"])
        services.dismiss(rows["slip"].pk, reason="誤報", actor=handler, now=NOW)
        assess(rows["sales"], FactCode.SENSITIVE)
        places = {"sales": sales.pk, "below": below.pk}
        query = {name: places.get(value, value) for name, value in query.items()}

        got = set(numbers(client.get(LIST, query)))

        assert got == {rows[name].number for name in found}

    def test_keeps_a_filter_under_a_name_for_oneself(self, client, handler):
        report()
        near = report(kind=RecordKind.NEAR_MISS)
        new = reverse("transfer:filter_create", query={"path": LIST, "query": "kind=near_miss"})
        client.post(new, {"name": "ヒヤリハットだけ"})

        (kept,) = client.get(LIST).context["filter"].saved
        assert numbers(client.get(f"{kept.path}?{kept.query}")) == [near.number]
        sign_in(client, Role.DEPUTY_PRIVACY_MANAGER)
        client.post(new, {"name": "代理の一覧"})
        assert [it.name for it in client.get(LIST).context["filter"].saved] == ["代理の一覧"]

    @pytest.mark.parametrize("sort", ["reported", "number", "due", "state"])
    def test_can_be_sorted_and_leafed_through(self, client, handler, sort, monkeypatch):
        monkeypatch.setattr("pms.incidents.views.register.IncidentListView.paginate_by", 2)
        wanted = {report().number for _time in range(5)}
        assess(report(), FactCode.SENSITIVE)

        for order in (sort, f"-{sort}"):
            seen, cursor = [], ""
            while cursor is not None:
                answer = client.get(LIST, {"sort": order, "page": cursor})
                seen += numbers(answer)
                cursor = answer.context["page"].next or None
            assert len(seen) == len(set(seen)) == 6
            assert wanted < set(seen)

    def test_exports_neither_names_nor_words(self, client, handler):
        reporter = UserFactory(roles=[])
        incident = report(actor=reporter)
        services.describe(incident.pk, actor=handler, now=NOW, title="課長の鞄")

        answer = client.get(LIST, {"export": "csv"})
        lines = b"".join(answer.streaming_content).decode("utf-8-sig")

        assert incident.number in lines
        for secret in (str(reporter.person), reporter.email, "課長の鞄", "置き忘れ"):
            assert secret not in lines
        assert HistoryEntry.objects.filter(event="history.exported", actor=handler).exists()


class TestFullExport:
    URL = reverse("incidents:export")

    def test_holds_the_words_and_still_nobody(self, client, handler):
        reporter = UserFactory(roles=[])
        report(actor=reporter)

        answer = client.post(self.URL, {"reason": "監査のため", "form": "csv"})

        cells = b"".join(answer.streaming_content).decode("utf-8-sig")
        assert "鞄を電車に置き忘れました。" in cells
        assert str(reporter.person) not in cells
        entry = HistoryEntry.objects.get(event="history.exported")
        assert entry.reason == "監査のため"
        assert entry.additional_data["rows"] == 1

    def test_takes_what_the_list_shows(self, client, handler):
        report(kind=RecordKind.NEAR_MISS)

        answer = client.post(f"{self.URL}?kind=incident", {"reason": "x", "form": "csv"})

        assert len(b"".join(answer.streaming_content).splitlines()) == 1

    def test_asks_for_a_reason(self, client, handler):
        answer = client.post(self.URL, {"reason": " ", "form": "csv"})

        assert "reason" in answer.context["form"].errors

    @pytest.mark.parametrize("role", [*NOBODY_KNOWS, Role.TOP_MANAGEMENT])
    def test_is_for_handlers_only(self, client, role):
        sign_in(client, role)

        assert client.get(self.URL).status_code == 404


class TestDetail:
    def test_says_the_one_next_step(self, client, handler):
        incident = report()

        step = client.get(page(incident)).context["step"]

        assert step.url == page(incident, "assess")

    def test_shows_the_clock_of_each_obligation(self, client, handler):
        incident = report()
        assess(incident, FactCode.SENSITIVE)

        answer = client.get(page(incident))

        clock = next(it for it in answer.context["clocks"] if it.obligation.kind == "ppc_final")
        passed = (timezone.localdate() - NOW.date()).days + 1
        assert clock.day == passed
        assert f"day {passed} of 30" in answer.text or f"day {passed}, of 30 given" in answer.text
        assert clock.obligation.due_on.isoformat() in answer.text

    def test_says_that_a_closed_last_day_has_moved(self, client, handler):
        incident = report()
        assess(incident, FactCode.SENSITIVE)

        clocks = client.get(page(incident)).context["clocks"]

        final = next(it for it in clocks if it.obligation.kind == "ppc_final")
        # 30 days from Friday 2026-11-20 end on Saturday 2026-12-19.
        assert final.closed_on.isoformat() == "2026-12-19"
        assert final.obligation.due_on.isoformat() == "2026-12-21"

    def test_keeps_what_was_judged_before(self, client, handler):
        incident = report()
        assess(incident, persons_kind=CountKind.UNKNOWN, persons=None)
        assess(incident, FactCode.SENSITIVE, note="診断書が含まれていた")

        answer = client.get(page(incident))

        final = next(it for it in answer.context["clocks"] if it.obligation.kind == "ppc_final")
        assert [it.verdict for it in final.earlier] == ["open"]
        assert "診断書が含まれていた" in answer.text

    def test_marks_what_was_entered_late(self, client, handler):
        incident = report()
        services.tell_timeline(
            incident.pk,
            happened_at=NOW - timedelta(days=3),
            kind="done",
            text="電話で確認",
            actor=handler,
            now=NOW,
        )

        assert "Entered late" in client.get(page(incident)).text

    def test_names_what_closing_waits_for_with_links(self, client, handler):
        incident = report()
        assess(incident)

        answer = client.get(page(incident))

        parts = {it.part for it in answer.context["obstacles"]}
        assert {"handling", "cause", "actions"} <= parts
        for part in parts:
            assert f'id="{part}"' in answer.text

    def test_calls_a_drill_a_drill(self, client, handler):
        assert "This exercises the procedure" in client.get(page(report(is_drill=True))).text


class TestJournal:
    def test_tells_who_read_the_case(self, client, handler):
        incident = report()
        client.get(page(incident))

        assert "read “" in client.get(page(incident, "journal")).text

    def test_is_for_handlers_only(self, client):
        incident = report()
        sign_in(client, Role.TOP_MANAGEMENT)

        assert client.get(page(incident, "journal")).status_code == 404


class TestTitle:
    def test_of_a_new_case_is_how_its_report_begins(self, client, handler):
        incident = report(
            what="顧客の申込書が入った鞄を、\n電車の網棚に置き忘れたことに気付きました。"
        )
        services.add_words(incident.pk, what="追加", actor=UserFactory(roles=[]), now=NOW)
        assert (
            "“顧客の申込書が入った鞄を、 電車の網棚に置き忘れたことに気…”" in client.get(LIST).text
        )

    def test_is_the_one_that_was_given(self, client, handler):
        incident = report(what="鞄を忘れました。")
        services.describe(incident.pk, title="申込書の紛失", actor=handler, now=NOW)
        text = client.get(LIST).text
        assert "申込書の紛失" in text
        assert "鞄を忘れました" not in text


class TestQueries:
    def asked(self, client, url):
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured.captured_queries)

    @pytest.mark.parametrize("role", [Role.PRIVACY_MANAGER, Role.TOP_MANAGEMENT])
    def test_of_a_case_are_the_same_however_much_hangs_on_it(self, client, role):
        handler = sign_in(client, role)
        incident = report()
        assess(incident, FactCode.SENSITIVE)

        def more(count):
            for number in range(count):
                assess(incident, FactCode.SENSITIVE, note=f"{number}")
                services.add_words(incident.pk, what="追加", actor=UserFactory(roles=[]), now=NOW)
                services.let_in(
                    incident.pk, user=UserFactory(roles=[]), reason="x", actor=handler, now=NOW
                )

        more(2)
        few = self.asked(client, page(incident))
        more(4)

        assert self.asked(client, page(incident)) == few

    def test_of_the_register_are_the_same_however_many_cases_there_are(self, client, handler):
        assess(report(department=DepartmentFactory()), FactCode.SENSITIVE)
        report()
        few = self.asked(client, LIST)
        for _time in range(5):
            assess(report(department=DepartmentFactory()), FactCode.SENSITIVE)

        assert self.asked(client, LIST) == few
