"""Risk registers.

Generated from hw/regs/risk.rdl by `python -m hwtools.generate`. Don't edit.
"""

from __future__ import annotations

from typing import Final

from hwtools.registers import Register, RegisterField

STATUS: Final = Register(
    "status", address=0x0000, width=32,
    description="What the gate is now.",
    fields=(
        RegisterField(
            "killed", 0, 0, "r", None, "No order leaves, whatever is commanded, until `revive`.",
        ),
        RegisterField("armed", 1, 1, "r", None, "Orders may leave."),
        RegisterField("pending", 2, 2, "r", None, "`request` was taken, and `arm` is waited for."),
    ),
)
NONCE: Final = Register(
    "nonce", address=0x0004, width=32,
    description="The nonce of the last `request` that was taken, which `arm` must bring.",
    fields=(
        RegisterField("nonce", 31, 0, "r", None, "See docs/risk.md."),
    ),
)
LAST: Final = Register(
    "last", address=0x0008, width=32,
    description="What became of the last command.",
    fields=(
        RegisterField("act", 7, 0, "r", None, "The enum `act` of the message table."),
        RegisterField("taken", 8, 8, "r", None, "The gate took it."),
        RegisterField("count", 31, 16, "r", None, "Commands since reset; goes round."),
    ),
)
ISSUE: Final = Register(
    "issue", address=0x0010, width=32,
    description="Commands the gate, with what `command` and `limits` hold; clears both.",
    fields=(
        RegisterField("go", 0, 0, "pulse", 0x0, "A 1 acts once."),
    ),
)
CONFIRM: Final = Register(
    "confirm", address=0x0014, width=32,
    description=(
        "Tells the gate what became of an order, as `confirmation` holds it; clears that. A second "
        "one in less than 4 cycles is lost, which disarms."
    ),
    fields=(
        RegisterField("go", 0, 0, "pulse", 0x0, "A 1 acts once."),
    ),
)
SESSION_STATUS: Final = Register(
    "session_status", address=0x0020, width=32,
    description="The order's session, where the core has one (docs/session.md).",
    fields=(
        RegisterField("live", 0, 0, "r", None, "It is the card's."),
        RegisterField(
            "settled", 1, 1, "r", None,
            description=(
                "It isn't the card's, and nothing of it is on its way, no packet either: the "
                "numbers stand, and it may be handed over."
            ),
        ),
        RegisterField(
            "taken", 2, 2, "r", None,
            description=(
                "The last `hand_over` was taken; `live` says whether it still is the card's."
            ),
        ),
        RegisterField(
            "waits", 3, 3, "r", None,
            description=(
                "The packet that `send` gave still waits; until it doesn't, `packet` and `send` "
                "can't be written."
            ),
        ),
        RegisterField("refused", 4, 4, "r", None, "The last packet was refused."),
        RegisterField(
            "ended", 10, 8, "r", None,
            description=(
                "Why it was the card's no longer, the last time: the enum `session_end` of the "
                "message table."
            ),
        ),
        RegisterField(
            "packets", 31, 16, "r", None, "Packets sent or refused since reset; goes round.",
        ),
    ),
)
UNACKNOWLEDGED: Final = Register(
    "unacknowledged", address=0x0024, width=32,
    description="Sequence number of the first byte that the venue hasn't acknowledged.",
    fields=(
        RegisterField("position", 31, 0, "r", None, "Stands while `settled`."),
    ),
)
NEXT_BYTE: Final = Register(
    "next_byte", address=0x0028, width=32,
    description="Sequence number of the next byte to send.",
    fields=(
        RegisterField("position", 31, 0, "r", None, "Stands while `settled`."),
    ),
)
EXPECTED_BYTE: Final = Register(
    "expected_byte", address=0x002C, width=32,
    description="Sequence number of the next byte that the venue sends.",
    fields=(
        RegisterField("position", 31, 0, "r", None, "Stands while `settled`."),
    ),
)
HAND_OVER: Final = Register(
    "hand_over", address=0x0030, width=32,
    description="Hands the session over, as `session` holds it, if it is `settled`; clears that.",
    fields=(
        RegisterField("go", 0, 0, "pulse", 0x0, "A 1 acts once."),
    ),
)
TAKE_BACK: Final = Register(
    "take_back", address=0x0034, width=32,
    description="Takes the session back.",
    fields=(
        RegisterField("go", 0, 0, "pulse", 0x0, "A 1 acts once."),
    ),
)
SEND: Final = Register(
    "send", address=0x0038, width=32,
    description=(
        "Sends a packet of SoupBinTCP, as `packet` holds it, behind the orders that wait; clears "
        "that when it is sent or refused."
    ),
    fields=(
        RegisterField("length", 5, 0, "rw", 0x0, "Bytes of it, from its type on."),
        RegisterField("go", 31, 31, "pulse", 0x0, "A 1 acts once."),
    ),
)
CONFIRMATION: Final = Register(
    "confirmation[]", address=0x0040, width=32,
    description="The record `confirmation`, where the host owns the session with the venue.",
    fields=(
        RegisterField("word", 31, 0, "w", 0x0, "A word of it."),
    ),
    count=4, stride=0x4,
)
COMMAND: Final = Register(
    "command[]", address=0x0080, width=32,
    description="The record `risk_command`.",
    fields=(
        RegisterField("word", 31, 0, "w", 0x0, "A word of it."),
    ),
    count=15, stride=0x4,
)
LIMITS: Final = Register(
    "limits[]", address=0x0100, width=32,
    description="The record `slot_limits` or `total_limits`, if the command is of that.",
    fields=(
        RegisterField("word", 31, 0, "w", 0x0, "A word of it."),
    ),
    count=19, stride=0x4,
)
SESSION: Final = Register(
    "session[]", address=0x0180, width=32,
    description="The record `tcp_session`.",
    fields=(
        RegisterField("word", 31, 0, "w", 0x0, "A word of it."),
    ),
    count=9, stride=0x4,
)
PACKET: Final = Register(
    "packet[]", address=0x01C0, width=32,
    description=(
        "A packet of SoupBinTCP from its type on, 56 bytes at most: the first byte of each word is "
        "the one on the line first, in its highest bits."
    ),
    fields=(
        RegisterField("word", 31, 0, "w", 0x0, "4 bytes of it."),
    ),
    count=14, stride=0x4,
)

REGISTERS: Final = (
    STATUS,
    NONCE,
    LAST,
    ISSUE,
    CONFIRM,
    SESSION_STATUS,
    UNACKNOWLEDGED,
    NEXT_BYTE,
    EXPECTED_BYTE,
    HAND_OVER,
    TAKE_BACK,
    SEND,
    CONFIRMATION,
    COMMAND,
    LIMITS,
    SESSION,
    PACKET,
)
