"""all-MiniLM-L6-v2: from a text to 384 numbers, such that texts that mean the same have nearly the same.

A transformer of six layers, reckoned by numpy alone: of texts this short one core is used to the full.
"""

import hashlib
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from threads.rules.semantic import WEIGHTS

NAME, DIMENSIONS = "all-MiniLM-L6-v2", 384
DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MOST_OF_A_THING, MOST_OF_A_QUESTION = 256, 128  # pieces, of about four letters each
_LAYERS, _HEADS, _SIZE = 6, 12, 32
_LETTERS = 20  # more than any text has for each of its pieces

Array = NDArray[np.float32]


class WrongWeightsError(Exception):
    """The weights that are installed are not those of this model."""


class MiniLM:
    """The model, loaded."""

    def __init__(self) -> None:
        """Raises WrongWeightsError."""
        folder = _folder()
        weights = folder / "model.safetensors"
        if hashlib.sha256(weights.read_bytes()).hexdigest() != DIGEST:
            raise WrongWeightsError(f"{weights} is not {NAME}")
        self._numbers: dict[str, Array] = load_file(weights)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._layers = [_Layer(self._numbers, number) for number in range(_LAYERS)]

    def vector(self, text: str, most: int, *, between: Callable[[], object] = lambda: None) -> Array:
        """Of length 1. Only the first `most` pieces of the text count. `between` is called after each layer."""
        pieces = self._pieces(text[: most * _LETTERS], most)
        words = self._numbers["embeddings.word_embeddings.weight"][pieces]
        places = self._numbers["embeddings.position_embeddings.weight"][: len(pieces)]
        flow = _normed(
            words + places + self._numbers["embeddings.token_type_embeddings.weight"][0],
            *_pair(self._numbers, "embeddings.LayerNorm"),
        )
        for layer in self._layers:
            flow = layer(flow)
            between()
        mean: Array = flow.mean(axis=0)
        return mean / np.float32(np.linalg.norm(mean))

    def _pieces(self, text: str, most: int) -> Sequence[int]:
        ids: list[int] = self._tokenizer.encode(text.encode(errors="replace").decode()).ids
        return ids if len(ids) <= most else [*ids[: most - 1], ids[-1]]


class _Layer:
    """Attention and what follows it."""

    def __init__(self, numbers: dict[str, Any], number: int) -> None:
        def pair(name: str) -> tuple[Array, Array]:
            return _pair(numbers, f"encoder.layer.{number}.{name}")

        inwards = [pair(f"attention.self.{name}") for name in ("query", "key", "value")]
        self._inward = np.concatenate([weight for weight, _bias in inwards]).T.copy()
        self._inward_bias = np.concatenate([bias for _weight, bias in inwards])
        self._outward, self._after = pair("attention.output.dense"), pair("attention.output.LayerNorm")
        self._wide, self._narrow = pair("intermediate.dense"), pair("output.dense")
        self._last = pair("output.LayerNorm")

    def __call__(self, flow: Array) -> Array:
        length = len(flow)
        three = (flow @ self._inward + self._inward_bias).reshape(length, 3, _HEADS, _SIZE).transpose(1, 2, 0, 3)
        asking, asked, said = three
        attention = asking @ asked.transpose(0, 2, 1) / np.float32(_SIZE**0.5)
        attention -= attention.max(axis=-1, keepdims=True)
        np.exp(attention, out=attention)
        attention /= attention.sum(axis=-1, keepdims=True)
        heard = (attention @ said).transpose(1, 0, 2).reshape(length, _HEADS * _SIZE)
        flow = _normed(_dense(heard, *self._outward) + flow, *self._after)
        return _normed(_dense(_gelu(_dense(flow, *self._wide)), *self._narrow) + flow, *self._last)


def _folder() -> Path:
    """Where the package keeps the model; it is not loaded, because it wants much else."""
    spec = find_spec(WEIGHTS)
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise WrongWeightsError(f"{WEIGHTS} is not installed")
    return Path(places[0]) / "model"


def _pair(numbers: dict[str, Any], name: str) -> tuple[Array, Array]:
    return numbers[f"{name}.weight"], numbers[f"{name}.bias"]


def _dense(flow: Array, weight: Array, bias: Array) -> Array:
    return flow @ weight.T + bias


def _normed(flow: Array, weight: Array, bias: Array) -> Array:
    centred = flow - flow.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(1e-12))
    result: Array = centred / spread * weight + bias
    return result


def _gelu(flow: Array) -> Array:
    """With the error function by Abramowitz and Stegun, 7.1.26, which is off by 1.5e-7 at most."""
    size = np.abs(flow) / np.float32(2**0.5)
    near = 1 / (1 + np.float32(0.3275911) * size)
    powers = np.full_like(near, 1.061405429)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        powers = powers * near + np.float32(factor)
    error = np.copysign(1 - powers * near * np.exp(-size * size), flow)
    result: Array = np.float32(0.5) * flow * (1 + error)
    return result
