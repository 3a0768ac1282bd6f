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
        "one in less than 3 cycles is lost, which disarms."
    ),
    fields=(
        RegisterField("go", 0, 0, "pulse", 0x0, "A 1 acts once."),
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

REGISTERS: Final = (
    STATUS,
    NONCE,
    LAST,
    ISSUE,
    CONFIRM,
    CONFIRMATION,
    COMMAND,
    LIMITS,
)
