"""A home folder whose browser trusts one certificate authority more than the browser itself does."""

import shutil
import subprocess
from pathlib import Path


def home_trusting(folder: Path, authority: Path) -> dict[str, str]:
    """Make a home folder in which Chromium trusts the authority's certificate; return it as environment."""
    store = folder / ".pki" / "nssdb"
    store.mkdir(parents=True)
    certutil = shutil.which("certutil")
    assert certutil, "no certutil on this machine: run make test, which installs it"
    database = ["-d", f"sql:{store}"]
    subprocess.run([certutil, *database, "-N", "--empty-password"], check=True)
    subprocess.run([certutil, *database, "-A", "-t", "C,,", "-n", "demo", "-i", str(authority)], check=True)
    return {"HOME": str(folder)}
