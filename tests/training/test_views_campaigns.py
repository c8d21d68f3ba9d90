"""Pages of campaigns: preparing, opening, progress, sessions, closing."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from pms.accounts.roles import Role
from pms.organization.choices import EmploymentKind
from pms.training.choices import CampaignStatus, RecordStatus
from pms.training.models import Campaign, Session, TrainingRecord
from tests.cycles.factories import CycleFactory
from tests.organization.factories import (
    AffiliationFactory,
    DepartmentFactory,
    LeaveFactory,
    PersonFactory,
)
from tests.training.factories import (
    CampaignFactory,
    CourseFactory,
    ExcuseFactory,
    FollowUpFactory,
    SessionFactory,
    TrainingRecordFactory,
    pass_everybody,
    plan_course,
    record_of,
)

pytestmark = pytest.mark.django_db


def page_of(name, *args):
    return reverse(f"training:{name}", args=args)


def facts_of(campaign, **changed):
    """What the form of a campaign sends."""
    return {
        "cycle": campaign.cycle_id,
        "course": campaign.course_id,
        "title": campaign.title,
        "starts_on": campaign.starts_on.isoformat(),
        "ends_on": campaign.ends_on.isoformat(),
        "pass_mark": "80",
        "joiner_rule": "add",
        "joiner_days": "30",
    } | changed


@pytest.fixture
def campaign(officer):
    """An open campaign in which everything occurs: passed, excused, open, overdue and void."""
    campaign = CampaignFactory(open=True)
    passed = TrainingRecordFactory(campaign=campaign, passed=True)
    excused = TrainingRecordFactory(
        campaign=campaign,
        excused=True,
        employment_kind=EmploymentKind.OFFICER,
        department=passed.department,
    )
    failed = TrainingRecordFactory(campaign=campaign, failed=True, department=passed.department)
    late = TrainingRecordFactory(
        campaign=campaign,
        due_on=date(2026, 9, 10),
        department=DepartmentFactory(parent=passed.department),
    )
    TrainingRecordFactory(campaign=campaign, void=True, person=late.person)
    campaign.known = {"passed": passed, "excused": excused, "failed": failed, "late": late}
    return campaign


class TestList:
    def test_shows_how_far_the_open_ones_are(self, client, officer):
        running = CampaignFactory(people=2, open=True)
        record = running.records.first()
        TrainingRecord.objects.filter(pk=record.pk).update(
            status=RecordStatus.PASSED, passed_on=running.starts_on, attended_on=running.starts_on
        )
        over = CampaignFactory(cycle=CycleFactory(year=2027), closed=True)

        page = client.get(page_of("campaign_list"))

        assert [(it.pk, it.passed, it.targeted) for it in page.context["page"]] == [
            (over.pk, None, None),
            (running.pk, 1, running.records.count()),
        ]

    @pytest.mark.parametrize(
        ("query", "found"),
        [({"status": "open"}, 1), ({"kind": "annual"}, 2), ({"kind": "my_number"}, 0)],
    )
    def test_can_be_narrowed(self, client, officer, query, found):
        CampaignFactory(open=True)
        CampaignFactory(cycle=CycleFactory(year=2027))

        assert len(client.get(page_of("campaign_list"), query).context["page"]) == found

    def test_hides_from_managers_what_is_not_open_yet(self, client, sign_in):
        department = DepartmentFactory()
        sign_in(Role.DEPARTMENT_MANAGER, department=department)
        CampaignFactory()

        assert len(client.get(page_of("campaign_list")).context["page"]) == 0


class TestForm:
    def test_prepares_a_campaign_and_goes_on_to_its_audience(self, client, officer):
        template = CampaignFactory.build(
            cycle=CycleFactory(), course=CourseFactory(), title="年次教育"
        )
        department = DepartmentFactory()

        answer = client.post(
            page_of("campaign_create"),
            facts_of(
                template,
                audience_departments=[department.pk],
                audience_kinds=["regular", "officer"],
                audience_posts=["auditor"],
                question_count="3",
            ),
        )

        campaign = Campaign.objects.get()
        assert answer.url == page_of("campaign_audience", campaign.pk)
        assert campaign.status == CampaignStatus.DRAFT
        assert list(campaign.audience_departments.all()) == [department]
        assert (campaign.audience_kinds, campaign.audience_posts) == (
            ["regular", "officer"],
            ["auditor"],
        )

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"title": ""}, "title"),
            ({"pass_mark": "101"}, "pass_mark"),
            ({"starts_on": "2026-02-30"}, "starts_on"),
            ({"ends_on": "2026-08-01"}, "__all__"),
        ],
    )
    def test_shows_what_is_wrong(self, client, officer, changed, field):
        template = CampaignFactory()

        answer = client.post(page_of("campaign_create"), facts_of(template, **changed))

        assert field in answer.context["form"].errors
        assert Campaign.objects.count() == 1

    def test_refuses_a_window_outside_the_year(self, client, officer):
        template = CampaignFactory()

        answer = client.post(page_of("campaign_create"), facts_of(template, ends_on="2027-05-01"))

        assert answer.context["form"].errors
        assert Campaign.objects.count() == 1

    def test_shows_the_departments_as_a_tree(self, client, officer):
        top = DepartmentFactory(code="A1", name="営業本部")
        DepartmentFactory(code="Z1", name="第一営業部", parent=top)

        form = client.get(page_of("campaign_create")).context["form"]

        labels = [label for _value, label in form.fields["audience_departments"].choices]
        assert labels[:2] == ["営業本部", "\u3000第一営業部"]

    def test_widens_the_audience_again(self, client, officer):
        draft = CampaignFactory(audience_kinds=["regular"])
        draft.audience_departments.add(DepartmentFactory())

        client.post(page_of("campaign_edit", draft.pk), facts_of(draft))

        draft.refresh_from_db()
        assert (draft.audience_kinds, draft.audience_departments.count()) == ([], 0)

    def test_changes_only_words_while_it_is_open(self, client, campaign):
        form = client.get(page_of("campaign_edit", campaign.pk)).context["form"]

        client.post(
            page_of("campaign_edit", campaign.pk), {"title": "新しい題", "lecturer": "講師"}
        )

        campaign.refresh_from_db()
        assert set(form.fields) == {"title", "title_en", "lecturer"}
        assert (campaign.title, campaign.lecturer) == ("新しい題", "講師")

    def test_leads_back_once_it_is_closed(self, client, officer):
        closed = CampaignFactory(closed=True)

        assert client.get(page_of("campaign_edit", closed.pk)).url == closed.get_absolute_url()

    def test_is_discarded_only_before_it_was_opened(self, client, campaign):
        draft = CampaignFactory(cycle=CycleFactory(year=2027))

        client.post(page_of("campaign_discard", draft.pk))
        refused = client.post(page_of("campaign_discard", campaign.pk))

        assert list(Campaign.objects.all()) == [campaign]
        assert refused.url == campaign.get_absolute_url()


class TestAudience:
    def test_counts_and_lists_whom_it_reaches_and_who_stays_outside(self, client, officer):
        department = DepartmentFactory()
        meant = PersonFactory.create_batch(2, affiliation__department=department)
        LeaveFactory(person=meant[0])
        PersonFactory(affiliation__employment_kind=EmploymentKind.EXTERNAL)
        unplaced = PersonFactory(affiliation=None)
        draft = CampaignFactory()
        draft.audience_departments.add(department)

        page = client.get(page_of("campaign_audience", draft.pk))

        preview = page.context["preview"]
        assert preview.total == page.context["page"].total == 2
        assert preview.by_department == [(department, 2)]
        assert page.context["by_kind"] == [("Regular employee", 2)]
        assert (preview.on_leave, preview.not_workers, preview.unplaced) == (1, 1, [unplaced])
        assert page.context["outside_rule"] == 1  # the officer who looks
        assert unplaced.get_absolute_url() in page.text

    def test_turns_its_pages_by_itself(self, client, officer):
        PersonFactory.create_batch(60)
        draft = CampaignFactory()
        first = client.get(page_of("campaign_audience", draft.pk)).context["page"]

        rest = client.get(
            page_of("campaign_audience", draft.pk),
            {"page": first.next},
            headers={"HX-Request": "true"},
        )

        assert "<h1>" not in rest.text
        assert len(rest.context["page"]) == 11


class TestOpening:
    def test_says_in_numbers_what_it_does_and_does_it(self, client, officer):
        draft = CampaignFactory(people=2)
        plan_course(draft.cycle, draft.course)
        # The campaign's people, the officer, and who made and who approved the plan.
        count = draft.audience_on(date(2026, 9, 15)).count()

        asked = client.get(page_of("campaign_open", draft.pk))
        answer = client.post(page_of("campaign_open", draft.pk), follow=True)

        draft.refresh_from_db()
        assert f"Open it for {count} people" in asked.text
        assert (draft.status, draft.records.count()) == (CampaignStatus.OPEN, count)
        assert f"The campaign is open for {count} people." in answer.text

    def test_names_what_is_missing_instead_of_a_button(self, client, officer):
        draft = CampaignFactory(course=CourseFactory())

        page = client.get(page_of("campaign_open", draft.pk))

        assert "was approved before" in page.text
        assert "no published material" in page.text
        assert "Open it for" not in page.text

    def test_is_refused_as_a_whole_even_if_it_is_sent(self, client, officer):
        draft = CampaignFactory(course=CourseFactory())

        client.post(page_of("campaign_open", draft.pk))

        draft.refresh_from_db()
        assert draft.status == CampaignStatus.DRAFT

    def test_sent_twice_opens_once(self, client, officer):
        draft = CampaignFactory()
        plan_course(draft.cycle, draft.course)
        client.post(page_of("campaign_open", draft.pk), {"form_token": "once"})
        count = TrainingRecord.objects.count()

        again = client.post(page_of("campaign_open", draft.pk), {"form_token": "once"})

        assert again.url == draft.get_absolute_url()
        assert TrainingRecord.objects.count() == count


class TestProgress:
    def listed(self, client, url):
        return client.get(url).context["page"].total

    def test_shows_nothing_but_facts_before_the_opening(self, client, officer):
        draft = CampaignFactory(audience_kinds=["officer"], audience_posts=["auditor", "課長"])

        page = client.get(draft.get_absolute_url())

        assert (page.context["kinds"], page.context["posts"]) == (["Officer"], ["Auditor", "課長"])
        assert "tiles" not in page.context

    def test_every_tile_opens_a_list_of_as_many(self, client, campaign):
        tiles = client.get(campaign.get_absolute_url()).context["tiles"]

        counts = [tile["value"] for tile in tiles]
        assert counts == [self.listed(client, tile["url"]) for tile in tiles]
        population, passed, excused, still_open, overdue = counts
        assert population == passed + excused + still_open
        assert (passed, excused, overdue) == (1, 1, 1)

    @pytest.mark.parametrize("name", ["departments", "kinds"])
    def test_every_bar_opens_a_list_of_as_many(self, client, campaign, name):
        bars = client.get(campaign.get_absolute_url()).context[name]

        assert sum(bar["total"] for bar in bars) == campaign.records.population().count()
        for bar in bars:
            assert bar["total"] == self.listed(client, bar["url"])
            for segment in bar["segments"]:
                if segment["value"]:
                    assert segment["value"] == self.listed(client, segment["url"])

    def test_names_who_is_not_through_the_latest_first(self, client, campaign):
        FollowUpFactory(record=campaign.known["late"], done_on=date(2026, 9, 12))

        waiting = client.get(campaign.get_absolute_url()).context["waiting"]

        assert [it.pk for it in waiting[:2]] == [
            campaign.known["late"].pk,
            campaign.known["failed"].pk,
        ]
        assert [it.followed_up_on for it in waiting[:2]] == [date(2026, 9, 12), None]

    def test_shows_a_manager_only_the_own_people(self, client, campaign, sign_in):
        known = campaign.known["late"]
        AffiliationFactory(
            person=known.person,
            department=known.department,
            is_primary=False,
            starts_on=date(2020, 4, 1),
        )
        sign_in(Role.DEPARTMENT_MANAGER, department=known.department)

        page = client.get(campaign.get_absolute_url())

        tiles = page.context["tiles"]
        assert [tile["value"] for tile in tiles] == [1, 0, 0, 1, 1]
        assert [self.listed(client, tile["url"]) for tile in tiles] == [1, 0, 0, 1, 1]
        assert [it.pk for it in page.context["waiting"]] == [known.pk]
        assert "your own people" in page.text

    def test_is_calm_when_everybody_is_through(self, client, officer):
        campaign = CampaignFactory(open=True)
        pass_everybody(campaign)

        page = client.get(campaign.get_absolute_url())

        assert page.context["rate"] == 100
        assert "Everybody has passed or is excused." in page.text

    def test_offers_only_what_can_be_done_now(self, client, officer, sign_in):
        running = CampaignFactory(open=True)
        closed = CampaignFactory(cycle=CycleFactory(year=2027), closed=True)
        act = page_of("campaign_close", running.pk)

        assert act in client.get(running.get_absolute_url()).text
        assert (
            page_of("campaign_close", closed.pk) not in client.get(closed.get_absolute_url()).text
        )
        sign_in(Role.AUDIT_OFFICER)
        assert act not in client.get(running.get_absolute_url()).text


class TestRules:
    def test_adds_who_joined_meanwhile(self, client, campaign):
        newcomer = PersonFactory(joined_on=date(2026, 9, 5))

        answer = client.post(page_of("campaign_rules", campaign.pk), follow=True)

        assert "Added: " in answer.text
        assert record_of(campaign, newcomer).status == RecordStatus.NOT_STARTED

    def test_says_when_there_was_nothing_to_do(self, client, officer):
        campaign = CampaignFactory(open=True)
        client.post(page_of("campaign_rules", campaign.pk))

        answer = client.post(page_of("campaign_rules", campaign.pk), follow=True)

        assert "nothing was changed" in answer.text


class TestExtending:
    def test_moves_the_last_day_with_a_reason(self, client, officer):
        campaign = CampaignFactory(open=True)
        later = campaign.ends_on + timedelta(days=14)

        client.post(
            page_of("campaign_extend", campaign.pk),
            {"ends_on": later.isoformat(), "reason": "補講のため。"},
        )

        campaign.refresh_from_db()
        assert campaign.ends_on == later

    def test_shows_why_it_is_refused(self, client, campaign):
        answer = client.post(
            page_of("campaign_extend", campaign.pk),
            {"ends_on": campaign.starts_on.isoformat(), "reason": "短く。"},
        )

        assert answer.context["form"].errors


class TestSessions:
    def test_are_listed_with_how_many_were_logged(self, client, officer):
        session = SessionFactory(campaign=CampaignFactory(open=True))
        TrainingRecordFactory(campaign=session.campaign, session=session, passed=True)

        page = client.get(page_of("session_list", session.campaign_id))

        assert [it.record_count for it in page.context["sessions"]] == [1]
        assert page_of("session_remove", session.pk) not in page.text

    def test_are_added_changed_and_removed(self, client, officer):
        campaign = CampaignFactory(lecturer="講師")
        new = page_of("session_create", campaign.pk)
        asked = client.get(new, {"make_up": "1"}).context["form"]

        client.post(new, {"held_on": "2026-09-20", "is_make_up": "on", "place": "大会議室"})
        session = Session.objects.get()
        client.post(page_of("session_edit", session.pk), {"held_on": "2026-09-21"})
        session.refresh_from_db()
        client.post(page_of("session_remove", session.pk))

        assert (asked["lecturer"].value(), asked["is_make_up"].value()) == ("講師", True)
        assert (session.held_on, session.is_make_up) == (date(2026, 9, 21), False)
        assert not Session.objects.exists()

    def test_are_refused_before_the_first_day(self, client, officer):
        campaign = CampaignFactory()

        answer = client.post(page_of("session_create", campaign.pk), {"held_on": "2026-04-02"})

        assert answer.context["form"].errors
        assert not Session.objects.exists()

    def test_of_a_closed_campaign_stay(self, client, officer):
        campaign = CampaignFactory()
        session = SessionFactory(campaign=campaign)
        other = CampaignFactory(cycle=CycleFactory(year=2027), closed=True)

        assert client.get(page_of("session_create", other.pk)).url == other.get_absolute_url()
        assert client.get(page_of("session_edit", session.pk)).status_code == 200


class TestClosing:
    def test_names_who_stands_in_the_way_and_links_to_them(self, client, campaign):
        ExcuseFactory(record=campaign.known["failed"])

        page = client.get(page_of("campaign_close", campaign.pk))

        assert campaign.known["late"].name in page.text
        obstacles = {it.kind: (it.count, url) for it, url in page.context["obstacles"]}
        for count, url in obstacles.values():
            assert client.get(url).context["page"].total >= count
        assert {"open", "waiting"} <= set(obstacles)
        assert "Its records are frozen" not in page.text

    def test_is_refused_even_if_it_is_sent(self, client, campaign):
        answer = client.post(page_of("campaign_close", campaign.pk))

        campaign.refresh_from_db()
        assert campaign.is_open
        assert answer.context["form"].non_field_errors()

    def test_freezes_the_campaign(self, client, officer):
        campaign = CampaignFactory(open=True)
        pass_everybody(campaign)
        asked = client.get(page_of("campaign_close", campaign.pk))

        answer = client.post(page_of("campaign_close", campaign.pk), follow=True)

        campaign.refresh_from_db()
        assert "This cannot be undone" in asked.text
        assert campaign.status == CampaignStatus.CLOSED
        assert "The campaign was closed." in answer.text
