"""What the machine and its settings give the server: secret, HTTPS, disk, and files that it may write."""

from __future__ import annotations

import os
import pwd
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509

from fieldsvc.config import Settings
from fieldsvc.services.doctor.finding import Finding, good, trouble

GIGABYTE = 1_000_000_000
CERTIFICATE_DAYS = 14


def secret(settings: Settings) -> Iterator[Finding]:
    """Whether this is a server for real work, with a secret nobody guesses."""
    if settings.mode != "production":
        yield trouble(
            "doubtful",
            f"运行模式是 {settings.mode}，只适合试用。",
            f"The mode is {settings.mode}, good for trying out only.",
            do_zh="正式使用请设 FIELDSVC_MODE=production。",
            do_en="Set FIELDSVC_MODE=production for real work.",
        )
    if len(set(settings.secret_key)) < 12:
        yield trouble(
            "bad",
            "密钥太简单。",
            "The secret key is too simple.",
            do_zh="请设 FIELDSVC_SECRET_KEY，例如 openssl rand -hex 32 的输出。",
            do_en="Set FIELDSVC_SECRET_KEY, for example to what openssl rand -hex 32 says.",
        )
    else:
        yield good("密钥已设置。", "The secret key is set.")


def https(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Whether phones will keep the app, and for how long the certificate holds."""
    address = urlsplit(settings.public_url)
    if address.scheme != "https" and address.hostname not in ("127.0.0.1", "localhost"):
        yield trouble(
            "bad",
            f"{settings.public_url} 不是 HTTPS：手机不会离线保存应用。",
            f"{settings.public_url} is not HTTPS: phones will not keep the app offline.",
            do_zh="请用 deploy/Caddyfile，再改 FIELDSVC_PUBLIC_URL。",
            do_en="Use deploy/Caddyfile, and change FIELDSVC_PUBLIC_URL.",
        )
    if not settings.tls_certificate:
        return
    try:
        certificate = x509.load_pem_x509_certificate(Path(settings.tls_certificate).read_bytes())
    except (OSError, ValueError):
        yield trouble(
            "bad",
            f"证书文件 {settings.tls_certificate} 读不出来。",
            f"The certificate file {settings.tls_certificate} cannot be read.",
            do_zh="检查 FIELDSVC_TLS_CERTIFICATE 和文件权限。",
            do_en="Check FIELDSVC_TLS_CERTIFICATE and who may read the file.",
        )
        return
    days = (certificate.not_valid_after_utc - now).days
    yield trouble(
        "good" if days > CERTIFICATE_DAYS else "bad" if days < 0 else "doubtful",
        f"证书还有 {days} 天到期。",
        f"The certificate has {days} days left.",
        do_zh="换上新证书，然后 systemctl reload fieldsvc。",
        do_en="Put a new one in its place, then systemctl reload fieldsvc.",
    )


def disk(settings: Settings) -> Iterator[Finding]:
    """Whether there is room."""
    folder = settings.data_folder
    while not folder.exists():
        folder = folder.resolve().parent
    free = shutil.disk_usage(folder).free / GIGABYTE
    yield trouble(
        "good" if free > 10 else "doubtful" if free > 2 else "bad",
        f"数据盘剩余 {free:.0f} GB。一个县一年的照片约 32 到 120 GB。",
        f"{free:.0f} GB are free on the data disk. A county's photos of a year take about 32 to 120 GB.",
        do_zh=f"给 {folder} 换更大的盘，或移走别的东西；写不下时手机会留着没传的，腾出空间后自动继续。",
        do_en=f"Give {folder} a larger disk, or move other things off it: phones keep what does not fit until then.",
    )


def owner(settings: Settings) -> Iterator[Finding]:
    """Whether the data is the server's own: one file that root made stops it, and only once it is written to."""
    folder = settings.data_folder
    if not folder.is_dir():
        return
    whose = folder.stat().st_uid
    theirs, ours = _name(whose), _name(os.geteuid())
    paths = [folder, *folder.iterdir()]
    strange = [path for path in paths if path.stat().st_uid != whose or not os.access(path, os.R_OK | os.W_OK)]
    if strange:
        yield trouble(
            "bad",
            f"{strange[0]} 不属于数据文件夹的主人 {theirs}，或者当前用户 {ours} 不能写。",
            f"{strange[0]} is not of the data folder's owner, {theirs}, or may not be written by {ours}.",
            do_zh=f"停止服务，chown -R {theirs} {folder}；命令要用 sudo -E -u {theirs} 运行。",
            do_en=f"Stop the server, chown -R {theirs} {folder}, and run commands with sudo -E -u {theirs}.",
        )
    elif os.geteuid() != whose:
        yield trouble(
            "doubtful",
            f"现在以 {ours} 运行，而数据属于 {theirs}：这样建的文件服务器写不了。",
            f"This runs as {ours} and the data is {theirs}'s: the server may not write what it makes.",
            do_zh=f"用 sudo -E -u {theirs} 再运行一次。",
            do_en=f"Run it again with sudo -E -u {theirs}.",
        )


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
