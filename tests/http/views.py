"""Pages that are slow, large, broken or unending, as a test wants them; the addresses of the handler under test."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path

from community.rules.readers import give_way
from community.urls import urlpatterns as site


@dataclass
class Scene:
    """What the views and the test tell each other."""

    entered: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    gate: threading.Event = field(default_factory=threading.Event)
    ran: list[str] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)
    ended: threading.Event = field(default_factory=threading.Event)
    parts: int = 0


scene = Scene()


def _note(request: HttpRequest) -> None:
    scene.ran.append(request.get_full_path())
    scene.threads.add(threading.get_ident())


def quick(request: HttpRequest) -> HttpResponse:
    """Answers at once."""
    _note(request)
    return HttpResponse("quick")


def slow(request: HttpRequest) -> HttpResponse:
    """Answers when the test opens the gate."""
    _note(request)
    scene.entered.release()
    scene.gate.wait(30)
    return HttpResponse("slow")


def polite(request: HttpRequest) -> HttpResponse:
    """Comes to a moment at which what is written lets readers go first."""
    give_way()
    return HttpResponse("polite")


def seen(request: HttpRequest) -> HttpResponse:
    """What Django made of the request."""
    response = JsonResponse(
        {
            "method": request.method,
            "path": request.path,
            "path_info": request.path_info,
            "address": request.build_absolute_uri(),
            "query": request.GET.dict(),
            "cookies": request.COOKIES,
            "header": request.headers.get("X-Twice"),
            "sneaky": request.META.get("HTTP_X_SNEAKY"),
            "client": request.META.get("REMOTE_ADDR"),
        }
    )
    response.set_cookie("one", "1", httponly=True)
    response.set_cookie("two", "2")
    return response


def upload(request: HttpRequest) -> HttpResponse:
    """How large the file is that came along."""
    file = request.FILES["file"]
    assert isinstance(file, UploadedFile)
    return JsonResponse({"name": file.name, "size": file.size, "text": request.POST["text"]})


def swallow(request: HttpRequest) -> HttpResponse:
    """How long the body is; as much as Django takes into memory."""
    return HttpResponse(str(len(request.body)))


def stream(request: HttpRequest) -> StreamingHttpResponse:
    """Parts without end, each read when the one before was sent."""

    def parts() -> Iterator[bytes]:
        try:
            while True:
                scene.parts += 1
                scene.threads.add(threading.get_ident())
                yield b"part;"
        finally:
            scene.ended.set()

    _note(request)
    response = StreamingHttpResponse(parts())
    response["Content-Type"] = "text/plain"
    return response


def file(request: HttpRequest) -> FileResponse:
    """The file that the query names."""
    return FileResponse(open(request.GET["name"], "rb"))  # noqa: PTH123  (the response closes it)


def backend(request: HttpRequest) -> JsonResponse:
    """Which process of PostgreSQL answers this thread, asked past Django's own checks; `?close` hangs up."""
    if "close" in request.GET:
        connection.close()
        return JsonResponse({})
    connection.ensure_connection()
    return JsonResponse({"pid": connection.connection.execute("SELECT pg_backend_pid()").fetchone()[0]})


def broken(request: HttpRequest) -> HttpResponse:
    """A mistake of ours."""
    raise RuntimeError("broken")


urlpatterns = [
    path("quick", quick),
    path("slow", slow),
    path("polite", polite),
    path("seen", seen),
    path("upload", upload),
    path("swallow", swallow),
    path("stream", stream),
    path("file", file),
    path("broken", broken),
    path("backend", backend),
    *site,  # the pages that say what went wrong link to others
]
