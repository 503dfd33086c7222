"""The embedded Valkey: the broker and cache of the trial and of the tests."""

import signal
import socket

from config.embedded import programs
from config.embedded.children import Child, Spawn
from config.embedded.places import Place, own, socket_folder
from config.embedded.urls import redis_url


class ValkeyServer:
    """A Valkey on a unix socket only; what it holds survives a crash, except in tests."""

    stop_steps = ((signal.SIGTERM, 15.0),)

    def __init__(self, place: Place, *, fast: bool) -> None:
        self.place = place
        self.fast = fast
        self._socket = socket_folder(place) / "valkey.sock"
        self._program = programs.valkey(place.identity)

    @property
    def url(self) -> str:
        """The address for its users."""
        return redis_url(str(self._socket))

    def prepare(self) -> None:
        """Make the data folder on the first start."""
        own(self.place.data, self.place.identity)

    def spawn(self, lock: int) -> Spawn:
        """How to start it."""
        settings = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self.place.data),
            "appendonly": "no" if self.fast else "yes",
            "save": "",
            "maxmemory": "256mb",
            "maxmemory-policy": "noeviction",
            "loglevel": "warning",
        }
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        return Spawn(
            command=[str(self._program), *options],
            folder=self.place.home,
            identity=self.place.identity,
            keep_open=(lock,),
            farewell=signal.SIGTERM,
        )

    def is_ready(self, child: Child) -> bool:
        """Whether it answers a ping, which it does not while it still reads its data."""
        if not child.is_alive():
            return False
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(self._socket))
                client.sendall(b"PING\r\n")
                return client.recv(64).startswith(b"+PONG")
        except OSError:
            return False
