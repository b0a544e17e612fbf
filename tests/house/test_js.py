"""The browser code: small modules, each valid, tested by Node, and with every word it says in the page."""

import gzip
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
MODULES = sorted((ROOT / "static" / "js").rglob("*.js"))
MOST_LINES = 250
RECORD, FINDING = ROOT / "static" / "js" / "record", ROOT / "static" / "js" / "finding"
# Without comments. What writes the working record is fetched only by who opens one, what finds by who searches or asks.
MOST_COMPRESSED_BYTES, MOST_OF_THE_RECORD, MOST_OF_FINDING = 27_100, 11_000, 5_000
# Fetched by who uses it only, and what each may weigh.
ON_DEMAND = {"slash.js": 2_500, "live/run.js": 1_000}
WORDS = ("parts/words.html", "threads/parts/record_room.html")
COMMENTS = re.compile(r"^\s*(?:/\*\*.*?\*/|//[^\n]*)\n", re.MULTILINE | re.DOTALL)

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="Node not found")


def name_of(module: Path) -> str:
    return str(module.relative_to(ROOT / "static" / "js"))


def node(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["node", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


@needs_node
def test_every_module_parses() -> None:
    for module in MODULES:
        checked = node("--check", str(module))
        assert checked.returncode == 0, checked.stderr


@needs_node
def test_the_unit_tests_of_the_modules_pass() -> None:
    files = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "tests" / "js").glob("*.test.mjs"))]
    tested = node("--test", *files)
    assert tested.returncode == 0, tested.stdout + tested.stderr


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_a_module_is_small_and_says_what_it_is_for(module: Path) -> None:
    text = module.read_text()
    assert len(text.splitlines()) < MOST_LINES
    assert text.startswith("//")


def test_all_of_it_together_stays_small() -> None:
    record, finding = ([module for module in MODULES if part in module.parents] for part in (RECORD, FINDING))
    alone = [([module], ON_DEMAND[name_of(module)]) for module in MODULES if name_of(module) in ON_DEMAND]
    rest = [module for module in MODULES if module not in record + finding and name_of(module) not in ON_DEMAND]
    parts = ((rest, MOST_COMPRESSED_BYTES), (record, MOST_OF_THE_RECORD), (finding, MOST_OF_FINDING))
    for modules, most in (*parts, *alone):
        together = "".join(COMMENTS.sub("", module.read_text()) for module in modules)
        assert len(gzip.compress(together.encode())) < most


def test_every_word_that_a_module_says_is_in_the_page() -> None:
    everywhere, record = ((ROOT / "templates" / name).read_text() for name in WORDS)
    for module in MODULES:
        page = everywhere + (record if RECORD in module.parents else "")
        known = set(re.findall(r'id="w-([a-z-]+)"', page))
        calls = re.findall(r"\bword\(([^)]*)\)", module.read_text())
        said = {name for call in calls for name in re.findall(r'"([a-z][a-z-]+)"', call)}
        assert said <= known, f"{name_of(module)}: {sorted(said - known)}"


def test_nothing_that_the_content_security_policy_forbids() -> None:
    for module in MODULES:
        text = module.read_text()
        for forbidden in ("eval(", "new Function(", 'setAttribute("style"', 'setAttribute("on'):
            assert forbidden not in text, f"{name_of(module)}: {forbidden}"
