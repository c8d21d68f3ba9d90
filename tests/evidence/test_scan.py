"""Talking to a virus scanner that may be away, slow or too small."""

import io

import pytest

from pms.evidence.choices import ScanState
from pms.evidence.scan import Scan, scan

CONTENT = b"content " * 20_000


class TestScan:
    def test_without_a_scanner_says_that_nobody_looked(self):
        assert scan(io.BytesIO(CONTENT)) == Scan(ScanState.NOT_SCANNED)

    @pytest.mark.parametrize("tcp", [False, True])
    def test_sends_the_whole_file_and_believes_that_it_is_clean(self, clamd, tcp):
        server = clamd(tcp=tcp)
        file = io.BytesIO(CONTENT)
        file.read(10)

        assert scan(file) == Scan(ScanState.CLEAN)
        assert server.received == CONTENT

    def test_names_what_was_found(self, clamd):
        clamd(b"stream: Win.Test.EICAR_HDB-1 FOUND\0")

        assert scan(io.BytesIO(CONTENT)) == Scan(ScanState.INFECTED, "Win.Test.EICAR_HDB-1")

    @pytest.mark.parametrize("answer", [b"UNKNOWN COMMAND\0", b"stream: x ERROR\0", b""])
    def test_takes_an_answer_that_is_none_for_not_scanned(self, clamd, answer):
        clamd(answer)

        assert scan(io.BytesIO(CONTENT)) == Scan(ScanState.NOT_SCANNED)

    def test_takes_a_file_that_is_too_long_for_not_scanned(self, clamd):
        clamd(limit=1000)

        assert scan(io.BytesIO(CONTENT * 400)) == Scan(ScanState.NOT_SCANNED)

    def test_does_not_wait_for_ever(self, clamd):
        clamd(None)

        assert scan(io.BytesIO(CONTENT), timeout=0.05) == Scan(ScanState.NOT_SCANNED)

    @pytest.mark.parametrize("address", ["/nowhere/clamd.socket", "127.0.0.1:1"])
    def test_goes_on_when_the_scanner_is_away(self, settings, address, caplog):
        settings.CLAMD_SOCKET = address

        assert scan(io.BytesIO(CONTENT)) == Scan(ScanState.NOT_SCANNED)
        assert "not scanned" in caplog.text
