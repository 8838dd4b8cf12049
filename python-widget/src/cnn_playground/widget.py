"""The widget."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import anywidget
import pandas as pd
import traitlets

from .link import link_text
from .serving import server

__all__ = ["Playground", "PlaygroundError"]

#: Facts of a run that are a column each; `test` brings three more.
COLUMNS = ["number", "label", "link", "state", "device", "steps", "epochs", "samples", "seconds", "parameters", "loss", "accuracy"]
#: Seconds that a browser has for showing the widget, and for an answer to a command.
PATIENCE = 60.0


class PlaygroundError(RuntimeError):
    """The playground could not do what was asked. ``code`` is one of ``docs/embedding.md``, such as ``prediction-first``."""

    def __init__(self, fault: dict[str, Any]) -> None:
        self.code: str = str(fault.get("code", "no-answer"))
        self.fault = fault
        super().__init__(self.code)


class Playground(anywidget.AnyWidget):
    """A CNN playground.

    ``Playground(lab="residual")`` opens a lab, ``Playground(link="https://…#v=1&…")`` what a link says, and
    ``Playground(permute="fixed", train=3000)`` what the keys of a link say one by one.

    ``src`` is where a playground is hosted, if not in this package: needed where the kernel is on another machine than
    the browser. ``height`` is in pixels.
    """

    _esm = Path(__file__).parent / "widget.js"

    #: What it opens, as the text of a link; another value opens another experiment in the same frame.
    link = traitlets.Unicode().tag(sync=True)
    #: Where the playground is.
    src = traitlets.Unicode().tag(sync=True)
    #: In pixels.
    height = traitlets.Int(640).tag(sync=True)
    #: What the last finished run came to (`Run` in ``embed.d.ts``); nothing before there is one.
    result = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    #: What the open lab came to (`Outcome` in ``embed.d.ts``); nothing before it did.
    outcome = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    _finished = traitlets.List(traitlets.Dict()).tag(sync=True)
    _told = traitlets.Unicode().tag(sync=True)

    def __init__(self, lab: str | None = None, link: str = "", *, src: str | None = None, height: int = 640, **choices: object) -> None:
        opened = link_text(link, choices if lab is None else {"lab": lab, **choices})
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Future, Any]] = []
        self._asked = 0
        super().__init__(link=opened, src=src or server().address, height=height)
        # With a hosted playground the kernel may be elsewhere, and is told between two cells.
        if src is None:
            self._told = server().listen(self._hear)
        self.on_msg(lambda _, message, __: self._hear(message))

    @property
    def runs(self) -> pd.DataFrame:
        """Every run that finished here, oldest first: its link, its cost, and what its last test came to."""
        rows = []
        for run in self._finished:
            test = run.get("test") or {}
            tested = {f"test_{name}": test.get(name) for name in ("accuracy", "loss", "images")}
            rows.append({name: run.get(name) for name in COLUMNS} | tested)
        columns = [*COLUMNS, "test_accuracy", "test_loss", "test_images"]
        return pd.DataFrame(rows, columns=columns).set_index("number")

    async def run(self, timeout: float | None = None) -> dict[str, Any]:
        """Presses Run, and waits for the end: of the open lab, which gives its outcome, else of the run, which gives its result.

        Raises `PlaygroundError` if it cannot run, or the run fails, and `TimeoutError` after ``timeout`` seconds.
        """
        is_lab = "lab" in dict(parse_qsl(self.link))
        # The page may say once more how a run ended that it has shown before.
        before = {run["number"] for run in self._finished}

        def is_end(message: dict[str, Any]) -> bool:
            if message.get("type") == "lab":
                return is_lab
            return message.get("type") == "finished" and not is_lab and message["run"]["number"] not in before

        ends = self._next(is_end)
        try:
            await self._ask("run")
            end = await asyncio.wait_for(ends, timeout)
        finally:
            ends.cancel()
        if is_lab:
            return end["outcome"]
        if end["run"]["state"] == "failed":
            raise PlaygroundError({"code": "problem", "problem": end["run"].get("problem")})
        return end["run"]

    async def pause(self) -> dict[str, Any]:
        """Pauses what trains; gives the page's state."""
        return await self._ask("pause")

    async def reset(self) -> dict[str, Any]:
        """Back to the first weights; gives the page's state."""
        return await self._ask("reset")

    async def state(self) -> dict[str, Any]:
        """All that the page shows (`State` in ``embed.d.ts``)."""
        return await self._ask("getState")

    async def choose(self, **choices: object) -> dict[str, Any]:
        """Changes what these keys of a link say, and keeps all else; gives the page's state."""
        self.link = link_text(self.link, choices)
        return await self._ask("getState", link=self.link)

    async def _ask(self, method: str, **given: object) -> dict[str, Any]:
        self._asked += 1
        number = self._asked
        answer = self._next(lambda message: message.get("type") == "answer" and message.get("id") == number)
        # A page that is not there yet says when it is, and is asked then.
        ready = self._next(lambda message: message.get("type") == "shown")
        command = {"method": method, "id": number, **given}
        self.send(command)
        try:
            done, _ = await asyncio.wait([answer, ready], timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
            if answer not in done and ready in done:
                self.send(command)
            said = await asyncio.wait_for(answer, PATIENCE if done else 0)
        except TimeoutError as late:
            raise PlaygroundError({"code": "no-answer"}) from late
        finally:
            answer.cancel()
            ready.cancel()
        if fault := said.get("fault"):
            raise PlaygroundError(fault)
        return said["state"]

    def _next(self, fits: Any) -> asyncio.Future:
        """The next message that fits."""
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self._waiting.append((loop, future, fits))
        return future

    def _hear(self, message: dict[str, Any]) -> None:
        """Takes a message, in whichever thread it comes."""
        for entry in list(self._waiting):
            loop, future, fits = entry
            if future.done():
                self._waiting.remove(entry)
            elif fits(message):
                self._waiting.remove(entry)
                loop.call_soon_threadsafe(self._settle, future, message)

    def _settle(self, future: asyncio.Future, message: dict[str, Any]) -> None:
        """In the thread of the kernel, so that what is shared with the page may be set."""
        if message.get("type") == "finished":
            run = message["run"]
            self.result = run
            self._finished = [*(one for one in self._finished if one["number"] != run["number"]), run]
        if message.get("type") == "lab":
            self.outcome = message["outcome"]
        if not future.done():
            future.set_result(message)
