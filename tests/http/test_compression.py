"""Pages compressed for those who take it."""

import gzip

import brotli
import pytest
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from community.http.compression import CompressionMiddleware

PAGE = "<p>It answers, but not for long.</p>" * 100


def passed(response: HttpResponseBase, accept: str) -> HttpResponseBase:
    """The response as it leaves."""
    request: HttpRequest = RequestFactory().get("/", headers={"Accept-Encoding": accept} if accept else {})
    return CompressionMiddleware(lambda _request: response)(request)


@pytest.mark.parametrize(("accept", "coding"), [("gzip, deflate, br, zstd", "br"), ("gzip, deflate", "gzip"), ("", "")])
def test_the_reader_gets_what_was_written(accept: str, coding: str) -> None:
    response = passed(HttpResponse(PAGE), accept)
    assert isinstance(response, HttpResponse)
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[coding]
    assert unpack(response.content).decode().startswith(PAGE)
    assert response.get("Content-Encoding", "") == coding
    assert response["Vary"] == "Accept-Encoding"
    if coding:
        assert response["Content-Length"] == str(len(response.content))
        assert len(response.content) < len(PAGE) / 5


def test_lengths_tell_little() -> None:
    lengths = {len(passed(HttpResponse(PAGE), "br").content) for _ in range(50)}  # type: ignore[attr-defined]
    assert len(lengths) > 5


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse("short"),
        JsonResponse({"body": PAGE}),
        HttpResponse(PAGE, headers={"Content-Encoding": "gzip"}),
        StreamingHttpResponse([PAGE.encode()]),
        FileResponse([PAGE.encode()]),
    ],
)
def test_what_is_left_alone(response: HttpResponseBase) -> None:
    coding = response.get("Content-Encoding")
    assert passed(response, "br").get("Content-Encoding") == coding
