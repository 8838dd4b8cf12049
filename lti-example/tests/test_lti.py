"""The tool against a platform that checks what platforms check."""

from __future__ import annotations

import json
import re
import shutil
import time
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from emulator import AGS, CLAIM, both
from playground_lti import create_app, main, read

PLAYGROUND = "https://your.host/playground/"
WORDS = json.loads((Path(__file__).parent.parent / "words.json").read_text())


@pytest.fixture
def platform(tmp_path):
    made, sites = both(PLAYGROUND, tmp_path)
    made.tool_app = sites[1].app
    yield made
    for site in sites:
        site.stop()


def fields(html: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html)}


def sent_on(browser: requests.Session, html: str, changed: dict[str, str] | None = None) -> requests.Response:
    """Sends a page's form, as its script does."""
    action = unescape(re.search(r'<form[^>]* action="([^"]+)"', html)[1])
    return browser.post(action, data=fields(html) | (changed or {}))


def opened(browser: requests.Session, platform, what: str, changed: dict[str, str] | None = None) -> requests.Response:
    return sent_on(browser, browser.get(f"{platform.address}/open/{what}").text, changed)


def choose(browser: requests.Session, platform, choice: dict[str, str]) -> requests.Response:
    """A teacher chooses, and what they chose goes back to the course."""
    form = opened(browser, platform, "choose").text
    answer = browser.post(f"{platform.tool}/choose", data=fields(form) | choice)
    return sent_on(browser, answer.text) if answer.ok else answer


def lesson(html: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in re.findall(r'data-(\w+)="([^"]*)"', html)}


def say(browser: requests.Session, platform, launch: str, score: object, done: object = False) -> requests.Response:
    return browser.post(f"{platform.tool}/score", json={"launch": launch, "score": score, "done": done})


def test_a_teacher_chooses_a_lab_and_a_student_finds_it(platform):
    browser = requests.Session()
    form = opened(browser, platform, "choose")
    assert 'value="pixel-shuffle"' in form.text and "Why do vision tasks use convolutions?" in form.text
    assert choose(browser, platform, {"lab": "pixel-shuffle"}).text == "<!doctype html><p>Added</p>"
    (item,) = platform.items
    assert item["custom"] == {"link": "v=1&lab=pixel-shuffle&goal=predict,explain"}
    assert item["lineItem"] == {"scoreMaximum": 1, "label": "Shuffled pixels"}
    page = opened(browser, platform, "0")
    assert page.ok and lesson(page.text)["link"] == item["custom"]["link"] and "data-graded" in page.text
    assert f'<script src="{PLAYGROUND}embed.js" defer>' in page.text
    assert "frame-src https://your.host;" in page.headers["Content-Security-Policy"]


def test_a_link_is_taken_whole_or_from_its_number_sign_on(platform):
    for pasted in [f"{PLAYGROUND}#v=1&net=lenet&goal=run:2", "v=1&net=lenet&goal=run:2"]:
        assert choose(requests.Session(), platform, {"link": pasted}).ok
    assert {item["custom"]["link"] for item in platform.items} == {"v=1&net=lenet&goal=run:2"}
    for wrong in [{}, {"lab": "none"}, {"link": "javascript:alert(1)"}, {"link": "v=1&" + "x" * 4000}]:
        refused = choose(requests.Session(), platform, wrong)
        assert refused.status_code == 400 and WORDS["en"]["no-link"] in refused.text


def test_the_best_score_becomes_the_grade(platform):
    browser = requests.Session()
    choose(browser, platform, {"lab": "pixel-shuffle"})
    launch = lesson(opened(browser, platform, "0").text)["launch"]
    for score, done, graded in [(0.5, False, True), (0.25, False, False), (0.5, False, False), (1, True, True)]:
        assert say(browser, platform, launch, score, done).json() == {"graded": graded}
    # Another day, another launch: what was reached stays.
    again = lesson(opened(browser, platform, "0").text)["launch"]
    assert say(browser, platform, again, 0.5).json() == {"graded": False}
    told = [{name: one[name] for name in ("item", "userId", "scoreGiven", "scoreMaximum", "activityProgress", "gradingProgress")} for one in platform.scores]
    common = {"item": "0", "userId": "person-1", "scoreMaximum": 1}
    assert told == [
        common | {"scoreGiven": 0.5, "activityProgress": "InProgress", "gradingProgress": "Pending"},
        common | {"scoreGiven": 1, "activityProgress": "Completed", "gradingProgress": "FullyGraded"},
    ]


def test_what_is_no_score_is_refused_and_a_platform_that_takes_none_is_told_of(platform):
    browser = requests.Session()
    choose(browser, platform, {"lab": "pixel-shuffle"})
    launch = lesson(opened(browser, platform, "0").text)["launch"]
    for score, done in [(2, False), (-0.1, False), ("1", False), (True, True), (None, False), (float("nan"), False), (0.5, "yes")]:
        refused = browser.post(f"{platform.tool}/score", data=json.dumps({"launch": launch, "score": score, "done": done}), headers={"content-type": "application/json"})
        assert (refused.status_code, refused.json()) == (400, {"problem": WORDS["en"]["no-score"]})
    assert browser.post(f"{platform.tool}/score", data="[]").json() == {"problem": WORDS["en"]["no-score"]}
    assert say(browser, platform, "lti1p3-launch-none", 0.5).json() == {"problem": WORDS["en"]["over"]}
    platform.scores = None
    assert say(browser, platform, launch, 0.5).json() == {"problem": WORDS["en"]["no-grade"]}
    platform.scores = []
    assert say(browser, platform, launch, 0.5).json() == {"graded": True}


def test_without_a_grade_in_the_course_the_lesson_says_so(platform):
    browser = requests.Session()
    platform.grading = False
    page = opened(browser, platform, "0")
    assert page.ok and "data-graded" not in page.text and WORDS["en"]["ungraded"] in page.text
    assert say(browser, platform, lesson(page.text)["launch"], 1, True).json() == {"problem": WORDS["en"]["no-grade"]}


WRONG = {
    "another audience": {"aud": "client-2"},
    "another issuer": {"iss": "https://elsewhere.example"},
    "another deployment": {f"{CLAIM}deployment_id": "deployment-2"},
    "a token that ran out": {"exp": int(time.time()) - 3600, "iat": int(time.time()) - 7200},
    "another version": {f"{CLAIM}version": "1.1"},
    "no kind of message": {f"{CLAIM}message_type": "LtiOther"},
    "no person": {f"{CLAIM}resource_link": {}},
}


@pytest.mark.parametrize("claims", WRONG.values(), ids=WRONG)
def test_a_token_that_says_something_wrong_opens_nothing(platform, claims):
    platform.wrong = claims
    refused = opened(requests.Session(), platform, "0")
    assert refused.status_code == 400 and "cnn-playground" not in refused.text
    assert any(WORDS["en"][cause] in refused.text for cause in ("refused", "unknown"))


def test_a_token_of_somebody_else_opens_nothing(platform):
    browser = requests.Session()
    platform.signs = platform.stranger
    for changed in [None, {"id_token": "a.b.c"}, {"id_token": ""}, {"id_token": "eyJhbGciOiJub25lIn0.e30."}]:
        refused = opened(browser, platform, "0", changed)
        assert refused.status_code == 400 and WORDS["en"]["refused"] in refused.text and "cnn-playground" not in refused.text


def test_a_way_in_is_open_once_and_for_the_browser_that_began_it(platform):
    browser = requests.Session()
    html = browser.get(f"{platform.address}/open/0").text
    assert sent_on(browser, html).ok
    again = sent_on(browser, html)
    assert again.status_code == 400 and WORDS["en"]["again"] in again.text
    other = sent_on(requests.Session(), requests.Session().get(f"{platform.address}/open/0").text)
    assert other.status_code == 400 and WORDS["en"]["cookies"] in other.text
    assert WORDS["en"]["cookies"] in opened(browser, platform, "0", {"state": "state-other"}).text


def test_a_platform_that_nobody_registered_is_named(platform):
    for query in ["", "?iss=https://elsewhere.example&login_hint=1", f"?iss={platform.address}"]:
        refused = requests.get(f"{platform.tool}/login{query}")
        assert refused.status_code == 400 and WORDS["en"]["unknown"] in refused.text


def test_each_person_reads_their_own_language(platform):
    platform.locale = "zh"
    assert WORDS["zh-CN"]["choose"] in opened(requests.Session(), platform, "choose").text
    platform.locale = ""
    browser = requests.Session()
    browser.headers["Accept-Language"] = "zh-CN,en;q=0.5"
    assert WORDS["zh-CN"]["grade"] in opened(browser, platform, "0").text
    assert len({tuple(words) for words in WORDS.values()}) == 1


def test_the_scope_that_is_asked_for_is_the_one_for_scores_alone(platform):
    browser = requests.Session()
    choose(browser, platform, {"lab": "unet"})
    say(browser, platform, lesson(opened(browser, platform, "0").text)["launch"], 0.5)
    assert list(platform.tokens.values()) == [[f"{AGS}scope/score"]]


def test_a_key_and_the_example_of_a_configuration_make_a_tool(tmp_path):
    shutil.copy(Path(__file__).parent.parent / "config.example.json", tmp_path / "config.json")
    main(["key", str(tmp_path / "private.pem")])
    assert (tmp_path / "private.pem").stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        main(["key", str(tmp_path / "private.pem")])
    keys = create_app(read(tmp_path / "config.json")).test_client().get("/keys").json["keys"]
    assert keys and all(set(key) >= {"kid", "n", "e"} and "d" not in key for key in keys)


def test_over_https_what_one_person_opened_is_no_other_ones(platform):
    secure = {"base_url": "https://tool.example"}
    people = [platform.tool_app.test_client() for _ in range(2)]
    asked = []
    for person, client in enumerate(people):
        there = client.get(f"/login?iss={platform.address}&login_hint=person-{person}&lti_message_hint=0", **secure).location
        asked.append(dict(parse_qsl(urlsplit(there).query)))
    for cookie in people[0]._cookies.values():
        assert cookie.secure and cookie.http_only and cookie.same_site == "None"
    launches = []
    for client, one in zip(people, asked):
        page = client.post("/launch", data={"id_token": platform.signed(platform.claims(one)), "state": one["state"]}, **secure)
        assert page.status_code == 200, page.text
        launches.append(lesson(page.text)["launch"])
    scores = [client.post("/score", json={"launch": launch, "score": 0.5, "done": False}, **secure) for client in people for launch in launches]
    assert [score.status_code for score in scores] == [200, 400, 400, 200]
    assert [score["userId"] for score in platform.scores] == ["person-0", "person-1"]
