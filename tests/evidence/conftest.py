"""An empty evidence folder, and a virus scanner that says what a test wants."""

import contextlib
import shutil
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test.utils import override_settings

from pms.evidence.models import storage


@pytest.fixture(autouse=True)
def _empty_storage() -> Iterator[None]:
    """Start and end without any kept file."""
    shutil.rmtree(storage().location, ignore_errors=True)
    yield
    shutil.rmtree(storage().location, ignore_errors=True)


@pytest.fixture
def kept_names() -> Callable[[], list[str]]:
    """Ask for the paths of all files in the storage."""

    def ask() -> list[str]:
        return [str(it) for it in Path(storage().location).rglob("*") if it.is_file()]

    return ask


class FakeClamd:
    """Speaks clamd's INSTREAM on a socket, answers always the same, keeps what it was sent."""

    def __init__(self, address: str | tuple[str, int], answer: bytes | None, limit: int) -> None:
        kind = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        self.line = socket.socket(kind, socket.SOCK_STREAM)
        self.line.bind(address)
        self.line.listen(1)
        self.line.settimeout(5)
        self.answer, self.limit, self.received = answer, limit, b""
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self) -> None:
        """Answer one visitor."""
        with contextlib.suppress(OSError):
            visitor, _ = self.line.accept()
            with visitor, visitor.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                while length := struct.unpack("!L", stream.read(4))[0]:
                    self.received += stream.read(length)
                    if len(self.received) > self.limit:
                        visitor.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                        return
                if self.answer is None:
                    self.over.wait(5)
                else:
                    visitor.sendall(self.answer)

    def close(self) -> None:
        """End the thread and the socket."""
        self.over.set()
        self.line.close()
        self.thread.join(5)


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[Callable[..., FakeClamd]]:
    """Start a scanner: `clamd(answer, tcp=False, limit=…)`; None answers never."""
    with contextlib.ExitStack() as stack:

        def start(
            answer: bytes | None = b"stream: OK\0", *, tcp: bool = False, limit: int = 1 << 30
        ) -> FakeClamd:
            server = FakeClamd(("127.0.0.1", 0) if tcp else str(tmp_path / "clamd"), answer, limit)
            stack.callback(server.close)
            name = server.line.getsockname()
            address = f"{name[0]}:{name[1]}" if tcp else name
            stack.enter_context(override_settings(CLAMD_SOCKET=address))
            return server

        yield start
