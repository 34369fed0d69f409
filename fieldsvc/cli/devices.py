"""`fieldsvc device`: which phones a person is signed in on, and signing out a lost one."""

from datetime import datetime
from zoneinfo import ZoneInfo

import click

from fieldsvc.cli.console import console
from fieldsvc.services import enrol, people


@click.group()
def device() -> None:
    """手机：查看、注销丢失的手机。Phones: list them, sign out a lost one."""


@device.command("list")
@click.argument("login")
def list_devices(login: str) -> None:
    """列出一个人登录过的手机。List the phones a person has signed in on."""
    with console() as (ctx, by):
        person = people.of_login(ctx, by, login)
        zone = ZoneInfo(ctx.settings.time_zone)
        for phone in people.devices_of(ctx, by, person.id):
            seen = datetime.fromtimestamp(phone.last_seen_at / 1000, zone)
            state = "已注销 signed out" if phone.revoked else f"待传 waiting {phone.waiting}"
            click.echo(f"{phone.id}  {seen:%Y-%m-%d %H:%M}  {state}  {phone.name}")


@device.command()
@click.argument("login")
@click.argument("device_id")
def revoke(login: str, device_id: str) -> None:
    """注销丢失的手机：下次联网时清除农户资料，未传的数据不会丢。Sign out a lost phone.

    At its next contact it forgets its households. What it had not sent stays on it and goes out when its owner signs
    in there again.
    """
    with console() as (ctx, by):
        enrol.revoke_device(ctx, by, people.of_login(ctx, by, login).id, device_id)
    click.echo("已注销。Signed out.")
