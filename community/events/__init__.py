"""The event log that every room appends to."""

from community.events.log import action, at_end, emit, emit_change, withdraw_html
from community.events.streams import StreamKey, member_stream, thread_stream

__all__ = ["StreamKey", "action", "at_end", "emit", "emit_change", "member_stream", "thread_stream", "withdraw_html"]
