"""SoupBinTCP for the host.

Generated from hw/regs/soup.toml by `python -m hwtools.generate`. Don't edit.
"""

from __future__ import annotations

from typing import Final

from tickwire.wire.fields import Field, MessageType

_HEADER: Final = (Field("message_type", 0, 1, "alpha"),)

# A text for people; it is not looked at.
DEBUG: Final = MessageType(
    "+",
    "debug",
    length=1,
    fields=_HEADER,
    sender="any",
    tail="payload",
)
# The client asks for a session, from a message on.
LOGIN_REQUEST: Final = MessageType(
    "L",
    "login_request",
    length=47,
    fields=(
        *_HEADER,
        Field("username", 1, 6, "alpha"),
        Field("password", 7, 10, "alpha"),
        Field("requested_session", 17, 10, "alpha"),
        Field("requested_sequence_number", 27, 20, "digits"),
    ),
    sender="client",
    tail="none",
)
# A message to the venue.
UNSEQUENCED_DATA: Final = MessageType(
    "U",
    "unsequenced_data",
    length=1,
    fields=_HEADER,
    sender="client",
    tail="payload",
)
# The client lives.
CLIENT_HEARTBEAT: Final = MessageType(
    "R",
    "client_heartbeat",
    length=1,
    fields=_HEADER,
    sender="client",
    tail="none",
)
# The client wants the connection to end.
LOGOUT_REQUEST: Final = MessageType(
    "O",
    "logout_request",
    length=1,
    fields=_HEADER,
    sender="client",
    tail="none",
)
# The client is let in.
LOGIN_ACCEPTED: Final = MessageType(
    "A",
    "login_accepted",
    length=31,
    fields=(
        *_HEADER,
        Field("session", 1, 10, "alpha"),
        Field("sequence_number", 11, 20, "digits"),
    ),
    sender="venue",
    tail="none",
)
# It isn't; the connection ends.
LOGIN_REJECTED: Final = MessageType(
    "J",
    "login_rejected",
    length=2,
    fields=(
        *_HEADER,
        Field("reject_reason_code", 1, 1, "alpha"),
    ),
    sender="venue",
    tail="none",
)
# A message to the client, its number one above the last one's.
SEQUENCED_DATA: Final = MessageType(
    "S",
    "sequenced_data",
    length=1,
    fields=_HEADER,
    sender="venue",
    tail="payload",
)
# The venue lives.
SERVER_HEARTBEAT: Final = MessageType(
    "H",
    "server_heartbeat",
    length=1,
    fields=_HEADER,
    sender="venue",
    tail="none",
)
# The session is over: no more messages come.
END_OF_SESSION: Final = MessageType(
    "Z",
    "end_of_session",
    length=1,
    fields=_HEADER,
    sender="venue",
    tail="none",
)

MESSAGES: Final[tuple[MessageType, ...]] = (
    DEBUG,
    LOGIN_REQUEST,
    UNSEQUENCED_DATA,
    CLIENT_HEARTBEAT,
    LOGOUT_REQUEST,
    LOGIN_ACCEPTED,
    LOGIN_REJECTED,
    SEQUENCED_DATA,
    SERVER_HEARTBEAT,
    END_OF_SESSION,
)
