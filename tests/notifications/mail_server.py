"""A real mail server in this process, which does what a test tells it to."""

import asyncio
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.controller import Controller

# Seconds that our side waits for an answer: long, because the machine may be busy with other
# tests, but for a server that is known to hang.
PATIENCE, IMPATIENCE = 30, 0.5


class Mailbox:
    """The server's side: what it took, and how it behaves towards the next mails.

    Attributes:
        mails: every mail taken, in order.
        behaviour: what it does next, one word for each mail; "take" when nothing is left. Set it
            as a whole.
        connections: how often somebody called.
        options: of the mailer that leads here.
    """

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.options: dict[str, Any] = {}
        self.behaviour = []
        self.connections = 0
        self.present = "take"

    @property
    def behaviour(self) -> list[str]:
        """What it does next."""
        return self._behaviour

    @behaviour.setter
    def behaviour(self, words: list[str]) -> None:
        self._behaviour = words
        self.options["timeout"] = IMPATIENCE if "hang" in words else PATIENCE

    @property
    def copies(self) -> Counter[str]:
        """How many copies it took, by Message-ID."""
        return Counter(mail["Message-ID"] for mail in self.mails)

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        """Somebody calls."""
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """The recipient is named; a number is the answer to it."""
        self.present = self.behaviour.pop(0) if self.behaviour else "take"
        if self.present.isdigit():
            return f"{self.present} about <{address}>"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """The mail itself has come."""
        if self.present.startswith("data "):
            return f"{self.present.removeprefix('data ')} not this one"
        if self.present == "hang":
            await asyncio.Event().wait()  # until somebody hangs up
        if self.present != "drop":
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.present in ("drop", "take and drop"):
            server.transport.abort()
        return "250 OK"


@contextmanager
def serving(mailbox: Mailbox) -> Iterator[dict[str, Any]]:
    """Run the server; gives the setting MAILERS that leads to it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    mailbox.options |= {"host": "127.0.0.1", "port": port}
    try:
        yield {
            "default": {
                "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "OPTIONS": mailbox.options,
            }
        }
    finally:
        controller.stop()
