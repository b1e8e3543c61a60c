"""Big and slow answers as pure ASGI responses: JSON around media, event streams, heartbeats, files with ranges.

    pieces.py             JSON with stored files inside, as bytes and files in order
    json_around_media.py  such JSON as a response of known length
    event_stream.py       server-sent events, kept alive while nothing happens
    heartbeat.py          JSON that takes minutes, with line feeds meanwhile (opt-in)
    stored_file.py        a file itself: ranges, validators, HEAD
    disconnect.py         noticing that the client has gone
    standby.py            waiting for minutes at the price of one task
    beats.py, pace.py     the clock that all who wait share
    unwound.py            an answer given when the frames of its request are gone

Each holds one chunk of a medium, waits when the client reads slowly, and stops when the client goes.
"""

from proxy.respond.disconnect import ClientGone, disconnected, while_connected
from proxy.respond.event_stream import Comment, Event, EventStream, Items
from proxy.respond.heartbeat import JsonWithHeartbeat
from proxy.respond.json_around_media import JsonAroundMedia
from proxy.respond.pace import Pace
from proxy.respond.pieces import EmbeddedFile, Piece, base64_of, data_uri, json_pieces
from proxy.respond.standby import Standby
from proxy.respond.stored_file import StoredFileResponse
from proxy.respond.unwound import Unwound

__all__ = [
    "ClientGone",
    "Comment",
    "EmbeddedFile",
    "Event",
    "EventStream",
    "Items",
    "JsonAroundMedia",
    "JsonWithHeartbeat",
    "Pace",
    "Piece",
    "Standby",
    "StoredFileResponse",
    "Unwound",
    "base64_of",
    "data_uri",
    "disconnected",
    "json_pieces",
    "while_connected",
]
