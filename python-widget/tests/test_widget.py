import asyncio

import pytest
from cnn_playground import Playground, PlaygroundError, widget

RUN = {"number": 1, "state": "done", "link": "v=1", "test": {"accuracy": 0.5, "loss": 1.0, "images": 100}, "problem": None}


@pytest.fixture
def playground(monkeypatch):
    """A widget whose page is played by the test."""
    made = Playground(src="https://a.test/", train=640)
    made.sent = []
    monkeypatch.setattr(made, "send", made.sent.append)
    return made


def answer(playground, **said):
    playground._hear({"type": "answer", "id": playground.sent[-1]["id"], **said})


async def soon(coroutine):
    task = asyncio.ensure_future(coroutine)
    await asyncio.sleep(0)
    return task


def test_a_run_ends_with_its_own_result_not_with_that_of_one_before(playground):
    second = RUN | {"number": 2}

    async def story():
        for run in (RUN, second):
            task = await soon(playground.run())
            answer(playground, state={})
            if run is second:
                playground._hear({"type": "finished", "run": RUN})
            await asyncio.sleep(0.01)
            assert not task.done()
            playground._hear({"type": "finished", "run": run})
            assert await task == run

    asyncio.run(story())
    assert playground.result == second
    assert playground.runs["test_accuracy"].tolist() == [0.5, 0.5]
    assert playground.runs.index.tolist() == [1, 2]


def test_what_cannot_be_done_says_why(playground):
    async def story():
        task = await soon(playground.run())
        answer(playground, fault={"code": "cannot-run"})
        with pytest.raises(PlaygroundError) as error:
            await task
        assert error.value.code == "cannot-run"

    asyncio.run(story())


def test_a_page_that_comes_later_is_asked_again(playground):
    async def story():
        task = await soon(playground.state())
        playground._hear({"type": "shown"})
        await asyncio.sleep(0.01)
        assert len(playground.sent) == 2
        assert playground.sent[0] == playground.sent[1]
        answer(playground, state={"phase": "idle"})
        assert await task == {"phase": "idle"}

    asyncio.run(story())


def test_without_a_page_nobody_waits_for_ever(playground, monkeypatch):
    monkeypatch.setattr(widget, "PATIENCE", 0.01)
    with pytest.raises(PlaygroundError, match="no-answer"):
        asyncio.run(playground.state())


def test_runs_have_their_columns_before_there_is_one(playground):
    assert playground.runs.empty
    assert {"link", "test_accuracy"} <= set(playground.runs.columns)
