"""What the database keeps true about evidence, and who sees which file."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from pms.accounts.roles import Role
from pms.evidence.choices import ScanState
from pms.evidence.models import EvidenceFile
from tests.accounts.factories import UserFactory
from tests.organization.factories import DepartmentFactory, PersonFactory
from tests.training.factories import CampaignFactory, CourseVersionFactory

from .factories import EvidenceFileFactory

pytestmark = pytest.mark.django_db


class TestAppendOnly:
    @pytest.mark.parametrize(
        "changes",
        [
            {"sha256": "0" * 64},
            {"size": 1},
            {"file": "files/00/another"},
            {"name": "another.pdf"},
            {"media_type": "text/html"},
            {"object_id": 0},
            {"note": "changed"},
            {"stated_on": "2026-04-01"},
            {"uploaded_at": timezone.now()},
        ],
    )
    def test_refuses_every_change_even_in_bulk(self, changes):
        evidence = EvidenceFileFactory()

        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            EvidenceFile.objects.filter(pk=evidence.pk).update(**changes)

    def test_refuses_to_hang_a_file_on_another_predecessor(self):
        first = EvidenceFileFactory()
        evidence = EvidenceFileFactory(record=first.record, supersedes=first)

        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            EvidenceFile.objects.filter(pk=evidence.pk).update(supersedes=None)

    def test_lets_only_the_virus_scan_be_filled_in(self):
        evidence = EvidenceFileFactory(stated_on="2026-04-01")

        EvidenceFile.objects.filter(pk=evidence.pk).update(scan_state=ScanState.CLEAN)

        evidence.refresh_from_db()
        assert evidence.scan_state == ScanState.CLEAN

    def test_refuses_to_remove_a_file(self):
        evidence = EvidenceFileFactory()

        with pytest.raises(IntegrityError, match="superseded, not removed"), transaction.atomic():
            evidence.delete()
        with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("DELETE FROM evidence_evidencefile")

    def test_refuses_to_supersede_a_file_of_another_record(self):
        first = EvidenceFileFactory()

        with pytest.raises(IntegrityError, match="same record"), transaction.atomic():
            EvidenceFileFactory(supersedes=first)

    def test_refuses_two_successors_of_one_file(self):
        first = EvidenceFileFactory()
        EvidenceFileFactory(record=first.record, supersedes=first)

        with pytest.raises(IntegrityError), transaction.atomic():
            EvidenceFileFactory(record=first.record, supersedes=first)

    def test_refuses_an_unknown_scan_state(self):
        evidence = EvidenceFileFactory()

        with pytest.raises(IntegrityError), transaction.atomic():
            EvidenceFile.objects.filter(pk=evidence.pk).update(scan_state="believed")


class TestOf:
    def test_gives_the_files_of_one_record_newest_first(self):
        record = PersonFactory(pk=4711)
        first, second = EvidenceFileFactory.create_batch(2, record=record)
        EvidenceFileFactory()
        EvidenceFileFactory(record=DepartmentFactory(pk=record.pk))

        assert list(EvidenceFile.objects.of(record)) == [second, first]

    def test_current_leaves_out_what_is_superseded(self):
        first = EvidenceFileFactory()
        second = EvidenceFileFactory(record=first.record, supersedes=first)

        assert list(EvidenceFile.objects.of(first.record).current()) == [second]


class TestVisibleTo:
    def test_shows_the_office_the_files_of_all_people(self):
        evidence = EvidenceFileFactory()
        user = UserFactory(roles=[Role.TRAINING_OFFICER])

        assert list(EvidenceFile.objects.visible_to(user)) == [evidence]

    def test_hides_files_of_records_that_the_user_does_not_see(self):
        EvidenceFileFactory()

        assert not EvidenceFile.objects.visible_to(UserFactory(roles=[])).exists()

    def test_hides_files_of_a_row_whose_kind_the_user_may_not_view(self):
        user = UserFactory(roles=[])
        EvidenceFileFactory(record=user.person)

        assert not EvidenceFile.objects.visible_to(user).exists()

    def test_shows_what_one_has_brought_oneself_while_the_record_is_seen(self):
        user = UserFactory(roles=[])
        own = EvidenceFileFactory(record=user.person, uploaded_by=user)
        EvidenceFileFactory(uploaded_by=user)

        assert list(EvidenceFile.objects.visible_to(user)) == [own]

    def test_hides_files_of_a_kind_that_does_not_say_who_sees_it(self):
        EvidenceFileFactory(record=ContentType.objects.first())

        assert not EvidenceFile.objects.visible_to(UserFactory(roles=[*Role])).exists()

    def test_shows_files_that_are_meant_for_whoever_sees_the_row(self):
        person = PersonFactory(with_account=True)
        material = EvidenceFileFactory(record=CampaignFactory(open=True).course_version)
        EvidenceFileFactory(record=CourseVersionFactory())

        assert list(EvidenceFile.objects.visible_to(person.user)) == [material]

    def test_asks_once_for_each_kind_of_record(self, django_assert_max_num_queries):
        user = UserFactory(roles=[Role.PRIVACY_MANAGER])
        EvidenceFileFactory.create_batch(3)
        EvidenceFileFactory(record=DepartmentFactory())
        user.get_all_permissions()

        with django_assert_max_num_queries(2):
            assert len(EvidenceFile.objects.visible_to(user)) == 4
