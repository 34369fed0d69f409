"""`fieldsvc user`: people, their passwords, and the codes that sign a phone in."""

import click
import segno

from fieldsvc.cli.console import console
from fieldsvc.services import enrol, people
from fieldsvc.services.access import ROLES
from fieldsvc.services.practice import give

ROLE_NAMES = "cadre 帮扶责任人，checker 核查人，supervisor 审核人，administrator 管理员"


@click.group()
def user() -> None:
    """人员：添加、改密码、发手机登录码。People: add one, set a password, make a phone's sign-in code."""


@user.command()
@click.argument("login")
@click.option("--name", required=True, help="姓名。Their name.")
@click.option("--role", type=click.Choice(ROLES), default="cadre", show_default=True, help=ROLE_NAMES + "。")
@click.option("--area", help="行政区划代码，不写就是全县。Area code; the whole county when left out.")
@click.option("--unit", help="单位。The unit they belong to.")
@click.option("--phone", help="手机号。Their phone number.")
@click.option("--password/--no-password", default=False, help="询问并设置密码。Ask for a password and set it.")
def add(
    login: str, name: str, role: str, area: str | None, unit: str | None, phone: str | None, password: bool
) -> None:
    """添加一个人；LOGIN 是工号。Add a person; LOGIN is their staff number.

    帮扶责任人不需要密码，用二维码登录：fieldsvc user code LOGIN
    Cadres need no password, they sign in by QR code: fieldsvc user code LOGIN
    """
    secret = ask_password() if password else None
    with console() as (ctx, by):
        where = people.area_of_code(ctx, by, area)
        person_id = people.add_person(ctx, by, name=name, staff_no=login, phone=phone, unit=unit, password=secret)
        people.grant_role(ctx, by, person_id, role, where.id)
    click.echo(f"{name} {login}: {role}, {where.name}")


@user.command()
@click.argument("login")
def password(login: str) -> None:
    """设置新密码。Set a new password."""
    secret = ask_password()
    with console() as (ctx, by):
        enrol.set_password(ctx, by, people.of_login(ctx, by, login).id, secret)
    click.echo("密码已更改。The password is changed.")


@user.command()
@click.argument("login")
def code(login: str) -> None:
    """显示手机登录的二维码（24 小时内可用 3 次）。Show the QR code that signs a phone in.

    二维码等于密码，只给本人看。Whoever has the code can sign in: show it to its owner only.
    """
    with console() as (ctx, by):
        person = people.of_login(ctx, by, login)
        link = enrol.link(ctx.settings.public_url, enrol.new_code(ctx, by, person.id))
    click.echo(f"{person.name}\n{link}")
    segno.make(link, error="l").terminal(compact=True)


@user.command()
@click.argument("login")
def practice(login: str) -> None:
    """给一个人一户练习户：照常填写上传，不计入任何统计。Give somebody a household to learn with.

    手机上标明是练习，办公端的名单、统计和导出里都没有它。
    It is marked on the phone, and in no list, count or export of the office.
    """
    with console() as (ctx, by):
        person = people.of_login(ctx, by, login)
        give(ctx, by, person.id)
    click.echo(f"{person.name}：下次同步就有。There after the next sync.")


def ask_password() -> str:
    """A new password, typed twice."""
    secret: str = click.prompt("密码 Password", hide_input=True, confirmation_prompt="再输一次 Once more")
    if len(secret) < 8:
        raise click.ClickException("密码至少 8 个字符。The password needs at least 8 characters.")
    return secret
