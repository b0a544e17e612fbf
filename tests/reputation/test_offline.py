"""What docs/records.md says about checking without the network: it is run as it stands there."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reputation.queries.keys import published_keys
from reputation.rules.career import SignedRecord
from tests.cast import Cast
from tests.pages.stories import told
from tests.threads.taking import took

DOCUMENT = (Path(__file__).parents[2] / "docs" / "records.md").read_text()


def shown(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def folder(cast: Cast, settings: Any, tmp_path: Path) -> Path:
    """A folder with a record, another that was altered, and the network's keys."""
    settings.DATA_DIR, settings.SIGNING_KEY = tmp_path, ""
    told(cast)
    cast.ben.name = 'Bén "中村" \\ \x7f🦉'
    type(cast.ben).objects.filter(pk=cast.ben.pk).update(name=cast.ben.name)
    document = took(cast.ben).document
    (tmp_path / "record.json").write_text(json.dumps(document, indent=2))
    document["record"]["standing"] += 1
    (tmp_path / "altered.json").write_text(json.dumps(document))
    (tmp_path / "guildhall-keys.json").write_text(json.dumps(published_keys()))
    return tmp_path


def test_the_example_has_the_shape_of_a_record() -> None:
    example = json.loads(shown("json"))
    example["signature"]["key"] = "0" * 32
    SignedRecord.model_validate(example)


def test_by_python(folder: Path) -> None:
    def run(name: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-c", shown("python"), name, "guildhall-keys.json"]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)

    done = run("record.json")
    assert (done.returncode, done.stdout[:8]) == (0, "genuine:"), done.stderr
    assert "InvalidSignature" in run("altered.json").stderr


@pytest.mark.skipif(not (shutil.which("jq") and shutil.which("openssl")), reason="jq or openssl not found")
def test_by_openssl(folder: Path) -> None:
    def run() -> "subprocess.CompletedProcess[str]":
        return subprocess.run(["sh", "-ec", shown("sh")], cwd=folder, capture_output=True, text=True, check=False)

    done = run()
    assert done.returncode == 0, done.stderr
    assert "Verified Successfully" in done.stdout
    (folder / "altered.json").replace(folder / "record.json")
    assert run().returncode != 0
