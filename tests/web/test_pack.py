"""What the phone app weighs, and what a phone gets for asking."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from fieldsvc.web import assets, minify
from fieldsvc.web.assets import Release, compressed, on_demand, read_release
from fieldsvc.web.packs import KEPT, Packs
from fieldsvc.web.rename import shorter
from tests.support.tools import node
from tests.web.shop import changed

TESTS = Path(__file__).parents[1]
STATIC = Path(__file__).parents[2] / "fieldsvc" / "static"
JOIN = Path(__file__).parent / "join_tree.mjs"
OURS = [path for path in STATIC.rglob("*.js") if "vendor" not in path.parts]
BROTLI = {"Accept-Encoding": "br"}


def test_everything_needed_offline_is_at_most_60_kilobytes(release: Release) -> None:
    assert len(compressed(release.pack(), "br")) <= 60 * 1024


def test_there_are_at_most_60_modules(release: Release) -> None:
    assert len([path for path in release.files if path.endswith(".js") and not on_demand(path)]) <= 60


def test_all_parts_together_are_at_most_48_kilobytes_in_44_files_of_3_kilobytes(release: Release) -> None:
    weights = {path: len(compressed(text, "br")) for path, text in release.files.items() if path.startswith("parts/")}
    assert len(weights) <= 44
    assert [path for path, weight in weights.items() if weight > 3 * 1024] == []
    assert sum(weights.values()) <= 48 * 1024


def test_an_update_brings_every_part_that_no_form_asks_for_and_every_phone_keeps() -> None:
    """Else the first release with such a part would be without it in the valley, until the next sync."""
    [worker] = re.findall(r"const ALWAYS = (\[.*?\]);", (STATIC / "sw.js").read_text(encoding="utf-8"))
    [app] = re.findall(r"keepParts\(\[(.*?), \.\.\.", (STATIC / "core" / "app.js").read_text(encoding="utf-8"))
    assert json.loads(worker) == json.loads(f"[{app}]")


def test_the_first_page_loads_no_style_of_a_part(release: Release) -> None:
    found = re.search(r'data-styles="([^"]*)"', release.page)
    assert found is not None
    assert "ui/app.css" in found[1].split()
    assert not [path for path in found[1].split() if on_demand(path)]


def test_an_update_tells_which_parts_it_changed(release: Release) -> None:
    after = changed(release, "parts/counter.js", "export {};")
    assert json.loads(after.pack(release).split("\n", 1)[0])["stale"] == ["parts/counter.js"]


def test_the_first_page_and_the_worker_are_tiny(release: Release) -> None:
    assert len(compressed(release.page, "br")) <= 1_500
    # It comes beside the pack, which takes seven times as long.
    assert len(compressed(release.worker, "br")) <= 2 * 1024
    assert len(release.entry) <= 100


def test_an_update_of_one_file_costs_at_most_3_kilobytes(release: Release) -> None:
    for path, text in release.files.items():
        if path.startswith(("vendor/", "locales/")) or not path.endswith((".js", ".css")):
            continue
        after = changed(release, path, text + "\n")
        assert len(after.entry) + len(compressed(after.pack(release), "br")) <= 3 * 1024, path


def test_the_same_source_makes_the_same_release_everywhere() -> None:
    assert read_release().id == read_release().id


def test_no_file_of_ours_has_more_than_300_lines() -> None:
    long = [path.name for path in OURS if len(path.read_text(encoding="utf-8").splitlines()) > 300]
    assert long == []


def test_made_small_every_module_still_parses(release: Release) -> None:
    made = {path: text for path, text in release.files.items() if path.endswith(".js")}
    assert _unparsed(made) == []
    # What stands in the page and what a worker starts with is no module.
    assert _unparsed({"sw.js": release.worker}, "Script") == []


def test_what_does_not_parse_is_named() -> None:
    files = {"good.js": "export let a=1", "torn.js": "export let a=`", "twice.js": "let a=1;let a=2"}
    assert _unparsed(files) == ["torn.js", "twice.js"]
    assert _unparsed(files, "Script") == ["good.js", "torn.js", "twice.js"]


def _unparsed(files: dict[str, str], kind: str = "SourceTextModule") -> list[str]:
    """The files that are no JavaScript of this kind; by one Node.js for all, as a start takes longer than to parse."""
    parse = f"""import vm from "node:vm"; import {{ readFileSync }} from "node:fs";
    const fits = ([path, text]) => {{ try {{ return new vm.{kind}(text, {{}}) }} catch {{ return false }} }};
    const files = Object.entries(JSON.parse(readFileSync(0, "utf8")));
    console.log(JSON.stringify(files.filter((file) => !fits(file)).map(([path]) => path)));"""
    run = subprocess.run(
        [node(), "--experimental-vm-modules", "--input-type=module", "--eval", parse],
        input=json.dumps(files),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    unparsed: list[str] = json.loads(run.stdout)
    return unparsed


def test_every_import_leads_to_a_file_of_the_pack(release: Release) -> None:
    for path, text in release.files.items():
        if not path.endswith(".js"):
            continue
        for target in re.findall(r"""(?:from|import)\s*\(?["'](\.[^"']+)["']""", text):
            assert (Path("/") / path).parent.joinpath(target).resolve() != Path("/"), path
            found = str((Path("/r") / path).parent.joinpath(target).resolve().relative_to("/r"))
            assert found in release.files, f"{path} imports {target}"


@pytest.mark.parametrize(
    ("written", "small"),
    [
        ("const a = `one ${ b + `two ${ c }` } three`; // gone", "const a=`one ${b+`two ${c}`} three`;"),
        ("html`<p\n    class=x>\n    ${ y /* no */ }\n  </p>`", "html`<p\nclass=x>\n${y}\n</p>`"),
        ("const r = /[`/]/g, s = '`';", "const r=/[`/]/g,s='`';"),
        ("f(`http://x/${ a ? '}' : `}` }`)", "f(`http://x/${a?'}':`}`}`)"),
    ],
)
def test_templates_keep_their_words(written: str, small: str) -> None:
    assert minify.without_space(written) == small


@pytest.mark.parametrize(
    ("written", "small"),
    [
        ("const one=1;f(one,x.one,{one:2});", "let a=1;f(a,x.one,{one:2});"),
        ("const{name:first}=x;g({first},first);", "let{name:a}=x;g({first:a},a);"),
        ("export const kept=1;const own=kept+2;h(own,own);", "export let kept=1;let a=kept+2;h(a,a);"),
        ("import{other as mine}from'./x.js';mine(mine);", "import{other as mine}from'./x.js';mine(mine);"),
        ("const f=(value,...rest)=>value?`${value} value`:rest;", "let f=(a,...b)=>a?`${a} value`:b;"),
        ("const location=1;g(location);", "let location=1;g(location);"),
        ("throw{code:1,problem}", "throw{code:1,problem}"),
        ("function work(list){for(const[key,item]of list)use(key,item);}", "function a(c){for(let[b,a]of c)use(b,a)}"),
        ("switch(kind){case'a':{const inner=1;use(inner);}}", "switch(kind){case'a':{let a=1;use(a)}}"),
        ("const one=first=>first;const two=second=>second;", "let b=a=>a;let c=a=>a;"),
        ("function f(unused){const own=1;g(own);}", "function f(b){let a=1;g(a)}"),
        ("f([1,2,],{a:';}',},`;}`,)", "f([1,2],{a:';}'},`;}`)"),
    ],
)
def test_variables_get_short_names_and_nothing_else_does(written: str, small: str) -> None:
    assert shorter(written) == small


def test_every_name_a_module_imports_is_exported_where_it_comes_from(release: Release) -> None:
    exports = {path: _exports(text) for path, text in release.files.items() if path.endswith(".js")}
    for path in exports:
        for names, target in re.findall(r"""import\{([^}]*)\}from["'](\.[^"']+)["']""", release.files[path]):
            found = exports[str((Path("/r") / path).parent.joinpath(target).resolve().relative_to("/r"))]
            missing = {name.split(" as ")[0] for name in names.split(",")} - found
            assert not missing, f"{path} wants {missing} of {target}"


def _exports(text: str) -> set[str]:
    named = set(re.findall(r"export (?:async )?(?:const|function\*?|class|let) ?([\w$]+)", text))
    for names in re.findall(r"export\{([^}]*)\}", text):
        named |= {name.split(" as ")[-1].strip() for name in names.split(",")}
    return named


def test_made_small_the_app_passes_all_its_own_tests(release: Release, tmp_path: Path) -> None:
    """Made small and joined as the worker of a phone joins its modules: nothing else runs there."""
    static = tmp_path / "fieldsvc" / "static"
    for path, text in release.files.items():
        target = static / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    for folder in ("js", "vectors"):
        shutil.copytree(TESTS / folder, tmp_path / "tests" / folder)
    joined = subprocess.run(
        [node(), str(JOIN), str(STATIC / "join.js"), str(static)], capture_output=True, text=True, check=False
    )
    assert joined.returncode == 0, joined.stderr
    modules = [path for path in release.files if path.endswith(".js") and not on_demand(path)]
    assert sorted(json.loads(joined.stdout)) == sorted(modules)
    # Two read source files as text; a script of the office and the simulator's phones are no part of the app.
    of_something_else = {"tokens.test.js", "words.test.js", "datum.test.js"}
    tests = sorted(
        str(path)
        for path in (tmp_path / "tests" / "js").rglob("*.test.js")
        if path.name not in of_something_else and not path.name.startswith("simulated-")
    )
    # All modules come with the first: also the one that listens where it finds no page, as in a worker.
    deaf = "data:text/javascript,globalThis.addEventListener=()=>{}"
    run = subprocess.run(
        [node(), "--import", deaf, "--test", *tests], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, "\n".join(line for line in run.stdout.splitlines() if line.startswith("not ok"))


def test_a_phone_with_an_earlier_release_gets_only_what_changed(release: Release, tmp_path: Path) -> None:
    after = changed(release, "main.js", "export {};")
    Packs(tmp_path, release).keep()
    packs = Packs(tmp_path, after)
    packs.keep()
    found = packs.difference(after.id, release.id, "")
    assert found
    head = json.loads(found[0].split(b"\n", 1)[0])
    assert head["paths"] == ["main.js"]
    assert head["base"] == release.id
    assert head["count"] == len([path for path in release.files if not on_demand(path)])


def test_a_release_nobody_knows_any_more_is_sent_whole(release: Release, tmp_path: Path) -> None:
    packs = Packs(tmp_path, release)
    assert packs.difference(release.id, "0" * 12, "") == packs.whole(release.id, "")


def test_the_last_three_releases_stay_served_after_a_restart(release: Release, tmp_path: Path) -> None:
    releases = [release]
    for number in range(KEPT):
        releases.append(changed(releases[-1], "main.js", f"export const n={number};"))
    names = []
    for each in releases:
        Packs(tmp_path, each).keep()
        names.append(each.id)
    restarted = Packs(tmp_path, releases[-1])
    assert [restarted.release(name) is not None for name in names][-KEPT:] == [True] * KEPT
    assert len(list(tmp_path.iterdir())) == KEPT


def test_a_strange_name_of_a_release_is_just_not_found(app: Flask) -> None:
    client = app.test_client()
    for address in ("/app/..%2f..%2fsecret.pack", "/app/zzzzzzzzzzzz.pack", "/app/000000000000/main.js"):
        assert client.get(address).status_code == 404


def test_what_a_release_names_is_immutable_and_the_first_page_is_not(app: Flask, release: Release) -> None:
    client = app.test_client()
    assert "immutable" in client.get(f"/app/{release.id}.pack", headers=BROTLI).headers["Cache-Control"]
    assert "immutable" in client.get(f"/app/{release.id}/main.js", headers=BROTLI).headers["Cache-Control"]
    assert client.get("/").headers["Cache-Control"] == "no-cache"
    worker = client.get("/sw.js")
    assert worker.headers["Cache-Control"] == "no-cache"
    again = client.get("/sw.js", headers={"If-None-Match": worker.headers["ETag"]})
    assert again.status_code == 304


def test_the_policy_allows_no_inline_text_it_does_not_name(app: Flask) -> None:
    policy = app.test_client().get("/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert policy.count("sha256-") == 2


def test_the_manifest_names_icons_that_exist(app: Flask) -> None:
    client = app.test_client()
    manifest = client.get("/manifest.webmanifest").get_json()
    for icon in manifest["icons"]:
        picture = client.get(icon["src"])
        assert picture.mimetype == "image/png"
        assert len(picture.data) < 6_000
    assert client.get("/icon-180.png").status_code == 200
    assert client.get("/icon-181.png").status_code == 404


def test_while_somebody_works_on_the_app_its_files_are_read_again_only_when_one_was_saved() -> None:
    release = assets.release_of_the_tree()
    assert release.id == read_release().id
    assert assets.release_of_the_tree() is release
