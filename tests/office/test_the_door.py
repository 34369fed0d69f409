"""Who gets into the office, how, and for how long."""

import dataclasses
import runpy
from collections.abc import Callable

from argon2 import extract_parameters
from flask import Flask

from fieldsvc.services import passwords
from fieldsvc.services.context import Context
from fieldsvc.services.passwords import hash_password
from fieldsvc.store import people
from tests.office.desk import Desk, text
from tests.office.district import District
from tests.office.moments import Moments
from tests.support.app import app_on


def test_a_stranger_is_sent_to_the_door_and_then_to_the_page_they_wanted(district: District, app: Flask) -> None:
    desk = Desk(app)
    sent = desk.client.get("/office/visits?state=waiting")
    assert sent.status_code == 302
    entered = desk.sends(sent.location, login="S01", password="office-password-1")
    assert entered.location == "/office/visits?state=waiting"


def test_the_door_leads_nowhere_outside_the_office(district: District, app: Flask) -> None:
    for address in ("https://example.org/", "//example.org", "/office/\\example.org", "/api/v1/sync"):
        assert Desk(app).sends("/office/sign-in", login="S01", password="office-password-1", next=address).location == (
            "/office/"
        )


def test_a_wrong_password_and_an_unknown_account_are_answered_alike(district: District, app: Flask) -> None:
    wrong = Desk(app).signs_in("S01", "not it")
    unknown = Desk(app).signs_in("S99", "not it")
    assert wrong.status_code == unknown.status_code == 401
    assert text(wrong.text).replace("S01", "") == text(unknown.text).replace("S99", "")


def test_after_five_failures_even_the_right_password_waits(district: District, app: Flask, moments: Moments) -> None:
    desk = Desk(app)
    for _ in range(5):
        assert desk.signs_in("S01", "not it").status_code == 401
    assert desk.signs_in("S01").status_code == 429
    moments.later(minutes=16)
    assert desk.signs_in("S01").status_code == 302


def test_each_guess_at_a_stolen_password_costs_nineteen_megabytes_and_two_passes() -> None:
    fresh = runpy.run_path(passwords.__file__)  # as a server has it; tests hash cheaply
    cost = extract_parameters(fresh["hash_password"]("somebody's password"))
    assert (cost.type.name, cost.memory_cost, cost.time_cost) == ("ID", 19_456, 2)


def test_a_cadre_without_a_reviewing_role_stays_outside(district: District, app: Flask) -> None:
    assert Desk(app).signs_in("C01").status_code == 401


def test_a_session_somebody_planted_is_worth_nothing_after_the_password(district: District, app: Flask) -> None:
    desk = Desk(app)
    desk.opens("/office/sign-in")
    with desk.client.session_transaction() as session:
        session["planted"] = "by somebody else"
        token = session["csrf_token"]
    desk.signs_in("S01")
    desk.opens("/office/")
    with desk.client.session_transaction() as session:
        assert "planted" not in session
        assert session["csrf_token"] != token


def test_nothing_is_changed_by_a_form_without_its_token(desk: Desk) -> None:
    answer = desk.client.post("/office/sign-out", data={})
    assert answer.status_code == 400
    assert desk.asks("/office/") == 200


def test_a_session_ends_after_a_working_day(desk: Desk, moments: Moments) -> None:
    moments.later(hours=11)
    assert desk.asks("/office/") == 200
    moments.later(hours=2)
    assert desk.asks("/office/") == 302


def test_a_new_password_ends_every_session_of_the_old(desk: Desk, district: District, ctx: Context) -> None:
    with ctx.db.write() as session:
        people.set_password(session, district.supervisor, hash_password("another one"))
    assert desk.asks("/office/") == 302


def test_losing_the_role_ends_the_session(desk: Desk, district: District, ctx: Context, moments: Moments) -> None:
    with ctx.db.write() as session:
        people.end_role(session, district.supervisor, "supervisor", district.east, moments.now)
    assert desk.asks("/office/") == 302


def test_signing_out_ends_it_here(desk: Desk) -> None:
    desk.sends("/office/sign-out", page="/office/")
    assert desk.asks("/office/") == 302


def test_pages_speak_chinese_first_and_english_on_request(district: District, desk_of: Callable[[str], Desk]) -> None:
    desk = desk_of("S01")
    assert '<html lang="zh-CN"' in desk.opens("/office/")
    desk.sends("/office/language", page="/office/", language="en")
    page = desk.opens("/office/")
    assert '<html lang="en"' in page
    assert "visits to review" in text(page)


def test_nothing_from_elsewhere_and_nothing_inline_may_run(desk: Desk) -> None:
    page = desk.opens("/office/")
    assert desk.last is not None
    policy = desk.last.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert desk.last.headers["Cache-Control"] == "no-store"
    assert "style=" not in page
    assert "<style" not in page
    assert "onclick" not in page


def test_a_session_ends_with_the_key_that_signed_it_for_whoever_has_that_key_could_sign_one(
    district: District,
) -> None:
    ctx, old = district.ctx, "0123456789abcdef" * 4
    desk = Desk(app_on(dataclasses.replace(ctx, settings=dataclasses.replace(ctx.settings, secret_key=old))))
    desk.signs_in("S01")
    assert desk.asks("/office/households") == 200
    cookie = desk.client.get_cookie("session")
    assert cookie is not None
    changed = dataclasses.replace(ctx.settings, secret_key="fedcba9876543210" * 4, old_secret_keys=old)
    again = Desk(app_on(dataclasses.replace(ctx, settings=changed)))
    again.client.set_cookie("session", cookie.value)
    assert again.asks("/office/households") == 302
