"""`fieldsvc init`: from an empty folder to a county with one administrator and the standard forms."""

import click

from fieldsvc.cli.settings import settings
from fieldsvc.services import setup, standard
from fieldsvc.services.context import open_context
from fieldsvc.store.migrate import upgrade


@click.command()
@click.option("--county", prompt="县（区）名称 County", help="例如 清源区。Name of the county.")
@click.option("--code", prompt="行政区划代码 Code", help="六位或十二位代码。Its six or twelve digit code.")
@click.option("--name", prompt="管理员姓名 Administrator", help="第一位管理员。The first administrator.")
@click.option("--login", prompt="登录名（工号或手机号）Login", help="管理员用它登录。What they sign in with.")
@click.option(
    "--password",
    prompt="密码 Password",
    hide_input=True,
    confirmation_prompt="再输一次 Once more",
    help="至少 8 个字符。At least 8 characters.",
)
def init(county: str, code: str, name: str, login: str, password: str) -> None:
    """建立数据库、第一位管理员和标准表单。Create the database, the first administrator, the standard forms.

    只需运行一次；已有数据时什么也不改。
    Needed once; changes nothing where there are data already.
    """
    if len(password) < 8:
        raise click.ClickException("密码至少 8 个字符。The password needs at least 8 characters.")
    chosen = settings()
    upgrade(chosen.database_url)
    ctx = open_context(chosen)
    try:
        setup.begin(ctx, county=county, code=code.ljust(12, "0"), name=name, login=login, password=password)
        standard.publish(ctx, setup.console(ctx))
    except setup.AlreadyBegun:
        raise click.ClickException(
            "这里已经有数据，没有做任何改动。There are data here already; nothing was changed."
        ) from None
    finally:
        ctx.db.dispose()
    click.echo("完成。现在运行 fieldsvc serve，然后在浏览器打开 Done. Now run fieldsvc serve and open")
    click.echo(f"  {chosen.public_url}/office")
