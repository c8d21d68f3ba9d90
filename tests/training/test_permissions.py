"""Who may do what to one record."""

import pytest
from django.contrib.auth.models import AnonymousUser

from pms.accounts.roles import Role
from pms.training.permissions import is_the_person, may_decide, may_see_score
from tests.accounts.factories import UserFactory

from .factories import ExcuseFactory, TrainingRecordFactory

pytestmark = pytest.mark.django_db


class TestScores:
    @pytest.mark.parametrize(
        ("role", "expected"),
        [
            (Role.TRAINING_OFFICER, True),
            (Role.PRIVACY_MANAGER, True),
            (Role.PMS_OFFICE, True),
            (Role.DEPARTMENT_MANAGER, False),
            (Role.AUDITOR, False),
            (Role.TOP_MANAGEMENT, False),
        ],
    )
    def test_are_for_who_runs_training(self, role, expected):
        record = TrainingRecordFactory(passed=True)

        assert may_see_score(UserFactory(roles=[role]), record) is expected

    def test_are_for_the_person_concerned(self):
        record = TrainingRecordFactory(person__with_account=True)

        assert may_see_score(record.person.user, record)
        assert is_the_person(record.person.user, record)

    def test_of_a_person_without_an_account_are_not_for_strangers(self):
        record = TrainingRecordFactory()

        assert not is_the_person(AnonymousUser(), record)
        assert not is_the_person(UserFactory(), record)


class TestDecision:
    def test_is_for_another_who_may_approve(self):
        excuse = ExcuseFactory()

        assert may_decide(UserFactory(roles=[Role.PRIVACY_MANAGER]), excuse)
        assert not may_decide(UserFactory(roles=[Role.PMS_OFFICE]), excuse)

    def test_is_not_for_who_asked_or_is_concerned(self):
        record = TrainingRecordFactory()
        officer = UserFactory(roles=[Role.TRAINING_OFFICER])
        own = TrainingRecordFactory(campaign=record.campaign, person=officer.person)

        assert not may_decide(officer, ExcuseFactory(record=record, requested_by=officer))
        assert not may_decide(officer, ExcuseFactory(record=own))
