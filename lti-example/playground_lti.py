"""A tool for LTI 1.3 (1EdTech's Learning Tools Interoperability, Core 1.3, Deep Linking 2.0, Assignment and Grade Services 2.0)
that shows a hosted playground and gives its score back as a grade. An example to begin from: README.md says how to register it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from cachelib import FileSystemCache
from flask import Flask, Response, jsonify, render_template, request, url_for
from jwcrypto.jwk import JWK
from pylti1p3.contrib.flask import (
    FlaskCacheDataStorage,
    FlaskMessageLaunch,
    FlaskOIDCLogin,
    FlaskRequest,
    FlaskServiceConnector,
)
from pylti1p3.deep_link_resource import DeepLinkResource
from pylti1p3.exception import LtiException, OIDCException, ToolConfException
from pylti1p3.grade import Grade
from pylti1p3.lineitem import LineItem
from pylti1p3.tool_config import ToolConfDict

HERE = Path(__file__).parent
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
# What a student has to do for the whole score, where the teacher chose a lab and said no more (docs/links.md, `goal`).
GOAL = "predict,explain"
# The longest link, in letters, that may come from the form.
MOST = 4_000
# Seconds that a lesson may stay open and still give a grade.
OPEN = 12 * 3_600
# Refusals of the library whose cause a person can do something about; every other one is `refused`.
CAUSES = {"State not found": "cookies", "Missing state param": "cookies", "Invalid Nonce.": "again"}


class Connector(FlaskServiceConnector):
    """Keeps a platform's tokens for each client: several may be registered with one issuer, and the library looks at that alone."""

    access_tokens: dict[str, Any] = {}

    def _scope_key(self, scopes: Iterable[str]) -> str:
        return f"{self._registration.get_client_id()} {super()._scope_key(scopes)}"


class Problem(Exception):
    """Something that a person has to be told; `cause` is a key of words.json."""

    def __init__(self, cause: str, reason: str = "", status: int = 400) -> None:
        super().__init__(cause)
        self.cause, self.reason, self.status = cause, reason, status


def labs(locale: str) -> dict[str, tuple[str, str]]:
    """Title and question of each lab, in the course's order, as the playground's own words have them."""
    words = json.loads((HERE.parent / f"www/locales/{locale}.json").read_text())
    ids = [key.split(".")[1] for key in words if key.startswith("lab.") and key.endswith(".question")]
    return {one: (words[f"lab.{one}.title"], words[f"lab.{one}.question"]) for one in ids if f"lab.{one}.title" in words}


def link_of(text: str) -> str:
    """The link that a teacher pasted, whole or from `#` on, without the `#`."""
    link = text.strip().partition("#")[2] or text.strip()
    if len(link) > MOST or not link.startswith("v="):
        raise Problem("no-link")
    return link


def create_app(config: dict[str, Any]) -> Flask:
    """The tool. `config` is what config.example.json shows; its paths begin at the file's own folder."""
    app = Flask(__name__)
    words: dict[str, dict[str, str]] = json.loads((HERE / "words.json").read_text())
    private = Path(config["key"]).read_bytes()
    tool = ToolConfDict(config["platforms"])
    for issuer, platform in config["platforms"].items():
        for one in platform if isinstance(platform, list) else [platform]:
            tool.set_private_key(issuer, private.decode(), client_id=one["client_id"])
            public = JWK.from_pem(private).export_to_pem().decode()
            tool.set_public_key(issuer, public, client_id=one["client_id"])
    cache = FileSystemCache(config["cache"], threshold=50_000, default_timeout=OPEN)
    playground = config["playground"]
    home = "{0.scheme}://{0.netloc}".format(urlsplit(playground))

    def storage() -> FlaskCacheDataStorage:
        """Where the library keeps launches. It knows whose request it is for, so each has its own."""
        return FlaskCacheDataStorage(cache)

    def locale(launch: dict[str, Any] | None = None) -> str:
        """The person's language, as the platform says, else their browser."""
        said = ((launch or {}).get(f"{CLAIM}launch_presentation") or {}).get("locale") or ""
        wanted = [said, said.split("-")[0], request.accept_languages.best_match(list(words)) or ""]
        same = {one.split("-")[0]: one for one in words} | {one: one for one in words}
        return next((same[one] for one in wanted if one in same), "en")

    def page(template: str, tag: str, **given: Any) -> str:
        return render_template(template, tag=tag, words=words[tag], playground=playground, **given)

    def message(launch_id: str) -> FlaskMessageLaunch:
        """A launch that was verified before."""
        try:
            return FlaskMessageLaunch.from_cache(
                launch_id, FlaskRequest(), tool, launch_data_storage=storage(), service_connector_cls=Connector
            )
        except LtiException:
            raise Problem("over") from None

    @app.after_request
    def policy(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; script-src 'self' {home}; frame-src {home}; img-src {home}; style-src 'self'; "
            "connect-src 'self'; base-uri 'none'"
        )
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "strict-origin"
        return response

    @app.errorhandler(Problem)
    def told(problem: Problem) -> Response:
        tag = locale()
        text = words[tag][problem.cause]
        if request.path == url_for("score"):
            response = jsonify(problem=text)
        else:
            response = Response(page("problem.html", tag, text=text, reason=problem.reason))
        response.status_code = problem.status
        return response

    @app.get("/keys")
    def keys() -> Response:
        """The keys by which platforms know this tool."""
        return jsonify(tool.get_jwks())

    @app.route("/login", methods=["GET", "POST"])
    def login() -> Response:
        """The platform says who will come; it is asked to send them (OpenID Connect, third-party initiated login)."""
        try:
            flow = FlaskOIDCLogin(FlaskRequest(), tool, launch_data_storage=storage())
            return flow.redirect(url_for("launch", _external=True))
        except (OIDCException, LtiException, ToolConfException) as refused:
            raise Problem("unknown", str(refused)) from None

    @app.post("/launch")
    def launch() -> str:
        """A person comes, with a token that the platform signed: to choose a lab, or to learn."""
        came = FlaskMessageLaunch(FlaskRequest(), tool, launch_data_storage=storage()).set_launch_data_lifetime(OPEN)
        try:
            data = came.get_launch_data()
        except ToolConfException as refused:
            raise Problem("unknown", str(refused)) from None
        except (LtiException, requests.RequestException) as refused:
            raise Problem(CAUSES.get(str(refused), "refused"), str(refused)) from None
        # The library lets a page be loaded again, by whoever has the token; a token is for one time.
        if not cache.add(f"used {data['nonce']}", True, OPEN):
            raise Problem("again")
        tag = locale(data)
        if came.is_deep_link_launch():
            return page("choose.html", tag, launch_id=came.get_launch_id(), labs=labs(tag))
        if not came.is_resource_launch():
            raise Problem("refused")
        link = (data.get(f"{CLAIM}custom") or {}).get("link") or urlencode({"v": 1, "lang": tag})
        graded = came.has_ags() and came.get_ags().can_put_grade()
        return page("lesson.html", tag, launch_id=came.get_launch_id(), link=link, graded=graded)

    @app.post("/choose")
    def choose() -> str:
        """What a teacher chose goes back to the platform, which makes an activity with a grade of it."""
        came = message(request.form.get("launch", ""))
        if not came.is_deep_link_launch():
            raise Problem("over")
        tag = locale(came.get_launch_data())
        lab, pasted = request.form.get("lab", ""), request.form.get("link", "")
        if pasted:
            title, link = words[tag]["playground"], link_of(pasted)
        elif lab in labs(tag):
            title, link = labs(tag)[lab][0], urlencode({"v": 1, "lab": lab, "goal": GOAL}, safe=",")
        else:
            raise Problem("no-link")
        grade = LineItem().set_label(title).set_score_maximum(1)
        resource = DeepLinkResource().set_url(url_for("launch", _external=True)).set_title(title)
        resource.set_custom_params({"link": link}).set_lineitem(grade)
        settings = came.get_launch_data()["https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"]
        token = came.get_deep_link().get_response_jwt([resource])
        return page("back.html", tag, address=settings["deep_link_return_url"], token=token)

    @app.post("/score")
    def score() -> Response:
        """How far a student came, from 0 to 1, as the lesson's page says it. The best one is the grade."""
        said = request.get_json(silent=True)
        said = said if isinstance(said, dict) else {}
        value, done = said.get("score"), said.get("done")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1 or not isinstance(done, bool):
            raise Problem("no-score")
        came = message(str(said.get("launch")))
        data = came.get_launch_data()
        if not (came.has_ags() and came.get_ags().can_put_grade()):
            raise Problem("no-grade")
        item = came.get_ags()._service_data.get("lineitem")  # noqa: SLF001, the library has no way to ask
        best = f"best {came.get_iss()} {item} {data['sub']}"
        if value <= (cache.get(best) or 0):
            return jsonify(graded=False)
        grade = Grade().set_score_given(value).set_score_maximum(1).set_user_id(data["sub"])
        grade.set_activity_progress("Completed" if done else "InProgress").set_grading_progress("FullyGraded" if done else "Pending")
        try:
            came.get_ags().put_grade(grade)
        except (LtiException, requests.RequestException) as refused:
            raise Problem("no-grade", str(refused), 502) from None
        cache.set(best, value, 0)
        return jsonify(graded=True)

    return app


def read(file: Path) -> dict[str, Any]:
    """A configuration; its paths begin where it lies."""
    config = json.loads(file.read_text())
    return config | {name: str(file.parent / config[name]) for name in ("key", "cache")}


def main(arguments: list[str]) -> None:
    """`key FILE` makes a key; `serve CONFIG [PORT]` serves the tool behind a proxy that speaks https."""
    match arguments:
        case ["key", file]:
            key = JWK.generate(kty="RSA", size=2048)
            Path(file).touch(mode=0o600, exist_ok=False)
            Path(file).write_bytes(key.export_to_pem(private_key=True, password=None))
        case ["serve", config, *port]:
            from waitress import serve

            serve(create_app(read(Path(config))), listen=f"127.0.0.1:{(port or ['8081'])[0]}", trusted_proxy="127.0.0.1", trusted_proxy_headers="x-forwarded-proto x-forwarded-host")
        case _:
            sys.exit(f"{main.__doc__}")


if __name__ == "__main__":
    main(sys.argv[1:])
