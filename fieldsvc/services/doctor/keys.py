"""Whether this server opens what its phones seal: to the secret of now, and to those of before."""

from __future__ import annotations

from collections.abc import Iterator

from fieldsvc.services import telling
from fieldsvc.services.context import Context
from fieldsvc.services.doctor.finding import Finding, trouble
from fieldsvc.store import condition


def sealed_to(ctx: Context) -> Iterator[Finding]:
    """How many phones seal to which key, where that is not the key of now.

    A phone that said nothing yet since it can (`None`) may seal to any key of before.
    """
    with ctx.db.read() as session:
        if condition.release(session) != "current":
            return
        phones = condition.phones_by_mark(session)
    prints = [telling.print_of(secret) for secret in ctx.settings.secret_keys]
    strange = older = 0
    for mark, number in phones.items():
        seals_to = mark and mark[: telling.PRINT]
        strange += number if seals_to and seals_to not in prints else 0
        older += number if seals_to in prints[1:] or (seals_to is None and len(prints) > 1) else 0
    if strange:
        yield trouble(
            "bad",
            f"{strange} 部手机的内容是按另一个密钥加密的，这台服务器打不开它们的备份和密码。",
            f"{strange} phones seal to another secret key: this server opens neither their backups nor their PINs.",
            do_zh="把原来的密钥放进 FIELDSVC_OLD_SECRET_KEYS（如果是放错了，改回 FIELDSVC_SECRET_KEY），再重启服务。",
            do_en="Put that one into FIELDSVC_OLD_SECRET_KEYS, or back where this one is a mistake, and restart.",
        )
    if len(prints) == 1:
        return
    yield trouble(
        "doubtful" if older else "good",
        f"还有 {older} 部手机按旧密钥加密。" if older else "没有手机再用旧密钥，FIELDSVC_OLD_SECRET_KEYS 可以清空。",
        f"{older} phones still seal to a key of before." if older else "No phone seals to a key of before: let it go.",
        do_zh="它们下次上传就换成新的；在那之前保留 FIELDSVC_OLD_SECRET_KEYS。",
        do_en="They turn to the new one when they next sync: keep FIELDSVC_OLD_SECRET_KEYS until then.",
    )
