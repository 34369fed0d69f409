"""Runs Node.js over the phone app's sources: `--test` its unit tests, `--types` the type checker."""

import subprocess
import sys

from tests.support.tools import ROOT, node


def run_tests() -> int:
    """Run every tests/js/**/*.test.js; return Node's exit status."""
    # Node reads a folder as "all tests below" up to version 20 and as one file after it: name the files.
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "js").rglob("*.test.js"))
    if not files:
        return 0
    return subprocess.run([node(), "--test", *files], cwd=ROOT, check=False).returncode


def check_types() -> int:
    """Check the JSDoc types of the phone app; return the checker's exit status."""
    if not (ROOT / "tsconfig.json").exists():
        return 0
    compiler = str(ROOT / "node_modules" / "typescript" / "bin" / "tsc")
    return subprocess.run([node(), compiler, "--project", "tsconfig.json"], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit({"--test": run_tests, "--types": check_types}[sys.argv[1]]())
