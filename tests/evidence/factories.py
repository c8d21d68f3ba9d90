"""Kept files."""

import hashlib

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory

from pms.evidence.models import EvidenceFile, random_name, storage
from tests.accounts.factories import UserFactory
from tests.organization.factories import PersonFactory

from .samples import PDF


class EvidenceFileFactory(DjangoModelFactory):
    """A PDF about a person; `content=` sets the bytes, `record=` what it proves something about."""

    record = factory.SubFactory(PersonFactory)
    name = factory.Sequence("受講票{}.pdf".format)
    media_type = "application/pdf"
    file = factory.LazyAttribute(lambda it: storage().save(random_name(), ContentFile(it.content)))
    size = factory.LazyAttribute(lambda it: len(it.content))
    sha256 = factory.LazyAttribute(lambda it: hashlib.sha256(it.content).hexdigest())
    uploaded_by = factory.SubFactory(UserFactory)

    class Meta:
        model = EvidenceFile

    class Params:
        content = PDF
