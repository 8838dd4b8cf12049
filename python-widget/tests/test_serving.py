import http.client
import json

import pytest
from cnn_playground import serving


@pytest.fixture
def served(tmp_path, monkeypatch):
    (tmp_path / "playground.html").write_text("<p>page")
    monkeypatch.setattr(serving, "SITE", tmp_path)
    server = serving.Server()
    yield server
    server.close()


def ask(server, method, path, body=None, host=None):
    port = int(server.address.split(":")[2].split("/")[0])
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request(method, path, body, {"Host": host or f"127.0.0.1:{port}"})
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_the_page_is_given_to_who_knows_the_address_and_calls_this_machine_by_its_name(served):
    path = "/" + served.address.split("/", 3)[3]
    assert ask(served, "GET", path) == (200, b"<p>page")
    assert ask(served, "GET", "/")[0] == 404
    assert ask(served, "GET", path + "../widget.py")[0] == 404
    assert ask(served, "GET", path, host="rebound.example")[0] == 404


def test_a_message_comes_to_its_listener_and_what_is_none_does_not(served):
    heard = []
    path = "/" + served.listen(heard.append).split("/", 3)[3]
    assert ask(served, "POST", path, json.dumps({"type": "shown"}))[0] == 204
    assert heard == [{"type": "shown"}]
    assert ask(served, "POST", path, "{")[0] == 400
    assert ask(served, "POST", path, "[1]")[0] == 204
    assert ask(served, "POST", path + "x", "{}")[0] == 404
    assert ask(served, "POST", path, b" " * (serving.LONGEST + 1))[0] == 404
    assert len(heard) == 1
