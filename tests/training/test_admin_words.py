"""The administration says every state in words, those without a colour of their own as well."""

import re

import pytest
from django.urls import reverse

from pms.accounts.roles import Role
from pms.training.choices import RecordStatus
from tests.accounts.factories import UserFactory
from tests.training.factories import TrainingRecordFactory

pytestmark = pytest.mark.django_db


def test_names_each_state_of_a_record_in_words(client):
    record = TrainingRecordFactory()
    client.force_login(UserFactory(roles=[Role.TRAINING_OFFICER]))

    text = client.get(reverse("admin:training_trainingrecord_changelist")).text

    shown = re.sub(r"<[^>]+>|\?[^\s\"]+", " ", text)
    assert str(RecordStatus(record.status).label) in shown
    assert record.status not in shown.casefold().split()
