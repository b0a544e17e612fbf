"""The API as an application: ninja's, with problem details for everything and documentation that says so."""

from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI, Router
from ninja.openapi.schema import OpenAPISchema

from community.api import problems
from community.api.auth import BrowserSession, Token
from community.errors import NotThere
from community.rendering.problems import MEDIA_TYPE

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
UNSAFE = {"post", "put", "patch", "delete"}
WORDS = {
    400: "The body is not valid JSON.",
    401: "There is no token, or it is unknown.",
    403: "You may see this, but not do that to it.",
    404: "There is no such thing, or you may not see it.",
    409: "The thing is not in a state that allows this, or somebody else changed it first.",
    413: "The body is too large.",
    422: "A field cannot be used; `errors` says for each what to do.",
    429: "A stated limit was passed.",
    503: "The database cannot be reached just now.",
}

nowhere = Router()


@nowhere.api_operation(METHODS, "/{path:path}", auth=None, include_in_schema=False)
def nothing(request: HttpRequest, path: str) -> None:  # noqa: ARG001
    """Addresses that name nothing. Raises NotThere."""
    raise NotThere("not_there")


class Application(NinjaAPI):
    """An API whose every answer that refuses is a problem, in fact and in its OpenAPI document."""

    def __init__(self, routers: list[Router], **settings: Any) -> None:
        super().__init__(auth=[Token(), BrowserSession()], **settings)
        problems.install(self)
        for router in [*routers, nowhere]:
            self.add_router("", router)

    @property
    def urls(self) -> tuple[list[URLResolver | URLPattern], str, str]:
        """The addresses, for `path("api/v1/", api.urls)`; who asks is found out here and not by the site's doors."""
        patterns, application, namespace = super().urls
        for pattern in cast("list[URLPattern]", patterns):
            pattern.callback = login_not_required(problems.with_problem_for_methods(pattern.callback))
        return patterns, application, namespace

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        """The OpenAPI document, with the refusals that each operation can answer."""
        document = super().get_openapi_schema(**where)
        document["components"]["schemas"]["Problem"] = problems.Problem.model_json_schema()
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                for status in _refusals(path, method, operation):
                    operation["responses"].setdefault(status, _response(status))
        return document


def _refusals(path: str, method: str, operation: dict[str, Any]) -> list[int]:
    body, parameters = "requestBody" in operation, operation["parameters"]
    can = {
        400: body,
        401: "security" in operation,
        403: method in UNSAFE,
        404: "{" in path or method in {"post", "put"},
        409: method in UNSAFE,
        413: body,
        422: body or any(parameter["in"] == "query" for parameter in parameters),
        429: method in UNSAFE,
        503: True,
    }
    return [status for status, possible in can.items() if possible]


def _response(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": WORDS[status], "content": {MEDIA_TYPE: {"schema": schema}}}
