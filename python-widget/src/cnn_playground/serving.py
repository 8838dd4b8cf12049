"""Gives the notebook's browser the playground that is in this package, and hears from it while a cell runs.

A kernel takes messages of the notebook only between two cells, so ``await`` within a cell would wait for ever. The page
therefore also posts what it has to say to this server, which answers on this machine alone, from a thread of its own.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

__all__ = ["Server", "server"]

#: What `cargo xtask widget` puts into the package: the playground as one file, and the element for other pages.
SITE = Path(__file__).parent / "site"
FILES = {"": ("playground.html", "text/html; charset=utf-8"), "embed.js": ("embed.js", "text/javascript; charset=utf-8")}
#: Bytes of a message; a longer one is none of the playground's.
LONGEST = 1_000_000
#: Names that only this machine has, so that no page elsewhere asks by a name of its own.
NAMES = ("127.0.0.1", "localhost")


class Server:
    """The files of the package and a place to post messages to, under an address that nobody can guess."""

    def __init__(self) -> None:
        self._listeners: dict[str, Callable[[dict], None]] = {}
        self._secret = secrets.token_urlsafe(16)
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        Thread(target=self._http.serve_forever, name="cnn-playground", daemon=True).start()

    @property
    def address(self) -> str:
        """Where the playground is, with a ``/`` at its end."""
        return f"http://127.0.0.1:{self._http.server_port}/{self._secret}/"

    def listen(self, listener: Callable[[dict], None]) -> str:
        """Where messages for this listener are posted to. It is called in a thread of the server."""
        name = secrets.token_urlsafe(8)
        self._listeners[name] = listener
        return f"{self.address}told/{name}"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        start = f"/{self._secret}/"
        listeners = self._listeners

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                file = FILES.get(self._path())
                if file is None:
                    return self._end(404)
                name, kind = file
                self._end(200, (SITE / name).read_bytes(), kind)

            def do_POST(self) -> None:
                listener = listeners.get(self._path().removeprefix("told/"))
                length = int(self.headers.get("Content-Length") or 0)
                if listener is None or not 0 < length <= LONGEST:
                    return self._end(404)
                try:
                    message = json.loads(self.rfile.read(length))
                except ValueError:
                    return self._end(400)
                if isinstance(message, dict):
                    listener(message)
                self._end(204)

            def _path(self) -> str:
                host = (self.headers.get("Host") or "").partition(":")[0]
                path = self.path.partition("?")[0]
                return path.removeprefix(start) if host in NAMES and path.startswith(start) else "-"

            def _end(self, status: int, body: bytes = b"", kind: str = "text/plain") -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-cache")
                # A notebook may isolate its page; the frame agrees to that.
                self.send_header("Cross-Origin-Resource-Policy", "cross-origin")
                self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """A notebook is no place for a log."""

        return Handler


@lru_cache(maxsize=1)
def server() -> Server:
    """The one of this process; it ends with it."""
    if not (SITE / "playground.html").exists():
        raise FileNotFoundError(
            "this package holds no playground: install its wheel, or name a hosted one, Playground(src='https://…')"
        )
    return Server()
