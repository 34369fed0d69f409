"""Files named on the command line: of one that is not there it is said where it was looked for and what was meant."""

import difflib
from pathlib import Path
from typing import Any

import click


class Readable(click.Path):
    """A file that can be read. Without it the command ends with a sentence, not with the command's syntax.

    A clerk who has mistyped a name knows how the command is written, and a screen of options hides what was wrong.
    """

    def __init__(self) -> None:
        super().__init__(exists=True, dir_okay=False, readable=True, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path. Raises `ClickException` where there is no such file, or none that can be read."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            raise click.ClickException(_sentence(Path(value))) from None


def _sentence(path: Path) -> str:
    if path.is_dir():
        return f"这是文件夹，请写出文件的名字：{path}\n  This is a folder; name the file: {path}"
    if path.exists():
        return f"这个文件没有权限读：{path}\n  This file may not be read: {path}"
    folder = path.parent
    there = [one.name for one in folder.iterdir() if one.is_file()] if folder.is_dir() else []
    meant = difflib.get_close_matches(path.name, there, n=1)
    hint = (f"是不是 {meant[0]}？", f" Did you mean {meant[0]}?") if meant else ("", "")
    where = folder.absolute()
    return f"{where} 里没有这个文件：{path.name}。{hint[0]}\n  There is no {path.name} in {where}.{hint[1]}"


READABLE = Readable()
