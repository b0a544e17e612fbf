"""The API's document as a judge: every answer in these tests has to be one that it announces."""

from datetime import timedelta
from functools import cache
from typing import Any

import httpx
import schemathesis


@cache
def document() -> Any:
    """The OpenAPI document, loaded once for the run."""
    from community.urls import api

    return schemathesis.openapi.from_dict(dict(api.get_openapi_schema()))


def check_documented(method: str, path: str, response: Any) -> None:
    """Fails when the document does not announce this answer to a call it describes: status, media type and body."""
    operation = document().find_operation_by_path(method, path)
    if operation is None:
        return
    announced = operation.definition.raw["responses"]
    assert str(response.status_code) in {str(status) for status in announced}, (method, path, response.status_code)
    headers = {"content-type": response.headers["Content-Type"]} if response.content else {}
    request = httpx.Request(method, f"http://127.0.0.1:8000{path}")
    answer = httpx.Response(response.status_code, headers=headers, content=response.content, request=request)
    answer.elapsed = timedelta()
    operation.validate_response(answer)
