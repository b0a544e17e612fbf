"""The ASGI application: pages and API by Django, sockets by the hub. Part of the composition root."""

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community.settings")
http_application = get_asgi_application()

from realtime.consumers import serving, websocket_application  # noqa: E402  (models need the applications to be ready)

application = serving(ProtocolTypeRouter({"http": http_application, "websocket": websocket_application}))
