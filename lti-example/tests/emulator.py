"""The other side of LTI 1.3, as small as it can be and still check what a platform checks: it signs people in, takes what a teacher
chose, gives access to its grades by a token for a scope, and keeps the scores. `python emulator.py PLAYGROUND` serves it with the tool."""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests
from flask import Flask, Response, abort, jsonify, redirect, request
from jwcrypto.common import JWException
from jwcrypto.jwk import JWK, JWKSet
from jwcrypto.jwt import JWT
from markupsafe import escape
from werkzeug.serving import make_server

sys.path.insert(0, str(Path(__file__).parent.parent))
from playground_lti import create_app  # noqa: E402

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
DEEP = "https://purl.imsglobal.org/spec/lti-dl/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/"
SCORE = f"{AGS}scope/score"
CLIENT, DEPLOYMENT = "client-1", "deployment-1"
LEARNER, TEACHER = (f"http://purl.imsglobal.org/vocab/lis/v2/membership#{role}" for role in ("Learner", "Instructor"))


class Site:
    """A WSGI application on loopback, on a thread of its own."""

    def __init__(self) -> None:
        self.app: Any = None
        self.server = make_server("127.0.0.1", 0, lambda *given: self.app(*given), threaded=True)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Platform:
    """What a course system is to the tool."""

    def __init__(self, site: Site, tool: str) -> None:
        self.address, self.tool = site.address, tool
        self.key = JWK.generate(kty="RSA", size=2048, kid="platform-1", use="sig", alg="RS256")
        self.stranger = JWK.generate(kty="RSA", size=2048, kid="platform-1", use="sig", alg="RS256")
        self.items: list[dict[str, Any]] = []
        self.scores: list[dict[str, Any]] = []
        self.tokens: dict[str, list[str]] = {}
        # What is wrong with the next tokens: claims that are other ones, and which key signs.
        self.wrong: dict[str, Any] = {}
        self.signs, self.grading, self.locale = self.key, True, "en-GB"
        site.app = self.application()

    def claims(self, asked: dict[str, str]) -> dict[str, Any]:
        """What the token says of a person who comes."""
        now = int(time.time())
        common = {
            "iss": self.address, "aud": CLIENT, "sub": asked["login_hint"], "nonce": asked["nonce"], "iat": now, "exp": now + 300,
            f"{CLAIM}version": "1.3.0", f"{CLAIM}deployment_id": DEPLOYMENT, f"{CLAIM}target_link_uri": f"{self.tool}/launch",
            f"{CLAIM}launch_presentation": {"document_target": "iframe", "locale": self.locale},
        }
        if asked["lti_message_hint"] == "choose":
            own = {
                f"{CLAIM}message_type": "LtiDeepLinkingRequest", f"{CLAIM}roles": [TEACHER],
                f"{DEEP}deep_linking_settings": {
                    "deep_link_return_url": f"{self.address}/chosen", "accept_types": ["ltiResourceLink"],
                    "accept_presentation_document_targets": ["iframe"], "data": "course-1",
                },
            }
        else:
            item = self.items[int(asked["lti_message_hint"])] if self.items else {}
            own = {
                f"{CLAIM}message_type": "LtiResourceLinkRequest", f"{CLAIM}roles": [LEARNER],
                f"{CLAIM}resource_link": {"id": f"link-{asked['lti_message_hint']}", "title": item.get("title", "Lesson")},
                f"{CLAIM}custom": item.get("custom", {}),
            }
            if self.grading:
                own[f"{AGS}claim/endpoint"] = {"scope": [SCORE], "lineitem": f"{self.address}/items/{asked['lti_message_hint']}?type=lti"}
        return common | own | self.wrong

    def signed(self, claims: dict[str, Any]) -> str:
        token = JWT(header={"alg": "RS256", "kid": "platform-1"}, claims=claims)
        token.make_signed_token(self.signs)
        return token.serialize()

    def verified(self, token: str, audience: str) -> dict[str, Any]:
        """What a token says that the tool signed, by the keys that the tool shows."""
        keys = JWKSet.from_json(requests.get(f"{self.tool}/keys", timeout=10).text)
        try:
            claims = json.loads(JWT(jwt=token, key=keys, algs=["RS256"], check_claims={"exp": None, "iat": None}).claims)
        except JWException:
            abort(401)
        if audience not in (claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]) or claims["iss"] != CLIENT:
            abort(401)
        return claims

    def application(self) -> Flask:
        app = Flask("platform")

        @app.get("/keys")
        def keys() -> Response:
            return jsonify(keys=[self.key.export_public(as_dict=True)])

        @app.get("/course")
        def course() -> str:
            """A page with the tool in a frame, as a student or a teacher sees it."""
            return f'<!doctype html><title>Course</title><iframe src="/open/{escape(request.args["what"])}" title="Activity" width="1100" height="900"></iframe>'

        @app.get("/open/<what>")
        def start(what: str) -> Response:
            known = {"iss": self.address, "client_id": CLIENT, "lti_deployment_id": DEPLOYMENT, "target_link_uri": f"{self.tool}/launch"}
            return redirect(f"{self.tool}/login?{urlencode(known | {'login_hint': 'person-1', 'lti_message_hint': what})}")

        @app.get("/auth")
        def auth() -> str:
            asked = request.args
            right = {"scope": "openid", "response_type": "id_token", "response_mode": "form_post", "client_id": CLIENT, "redirect_uri": f"{self.tool}/launch"}
            if any(asked.get(name) != value for name, value in right.items()):
                abort(400)
            token = self.signed(self.claims(asked))
            fields = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in {"id_token": token, "state": asked["state"]}.items())
            return f'<!doctype html><form method="post" action="{self.tool}/launch">{fields}</form><script>document.forms[0].submit()</script>'

        @app.post("/chosen")
        def chosen() -> str:
            said = self.verified(request.form["JWT"], self.address)
            if said[f"{CLAIM}message_type"] != "LtiDeepLinkingResponse" or said[f"{DEEP}data"] != "course-1":
                abort(400)
            self.items += said[f"{DEEP}content_items"]
            return "<!doctype html><p>Added</p>"

        @app.post("/token")
        def token() -> Response:
            form = request.form
            said = self.verified(form["client_assertion"], f"{self.address}/token")
            if form["grant_type"] != "client_credentials" or said["sub"] != CLIENT:
                abort(400)
            access = uuid.uuid4().hex
            self.tokens[access] = form["scope"].split()
            return jsonify(access_token=access, token_type="bearer", expires_in=3600, scope=form["scope"])

        @app.post("/items/<item>/scores")
        def scores(item: str) -> Response:
            access = request.headers.get("Authorization", "").removeprefix("Bearer ")
            if SCORE not in self.tokens.get(access, []) or request.args.get("type") != "lti" or request.mimetype != "application/vnd.ims.lis.v1.score+json":
                abort(401)
            self.scores.append({"item": item, **json.loads(request.data)})
            return jsonify()

        @app.get("/grades")
        def grades() -> Response:
            return jsonify(self.scores)

        return app


def both(playground: str, folder: Path) -> tuple[Platform, list[Site]]:
    """A platform and the tool that is registered with it."""
    platform_site, tool_site = Site(), Site()
    platform = Platform(platform_site, tool_site.address)
    key = folder / "private.pem"
    key.write_bytes(JWK.generate(kty="RSA", size=2048).export_to_pem(private_key=True, password=None))
    tool_site.app = create_app({
        "playground": playground, "key": str(key), "cache": str(folder / "launches"),
        "platforms": {platform.address: {
            "client_id": CLIENT, "auth_login_url": f"{platform.address}/auth", "auth_token_url": f"{platform.address}/token",
            "key_set_url": f"{platform.address}/keys", "deployment_ids": [DEPLOYMENT],
        }},
    })
    return platform, [platform_site, tool_site]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        platform, _ = both(sys.argv[1], Path(folder))
        print(platform.address, flush=True)
        sys.stdin.read()
