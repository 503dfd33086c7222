"""A real SMTP server that takes mail for tests and misbehaves on demand.

What it does with a recipient is written in the address: `refused-...@` is refused for good, `later-...@` for now,
`content-...@` after its content was sent, `drop-...@` is taken and then the connection is cut before the answer.
"""

import asyncio
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


@dataclass(frozen=True)
class Received:
    """One mail that the server answered for with 250, or took before it cut the connection."""

    recipient: str
    message_id: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        parsed = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Sink:
    """The server. `received` grows in its thread; `delay` is how long it takes to answer for a mail that it has."""

    def __init__(self, *, delay: float = 0.0, password: str = "", **options: Any) -> None:
        self.delay = delay
        #: Cut the connection after that many mails on it were taken; 0: never.
        self.hang_up_after = 0
        #: What to say to each sender, instead of taking it.
        self.refuses_senders = ""
        self.received: list[Received] = []
        self.grown = threading.Condition()
        if password:
            options |= {"authenticator": self._knows, "auth_required": True, "auth_require_tls": False}
        self._password = password.encode()
        self._controller = Controller(
            self, hostname="127.0.0.1", port=free_port(), server_hostname="sink.example.org", **options
        )

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def port(self) -> int:
        return int(self._controller.port)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?timeout=1"

    def wait_for(self, count: int, *, seconds: float = 20.0) -> bool:
        """Wait until `count` mails are here; False where they do not come in time."""
        with self.grown:
            return self.grown.wait_for(lambda: len(self.received) >= count, seconds)

    def _knows(self, _server: SMTP, _session: Session, _envelope: Envelope, _manner: str, said: Any) -> AuthResult:
        return AuthResult(success=said.password == self._password, handled=False)

    async def handle_MAIL(  # noqa: N802  the library's name for it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.refuses_senders:
            return self.refuses_senders
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802  the library's name for it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith("refused-"):
            return f"550 5.1.1 <{address}>: no such person here"
        if address.startswith("later-"):
            return f"451 4.7.1 <{address}>: come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        (address,) = envelope.rcpt_tos
        if address.startswith("content-"):
            return "554 5.6.0 this content is not wanted"
        content = envelope.content
        assert isinstance(content, bytes)
        message_id = str(message_from_bytes(content)["Message-ID"])
        with self.grown:
            self.received.append(Received(address, message_id, content))
            self.grown.notify_all()
        await asyncio.sleep(self.delay)
        if self.hang_up_after and len(self.received) % self.hang_up_after == 0:
            asyncio.get_running_loop().call_later(0.01, server.transport.abort)
            return "250 taken, and goodbye"
        if address.startswith("drop-"):
            with suppress(AttributeError):
                server.transport.abort()
        return "250 taken"
