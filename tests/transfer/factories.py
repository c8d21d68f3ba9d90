"""Imports at each step, without the work that leads there."""

import hashlib

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory

from pms.transfer.choices import ImportStatus
from pms.transfer.models import ImportRun, random_name, storage
from tests.accounts.factories import UserFactory

ROSTER = (
    "社員番号,姓,名,部門コード,雇用区分,入社日\n000001,山田,太郎,D999,正社員,2026-02-30\n"
).encode()
MAPPING = {
    "社員番号": "employee_number",
    "姓": "family_name",
    "名": "given_name",
    "部門コード": "department_code",
    "雇用区分": "employment_kind",
    "入社日": "joined_on",
}


class ImportRunFactory(DjangoModelFactory):
    """A roster of one row with two errors, uploaded; `status=` says how far it is.

    `content=` sets the bytes of the file.
    """

    importer = "people"
    name = factory.Sequence("名簿{}.csv".format)
    file = factory.LazyAttribute(
        lambda it: storage().save(random_name(None, ""), ContentFile(it.content))
    )
    size = factory.LazyAttribute(lambda it: len(it.content))
    sha256 = factory.LazyAttribute(lambda it: hashlib.sha256(it.content).hexdigest())
    encoding = "utf-8"
    mapping = factory.LazyFunction(lambda: dict(MAPPING))
    options = factory.LazyFunction(lambda: {"effective_on": "2026-04-01"})
    status = ImportStatus.UPLOADED
    created_by = factory.SubFactory(UserFactory)

    class Meta:
        model = ImportRun

    class Params:
        content = ROSTER
