"""The ASGI application: pages and API by Django, sockets by the hub. Part of the composition root."""

import os

import django
from channels.routing import ProtocolTypeRouter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community.settings")
django.setup(set_prefix=False)

from community.http.handler import PageHandler  # noqa: E402  (needs the settings)
from realtime.consumers import serving, websocket_application  # noqa: E402  (models need the applications to be ready)
from realtime.operations import Operations  # noqa: E402  (the same)

application = serving(ProtocolTypeRouter({"http": Operations(PageHandler()), "websocket": websocket_application}))
