"""The browser of the tests remembers like a phone and dies like one."""

import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.support.browser import OpenBrowser, until

pytestmark = pytest.mark.browser
TESTS = Path(__file__).parent


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>home</title>")

    def log_request(self, *_: object) -> None:
        """Say nothing: the test's own output is what matters."""


@pytest.fixture
def address() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


WRITE = """() => new Promise((done) => {
  const open = indexedDB.open('notes', 1);
  open.onupgradeneeded = () => open.result.createObjectStore('notes');
  open.onsuccess = () => {
    const change = open.result.transaction('notes', 'readwrite', { durability: 'strict' });
    change.objectStore('notes').put('kept', 'note');
    change.oncomplete = () => done();
  };
})"""
READ = """() => new Promise((done) => {
  const open = indexedDB.open('notes', 1);
  open.onsuccess = () => {
    const wanted = open.result.transaction('notes').objectStore('notes').get('note');
    wanted.onsuccess = () => done(wanted.result);
  };
})"""


def test_a_killed_browser_opens_again_with_what_it_had_stored(open_browser: OpenBrowser, address: str) -> None:
    phone = open_browser()
    phone.page.goto(address)
    phone.page.evaluate(WRITE)
    phone.kill()

    phone = open_browser(phone.profile)
    phone.page.goto(address)
    assert phone.page.evaluate(READ) == "kept"


def test_a_killed_browser_leaves_nobody_at_work_on_its_profile(open_browser: OpenBrowser, address: str) -> None:
    phone = open_browser()
    phone.page.goto(address)
    phone.kill()
    left = [one.info["cmdline"] or [] for one in psutil.process_iter(["cmdline"])]
    assert [words for words in left if f"--user-data-dir={phone.profile}" in words] == []


def test_waiting_for_an_async_function_waits_for_its_answer(open_browser: OpenBrowser, address: str) -> None:
    page = open_browser().page
    page.goto(address)
    page.evaluate("setTimeout(() => { globalThis.come = true; }, 150)")
    until(page, "async () => globalThis.come")
    assert page.evaluate("globalThis.come")


def test_no_test_takes_the_promise_of_an_answer_for_the_answer() -> None:
    """`wait_for_function` returns at once where its function is async or hands back a promise."""
    calls = re.compile(r"\.wait_for_function\(\s*([^,)]*(?:\([^)]*\))?[^,]*)")
    for path in sorted(TESTS.rglob("*.py")):
        if path != Path(__file__):
            for asked in calls.findall(path.read_text(encoding="utf-8")):
                assert not re.search(r"\basync\b|\.then\(|\bnew Promise\b", asked), f"{path.name}: {asked}"
