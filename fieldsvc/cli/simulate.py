"""`fieldsvc simulate`: many phones in bad weather against a real server, for whoever works on the sources.

The phones are the app's own modules under Node.js, with an IndexedDB made of JavaScript. Neither belongs on a server,
so both live with the tests, and an installed package only says where to find them.
"""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[2]


@click.command()
@click.option("--phones", default=40, show_default=True, help="手机数，四部一组。Phones, four to a valley.")
@click.option("--steps", default=30, show_default=True, help="每部手机上发生的事。Things that happen on each phone.")
@click.option("--seed", default=1, show_default=True, help="同一种子，同样的经过。The same seed, the same story.")
@click.option(
    "--runs", default=1, show_default=True, help="接连几次，种子顺延。Runs in a row, each with the next seeds."
)
@click.option(
    "--restored", type=float, help="以旧备份收场的回合之比。Share of rounds that end with an old backup put back."
)
@click.option("--minutes", type=float, help="过后不再开始新的一次。After this long no further run begins.")
@click.option("--in-turn", is_flag=True, help="逐个请求，可原样重演。One request at a time: plays the same again.")
@click.option(
    "--record",
    type=click.Path(path_type=Path),
    help="记录，不重复。A file of runs; repeats none.",
)
def simulate(
    phones: int,
    steps: int,
    seed: int,
    runs: int,
    restored: float | None,
    minutes: float | None,
    in_turn: bool,
    record: Path | None,
) -> None:
    """模拟许多手机在坏天气里工作，清点丢了什么（应为 0）。Many phones in bad weather; counts what was lost (0).

    只供开发者：需要源代码、测试依赖和 Node.js；不碰任何现有数据。
    For contributors: it needs the sources, what the tests need, and Node.js; it touches no existing data.
    """
    if not (ROOT / "tests" / "simulation").is_dir():
        raise click.ClickException(
            "模拟器不随安装包发布：取得源代码，运行 make .venv/test-installed，再在那里运行。\n"
            "The simulator is not part of the installed package: get the sources, run make .venv/test-installed there, "
            "and run it there."
        )
    missing = [name for name in ("psutil", "pytest") if find_spec(name) is None]
    if missing:
        raise click.ClickException(
            f"缺少测试依赖 {'、'.join(missing)}：运行 make .venv/test-installed。\n"
            f"What the tests need is missing ({', '.join(missing)}): run make .venv/test-installed."
        )
    words = ["--phones", str(phones), "--steps", str(steps), "--seed", str(seed), "--runs", str(runs)]
    words += ["--restored", str(restored)] if restored is not None else []
    words += ["--minutes", str(minutes)] if minutes is not None else []
    words += ["--in-turn"] if in_turn else []
    words += ["--record", str(record.resolve())] if record else []
    # In the place of this process, so that whoever ends it ends the simulator and not its messenger.
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "tests.simulation", *words])  # noqa: S606 - nothing of a shell in it
