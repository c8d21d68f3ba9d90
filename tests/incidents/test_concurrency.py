"""Reports that come at the same moment: every number once, and none is missing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from pms.evidence.exceptions import UnacceptableFileError
from pms.incidents import services
from pms.incidents.models import FirstReport, Incident
from tests.accounts.factories import UserFactory
from tests.corrective_actions.test_concurrency import together

from .factories import NOW, words

pytestmark = pytest.mark.django_db(transaction=True)


def a_program():
    """A file that is refused, once the report has its number."""
    return SimpleUploadedFile("名簿.exe", b"MZ\x90\x00", "application/x-msdownload")


def test_numbers_are_given_once_each_and_without_a_gap():
    reporters = UserFactory.create_batch(6, roles=[])

    def report_one(place, reporter):
        files = (a_program(),) if place % 3 == 2 else ()
        return services.report(words(), actor=reporter, now=NOW, files=files)

    taken = together(
        *(lambda it=it: report_one(*it) for it in enumerate(reporters)),
    )

    refused = [it.exception() for it in taken if it.exception()]
    assert [type(it) for it in refused] == [UnacceptableFileError] * 2
    numbers = Incident.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [f"INC-2026-00{number}" for number in range(1, 5)]
    assert FirstReport.objects.count() == 4


def test_drills_and_near_misses_have_numbers_of_their_own():
    reporter = UserFactory(roles=[])
    kinds = [{}, {"is_drill": True}, {"kind": "near_miss"}] * 2

    together(
        *(
            lambda facts=facts: services.report(words(), actor=reporter, now=NOW, **facts)
            for facts in kinds
        )
    )

    numbers = sorted(Incident.objects.values_list("number", flat=True))
    assert [it.rpartition("-")[2] for it in numbers] == ["001", "002"] * 3
