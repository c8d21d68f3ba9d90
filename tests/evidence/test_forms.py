"""Choosing files."""

from datetime import date

import pytest
from django.utils.datastructures import MultiValueDict

from pms.evidence.forms import EvidenceUploadForm

from .samples import PDF, upload

TODAY = date(2026, 11, 21)


def form(*files, **data):
    """The form as sent with `files`."""
    return EvidenceUploadForm(data, MultiValueDict({"evidence": list(files)}), today=TODAY)


class TestEvidenceUploadForm:
    def test_gives_all_files(self):
        sent = form(upload("a.pdf"), upload("b.pdf"), stated_on="2026-11-21", note="両面")

        assert sent.is_valid(), sent.errors
        assert [it.name for it in sent.cleaned_data["evidence"]] == ["a.pdf", "b.pdf"]
        assert sent.cleaned_data["stated_on"] == TODAY

    def test_names_every_file_that_is_not_accepted(self):
        sent = form(upload("a.exe"), upload("b.pdf"), upload("c.html"))

        first, second = sent.errors["evidence"]
        assert "a.exe" in first
        assert "c.html" in second

    def test_names_a_file_that_is_too_large_or_empty(self, settings):
        settings.EVIDENCE_MAX_BYTES = len(PDF) - 1

        assert "a.pdf" in form(upload("a.pdf")).errors["evidence"][0]
        assert form(upload("b.pdf", b"")).errors["evidence"]

    def test_demands_a_file(self):
        assert form().errors["evidence"]

    def test_refuses_a_document_from_tomorrow(self):
        assert form(upload("a.pdf"), stated_on="2026-11-22").errors["stated_on"]

    def test_lets_the_browser_offer_several_files_of_the_right_kinds(self):
        html = str(EvidenceUploadForm(today=TODAY)["evidence"])

        assert "multiple" in html
        assert 'accept=".pdf,' in html

    @pytest.mark.parametrize("name", ["evidence", "stated_on", "note"])
    def test_labels_every_field(self, name):
        assert EvidenceUploadForm(today=TODAY)[name].label
