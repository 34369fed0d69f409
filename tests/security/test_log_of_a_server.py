"""Everything that a real server at its most talkative writes down in a whole story, and the console beside it.

What runs in the test's own process is in `test_logs.py`; here it is gunicorn with its workers, jobs and commands.
"""

from __future__ import annotations

import json
import re
import socket
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import quote, urlencode

from fieldsvc.services import envelope, people
from tests.office.desk import hidden
from tests.support.letters import letter
from tests.support.server import Server, StartServer
from tests.world import World

NAME, STAFF_NO = "赵翠花", "7788990011"
NUMBER, PHONE, PHONE_AFTER = "99990119500101001X", "13900990099", "13900990098"
PASSWORD, GUESS, WORDS, PIN_KEY = (
    "a long enough password",
    "a wrong guess",
    "家里漏雨，老人卧床",
    "the-private-key-behind-a-PIN",
)


class Browser:
    """Whoever asks a real server: with a phone's token, or with the cookies of a desk."""

    def __init__(self, url: str, token: str = "") -> None:
        self.url = url
        self.cookies = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def asks(self, path: str, sent: Any = None, **headers: str) -> tuple[int, str]:
        """Status and text; a dictionary goes as JSON, text as a form."""
        data = sent if sent is None or isinstance(sent, bytes) else json.dumps(sent).encode()
        headers = {
            **self._headers,
            **({"Content-Type": "application/json"} if isinstance(sent, dict) else {}),
            **headers,
        }
        request = urllib.request.Request(self.url + path, data, headers)
        try:
            with self._opener.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def sends(self, path: str, **fields: str) -> tuple[int, str]:
        """A form of the page at this path, with what is hidden in it."""
        _, page = self.asks(path)
        return self.asks(path, urlencode({**hidden(page), **fields}).encode())


def test_a_server_and_its_console_write_down_nothing_personal_and_no_secret(
    world: World, start_server: StartServer
) -> None:
    village = world.village("Upper")
    home = world.household(in_village=village, phone=PHONE, account_no=NUMBER)
    east = world.cadre(NAME, visits=[home])
    who, ctx = world.county.who(), world.server.ctx
    desk = people.add_person(ctx, who, name="钱局长", staff_no=STAFF_NO, password=PASSWORD)
    people.grant_role(ctx, who, desk, "supervisor", village)
    east.visits(home, phone=PHONE_AFTER, remark=WORDS)
    push = {**east.phone.request(), "sent_at": world.clock()}
    token = east.phone.token or ""
    world.server.stop()
    server = start_server(world.server.folder, log_level="debug")

    phone, office = Browser(server.url, token), Browser(server.url)
    install = {"install_id": "i", "device_name": NAME}
    assert phone.asks("/api/v1/session", {"login": STAFF_NO, "password": GUESS, **install})[0] == 401
    [code] = re.findall(r"/#/signin/(\S+)", server.command("user", "code", STAFF_NO).stdout)
    status, signed_in = phone.asks("/api/v1/session", {"code": code, **install})
    assert status == 201
    receipts = json.loads(phone.asks("/api/v1/sync", push)[1])["receipts"]
    assert [one["status"] for one in receipts] == ["applied"]
    sealed = letter(
        envelope.public_key(ctx.settings.secret_key),
        json.dumps({"person": desk, "key": {"d": PIN_KEY}}),
        "key",
    )
    answer = Browser(server.url, json.loads(signed_in)["token"]).asks("/api/v1/session/key", {"letter": sealed})
    assert "key" in json.loads(answer[1])
    assert office.sends("/office/sign-in", login=STAFF_NO, password=PASSWORD)[0] == 200
    assert NAME in office.asks(f"/office/visits?{urlencode({'text': NAME})}")[1]
    assert office.asks(f"/office/{quote(NAME)}/{NUMBER}")[0] == 404
    assert phone.asks("/api/v1/sync", b"{" + PHONE.encode(), **{"Content-Type": "application/json"})[0] == 400
    for broken in (f"GET /office/visits?text={NAME} {PHONE} HTTP/1.1", f"GET / HTTP/1.1\r\nBearer {token}"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as line:
            line.sendall(f"{broken}\r\n\r\n".encode())
            assert line.recv(100).startswith(b"HTTP/1.1 400")
    cookies = [str(cookie.value) for cookie in office.cookies]
    console = _console(server)
    assert server.stop() == 0

    log = server.log.read_text()
    assert "intake" in log, "it writes what it does"
    assert "Invalid request from ip=127.0.0.1" in log, "and that somebody was not understood"
    assert cookies
    secrets = (NAME, NUMBER, PHONE, PHONE_AFTER, STAFF_NO, PASSWORD, GUESS, WORDS, PIN_KEY, token, code, sealed)
    more = (json.loads(signed_in)["token"], ctx.settings.secret_key, quote(NAME), *cookies)
    assert [secret for secret in (*secrets, *more) if secret in log + console] == []


def _console(server: Server) -> str:
    """What commands write beside what they were asked for: a code is told to whoever asked, and to no log."""
    said = ""
    for words in (
        ("user", "add", "5566", "--name", NAME, "--phone", PHONE),
        ("user", "code", "5566"),
        ("device", "list", STAFF_NO),
        ("fsck",),
    ):
        done = server.command(*words)
        assert done.returncode == 0, done.stderr
        said += done.stderr
    return said
