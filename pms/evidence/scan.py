"""Asks a ClamAV daemon about a file, where one is set up (`PMS_CLAMD_SOCKET`).

Without a daemon, or when it does not answer in time or refuses the size, a file counts as not
scanned: the work goes on, and the page says so beside the file.
"""

import logging
import socket
import struct
from dataclasses import dataclass
from typing import IO, Final

from django.conf import settings

from .choices import ScanState

TIMEOUT_SECONDS: Final = 20.0
PIECE: Final = 1 << 16
MAX_ANSWER: Final = 4096

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Scan:
    """What the daemon said; `signature` names what it found."""

    state: ScanState
    signature: str = ""


NOT_SCANNED: Final = Scan(ScanState.NOT_SCANNED)


def scan(file: IO[bytes], *, timeout: float = TIMEOUT_SECONDS) -> Scan:
    """Have `file` searched for viruses, from its beginning.

    Args:
        file: the content, seekable.
        timeout: seconds that the daemon may be silent.

    Returns:
        The daemon's finding, or NOT_SCANNED where there is none.
    """
    if not settings.CLAMD_SOCKET:
        return NOT_SCANNED
    file.seek(0)
    try:
        answer = _ask(file, timeout)
    except OSError as error:
        # A daemon that finds the file too long closes the line in the middle of it.
        logger.warning("A file was not scanned for viruses: %s", error)
        return NOT_SCANNED
    if answer == "stream: OK":
        return Scan(ScanState.CLEAN)
    if answer.endswith(" FOUND"):
        return Scan(ScanState.INFECTED, answer.removeprefix("stream: ").removesuffix(" FOUND"))
    logger.warning("A file was not scanned for viruses; the scanner says: %r", answer)
    return NOT_SCANNED


def _ask(file: IO[bytes], timeout: float) -> str:
    """The answer to clamd's INSTREAM: pieces with their length before them, a zero at the end."""
    with _connect(timeout) as line:
        line.sendall(b"zINSTREAM\0")
        while piece := file.read(PIECE):
            line.sendall(struct.pack("!L", len(piece)) + piece)
        line.sendall(struct.pack("!L", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < MAX_ANSWER:
            piece = line.recv(MAX_ANSWER)
            if not piece:
                break
            answer += piece
    return answer.rstrip(b"\0\n").decode(errors="replace")


def _connect(timeout: float) -> socket.socket:
    address = settings.CLAMD_SOCKET
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(timeout)
        try:
            line.connect(address)
        except OSError:
            line.close()
            raise
        return line
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=timeout)
