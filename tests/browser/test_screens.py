"""Every screen in both languages, both sizes and both colour schemes, measured as a reader with a thumb would."""

import itertools
from pathlib import Path
from typing import Any

import pytest

from tests.browser.stage import AXE, Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MEASURE = (Path(__file__).parent / "measure.js").read_text(encoding="utf-8").split("*/", 1)[1].strip().rstrip(";")
QUIET_SYNC = {
    "running": False,
    "paused": False,
    "phase": None,
    "sent": 0,
    "total": 0,
    "bytesLeft": 0,
    "secondsLeft": None,
    "lastAt": None,
}


def _trouble(code: str) -> dict[str, Any]:
    return {"sync": {**QUIET_SYNC, "problem": {"code": code, "text": ""}}}


SENDING = {"sync": {**QUIET_SYNC, "running": True, "phase": "photos", "sent": 1, "total": 3, "bytesLeft": 412000}}
UNSENT = {"counts": {"onPhone": 3, "received": 0, "attention": 0}}
LOCATING = {
    "draft": {"/data/house/place": "29.700000 118.300000 0 5"},
    "target": "29.700000 118.300000 0 5",
    "position": {"state": "fixed", "value": "29.699000 118.299000 0 62", "accuracy": 62},
}
#: What is pressed on some screens before they are looked at.
PRESSED = {
    "form: the sheet to sign on": ".sign",
    "record with its cases and problems open": "section:nth-of-type(3) .row",
    "form: position known, being improved": ".place button",
    "form: a long list being searched": ".options .more",
}

EVICTED = {
    "id": "p1",
    "name": "王晓红",
    "unit": "",
    "earlier": [{"name": "Redmi 9A", "at": 1_795_000_000_000, "operations": 3, "photos": 12}],
}
SCREENS: dict[str, tuple[str, dict[str, Any]]] = {
    "households": ("/", {}),
    "households still loading": ("/", {"never": True}),
    "no households yet": ("/", {"world": {"households": []}}),
    "households offline": ("/", {"state": {"online": False}}),
    "sign-in ran out with a full outbox": ("/", {"state": _trouble("token-expired")}),
    "the server was restored": ("/", {"state": _trouble("server-restored")}),
    "the phone is in 1970": ("/", {"state": _trouble("clock-wrong")}),
    "record": ("/h/h0", {}),
    "record with a draft, handed over": ("/h/h1", {"withDraft": True, "leaving": True}),
    "forms of a record": ("/h/h1/forms", {"withDraft": True}),
    "record before its forms are here": ("/h/h0", {"noForms": True}),
    "record with its cases and problems open": ("/h/h0", {}),
    "record with a return": ("/h/h3", {}),
    "record no longer mine": ("/h/h999", {}),
    "form: choices": ("/f/d1/0", {}),
    "form: prefilled, differs, doubt": ("/f/d1/1", {}),
    "form: position and photo": ("/f/d1/2", {}),
    "form: repeat and group": ("/f/d1/3", {}),
    "form: text and date": ("/f/d1/4", {}),
    "form: signature": ("/f/d1/5", {}),
    "form: the sheet to sign on": ("/f/d1/5", {}),
    "form: a part is missing": ("/f/d1/1", {"without": ["counter"]}),
    "form: position known, being improved": ("/f/d1/2", LOCATING),
    "form: numbers and days": ("/f/d1/0", {"kinds": True}),
    "form: scale, order, long list": ("/f/d1/1", {"kinds": True}),
    "form: a long list being searched": ("/f/d1/1", {"kinds": True}),
    "form: files and codes": ("/f/d1/2", {"kinds": True}),
    "form: a plot and pictures": ("/f/d1/5", {"kinds": True}),
    "form: drawn and marked": ("/f/d1/6", {"kinds": True}),
    "form: marked text": ("/f/d1/3", {"kinds": True}),
    "form: nothing of the rare controls has arrived": (
        "/f/d1/0",
        {"kinds": True, "without": ["dates", "masked", "money", "range"]},
    ),
    "form: returned, and a newer form": (
        "/f/d1/2",
        {
            "opened": {
                "comment": "照片太暗。",
                "comments": {"/data/house/photo": "太暗，看不到屋顶。"},
                "formUpdated": True,
            }
        },
    ),
    "form finished meanwhile": ("/f/gone/0", {}),
    "check": ("/f/d1/check", {}),
    "upload": ("/upload", {}),
    "upload running": ("/upload", {"state": SENDING}),
    "upload with nothing": ("/upload", {"world": {"outbox": [], "decisions": []}}),
    "upload offline, storage not kept": (
        "/upload",
        {"state": {"online": False, "storage": {"persisted": False, "usage": 9e8, "quota": 9.1e8}}},
    ),
    "decisions": ("/decisions", {}),
    "no decisions": ("/decisions", {"world": {"decisions": []}}),
    "me": ("/me", {"state": {"update": {"ready": True}}}),
    "sign in": ("/", {"state": {"phase": "signin", "person": None, **UNSENT}}),
    "first run": ("/", {"welcome": True}),
    "a known phone that arrives empty": ("/", {"welcome": True, "state": {"person": EVICTED}}),
    "insecure address": ("/", {"state": {"phase": "insecure"}}),
    "WeChat": ("/", {"state": {"phase": "wechat"}}),
}
LOOKS = list(itertools.product(("normal", "elder"), ("light", "dark")))
VIOLATIONS = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
  .flatMap(({id, nodes}) => nodes.map(node => `${id}: ${node.target.join(" ")} ${node.any[0]?.message || ""}`))"""


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_is_whole_legible_and_in_one_language(standing_stage: Stage, screen: str, language: str) -> None:
    stage, (path, state) = standing_stage, SCREENS[screen]
    stage.show(path, settings={"language": language}, **state)
    if pressed := PRESSED.get(screen):
        stage.page.locator(pressed).first.click()
    stage.page.evaluate(AXE.read_text(encoding="utf-8"))

    for size, theme in LOOKS:
        look = {"language": language, "size": size, "theme": theme, "wifiOnly": True}
        # Without `greeted` every screen would be covered by the cards of the first run.
        stage.bend(settings={**look, "greeted": "welcome" not in state})
        stage.page.locator(f"html[data-size={size}][data-theme={theme}]").wait_for(state="attached")
        assert stage.page.evaluate(MEASURE) == [], f"{size}, {theme}"
        assert stage.page.evaluate(VIOLATIONS) == [], f"{size}, {theme}"
