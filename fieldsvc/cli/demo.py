"""`fieldsvc demo`: a whole county to try out, on this machine or for the phones of its network."""

import sys
from pathlib import Path

import click
import segno

from fieldsvc.demo import run
from fieldsvc.demo.accounts import ACCOUNTS


@click.command()
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), default=Path("var"), show_default=True,
              help="数据存放处。Where the data are kept.")  # fmt: skip
@click.option("--port", default=8000, show_default=True, help="端口。The port.")
@click.option("--phone", is_flag=True, help="让同一网络里的手机试用（HTTPS）。For phones on this network (HTTPS).")
@click.option("--https-port", default=8443, show_default=True, help="手机应用的端口。The port of the app for phones.")
@click.option("--address", help="本机在局域网中的地址，一般能自动找到。This machine's address on the network.")
def demo(folder: Path, port: int, phone: bool, address: str | None, https_port: int) -> None:
    """演示：7 个乡镇、42 个村、2235 户的一个县。A demo county: 7 towns, 42 villages, 2,235 households.

    里面没有真实的人；数据会保留，删除文件夹 var/demo 就重新开始。
    Nobody in it is real. The data are kept; delete the folder var/demo to begin again.
    """
    try:
        sys.exit(
            run.run(folder, port=port, phone=phone, address=address, https_port=https_port, say=click.echo, show=_show)
        )
    except run.CannotRun as reason:
        raise click.ClickException(str(reason)) from None


def _show(entrance: run.Entrance) -> None:
    """Print the way in: what to open, what to scan, three sign-ins."""
    click.echo()
    click.secho("  演示已就绪  The demo is ready", bold=True)
    click.echo()
    click.echo(f"  手机应用  Phone app   {entrance.url}/")
    click.echo(f"  办公室    Office      {entrance.url}/office")
    click.echo()
    for login, (zh, en) in ACCOUNTS.items():
        click.echo(f"  {login:<8} {entrance.sign_ins[login]:<10} {zh}  {en}")
    click.echo()
    click.echo("  扫码直接以帮扶责任人登录手机应用：  Scan to sign the phone app in as the cadre:")
    click.echo(f"  {entrance.link}")
    segno.make(entrance.link, error="l").terminal(compact=True, border=2)
    click.echo("  按 Ctrl-C 停止。Ctrl-C stops it.")
