"""收入测算: what a household lives on in a year, to the fen, and never a rounded figure against a line."""

from __future__ import annotations

import random
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.forms.filled import computed, found, on_the_phone, one, written

YEAR = {"year": "2026", "period": "calendar", "people": "4"}
LINES = {
    "wage": ["migrant", "post_sector", "post_town", "post_village", "wage_other"],
    "trade": ["crops", "livestock", "forestry", "trade_other"],
    "assets": ["dividend", "land_rent", "finance_project", "entrusted", "property_other"],
}
KINDS = {"wage": "wages", "trade": "business", "assets": "property", "transfers": "transfer", "insurance": "insurance"}


def year(*, basis: dict[str, str] | None = None, **pages: Any) -> dict[str, Any]:
    """A statement of four people for 2026 with the pages given."""
    money = " ".join(KINDS[page] for page in pages if page in KINDS) or "transfer"
    transfers = (
        {"transfers": {"transfer_more": "no", "eco": "no", **pages.pop("transfers", {})}} if "transfer" in money else {}
    )
    result = {"agreed": "yes", "sign_reason": "外出", **pages.pop("result", {})}
    hidden = {"household": "h-1", "members_known": "0"}
    return {**hidden, "basis": {**YEAR, "money": money, **(basis or {})}, **transfers, **pages, "result": result}


def doubts(**given: Any) -> set[str]:
    """The questions whose soft rules are broken, but for the low income of most of these small examples."""
    instances = given.pop("instances", None)
    return {ref for ref, kind in found("income", year(**given), instances) if kind == "soft"} - {"/result/agreed"}


def test_the_household_of_the_plan_has_3030_yuan_a_head() -> None:
    """Four people and 12120 yuan a year, as one helper's plan of 2017 has it."""
    values = computed("income", year(wage={"migrant": "9000"}, trade={"crops": "3120"}))
    assert (values["/net"], values["/net_per_head"]) == ("12120", "3030")


def test_business_income_without_any_cost_is_doubted_because_the_net_comes_out_too_high() -> None:
    assert "/trade/costs" in doubts(trade={"crops": "3120"})
    assert "/trade/costs" not in doubts(trade={"crops": "3120", "cost_crops": "800"})


@pytest.mark.parametrize(
    ("total", "below"), [("11980.00", "no"), ("11979.99", "yes"), ("11980.01", "no"), ("11980", "no"), ("0", "yes")]
)
def test_exactly_the_line_is_not_below_it_and_one_fen_less_is(total: str, below: str) -> None:
    """Four people at 2995 yuan."""
    assert computed("income", year(wage={"migrant": total}))["/below_line"] == below


def test_totals_are_compared_and_not_the_rounded_figure_per_head() -> None:
    """8984.99 ÷ 3 = 2994.9966…, which rounds to 2995.00 and is below the line all the same."""
    values = computed("income", year(basis={"people": "3"}, wage={"migrant": "8984.99"}))
    assert (values["/net_per_head"], values["/below_line"]) == ("2995", "yes")


def _cases(how_many: int) -> list[tuple[dict[str, Any], int, int]]:
    """Statements with chosen amounts: the answers, the sum in fen, the people. Every third lies on the line."""
    chance = random.Random("income")
    cases = []
    for number in range(how_many):
        people = chance.randint(1, 9)
        left = 2995 * 100 * people - number % 3 % 2 if number % 3 < 2 else chance.randint(0, 10**9)
        pages: dict[str, dict[str, str]] = {page: {} for page in LINES}
        total = left
        names = [(page, name) for page, lines in LINES.items() for name in lines]
        chance.shuffle(names)
        for page, name in names[:-1]:
            fen = min(left, chance.choice([chance.randint(0, 99), chance.randint(0, 99_999), chance.randint(0, left)]))
            left -= fen
            pages[page][name] = f"{fen // 100}.{fen % 100:02}"
        page, name = names[-1]
        pages[page][name] = f"{left // 100}.{left % 100:02}"
        cases.append((year(basis={"people": str(people)}, **pages), total, people))
    return cases


def test_any_amounts_add_up_to_the_fen_and_compare_exactly_on_the_phone_and_on_the_server(tmp_path: Path) -> None:
    cases = _cases(120)
    phone = on_the_phone("income", [answers for answers, *_ in cases], tmp_path)
    for (answers, fen, people), shown in zip(cases, phone, strict=True):
        server = computed("income", answers)
        per_head = (Decimal(fen) / people + Decimal("0.5")).quantize(Decimal(1), ROUND_FLOOR)
        assert server["/net_fen"] == shown["net_fen"] == str(fen)
        assert server["/below_line"] == shown["below_line"] == ("yes" if fen < 2995 * 100 * people else "no")
        assert Decimal(server["/net_per_head"] or "") * 100 == Decimal(shown["net_per_head"]) * 100 == per_head


def test_all_seven_lines_count_each_in_its_own_way() -> None:
    values = computed(
        "income",
        year(
            wage={"migrant": "20000", "post_village": "6000.5"},
            trade={"crops": "5000", "cost_crops": "1200.25"},
            assets={"dividend": "300"},
            transfers={"pension": "1500.75", "eco": "yes", "eco_forest": "15.5", "transfer_more": "yes"},
            other_transfers=[
                {"_id": "1", "kind": "soil", "amount": "120.1"},
                {"_id": "2", "kind": "support", "amount": "0.2"},
            ],
            insurance={"claims": "1000", "self_paid": "3000.05"},
        )
        | {"monitored": "edge"},
    )
    assert {
        name: values[f"/{name}"] for name in ("gross", "net", "reference", "net_per_head", "reference_per_head")
    } == {
        "gross": "32937.05",
        "net": "31736.8",
        "reference": "29736.75",
        "net_per_head": "7934.2",
        "reference_per_head": "7434.19",
    }


def test_a_loss_is_allowed_and_doubted() -> None:
    answers = year(trade={"crops": "1000", "cost_crops": "5000.5"})
    assert computed("income", answers)["/net_per_head"] == "-1000.12"
    assert found("income", answers) == {("/result/agreed", "soft")}


@pytest.mark.parametrize(
    ("pages", "doubt"),
    [
        ({"wage": {"migrant": "299"}}, "/wage/wages"),
        ({"wage": {"migrant": "300"}}, None),
        ({"wage": {"migrant": "9000", "post_town": "300000"}}, "/wage/wages"),
        ({"transfers": {"family_planning": "99"}}, "/transfers/family_planning"),
        ({"transfers": {"dibao": "199"}}, "/transfers/dibao"),
        ({"transfers": {"tekun": "199"}}, "/transfers/tekun"),
        ({"transfers": {"pension": "87.99"}}, "/transfers/pension"),
        ({"transfers": {"pension": "88"}}, None),
        ({"transfers": {"eco": "yes", "eco_farmland": "50"}}, "/transfers/eco_farmland"),
    ],
)
def test_an_unlikely_amount_is_doubted(pages: dict[str, Any], doubt: str | None) -> None:
    assert {ref for ref in doubts(**pages) if ref != "/wage/post_town"} == ({doubt} if doubt else set())


def test_a_large_amount_asks_for_a_document_or_a_word_about_its_source() -> None:
    seen = [{"_id": "1", "seen": "passbook", "lines": "migrant pension"}]
    assert "/wage/migrant" in doubts(wage={"migrant": "10000.01"})
    assert "/wage/migrant" not in doubts(wage={"migrant": "10000"})
    assert "/wage/migrant" not in doubts(wage={"migrant": "30000"}, proofs=seen)


@pytest.mark.parametrize(
    ("net", "doubted"), [("16000", False), ("15999.99", True), ("400000", False), ("400000.01", True), ("0", True)]
)
def test_little_or_very_much_a_head_is_doubted(net: str, doubted: bool) -> None:
    """Four people: below 4000 yuan a head, above 100,000, or nothing at all."""
    amounts = year(assets={"land_rent": net})
    assert (("/result/agreed", "soft") in found("income", amounts)) == doubted


def test_wages_are_doubted_where_by_the_record_nobody_works() -> None:
    answers = year(wage={"migrant": "9000"})
    nobody = {**answers, "members_known": "2", "members_working": "0"}
    assert ("/wage/wages", "soft") in found("income", nobody)
    assert ("/wage/wages", "soft") not in found("income", {**nobody, "members_working": "1"})


def test_the_allowance_is_doubted_where_by_the_record_no_member_has_it() -> None:
    answers = year(transfers={"dibao": "3600"})
    nobody = {**answers, "members_known": "2", "members_dibao": "0"}
    assert ("/transfers/dibao", "soft") in found("income", nobody)
    assert ("/transfers/dibao", "soft") not in found("income", {**nobody, "members_dibao": "1"})


def test_an_amount_has_two_decimals_at_most_and_is_never_negative() -> None:
    for amount in ("-1", "0.005"):
        assert ("/wage/migrant", "constraint") in found("income", year(wage={"migrant": amount}))


def test_own_payments_are_asked_of_monitored_households_only() -> None:
    answers = year(insurance={"self_paid": "3000"})
    assert computed("income", answers)["/self_paid_fen"] == "0"
    assert computed("income", {**answers, "monitored": "none"})["/self_paid_fen"] == "0"
    assert computed("income", {**answers, "monitored": "unstable"})["/self_paid_fen"] == "300000"


def test_where_the_county_divides_by_those_living_there_they_are_counted() -> None:
    """The divisor is a figure of the rules like any other."""
    rule = {"name": "income_divisor", "area": "", "year": "2017", "value": "2"}
    line = {"name": "income_line", "area": "", "year": "2017", "value": "2995"}
    rules = {"thresholds": [rule, line]}
    answers = year(wage={"migrant": "9000"})
    assert ("/basis/residents", "required") in found("income", answers, rules)
    answers["basis"]["residents"] = "3"
    assert computed("income", answers, rules)["/net_per_head"] == "3000"


def test_where_the_county_takes_off_taxes_wear_and_gifts_they_are_asked() -> None:
    rule = {"name": "income_deductions", "area": "", "year": "2017", "value": "2"}
    costs = {"crops": "5000", "cost_crops": "1000", "cost_tax": "100.5", "cost_depreciation": "200", "cost_gifts": "50"}
    assert computed("income", year(trade=costs))["/net"] == "4000"
    assert computed("income", year(trade=costs), {"thresholds": [rule]})["/net"] == "3649.5"


def test_a_later_year_has_its_own_line() -> None:
    lines = [
        {"name": "income_line", "area": "", "year": "2017", "value": "2995"},
        {"name": "income_line", "area": "", "year": "2020", "value": "4000"},
    ]
    answers = year(wage={"migrant": "14000"})
    assert computed("income", answers, {"thresholds": lines})["/below_line"] == "yes"
    answers["basis"]["year"] = "2019"
    assert computed("income", answers, {"thresholds": lines})["/below_line"] == "no"


@pytest.mark.parametrize(
    ("identified", "period"),
    [
        ("2026-06-30", ("2025-06-01", "2026-05-31")),
        ("2026-01-05", ("2025-01-01", "2025-12-31")),
        ("2024-03-15", ("2023-03-01", "2024-02-29")),
    ],
)
def test_a_rolling_year_runs_from_the_same_month_a_year_before_to_the_month_before(
    identified: str, period: tuple[str, str]
) -> None:
    values = computed("income", year(basis={"period": "rolling", "identified_on": identified}))
    assert (values["/period_from"], values["/period_to"]) == period


@pytest.mark.parametrize(
    ("net", "band"),
    [("11999.99", "below_3000"), ("12000", "below_4000"), ("16000", "below_5000"), ("20000", "from_5000")],
)
def test_the_band_begins_at_its_figure(net: str, band: str) -> None:
    assert computed("income", year(wage={"migrant": net}))["/band"] == band


def test_a_year_has_one_statement_and_a_second_takes_its_place() -> None:
    fresh = one(written("income", year(wage={"migrant": "9000"})), "income_statements")
    assert fresh.create
    assert fresh.changes["wages"] == "9000"
    assert fresh.changes["net_per_head"] == "2250"
    known = {"income_statements": [{"name": "s-1", "year": "2026"}]}
    again = {**year(wage={"migrant": "9000"}), "statement": "s-1"}
    change = one(written("income", again, known), "income_statements")
    assert (change.create, change.id, change.changes["business"]) == (False, "s-1", "0")
    assert ("/basis/year", "soft") in found("income", again, known)


def test_somebody_who_works_and_no_wages_are_doubted() -> None:
    answers = {**year(assets={"land_rent": "16000"}), "members_working": "1"}
    assert ("/result/agreed", "soft") in found("income", answers)
    paid = {**year(wage={"migrant": "10000"}, assets={"land_rent": "6000"}), "members_working": "1"}
    assert found("income", paid) == set()
