"""The journal in sentences, and the page that shows it."""

import ast
import re
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from pms.accounts.roles import Role
from pms.history import timeline as module
from pms.history.context import acting
from pms.history.events import event_sentences, guarded_fields
from pms.history.models import HistoryEntry
from pms.history.services import record, record_access, record_created, record_updated
from pms.history.timeline import loaded, tell, timeline
from pms.organization import services
from pms.organization.choices import EmploymentKind
from pms.organization.models import Department
from tests.accounts.factories import UserFactory
from tests.organization.factories import (
    AffiliationFactory,
    AppointmentFactory,
    DepartmentFactory,
    PersonFactory,
)

LIST = reverse("history:entry_list")


@pytest.fixture
def viewer(db):
    """Somebody who may read the whole journal."""
    return UserFactory(roles=[Role.PRIVACY_MANAGER])


@pytest.fixture
def actor(db):
    """髙橋 由美子, in whose name things are done."""
    user = UserFactory(roles=[])
    user.person.family_name, user.person.given_name = "髙橋", "由美子"
    user.person.save()
    return user


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def sentences(row, viewer, **options):
    return [it.sentence for it in timeline(row, viewer=viewer, **options)]


class TestSentences:
    def change(self, row, actor, **changes):
        for name, value in changes.items():
            setattr(row, name, value)
        with acting(actor=actor, reason="訂正"):
            row.save()

    def test_says_from_what_to_what_a_field_was_changed(self, viewer, actor):
        row = AffiliationFactory(department=DepartmentFactory(name="営業部"))

        self.change(row, actor, department=DepartmentFactory(name="総務部"))

        told = timeline(row, viewer=viewer)[0]
        assert told.sentence == "髙橋 由美子 changed department from “営業部” to “総務部”."
        assert (told.actor, told.reason, told.details) == ("髙橋 由美子", "訂正", ())

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            (
                {"employment_kind": EmploymentKind.CONTRACT},
                "changed employment kind from “Regular employee” to “Contract employee”.",
            ),
            ({"ends_on": date(2026, 3, 31)}, "set to to “2026-03-31”."),
            ({"post": ""}, "removed post, which was “主任”."),
            ({"is_primary": False}, "changed main affiliation from “yes” to “no”."),
        ],
    )
    def test_words_each_kind_of_value(self, viewer, actor, changes, sentence):
        row = AffiliationFactory(post="主任")

        self.change(row, actor, **changes)

        assert sentences(row, viewer)[0] == f"髙橋 由美子 {sentence}"

    def test_names_several_changes_and_tells_them_apart(self, viewer, actor):
        row = AffiliationFactory()

        self.change(row, actor, post="課長", ends_on=date(2026, 3, 31))

        told = timeline(row, viewer=viewer)[0]
        assert told.sentence.startswith("髙橋 由美子 changed: ")
        assert sorted(told.details) == ["post: – → 課長", "to: – → 2026-03-31"]

    def test_is_told_in_japanese(self, viewer, actor):
        row = AffiliationFactory(department=DepartmentFactory(name="営業部"))
        self.change(row, actor, department=DepartmentFactory(name="総務部"))

        with translation.override("ja"):
            told = timeline(row, viewer=viewer)[0]

        assert "営業部" in told.sentence
        assert "総務部" in told.sentence

    def test_reads_what_a_bulk_write_left(self, viewer, actor):
        row = AffiliationFactory()
        former = row.department_id
        row.department = DepartmentFactory(name="総務部")
        record_updated([(row, {"department": (former, row.department_id)})], actor=actor)
        record_created([row], actor=actor)

        created, updated, _saved = timeline(row, viewer=viewer)

        assert created.sentence.startswith("髙橋 由美子 added affiliation")
        assert "department: 総務部" in created.details
        assert updated.sentence.endswith("to “総務部”.")

    def test_shows_moments_in_local_time(self, viewer, actor):
        moment = timezone.make_aware(timezone.datetime(2026, 4, 1, 9, 30))
        self.change(actor, viewer, last_login=None)
        user = UserFactory()
        HistoryEntry.objects.log_create(
            user, action=1, changes={"date_joined": [None, str(moment.astimezone(None))]}
        )

        told = timeline(user, viewer=UserFactory(roles=[Role.SYSTEM_ADMINISTRATOR]))[0]

        assert "2026-04-01 09:30" in told.sentence

    def test_says_so_when_nobody_acted(self, viewer):
        row = PersonFactory()

        assert sentences(row, viewer) == [f"The system added person “{row}”."]

    def test_tells_of_reading_and_deleting(self, viewer, actor):
        row = AffiliationFactory()
        record_access(row, actor=actor)
        repr_, key = str(row), row.pk
        with acting(actor=actor):
            row.delete()

        entries = HistoryEntry.objects.filter(object_pk=key).for_list().order_by("-id")[:2]
        deleted, read = tell(
            [it for it in entries if it.content_type.model == "affiliation"], viewer=viewer
        )

        assert deleted.sentence == f"髙橋 由美子 deleted affiliation “{repr_}”."
        assert read.sentence == f"髙橋 由美子 opened “{repr_}”."

    def test_shows_an_event_without_a_sentence_by_its_name(self, viewer, actor):
        row = PersonFactory()
        record("elsewhere.happened", row, actor=actor)

        assert sentences(row, viewer)[0] == f"髙橋 由美子: elsewhere.happened ({row})"

    def test_tells_a_code_in_the_language_of_the_reader(self, viewer, actor):
        row = PersonFactory()
        event = "corrective_actions.raised"
        record(event, row, actor=actor, details={"source": "incident", "owner": "佐藤 一郎"})

        assert "(source: Incident)" in sentences(row, viewer)[0]
        with translation.override("ja"):
            assert "事故等" in sentences(row, viewer)[0]

    def test_leaves_a_word_that_was_kept_as_it_is(self, viewer, actor):
        row = PersonFactory()
        record("corrective_actions.raised", row, actor=actor, details={"source": "事故等"})

        assert "(source: 事故等)" in sentences(row, viewer)[0]

    def test_leaves_a_gap_where_a_detail_is_missing(self, viewer, actor):
        row = PersonFactory()
        record("organization.person_moved", row, actor=actor, details={"from": "営業部"})

        assert "from “営業部” to “–” on –" in sentences(row, viewer)[0]


class TestTimeline:
    def test_tells_what_an_operation_wrote_by_the_way_as_details_of_its_event(self, viewer, actor):
        person = PersonFactory(affiliation__department=DepartmentFactory(name="営業部"))
        services.move_person(
            person.pk,
            department=DepartmentFactory(name="総務部"),
            employment_kind=EmploymentKind.REGULAR,
            on=date(2026, 4, 1),
            actor=actor,
        )

        told = timeline(person, viewer=viewer, related=person.affiliations.all())[0]

        assert told.sentence == (
            f"髙橋 由美子 moved {person} from “営業部” to “総務部” on 2026-04-01."
        )
        assert any("was added" in line for line in told.details)
        assert any("→ 2026-03-31" in line for line in told.details)

    def test_is_newest_first_and_about_nothing_else(self, viewer):
        person, other = PersonFactory(), PersonFactory()
        record("history.read", person, actor=None)
        record("history.read", other, actor=None)

        told = timeline(person, viewer=viewer)

        assert [it.entry.event for it in told] == ["history.read", ""]

    def test_asks_as_often_for_many_entries_as_for_few(self, viewer):
        person = PersonFactory()

        def cost(moves):
            for _ in range(moves):
                with acting(actor=UserFactory(roles=[])):
                    row = person.affiliations.get()
                    row.department = DepartmentFactory()
                    row.save()
                    AppointmentFactory(person=person, role=Role.AUDITOR)
            related = [*person.affiliations.all(), *person.appointments.all()]
            with CaptureQueriesContext(connection) as captured:
                timeline(person, viewer=viewer, related=related)
            return len(captured)

        cost(1)
        assert cost(2) == cost(12)

    def test_asks_for_no_name_that_the_page_knows(self, viewer, django_assert_num_queries):
        row = AffiliationFactory()
        former = row.department_id
        row.department = DepartmentFactory()
        record_updated([(row, {"department": (former, row.department_id)})], actor=viewer)
        known = [*loaded([row]), Department.objects.get(pk=former)]
        timeline(row, viewer=viewer)  # finds what the viewer may see

        with django_assert_num_queries(1):
            told = timeline(row, viewer=viewer, known=known)

        assert row.department.name in told[0].sentence

    def test_finds_the_entries_of_few_records_by_their_keys(self, viewer):
        people = PersonFactory.create_batch(3)

        with CaptureQueriesContext(connection) as captured:
            timeline(people[0], viewer=viewer, related=people[1:])

        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {captured[0]['sql']}")
                plan = " ".join(row[3] for row in cursor.fetchall())
            assert "history_by_record (content_type_id=? AND object_pk=?)" in plan


class TestNeedToKnow:
    def test_keeps_the_values_of_records_that_the_viewer_may_not_see(self, actor):
        row = AffiliationFactory(post="主任")
        row.post = "課長"
        row.save()
        stranger = UserFactory(roles=[])

        told = timeline(row, viewer=stranger)[0]

        assert "主任" not in told.sentence
        assert told.details == ()

    def test_keeps_values_that_ask_for_a_permission_of_their_own(self, viewer, monkeypatch):
        guarded = {"organization.affiliation.post": "training.view_nothing"}
        monkeypatch.setattr(module, "guarded_fields", lambda: guarded)
        row = AffiliationFactory(post="主任")
        row.post = "課長"
        row.save()

        assert "主任" not in timeline(row, viewer=viewer)[0].sentence

    def test_guards_only_fields_that_exist(self):
        for path in guarded_fields():
            app, model, field = path.split(".")
            assert apps.get_model(app, model)._meta.get_field(field)


class TestEvents:
    def test_every_event_in_the_code_has_a_sentence(self):
        assert sorted(events_in_code() - set(event_sentences())) == []

    def test_every_sentence_belongs_to_an_event_in_the_code(self):
        code = "".join(path.read_text() for path in code_files())

        assert [name for name in event_sentences() if f'"{name}"' not in code] == []

    def test_every_event_names_its_app_first(self):
        for name in event_sentences():
            assert re.fullmatch(r"[a-z_]+\.[a-z_]+", name)


def code_files():
    """Our code, apart from the tables of sentences."""
    for path in (settings.ROOT / "pms").rglob("*.py"):
        if path.name != "events.py" and "migrations" not in path.parts:
            yield path


def events_in_code() -> set[str]:
    """Every name of an event that is handed to the journal, directly or by way of `event`."""
    return {
        text.value
        for path in code_files()
        for node in ast.walk(ast.parse(path.read_text()))
        for place in places_of_events(node)
        for text in ast.walk(place)
        if isinstance(text, ast.Constant)
        and isinstance(text.value, str)
        and re.fullmatch(r"[a-z_]+\.[a-z_]+", text.value)
    }


def places_of_events(node: ast.AST) -> list[ast.AST]:
    """Where the name of an event stands in `node`, if it can have one."""
    match node:
        case ast.Call(func=ast.Name(id="record" | "journal"), args=[first, *_]):
            return [first]
        case ast.keyword(arg="event", value=value):
            return [value]
        case ast.Assign(targets=[ast.Name(id="event")], value=value):
            return [value]
        case ast.Dict(keys=keys, values=values):
            pairs = zip(keys, values, strict=True)
            return [
                it for key, it in pairs if isinstance(key, ast.Constant) and key.value == "event"
            ]
    return []


@pytest.mark.django_db
class TestPage:
    @pytest.fixture(autouse=True)
    def _signed_in(self, client):
        self.user = UserFactory(roles=[Role.PRIVACY_MANAGER], language="en")
        client.force_login(self.user)

    def events(self, response):
        return [it.entry.event for it in response.context["entries"]]

    def test_tells_what_happened_newest_first(self, client):
        person = PersonFactory()
        record("history.read", person, actor=self.user)

        response = client.get(LIST)

        assert self.events(response)[0] == "history.read"
        assert f"{self.user.person} opened “{person}”." in response.text

    def test_can_be_narrowed_to_who_what_and_which(self, client, actor):
        person = PersonFactory()
        record("history.read", person, actor=actor)
        entry = record("organization.person_moved", person, actor=self.user)
        kind = entry.content_type_id

        for query, expected in (
            ({"actor": "高橋"}, ["history.read"]),
            ({"actor": self.user.email}, ["organization.person_moved"]),
            ({"actor": "nobody"}, []),
            ({"event": "history.read"}, ["history.read"]),
            ({"operation": entry.cid}, ["organization.person_moved"]),
            (
                {"kind": kind, "record": person.pk},
                ["organization.person_moved", "history.read", ""],
            ),
        ):
            assert self.events(client.get(LIST, query)) == expected, query

    def test_can_be_narrowed_to_days(self, client):
        PersonFactory()
        today = timezone.localdate()

        for query, is_found in (
            ({"since": today, "until": today}, True),
            ({"until": today - timedelta(days=1)}, False),
            ({"since": today + timedelta(days=1)}, False),
        ):
            response = client.get(LIST, {name: day.isoformat() for name, day in query.items()})
            assert bool(self.events(response)) == is_found, query

    def test_turns_pages_without_losing_or_repeating_an_entry(self, client):
        PersonFactory.create_batch(40)

        seen, page = [], ""
        while True:
            response = client.get(LIST, {"page": page})
            seen += [it.entry.pk for it in response.context["entries"]]
            page = response.context["page"].next
            if not page:
                break

        assert seen == sorted(set(seen), reverse=True)
        assert len(seen) == HistoryEntry.objects.count()

    def test_offers_every_named_event_in_words(self, client):
        form = client.get(LIST).context["filter"].form

        offered = dict(form.fields["event"].choices)
        assert set(offered) - {""} == set(event_sentences())
        assert not any("%(" in label for label in offered.values())
