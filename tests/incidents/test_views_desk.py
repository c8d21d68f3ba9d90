"""The pages of the report desk: who writes, who approves, what is kept, and nobody else knows."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from pms.accounts.roles import Role
from pms.corrective_actions.choices import Status as ActionStatus
from pms.corrective_actions.models import Measure
from pms.history.models import HistoryEntry
from pms.incidents import services
from pms.incidents.choices import Item, Kind, ObligationStatus
from pms.incidents.models import FiledReport, IncidentAction, IncidentSettings
from pms.incidents.services import Words
from pms.organization.models import Company
from tests.accounts.factories import UserFactory
from tests.corrective_actions.factories import (
    CorrectiveActionFactory,
    MeasureFactory,
    add_measure,
)

from .factories import assess, category, report

pytestmark = pytest.mark.django_db
OS = ObligationStatus
ALL = {item: Words("分かったこと", is_known=True) for item in Item.values}
MAY_NOT = [
    role
    for role in Role
    if role not in {Role.PRIVACY_MANAGER, Role.DEPUTY_PRIVACY_MANAGER, Role.TOP_MANAGEMENT}
]


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def president():
    return UserFactory(roles=[Role.TOP_MANAGEMENT])


@pytest.fixture
def manager():
    return UserFactory(roles=[Role.PRIVACY_MANAGER])


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def incident(manager, now):
    Company.objects.update_or_create(
        pk=1, defaults={"name": "みなと商事", "privacy_mark_number": "10000001"}
    )
    incident = report(now=now, noticed_at=now - timedelta(hours=1))
    assess(incident, "sensitive", actor=manager, now=now, data_items="氏名、健康診断の結果")
    return incident


def duty(incident, kind=Kind.PPC_PRELIMINARY):
    return incident.obligations.get(kind=kind)


def write(incident, items=None):
    services.write_items(incident.pk, items=items or ALL, actor=UserFactory())


def page(client, name, row, user, **kwargs):
    client.force_login(user)
    return client.get(reverse(f"incidents:{name}", args=[row.pk], **kwargs))


def send(client, name, row, user, **facts):
    client.force_login(user)
    return client.post(reverse(f"incidents:{name}", args=[row.pk]), facts)


def approved(incident, manager, president, now, kind=Kind.PPC_PRELIMINARY):
    services.submit_report(duty(incident, kind).pk, actor=manager, now=now)
    services.approve_report(duty(incident, kind).pk, actor=president, today=now.date())
    return duty(incident, kind)


def filed(incident, manager, president, now, kind=Kind.PPC_PRELIMINARY):
    return services.file_report(
        approved(incident, manager, president, now, kind).pk,
        receiver="個人情報保護委員会",
        filed_on=timezone.localdate(now),
        actor=manager,
        today=timezone.localdate(now),
        now=now,
    )


class TestDesk:
    def typed(self, answer, **facts):
        """What the form of a page holds, with `facts` in place of it."""
        form = answer.context["form"]
        known = {name: form[name].value() for name in form.fields}
        known = {name: value for name, value in known.items() if value not in (None, False)}
        return known | facts

    def test_keeps_what_is_written(self, client, incident, manager):
        answer = page(client, "desk", incident, manager)
        facts = self.typed(answer, overview="鞄を紛失した。", overview_known="on", cause="調査中")
        assert send(client, "desk", incident, manager, **facts).status_code == 302
        rows = dict(incident.items.values_list("item", "is_known"))
        assert (rows[Item.OVERVIEW], rows[Item.CAUSE]) == (True, False)

    def test_shows_at_the_field_what_is_known_and_not_written(self, client, incident, manager):
        facts = self.typed(page(client, "desk", incident, manager), cause_known="on")
        answer = send(client, "desk", incident, manager, **facts)
        assert "cause" in answer.context["form"].errors
        assert not incident.items.exists()

    def test_two_people_do_not_overwrite_each_other(self, client, incident, manager):
        facts = self.typed(page(client, "desk", incident, manager), overview="私の文")
        write(incident, {Item.OVERVIEW: Words("別の人の文", is_known=True)})
        answer = send(client, "desk", incident, manager, **facts)
        assert "meanwhile" in str(answer.context["form"].errors)
        assert incident.items.get().text == "別の人の文"

    def test_proposes_what_the_record_says_in_japanese(self, client, incident, manager):
        items = {it["key"]: it for it in page(client, "desk", incident, manager).context["items"]}
        assert "健康診断の結果" in items[Item.DATA_ITEMS]["proposal"]
        assert "鞄を電車に置き忘れました" in items[Item.OVERVIEW]["proposal"]
        assert "施行規則7条1号" in items[Item.OVERVIEW]["proposal"]

    def test_proposes_what_corrective_actions_did_and_plan(self, client, incident, manager):
        action = CorrectiveActionFactory(at=ActionStatus.PLANNING)
        idea = CorrectiveActionFactory(at=ActionStatus.PLANNING)
        add_measure(action, title="施錠を二人で確かめる")
        add_measure(idea, title="まだ承認されていない案")
        planned = MeasureFactory(action=action, title="持ち出しを記録する")
        done = planned.round.measures.exclude(pk=planned.pk).order_by("pk").last()
        Measure.objects.filter(pk=done.pk).update(done_on=date(2026, 6, 1), result="済")
        for it in (action, idea):
            IncidentAction.objects.create(incident=incident, action=it)

        items = {it["key"]: it for it in page(client, "desk", incident, manager).context["items"]}
        proposal = items[Item.PREVENTION]["proposal"]
        assert proposal.index("2026-06-01") < proposal.index("予定")
        assert proposal.index("予定") < proposal.index("持ち出しを記録する")
        assert "まだ承認されていない案" not in proposal

        facts = self.typed(page(client, "desk", incident, manager), take="prevention")
        form = send(client, "desk", incident, manager, **facts).context["form"]
        assert "2026-06-01" in form["prevention"].value()
        assert "持ち出しを記録する" in form["prevention_planned"].value()
        assert "持ち出しを記録する" not in form["prevention"].value()

    def test_proposes_nothing_that_names_who_reported(self, client, manager, now):
        reporter = UserFactory(roles=[])
        incident = report(actor=reporter, now=now, noticed_at=now, noticed_by="通報 一郎")
        assess(incident, "sensitive", actor=manager, now=now)
        items = page(client, "desk", incident, manager).context["items"]
        proposed = "".join(it["proposal"] for it in items)
        assert "通報 一郎" not in proposed
        assert reporter.person.full_name not in proposed

    def test_takes_over_without_saving(self, client, incident, manager):
        facts = self.typed(page(client, "desk", incident, manager), take="data_items")
        answer = send(client, "desk", incident, manager, **facts)
        assert "健康診断の結果" in answer.context["form"]["data_items"].value()
        assert not incident.items.exists()

    def test_never_overwrites_unless_it_was_asked_to(self, client, incident, manager):
        facts = self.typed(page(client, "desk", incident, manager), data_items="私の文")
        added = send(client, "desk", incident, manager, **facts, take="data_items")
        text = added.context["form"]["data_items"].value()
        assert text.startswith("私の文\n")
        assert "健康診断の結果" in text
        replaced = send(client, "desk", incident, manager, **facts, replace="data_items")
        assert "私の文" not in replaced.context["form"]["data_items"].value()

    def test_keeps_everything_else_that_was_typed_when_it_takes_over(
        self, client, incident, manager
    ):
        facts = self.typed(
            page(client, "desk", incident, manager), cause="原因の文", cause_known="on"
        )
        answer = send(client, "desk", incident, manager, **facts, take="data_items")
        form = answer.context["form"]
        assert (form["cause"].value(), form["cause_known"].value()) == ("原因の文", True)
        assert send(
            client, "desk", incident, manager, **self.typed(answer)
        ).status_code == 302  # fmt: skip
        assert incident.items.get(item=Item.CAUSE).is_known

    def test_has_what_is_done_and_planned_against_recurrence(self, client, incident, manager):
        facts = self.typed(
            page(client, "desk", incident, manager),
            prevention="再教育",
            prevention_planned="手順の見直し",
        )
        send(client, "desk", incident, manager, **facts)
        item = incident.items.get(item=Item.PREVENTION)
        assert (item.text, item.planned) == ("再教育", "手順の見直し")

    def test_names_what_the_final_report_lacks(self, client, incident, manager):
        write(incident, {item: words for item, words in ALL.items() if item != Item.CAUSE})
        assert page(client, "desk", incident, manager).context["desk"].missing == ["4. Cause"]

    def test_is_read_by_top_management_and_not_written(self, client, incident, president):
        write(incident)
        answer = page(client, "desk", incident, president)
        assert not answer.context["can_write"]
        assert b"<textarea" not in answer.content
        assert send(client, "desk", incident, president, overview="x").status_code == 404

    def test_of_a_closed_case_is_not_written(self, client, incident, manager, now):
        services.dismiss(incident.pk, reason="個人情報なし", actor=manager, now=now)
        facts = self.typed(page(client, "desk", incident, manager), overview="x")
        send(client, "desk", incident, manager, **facts)
        assert not incident.items.exists()

    def test_asks_the_same_however_much_was_filed(self, client, incident, manager, president, now):
        write(incident)
        page(client, "desk", incident, manager)
        with CaptureQueriesContext(connection) as few:
            page(client, "desk", incident, manager)
        filed(incident, manager, president, now)
        filed(incident, manager, president, now, Kind.PM_PRELIMINARY)
        for number in range(3):
            services.tell_timeline(
                incident.pk,
                happened_at=now,
                kind="known",
                text=f"{number}",
                actor=manager,
                now=now,
            )
        with CaptureQueriesContext(connection) as many:
            page(client, "desk", incident, manager)
        assert len(many) == len(few)


class TestMoves:
    def labels(self, client, incident, user, kind=Kind.PPC_PRELIMINARY):
        desk = page(client, "desk", incident, user).context["desk"]
        (found,) = [it for it in desk.reports if it.obligation.kind == kind]
        return [it.label for it in found.moves]

    def test_are_those_that_the_state_and_the_post_allow(
        self, client, incident, manager, president, now
    ):
        write(incident)
        assert self.labels(client, incident, manager) == ["Ask for approval"]
        assert self.labels(client, incident, president) == ["Waive it"]
        services.submit_report(duty(incident).pk, actor=manager, now=now)
        assert self.labels(client, incident, manager) == []
        approve = ["Read and approve", "Send it back", "Waive it"]
        assert self.labels(client, incident, president) == approve
        services.approve_report(duty(incident).pk, actor=president, today=now.date())
        assert self.labels(client, incident, manager) == ["Enter the filing", "Send it back"]

    def test_after_the_filing_are_supplement_and_note(
        self, client, incident, manager, president, now
    ):
        write(incident)
        filed(incident, manager, president, now)
        assert self.labels(client, incident, manager) == []
        write(incident, {Item.CAUSE: Words("別の原因", is_known=True)})
        assess(incident, "sensitive", actor=manager, now=now, persons=5)
        assert self.labels(client, incident, manager) == [
            "Ask for approval of the supplement",
            "Note the difference",
        ]
        send(client, "submit", duty(incident), manager)
        assert self.labels(client, incident, manager) == ["Note the difference"]
        assert self.labels(client, incident, president) == ["Read and approve", "Send it back"]
        send(client, "approve", duty(incident), president)
        assert self.labels(client, incident, manager) == [
            "Enter a supplement",
            "Send it back",
            "Note the difference",
        ]

    def test_do_without_approval_where_the_rules_say_so(self, client, incident, manager):
        IncidentSettings.objects.update_or_create(pk=1, defaults={"top_management_approves": False})
        assert self.labels(client, incident, manager) == ["Enter the filing"]

    def test_lead_to_pages_that_open(self, client, incident, manager, president, now):
        write(incident)
        for user in (manager, president):
            for found in page(client, "desk", incident, user).context["desk"].reports:
                for move in found.moves:
                    assert client.get(move.url).status_code == 200, move


class TestApproval:
    def test_goes_from_the_manager_to_the_president_and_back(
        self, client, incident, manager, president
    ):
        write(incident)
        it = duty(incident)
        assert page(client, "submit", it, manager).status_code == 200
        assert send(client, "submit", it, manager).status_code == 302
        answer = page(client, "approve", it, president)
        assert "分かったこと" in answer.content.decode()
        assert send(client, "approve", it, president).status_code == 302
        it.refresh_from_db()
        assert (it.status, it.approved_by) == (OS.APPROVED, president)
        assert send(client, "return", it, president, reason="原因を足す").status_code == 302
        it.refresh_from_db()
        assert it.status == OS.DRAFTING

    def test_refuses_a_final_report_with_gaps_and_names_them(self, client, incident, manager):
        write(incident, {Item.OVERVIEW: Words("鞄", is_known=True)})
        answer = send(client, "submit", duty(incident, Kind.PPC_FINAL), manager)
        assert len(answer.context["form"].non_field_errors()) == 8

    def test_is_not_for_the_own_report(self, client, incident, now):
        both = UserFactory(roles=[Role.TOP_MANAGEMENT, Role.DEPUTY_PRIVACY_MANAGER])
        write(incident)
        services.submit_report(duty(incident).pk, actor=both, now=now)
        assert page(client, "approve", duty(incident), both).context["is_maker"]
        answer = send(client, "approve", duty(incident), both)
        assert "Nobody approves" in str(answer.context["form"].errors)

    def test_of_another_state_leads_to_the_desk(self, client, incident, president):
        answer = page(client, "approve", duty(incident), president)
        assert answer.status_code == 302
        assert reverse("incidents:desk", args=[incident.pk]) in answer["Location"]

    def test_is_not_given_back_by_who_asked_for_it(self, client, incident, manager, now):
        write(incident)
        services.submit_report(duty(incident).pk, actor=manager, now=now)
        assert send(client, "return", duty(incident), manager, reason="x").status_code == 404


class TestFiling:
    def test_keeps_the_version_with_its_receipt(self, client, incident, manager, president, now):
        write(incident)
        it = approved(incident, manager, president, now)
        answer = page(client, "file", it, manager)
        initial = answer.context["form"].initial
        assert initial["receiver"] == "個人情報保護委員会"
        facts = initial | {"receipt_number": "R-100", "filed_on": timezone.localdate(now)}
        assert send(client, "file", it, manager, **facts).status_code == 302
        kept = FiledReport.objects.get()
        assert (kept.receipt_number, kept.approved_by) == ("R-100", president)

    def test_remembers_to_whom_it_went(self, client, incident, manager, president, now):
        write(incident)
        it = approved(incident, manager, president, now, Kind.PM_PRELIMINARY)
        facts = {"receiver": "一般社団法人某審査機関", "filed_on": timezone.localdate(now)}
        send(client, "file", it, manager, **facts)
        final = approved(incident, manager, president, now, Kind.PM_FINAL)
        initial = page(client, "file", final, manager).context["form"].initial
        assert initial["receiver"] == "一般社団法人某審査機関"

    def test_shows_a_day_that_cannot_be_at_its_field(
        self, client, incident, manager, president, now
    ):
        write(incident)
        it = approved(incident, manager, president, now)
        day = timezone.localdate(now) + timedelta(days=1)
        answer = send(client, "file", it, manager, receiver="委員会", filed_on=day)
        assert "filed_on" in answer.context["form"].errors

    def test_is_not_for_top_management(self, client, incident, manager, president, now):
        write(incident)
        it = approved(incident, manager, president, now)
        assert page(client, "file", it, president).status_code == 404

    def test_a_supplement_says_what_it_changed(self, client, incident, manager, president, now):
        write(incident)
        first = filed(incident, manager, president, now)
        write(incident, {Item.CAUSE: Words("別の原因", is_known=True)})
        send(client, "submit", duty(incident), manager)
        asked = page(client, "approve", duty(incident), president)
        assert [it.item for it in asked.context["items"] if it.before] == [Item.CAUSE]
        send(client, "approve", duty(incident), president)
        facts = {"receiver": "委員会", "filed_on": timezone.localdate(now), "note": "原因"}
        assert send(client, "supplement", duty(incident), manager, **facts).status_code == 302
        added = FiledReport.objects.latest("pk")
        answer = page(client, "filed", added, president)
        assert answer.context["before"] == first
        changed = [it.item for it in answer.context["items"] if it.before]
        assert changed == [Item.CAUSE]
        text = answer.content.decode()
        assert "別の原因" in text
        assert "分かったこと" in text

    def test_a_note_is_enough_where_nothing_has_to_be_supplemented(
        self, client, incident, manager, president, now
    ):
        write(incident)
        filed(incident, manager, president, now)
        assess(incident, "sensitive", actor=manager, now=now, persons=5)
        it = duty(incident)
        assert send(client, "difference", it, manager, note="確報で報告").status_code == 302
        assert not duty(incident).needs_difference_note

    def test_a_waiver_is_kept_with_its_reason(self, client, incident, manager, president):
        it = duty(incident)
        assert (
            send(client, "waive", it, president, rule="7条柱書", reason="暗号化").status_code == 302
        )
        shown = client.get(incident.get_absolute_url()).text
        assert "7条柱書" in shown
        assert "暗号化" in shown
        assert duty(incident).waived_by == president

    def test_a_waiver_is_refused_to_who_judged(self, client, incident, manager):
        answer = send(client, "waive", duty(incident), manager, rule="7条柱書", reason="x")
        assert "assessed" in str(answer.context["form"].errors)
        assert duty(incident).status == OS.NEEDED

    def test_in_a_closed_case_nothing_is_moved(self, client, incident, manager, now):
        write(incident)
        services.dismiss(incident.pk, reason="個人情報なし", actor=manager, now=now)
        for name in ("submit", "waive"):
            assert page(client, name, duty(incident), manager).status_code == 302


class TestPapers:
    @pytest.mark.parametrize("body", ["ppc", "mn", "pm", "consignor"])
    def test_are_made_for_each_body_and_leave_a_trace(self, client, incident, manager, body):
        write(incident)
        client.force_login(manager)
        answer = client.get(reverse("incidents:paper_pdf", args=[incident.pk, body]))
        assert b"".join(answer.streaming_content).startswith(b"%PDF")
        taken = HistoryEntry.objects.get(event="incidents.paper_taken")
        assert (taken.object_id, taken.actor) == (incident.pk, manager)

    def test_of_the_examining_body_say_what_it_asks_besides(self, incident, now):
        from pms.incidents import printing

        incident.event_class = category("class", "loss_damage")
        paper = printing.paper_of(incident, "pm")
        values = {label: value for label, value, _ in printing._overview(paper, uses_wareki=False)}
        assert values["PrivacyMark registration number"] == "10000001"
        assert values["Class of the event"] == str(incident.event_class)

    def test_of_a_version_say_what_it_said(self, client, incident, manager, president, now):
        from pms.incidents import printing

        write(incident)
        kept = filed(incident, manager, president, now)
        write(incident, {Item.CAUSE: Words("別の原因", is_known=True)})
        paper = printing.paper_of(incident, "ppc", filed=kept)
        assert "別の原因" not in [it.text for it in paper.items]
        client.force_login(manager)
        url = reverse("incidents:paper_pdf", args=[incident.pk, "ppc"])
        assert client.get(f"{url}?version={kept.pk}").status_code == 200

    def test_of_no_body_or_of_another_case_are_not_there(
        self, client, incident, manager, president, now
    ):
        write(incident)
        kept = filed(incident, manager, president, now)
        other = report(now=now, noticed_at=now)
        client.force_login(manager)
        assert client.get(f"/incidents/{incident.pk}/report/police.pdf").status_code == 404
        url = reverse("incidents:paper_pdf", args=[other.pk, "ppc"])
        assert client.get(f"{url}?version={kept.pk}").status_code == 404

    def test_as_texts_stand_in_the_order_of_the_form(self, client, incident, manager):
        write(incident, {Item.CAUSE: Words("確認不足", is_known=True)})
        client.force_login(manager)
        answer = client.get(reverse("incidents:paper_text", args=[incident.pk, "ppc"]))
        blocks = answer.context["blocks"]
        assert [it.key for it in blocks] == Item.values
        by_key = {it.key: it.text for it in blocks}
        assert by_key[Item.CAUSE] == "確認不足"
        assert re.search(r"[ぁ-ん]", by_key[Item.OVERVIEW])
        assert answer.content.decode().count("data-copy=") == 9


class TestConfidentiality:
    @pytest.mark.parametrize("role", MAY_NOT)
    def test_nobody_else_finds_any_of_it(self, client, incident, manager, president, now, role):
        write(incident)
        kept = filed(incident, manager, president, now)
        client.force_login(UserFactory(roles=[role]))
        rows = [("desk", incident), ("filed", kept)]
        rows += [
            (name, duty(incident))
            for name in ("submit", "approve", "return", "file", "supplement", "difference", "waive")
        ]
        for name, row in rows:
            url = reverse(f"incidents:{name}", args=[row.pk])
            assert client.get(url).status_code == 404, name
            assert client.post(url, {"reason": "x"}).status_code == 404, name
        for name in ("paper_pdf", "paper_text"):
            url = reverse(f"incidents:{name}", args=[incident.pk, "ppc"])
            assert client.get(url).status_code == 404, name

    def test_who_was_let_in_does_not_read_the_reports(self, client, incident, manager, now):
        helper = UserFactory(roles=[Role.COMPLAINT_OFFICER])
        services.let_in(incident.pk, user=helper, reason="本人対応", actor=manager, now=now)
        assert page(client, "desk", incident, helper).status_code == 404
