"""The page a phone opens first on the demo's own network: it explains the certificate, hands it out, tries it.

It is plain HTTP on a port of its own, because before the certificate is installed nothing else would open.
"""

import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from plistlib import dumps
from string import Template
from uuid import NAMESPACE_URL, uuid5

CERTIFICATE = "/fieldsvc-demo.crt"
PROFILE = "/fieldsvc-demo.mobileconfig"
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def profile(certificate: bytes) -> bytes:
    """The certificate as an iPhone's configuration profile, which Settings offers to install by itself."""

    def payload(kind: str, **more: object) -> dict[str, object]:
        return {
            "PayloadType": kind,
            "PayloadVersion": 1,
            "PayloadIdentifier": f"demo.fieldsvc.{kind}",
            "PayloadUUID": str(uuid5(NAMESPACE_URL, f"{kind}/{certificate.hex()}")).upper(),
            "PayloadDisplayName": "fieldsvc 演示 demo",
            **more,
        }

    root = payload("com.apple.security.root", PayloadContent=certificate)
    return dumps(payload("Configuration", PayloadContent=[root], PayloadRemovalDisallowed=False))


def page(app_url: str) -> bytes:
    """The guiding page, for the app at that address."""
    template = files("fieldsvc.demo").joinpath("trust.html").read_text(encoding="utf-8")
    return Template(template).substitute(app_url=app_url, certificate=CERTIFICATE, profile=PROFILE).encode()


def answers(certificate: bytes, app_url: str) -> dict[str, tuple[str, bytes]]:
    """Media type and body of each path the page consists of."""
    return {
        "/": ("text/html; charset=utf-8", page(app_url)),
        # Android and iPhones open these types with the installer; any other would only be downloaded.
        CERTIFICATE: ("application/x-x509-ca-cert", certificate),
        PROFILE: ("application/x-apple-aspen-config", profile(certificate)),
    }


def serve(address: tuple[str, int], certificate: bytes, app_url: str) -> Callable[[], None]:
    """Show the page on that address in the background; calling the result ends it."""
    known = answers(certificate, app_url)

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = known.get(self.path.split("?")[0], ("", b""))
            self.send_response(HTTPStatus.OK if kind else HTTPStatus.NOT_FOUND)
            for name, value in HEADERS.items():
                self.send_header(name, value)
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_request(self, *_: object) -> None:
            """Say nothing: the terminal shows the QR code."""

    server = ThreadingHTTPServer(address, Page)
    threading.Thread(target=server.serve_forever, name="trust page", daemon=True).start()
    return server.shutdown
