"""`make demo PHONE=1`: a phone learns to trust this machine, opens the app over HTTPS, and keeps it offline."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Error, expect

from tests.support.browser import PATIENCE_MS, OpenBrowser
from tests.support.demo import PASSWORDS, Demo, month_on_the_phone
from tests.support.ports import accepts, free_port
from tests.support.server import START_SECONDS
from tests.support.tools import ROOT
from tests.support.trust import home_trusting

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@dataclass(frozen=True, slots=True)
class PhoneDemo:
    """A running demo for phones: the page that explains, the app, and the demo's own process."""

    page_url: str
    app_url: str
    link: str
    authority: Path
    process: "subprocess.Popen[str]"

    def stop(self) -> None:
        """End the demo, as a phone that leaves the network would find it."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)


@pytest.fixture
def running(demo: Demo, tmp_path: Path) -> Iterator[PhoneDemo]:
    folder = tmp_path / "var"
    demo.copy(folder / "demo")
    (folder / "demo" / "sign-ins.json").write_text(json.dumps(PASSWORDS))
    (folder / "demo" / "secret-key").write_text("0123456789abcdef" * 4)
    port, https_port = free_port(), free_port()
    words = ["demo", "--phone", "--address", "127.0.0.1", "--folder", str(folder), "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.watched", *words, "--https-port", str(https_port)],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    link = next(line.strip() for line in process.stdout if "/#/signin/" in line)
    assert accepts(https_port, within_seconds=START_SECONDS)
    started = PhoneDemo(
        f"http://127.0.0.1:{port}/",
        f"https://127.0.0.1:{https_port}",
        link,
        folder / "authority" / "authority.pem",
        process,
    )
    yield started
    started.stop()
    process.stdout.close()


def test_a_phone_that_does_not_know_the_authority_is_told_what_to_do(
    running: PhoneDemo, open_browser: OpenBrowser, tmp_path: Path
) -> None:
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    phone = open_browser(env={**os.environ, "HOME": str(stranger)})
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        phone.page.goto(running.app_url)
    page = phone.context.new_page()  # the first tab is still on its way to the browser's page of refusal
    page.goto(running.link)
    expect(page.get_by_role("status")).to_contain_text("还没有信任证书")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载证书").click()
    assert Path(download.value.path()).read_bytes().startswith(b"\x30")  # DER, as phones install it


def test_a_phone_that_trusts_the_authority_signs_in_and_works_without_a_network(
    running: PhoneDemo, open_browser: OpenBrowser, tmp_path: Path
) -> None:
    trusting = {**os.environ, **home_trusting(tmp_path / "home", running.authority)}
    phone = open_browser(env=trusting)
    phone.page.goto(running.link)
    expect(phone.page.get_by_role("status")).to_contain_text("可以打开应用了")
    phone.page.get_by_role("link", name="打开", exact=False).last.click()
    phone.page.wait_for_url(f"{running.app_url}/**")
    phone.page.get_by_role("button", name="跳过").click(timeout=3 * PATIENCE_MS)
    expect(phone.page.get_by_text(month_on_the_phone()).first).to_be_visible(timeout=3 * PATIENCE_MS)
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.close()
    running.stop()

    phone = open_browser(phone.profile, env=trusting)
    phone.page.goto(running.app_url)
    expect(phone.page.get_by_text(month_on_the_phone()).first).to_be_visible(timeout=3 * PATIENCE_MS)
