"""Tickwire registers.

Generated from hw/regs/tickwire.rdl by `python -m hwtools.generate`. Don't edit.
"""

from __future__ import annotations

from typing import Final

from hwtools.registers import Register, RegisterField, Window

MAGIC: Final = Register(
    "magic", address=0x0000, width=32,
    description="Says that this is a Tickwire board.",
    fields=(
        RegisterField("magic", 31, 0, "r", 0x5449434B, "`TICK` in ASCII."),
    ),
)
VERSION: Final = Register(
    "version", address=0x0004, width=32,
    description="The version of this register map.",
    fields=(
        RegisterField("patch", 7, 0, "r", 0x0, "Changes that a host notices only if it asks."),
        RegisterField("minor", 15, 8, "r", 0x5, "Registers or fields added."),
        RegisterField(
            "major", 31, 16, "r", 0x0,
            "Registers or fields moved, removed or given another meaning.",
        ),
    ),
)
BUILD: Final = Register(
    "build", address=0x0008, width=64,
    description="The build that runs.",
    fields=(
        RegisterField(
            "hash", 63, 0, "r", None, "The first 64 bits of the hash of all that was synthesised.",
        ),
    ),
)
MODEL: Final = Register(
    "model", address=0x0010, width=64,
    description="The network that runs. Host and board compare it before anything is armed.",
    fields=(
        RegisterField("hash", 63, 0, "r", None, "Hash of weights, feature table and scaling."),
    ),
)
CAPABILITIES: Final = Register(
    "capabilities", address=0x0018, width=32,
    description="What this build can hold.",
    fields=(
        RegisterField("width", 7, 0, "r", None, "Bits of the feed's data path: 8 or 64."),
        RegisterField("slots", 15, 8, "r", None, "Instruments."),
        RegisterField("levels", 23, 16, "r", None, "Price levels kept exact on each side."),
        RegisterField("orders_log2", 31, 24, "r", None, "Orders: 2 to the power of this."),
    ),
)
CYCLES: Final = Register(
    "cycles", address=0x0020, width=64,
    description="The free-running cycle counter, of which the stamps are the low 48 bits.",
    fields=(
        RegisterField("count", 63, 0, "r", None, "Clock cycles since reset."),
    ),
)
CONTROL: Final = Register(
    "control", address=0x0040, width=32,
    description="What drives the path.",
    fields=(
        RegisterField(
            "trigger", 0, 0, "rw", 0x0,
            description=(
                "What triggers the network. 0 end_of_packet: once for each touched instrument, at "
                "the end of each packet; 1 each_change: at each book change; W = 8 only."
            ),
        ),
        RegisterField("taps", 1, 1, "rw", 0x0, "Send the taps' records to the host."),
        RegisterField(
            "any_start", 2, 2, "rw", 0x0,
            description=(
                "Trust a session that is joined after its first message from there on: by whoever "
                "knows that nothing rests from before."
            ),
        ),
        RegisterField(
            "any_hours", 3, 3, "rw", 0x0,
            description=(
                "Decide whatever system events say of the market's hours, and though nobody said "
                "that the instrument trades; a breach or an interruption counts all the same."
            ),
        ),
    ),
)
COMMAND: Final = Register(
    "command", address=0x0044, width=32,
    description="Commands for the whole path; a 1 acts once and reads back as 0.",
    fields=(
        RegisterField("clear_counters", 0, 0, "pulse", 0x0, "Set every counter to 0."),
        RegisterField(
            "resynchronise", 1, 1, "pulse", 0x0,
            description=(
                "Forget the session; take the next packet's session and sequence number as the "
                "start."
            ),
        ),
        RegisterField(
            "open_market", 2, 2, "pulse", 0x0,
            description=(
                "The market is open, says the host: until a system event says more, or messages are"
                " missing again. Nothing, unless `market.known` is `market.doubts`."
            ),
        ),
    ),
)
REORDER: Final = Register(
    "reorder", address=0x0048, width=32,
    description="What comes before its turn waits for what is missing.",
    fields=(
        RegisterField(
            "window", 23, 0, "rw", 0x0,
            description=(
                "Cycles without progress after which what is missing is a gap; 0: at once, and "
                "nothing is kept."
            ),
        ),
    ),
)
MARKET: Final = Register(
    "market", address=0x004C, width=32,
    description="What is known of the market as a whole.",
    fields=(
        RegisterField(
            "doubts", 15, 0, "r", None,
            description=(
                "How often something came that puts in doubt who may act: messages that may be "
                "missing, a session's end, a slot that turned."
            ),
        ),
        RegisterField(
            "known", 31, 16, "rw", 0x0,
            "The `doubts` that the host knew of when it decided on `open_market`.",
        ),
    ),
)
FEEDS_CONTROL: Final = Register(
    "feeds[].control", address=0x0080, width=32,
    description="Whether this feed is listened to.",
    fields=(
        RegisterField("enable", 0, 0, "rw", 0x0, "Take packets from this feed."),
        RegisterField(
            "any_group", 1, 1, "rw", 0x0,
            "Take any group's, whatever `group` says; IPv6 is taken with this only.",
        ),
        RegisterField("any_port", 2, 2, "rw", 0x0, "Take any port's, whatever `udp` says."),
    ),
    count=2, stride=0x10,
)
FEEDS_GROUP: Final = Register(
    "feeds[].group", address=0x0084, width=32,
    description="The multicast group of this feed, IPv4.",
    fields=(
        RegisterField("address", 31, 0, "rw", 0x0, "IPv4 address; 239.1.2.3 is 0xEF010203."),
    ),
    count=2, stride=0x10,
)
FEEDS_UDP: Final = Register(
    "feeds[].udp", address=0x0088, width=32,
    description="The UDP port of this feed.",
    fields=(
        RegisterField("port", 15, 0, "rw", 0x0, "Destination port."),
    ),
    count=2, stride=0x10,
)
MOLD_SESSION: Final = Register(
    "mold.session", address=0x00C0, width=64,
    description="The session's first eight characters.",
    fields=(
        RegisterField("characters", 63, 0, "r", None, "ASCII, the first in the highest byte."),
    ),
)
MOLD_SESSION_END: Final = Register(
    "mold.session_end", address=0x00C8, width=32,
    description="The session's last two characters, as of the last read of `session`.",
    fields=(
        RegisterField("characters", 15, 0, "r", None, "ASCII, the first in the highest byte."),
        RegisterField("valid", 31, 31, "r", None, "A session is being followed."),
    ),
)
MOLD_NEXT: Final = Register(
    "mold.next", address=0x00D0, width=64,
    description="The sequence number that the next message must have.",
    fields=(
        RegisterField("sequence_number", 63, 0, "r", None, "MoldUDP64 sequence number."),
    ),
)
MOLD_GAP_FIRST: Final = Register(
    "mold.gap_first", address=0x00D8, width=64,
    description="The first message of the last gap, for a request to send it again.",
    fields=(
        RegisterField("sequence_number", 63, 0, "r", None, "MoldUDP64 sequence number."),
    ),
)
MOLD_GAP_COUNT: Final = Register(
    "mold.gap_count", address=0x00E0, width=64,
    description="How many messages the last gap has, as of the last read of `gap_first`.",
    fields=(
        RegisterField("messages", 63, 0, "r", None, "Messages; 0 when there was no gap."),
    ),
)
HOST_REFERENCE_LOW: Final = Register(
    "host.reference_low", address=0x0180, width=32,
    description=(
        "The low half of the order reference of an added order; of a trust, characters 5 to 8 of "
        "its session."
    ),
    fields=(
        RegisterField("word", 31, 0, "rw", 0x0, "Order reference, low word."),
    ),
)
HOST_REFERENCE_HIGH: Final = Register(
    "host.reference_high", address=0x0184, width=32,
    description=(
        "The high half of the order reference of an added order; of a trust, characters 1 to 4 of "
        "its session."
    ),
    fields=(
        RegisterField("word", 31, 0, "rw", 0x0, "Order reference, high word."),
    ),
)
HOST_PRICE: Final = Register(
    "host.price", address=0x0188, width=32,
    description="The price of an added order; of a trust, characters 9 and 10 of its session.",
    fields=(
        RegisterField("price", 31, 0, "rw", 0x0, "In units of 1/10,000 dollar."),
    ),
)
HOST_SHARES: Final = Register(
    "host.shares", address=0x018C, width=32,
    description="The shares of an added order.",
    fields=(
        RegisterField("shares", 31, 0, "rw", 0x0, "Shares."),
    ),
)
HOST_SEQUENCE_LOW: Final = Register(
    "host.sequence_low", address=0x0190, width=32,
    description="The low half of the sequence number up to which a snapshot is whole.",
    fields=(
        RegisterField("word", 31, 0, "rw", 0x0, "MoldUDP64 sequence number, low word."),
    ),
)
HOST_SEQUENCE_HIGH: Final = Register(
    "host.sequence_high", address=0x0194, width=32,
    description="The high half of the sequence number up to which a snapshot is whole.",
    fields=(
        RegisterField("word", 31, 0, "rw", 0x0, "MoldUDP64 sequence number, high word."),
    ),
)
HOST_ISSUE: Final = Register(
    "host.issue", address=0x0198, width=32,
    description="What to do, where; the write itself issues the operation.",
    fields=(
        RegisterField("slot", 7, 0, "rw", 0x0, "Instrument."),
        RegisterField("operation", 11, 8, "rw", 0x0, "The enum `operation` of the message table."),
        RegisterField("side", 12, 12, "rw", 0x0, "The enum `side` of the message table."),
        RegisterField("go", 31, 31, "pulse", 0x0, "A 1 issues the operation."),
    ),
)
HOST_STATUS: Final = Register(
    "host.status", address=0x019C, width=32,
    description="What became of the operation issued.",
    fields=(
        RegisterField(
            "waits", 0, 0, "r", None,
            "It waits for a gap between the feed's, or for memory to be swept.",
        ),
    ),
)
SLOTS_CONTROL: Final = Register(
    "slots[].control", address=0x1000, width=32,
    description="Whether the instrument in this slot is followed.",
    fields=(
        RegisterField(
            "enable", 0, 0, "rw", 0x0, "Follow it. While 0, nothing is emitted for this slot.",
        ),
        RegisterField(
            "learn", 1, 1, "rw", 0x0,
            description=(
                "Take the stock locate from the directory message that names the symbol below."
            ),
        ),
    ),
    count=8, stride=0x40,
)
SLOTS_LOCATE: Final = Register(
    "slots[].locate", address=0x1004, width=32,
    description="The exchange's number for the instrument, new each day.",
    fields=(
        RegisterField(
            "stock_locate", 15, 0, "rw", 0x0,
            description=(
                "Stock locate. Write it, or let `learn` find it. Of two enabled slots with one "
                "locate, unless that is 0, the higher is as if it weren't enabled."
            ),
        ),
    ),
    count=8, stride=0x40,
)
SLOTS_SYMBOL_FIRST: Final = Register(
    "slots[].symbol_first", address=0x1008, width=32,
    description="The symbol's first four characters. Write it while the slot isn't enabled.",
    fields=(
        RegisterField(
            "characters", 31, 0, "rw", 0x20202020, "ASCII, the first in the highest byte.",
        ),
    ),
    count=8, stride=0x40,
)
SLOTS_SYMBOL_LAST: Final = Register(
    "slots[].symbol_last", address=0x100C, width=32,
    description="The symbol's last four characters. Write it while the slot isn't enabled.",
    fields=(
        RegisterField("characters", 31, 0, "rw", 0x20202020, "ASCII, padded with spaces."),
    ),
    count=8, stride=0x40,
)
SLOTS_BUY_THRESHOLD: Final = Register(
    "slots[].buy_threshold", address=0x1010, width=32,
    description="The strength from which the decision is buy.",
    fields=(
        RegisterField(
            "strength", 16, 0, "rw", 0xFFFF, "Score up minus score down, signed.", signed=True,
        ),
    ),
    count=8, stride=0x40,
)
SLOTS_SELL_THRESHOLD: Final = Register(
    "slots[].sell_threshold", address=0x1014, width=32,
    description="The strength down from which the decision is sell.",
    fields=(
        RegisterField(
            "strength", 16, 0, "rw", 0x10000, "Score up minus score down, signed.", signed=True,
        ),
    ),
    count=8, stride=0x40,
)
SLOTS_HYSTERESIS: Final = Register(
    "slots[].hysteresis", address=0x1018, width=32,
    description="How far the strength must come back before the same decision is taken again.",
    fields=(
        RegisterField("strength", 15, 0, "rw", 0x0, "In units of strength."),
    ),
    count=8, stride=0x40,
)
SLOTS_MINIMUM_INTERVAL: Final = Register(
    "slots[].minimum_interval", address=0x101C, width=32,
    description="The least time between two decisions, by the exchange's clock and never by ours.",
    fields=(
        RegisterField("time_units", 31, 0, "rw", 0x0, "In units of 1,024 ns."),
    ),
    count=8, stride=0x40,
)
SLOTS_STATUS: Final = Register(
    "slots[].status", address=0x1020, width=32,
    description="The instrument as it is now.",
    fields=(
        RegisterField("stale", 0, 0, "r", None, "The book can't be trusted."),
        RegisterField("crossed", 1, 1, "r", None, "Best bid above best ask."),
        RegisterField("locked", 2, 2, "r", None, "Best bid equal to best ask."),
        RegisterField("halted", 3, 3, "r", None, "Halted by the exchange."),
        RegisterField("warm", 4, 4, "r", None, "Every feature has its full history."),
        RegisterField(
            "learned", 5, 5, "r", None,
            description=(
                "The stock locate was learned from a directory message, and none has given it to "
                "another symbol since."
            ),
        ),
        RegisterField(
            "reason", 15, 8, "r", None,
            "Why no decision is taken; the enum `reason` of the message table.",
        ),
        RegisterField(
            "market", 23, 16, "r", None,
            description=(
                "Why none may be taken whatever the book is: the market is closed or breached, "
                "trading interrupted, or the instrument not among those that trade; else ok."
            ),
        ),
    ),
    count=8, stride=0x40,
)
SLOTS_STICKY: Final = Register(
    "slots[].sticky", address=0x1024, width=32,
    description="What the instrument has been since these bits were cleared; write 1 to clear.",
    fields=(
        RegisterField("stale", 0, 0, "w1c", 0x0, "Was stale."),
        RegisterField("crossed", 1, 1, "w1c", 0x0, "Was crossed."),
        RegisterField("locked", 2, 2, "w1c", 0x0, "Was locked."),
        RegisterField("halted", 3, 3, "w1c", 0x0, "Was halted."),
    ),
    count=8, stride=0x40,
)
SLOTS_ORDER: Final = Register(
    "slots[].order", address=0x1028, width=32,
    description="How an order is made of a decision; the enums are those of the message table.",
    fields=(
        RegisterField(
            "pricing", 1, 0, "rw", 0x0, "Where its price comes from; the enum `pricing`.",
        ),
        RegisterField(
            "capped", 2, 2, "rw", 0x0, "No more shares than are shown at the opposite touch.",
        ),
        RegisterField(
            "time_in_force", 5, 4, "rw", 0x0, "How long it lives; the enum `time_in_force`.",
        ),
        RegisterField("display", 6, 6, "rw", 0x0, "Whether others see it; the enum `display`."),
        RegisterField("capacity", 9, 8, "rw", 0x0, "For whom it is; the enum `capacity`."),
        RegisterField(
            "marking", 10, 10, "rw", 0x0, "What a sale is marked as; the enum `marking`.",
        ),
    ),
    count=8, stride=0x40,
)
SLOTS_ORDER_OFFSET: Final = Register(
    "slots[].order_offset", address=0x102C, width=32,
    description="How far behind or beyond the touch an order's price is.",
    fields=(
        RegisterField("price", 31, 0, "rw", 0x0, "In units of 1/10,000 dollar."),
    ),
    count=8, stride=0x40,
)
SLOTS_ORDER_SHARES: Final = Register(
    "slots[].order_shares", address=0x1030, width=32,
    description="How many shares an order is for; 0 makes no order.",
    fields=(
        RegisterField("shares", 31, 0, "rw", 0x0, "Shares."),
    ),
    count=8, stride=0x40,
)
COUNTERS_FEEDS_FRAMES: Final = Register(
    "counters.feeds[].frames", address=0x2000, width=32,
    description="Frames with a right check sequence.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2, stride=0x80,
)
COUNTERS_FEEDS_BAD_PREAMBLE: Final = Register(
    "counters.feeds[].bad_preamble", address=0x2004, width=32,
    description="Frames without a right preamble.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2, stride=0x80,
)
COUNTERS_FEEDS_SHORT_FRAMES: Final = Register(
    "counters.feeds[].short_frames", address=0x2008, width=32,
    description="Frames below 64 bytes.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2, stride=0x80,
)
COUNTERS_FEEDS_LONG_FRAMES: Final = Register(
    "counters.feeds[].long_frames", address=0x200C, width=32,
    description="Frames above the longest allowed.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2, stride=0x80,
)
COUNTERS_FEEDS_RECEIVE_ERRORS: Final = Register(
    "counters.feeds[].receive_errors", address=0x2010, width=32,
    description="Frames in which the PHY signalled an error.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2, stride=0x80,
)
COUNTERS_FEEDS_BAD_FCS: Final = Register(
    "counters.feeds[].bad_fcs", address=0x2014, width=32,
    description="Frames with a wrong check sequence.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2, stride=0x80,
)
COUNTERS_FEEDS_OTHER_PROTOCOL: Final = Register(
    "counters.feeds[].other_protocol", address=0x2018, width=32,
    description=(
        "Frames that aren't UDP over IPv4 or IPv6, or have three tags or IPv6 extension headers; "
        "where DEEP is read, IEX-TP packets of another version or message protocol, too."
    ),
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2, stride=0x80,
)
COUNTERS_FEEDS_BAD_IP_HEADER: Final = Register(
    "counters.feeds[].bad_ip_header", address=0x201C, width=32,
    description="IP headers of a wrong version, and IPv4 ones of a wrong length or checksum.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2, stride=0x80,
)
COUNTERS_FEEDS_IP_OPTIONS: Final = Register(
    "counters.feeds[].ip_options", address=0x2020, width=32,
    description=(
        "Datagrams taken whose IPv4 options were skipped; `datagrams` or `no_checksum` counts each "
        "too."
    ),
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2, stride=0x80,
)
COUNTERS_FEEDS_IP_FRAGMENTS: Final = Register(
    "counters.feeds[].ip_fragments", address=0x2024, width=32,
    description="IP fragments, refused.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2, stride=0x80,
)
COUNTERS_FEEDS_BAD_UDP: Final = Register(
    "counters.feeds[].bad_udp", address=0x2028, width=32,
    description="UDP headers of a wrong length, or of another than IP says.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2, stride=0x80,
)
COUNTERS_FEEDS_FILTERED: Final = Register(
    "counters.feeds[].filtered", address=0x202C, width=32,
    description="Datagrams for another group or port.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2, stride=0x80,
)
COUNTERS_FEEDS_TRUNCATED: Final = Register(
    "counters.feeds[].truncated", address=0x2030, width=32,
    description="Frames that end before their headers or lengths say.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2, stride=0x80,
)
COUNTERS_FEEDS_DATAGRAMS: Final = Register(
    "counters.feeds[].datagrams", address=0x2034, width=32,
    description="Datagrams for this feed's group and port, their checksum right.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2, stride=0x80,
)
COUNTERS_FEEDS_PACKETS: Final = Register(
    "counters.feeds[].packets", address=0x2038, width=32,
    description="MoldUDP64 packets with messages.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2, stride=0x80,
)
COUNTERS_FEEDS_HEARTBEATS: Final = Register(
    "counters.feeds[].heartbeats", address=0x203C, width=32,
    description="MoldUDP64 packets of no message.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2, stride=0x80,
)
COUNTERS_FEEDS_DUPLICATES: Final = Register(
    "counters.feeds[].duplicates", address=0x2040, width=32,
    description="Packets of which every message was already seen.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2, stride=0x80,
)
COUNTERS_FEEDS_OTHER_SESSION: Final = Register(
    "counters.feeds[].other_session", address=0x2044, width=32,
    description="Packets of another session than the one followed.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2, stride=0x80,
)
COUNTERS_FEEDS_BAD_CHECKSUM: Final = Register(
    "counters.feeds[].bad_checksum", address=0x2048, width=32,
    description="Datagrams for it whose UDP checksum is wrong, or lacks in IPv6, refused.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2, stride=0x80,
)
COUNTERS_FEEDS_NO_CHECKSUM: Final = Register(
    "counters.feeds[].no_checksum", address=0x204C, width=32,
    description="IPv4 datagrams for it without a UDP checksum, taken as they are.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2, stride=0x80,
)
COUNTERS_FEEDS_REORDERED: Final = Register(
    "counters.feeds[].reordered", address=0x2050, width=32,
    description="Packets taken later than they came, in their turn.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2, stride=0x80,
)
COUNTERS_FEEDS_HOLD_DROPS: Final = Register(
    "counters.feeds[].hold_drops", address=0x2054, width=32,
    description="Packets that should have waited, and for which there was no room.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2, stride=0x80,
)
COUNTERS_PATH_GAPS: Final = Register(
    "counters.path.gaps", address=0x2100, width=32,
    description="Gaps that neither feed filled.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_SESSIONS_ENDED: Final = Register(
    "counters.path.sessions_ended", address=0x2104, width=32,
    description="Ends of session.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_MESSAGE_OVERRUNS: Final = Register(
    "counters.path.message_overruns", address=0x2108, width=32,
    description=(
        "Messages longer than their packet; where DEEP is read, packets that aren't as long as they"
        " say, too."
    ),
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_BAD_FRAMES: Final = Register(
    "counters.path.bad_frames", address=0x210C, width=32,
    description="Frames whose operations made instruments stale.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_MESSAGES: Final = Register(
    "counters.path.messages", address=0x2110, width=32,
    description="ITCH messages, each once.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_UNKNOWN_TYPES: Final = Register(
    "counters.path.unknown_types", address=0x2114, width=32,
    description="Messages of a type that ITCH 5.0 doesn't have.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_WRONG_LENGTHS: Final = Register(
    "counters.path.wrong_lengths", address=0x2118, width=32,
    description="Messages whose length isn't their type's.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_BOOK_MESSAGES: Final = Register(
    "counters.path.book_messages", address=0x211C, width=32,
    description="Messages A F E C X D U for a followed instrument.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_TRADE_MESSAGES: Final = Register(
    "counters.path.trade_messages", address=0x2120, width=32,
    description="Messages P Q B for a followed instrument.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_STATUS_MESSAGES: Final = Register(
    "counters.path.status_messages", address=0x2124, width=32,
    description="Messages S R H and the other administrative ones.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_OTHER_INSTRUMENTS: Final = Register(
    "counters.path.other_instruments", address=0x2128, width=32,
    description="Messages for an instrument in no slot.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_UNKNOWN_REFERENCES: Final = Register(
    "counters.path.unknown_references", address=0x212C, width=32,
    description="Orders named that were never added.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_DUPLICATE_REFERENCES: Final = Register(
    "counters.path.duplicate_references", address=0x2130, width=32,
    description="Orders added twice.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_EXCESS_SHARES: Final = Register(
    "counters.path.excess_shares", address=0x2134, width=32,
    description="Executions or cancels of more than rested.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_ZERO_PRICES: Final = Register(
    "counters.path.zero_prices", address=0x2138, width=32,
    description="Orders of price 0.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_ZERO_SHARES: Final = Register(
    "counters.path.zero_shares", address=0x213C, width=32,
    description="Orders, executions or cancels of 0 shares.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_TABLE_OVERFLOWS: Final = Register(
    "counters.path.table_overflows", address=0x2140, width=32,
    description="Orders for which the order table had no room.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_LEVEL_OVERFLOWS: Final = Register(
    "counters.path.level_overflows", address=0x2144, width=32,
    description="Price levels that found no room.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_NUMBER_OVERFLOWS: Final = Register(
    "counters.path.number_overflows", address=0x2148, width=32,
    description="Shares or orders past their width at one price.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_DEPTH_LOSSES: Final = Register(
    "counters.path.depth_losses", address=0x214C, width=32,
    description="Times that deeper levels weren't there in time.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_IGNORED_OPERATIONS: Final = Register(
    "counters.path.ignored_operations", address=0x2150, width=32,
    description="Operations for a stale instrument.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_KEPT_OUT: Final = Register(
    "counters.path.kept_out", address=0x2154, width=32,
    description="Operations kept out of a book that is being loaded.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_REFUSED_TRUSTS: Final = Register(
    "counters.path.refused_trusts", address=0x2158, width=32,
    description=(
        "Snapshots that were no longer whole when they were to be trusted, or of a session that is "
        "not followed, or of a slot that follows no instrument."
    ),
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_CROSSED_BOOKS: Final = Register(
    "counters.path.crossed_books", address=0x215C, width=32,
    description="Times that a book became crossed.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_LOCKED_BOOKS: Final = Register(
    "counters.path.locked_books", address=0x2160, width=32,
    description="Times that a book became locked.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_STALE_BOOKS: Final = Register(
    "counters.path.stale_books", address=0x2164, width=32,
    description="Times that a book became stale.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_PARITY_ERRORS: Final = Register(
    "counters.path.parity_errors", address=0x2168, width=32,
    description="Memory words of wrong parity.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_FEED_DROPS: Final = Register(
    "counters.path.feed_drops", address=0x216C, width=32,
    description="Packets dropped since a parser was busy.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_BOOK_DROPS: Final = Register(
    "counters.path.book_drops", address=0x2170, width=32,
    description="Operations dropped since the book was busy.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_NETWORK_DROPS: Final = Register(
    "counters.path.network_drops", address=0x2174, width=32,
    description="Feature vectors dropped since the network was busy.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_RECORD_DROPS: Final = Register(
    "counters.path.record_drops", address=0x2178, width=32,
    description="Records that the link to the host had no room for.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_INFERENCES: Final = Register(
    "counters.path.inferences", address=0x217C, width=32,
    description="Times that the network ran.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_SIGNALS_NONE: Final = Register(
    "counters.path.signals_none", address=0x2180, width=32,
    description="Signals of decision none.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_SIGNALS_BUY: Final = Register(
    "counters.path.signals_buy", address=0x2184, width=32,
    description="Signals of decision buy.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_SIGNALS_SELL: Final = Register(
    "counters.path.signals_sell", address=0x2188, width=32,
    description="Signals of decision sell.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_LATE_JOINS: Final = Register(
    "counters.path.late_joins", address=0x218C, width=32,
    description="Sessions joined after their first message.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_LATE_SLOTS: Final = Register(
    "counters.path.late_slots", address=0x2190, width=32,
    description=(
        "Instruments whose slot was enabled, disabled or given another locate within a session, or "
        "contradicted by a directory message."
    ),
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_ORDERS: Final = Register(
    "counters.path.orders", address=0x2194, width=32,
    description="Orders that the risk gate let pass.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_REFUSED_ORDERS: Final = Register(
    "counters.path.refused_orders", address=0x2198, width=32,
    description="Intended orders that it refused; the record of the decision says why.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_WRONG_KEYS: Final = Register(
    "counters.path.wrong_keys", address=0x219C, width=32,
    description="Commands to it without the key.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_REFUSED_COMMANDS: Final = Register(
    "counters.path.refused_commands", address=0x21A0, width=32,
    description="Commands that it could not take.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_UNKNOWN_CONFIRMATIONS: Final = Register(
    "counters.path.unknown_confirmations", address=0x21A4, width=32,
    description="Confirmations of orders that aren't open.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_DOUBLE_CONFIRMATIONS: Final = Register(
    "counters.path.double_confirmations", address=0x21A8, width=32,
    description="Confirmations of what was said before.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_EXCESS_CONFIRMATIONS: Final = Register(
    "counters.path.excess_confirmations", address=0x21AC, width=32,
    description="Confirmations of more shares than are open, or of none.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_BROKEN_TRADES: Final = Register(
    "counters.path.broken_trades", address=0x21B0, width=32,
    description="Trades that the venue broke.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_LOST_CONFIRMATIONS: Final = Register(
    "counters.path.lost_confirmations", address=0x21B4, width=32,
    description="Confirmations for which there was no room.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_KILLS: Final = Register(
    "counters.path.kills", address=0x21B8, width=32,
    description="Times that the gate was killed.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_DISARMS: Final = Register(
    "counters.path.disarms", address=0x21BC, width=32,
    description="Times that it was disarmed.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_ORDER_MESSAGES: Final = Register(
    "counters.path.order_messages", address=0x21C0, width=32,
    description="Orders written as OUCH messages.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_UNWRITABLE_ORDERS: Final = Register(
    "counters.path.unwritable_orders", address=0x21C4, width=32,
    description="Orders that OUCH can't carry.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_VENUE_CONFIRMATIONS: Final = Register(
    "counters.path.venue_confirmations", address=0x21C8, width=32,
    description="Messages of the venue that say what became of an order.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_VENUE_NOTICES: Final = Register(
    "counters.path.venue_notices", address=0x21CC, width=32,
    description="Messages of the venue that say nothing of an order's shares.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_VENUE_UNFOLLOWED: Final = Register(
    "counters.path.venue_unfollowed", address=0x21D0, width=32,
    description="Messages of the venue that replace or modify an order.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_VENUE_APPENDED: Final = Register(
    "counters.path.venue_appended", address=0x21D4, width=32,
    description="Messages of the venue that may be of another's order.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_VENUE_UNKNOWN_TYPES: Final = Register(
    "counters.path.venue_unknown_types", address=0x21D8, width=32,
    description="Messages of no type of the venue's.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_VENUE_WRONG_LENGTHS: Final = Register(
    "counters.path.venue_wrong_lengths", address=0x21DC, width=32,
    description="Messages of the venue whose length isn't their type's.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_VENUE_WRONG_VALUES: Final = Register(
    "counters.path.venue_wrong_values", address=0x21E0, width=32,
    description="Messages of the venue with a price or state that no confirmation can hold.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_LINK_ORDERS_HELD: Final = Register(
    "counters.path.link_orders_held", address=0x21E4, width=32,
    description="Orders that could not leave, which the gate heard as rejected.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_LINK_HOST_PACKETS: Final = Register(
    "counters.path.link_host_packets", address=0x21E8, width=32,
    description="Packets of the host's, sent in the order's session.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_LINK_HOST_REFUSED: Final = Register(
    "counters.path.link_host_refused", address=0x21EC, width=32,
    description="Packets of the host's, refused.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_LINK_PACKETS_SENT: Final = Register(
    "counters.path.link_packets_sent", address=0x21F0, width=32,
    description="Segments with a new packet.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_LINK_PACKETS_RESENT: Final = Register(
    "counters.path.link_packets_resent", address=0x21F4, width=32,
    description="Segments that were sent before.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_LINK_ACKS_SENT: Final = Register(
    "counters.path.link_acks_sent", address=0x21F8, width=32,
    description="Segments with nothing in them.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_LINK_PROBES_SENT: Final = Register(
    "counters.path.link_probes_sent", address=0x21FC, width=32,
    description="Segments that ask for an answer.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_LINK_SEGMENTS: Final = Register(
    "counters.path.link_segments", address=0x2200, width=32,
    description="Segments of the venue's with new bytes.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_LINK_REPEATED_SEGMENTS: Final = Register(
    "counters.path.link_repeated_segments", address=0x2204, width=32,
    description=(
        "Segments of the venue's without a byte that lacked: bare acknowledgements, for the most "
        "part."
    ),
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_LINK_EARLY_SEGMENTS: Final = Register(
    "counters.path.link_early_segments", address=0x2208, width=32,
    description="Segments of the venue's behind one that lacks.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_LINK_UNFIT_SEGMENTS: Final = Register(
    "counters.path.link_unfit_segments", address=0x220C, width=32,
    description=(
        "Segments of the venue's outside the window, as what is sent again is, or that acknowledge "
        "what was never sent."
    ),
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_LINK_DROPPED_SEGMENTS: Final = Register(
    "counters.path.link_dropped_segments", address=0x2210, width=32,
    description="Segments of the venue's for which there was no room.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_LINK_BAD_SEGMENTS: Final = Register(
    "counters.path.link_bad_segments", address=0x2214, width=32,
    description="Frames of the order's session that are broken: check sequence, checksum, length.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_LINK_OTHER_FRAMES: Final = Register(
    "counters.path.link_other_frames", address=0x2218, width=32,
    description="Frames on the order's line that aren't of its session.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_LINK_MESSAGES_HEARD: Final = Register(
    "counters.path.link_messages_heard", address=0x221C, width=32,
    description="Sequenced messages of the venue's.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_LINK_HEARTBEATS_HEARD: Final = Register(
    "counters.path.link_heartbeats_heard", address=0x2220, width=32,
    description="Heartbeats of the venue's.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_LINK_DOUBTS: Final = Register(
    "counters.path.link_doubts", address=0x2224, width=32,
    description="Times that the order's session was in doubt, which disarms.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_LINK_CANCELS: Final = Register(
    "counters.path.link_cancels", address=0x2228, width=32,
    description="Packets that a kill sent to the venue: no more orders, and cancel what is open.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
COUNTERS_PATH_LINK_CANCELS_UNSENT: Final = Register(
    "counters.path.link_cancels_unsent", address=0x222C, width=32,
    description=(
        "Kills, of all or of a slot, behind which the host must cancel: the order's session wasn't "
        "the card's, or ended, or no token was left."
    ),
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
RISK_CHECKS_KILLED: Final = Register(
    "risk_checks[].killed", address=0x2800, width=32,
    description="Orders that failed this: nothing has killed the gate.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_SLOT_KILLED: Final = Register(
    "risk_checks[].slot_killed", address=0x2804, width=32,
    description="Orders that failed this: nobody has killed the slot.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_DISARMED: Final = Register(
    "risk_checks[].disarmed", address=0x2808, width=32,
    description="Orders that failed this: a person has armed it.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_UNWRITTEN: Final = Register(
    "risk_checks[].unwritten", address=0x280C, width=32,
    description="Orders that failed this: the slot's limits and the total ones were written.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_NOT_ENABLED: Final = Register(
    "risk_checks[].not_enabled", address=0x2810, width=32,
    description="Orders that failed this: the slot is enabled.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_RESTRICTED: Final = Register(
    "risk_checks[].restricted", address=0x2814, width=32,
    description="Orders that failed this: the instrument isn't restricted.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_HALTED: Final = Register(
    "risk_checks[].halted", address=0x2818, width=32,
    description="Orders that failed this: it isn't halted.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_SESSION_CLOSED: Final = Register(
    "risk_checks[].session_closed", address=0x281C, width=32,
    description="Orders that failed this: the session is open.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_STALE: Final = Register(
    "risk_checks[].stale", address=0x2820, width=32,
    description="Orders that failed this: the book isn't stale.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_CROSSED: Final = Register(
    "risk_checks[].crossed", address=0x2824, width=32,
    description="Orders that failed this: the book isn't crossed.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_LOCKED: Final = Register(
    "risk_checks[].locked", address=0x2828, width=32,
    description="Orders that failed this: the book isn't locked.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_OLD: Final = Register(
    "risk_checks[].old", address=0x282C, width=32,
    description="Orders that failed this: the message that it answers is new enough.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_COLLAR_TOUCH: Final = Register(
    "risk_checks[].collar_touch", address=0x2830, width=32,
    description="Orders that failed this: the price is near the opposite touch.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_COLLAR_REFERENCE: Final = Register(
    "risk_checks[].collar_reference", address=0x2834, width=32,
    description="Orders that failed this: the price is near the reference.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_PRICE_BAND: Final = Register(
    "risk_checks[].price_band", address=0x2838, width=32,
    description="Orders that failed this: the price is within the band.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_TICK: Final = Register(
    "risk_checks[].tick", address=0x283C, width=32,
    description="Orders that failed this: the price is on the tick.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_ORDER_SHARES: Final = Register(
    "risk_checks[].order_shares", address=0x2840, width=32,
    description="Orders that failed this: shares of one order.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_ORDER_MONEY: Final = Register(
    "risk_checks[].order_money", address=0x2844, width=32,
    description="Orders that failed this: value of one order.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_POSITION_LONG: Final = Register(
    "risk_checks[].position_long", address=0x2848, width=32,
    description="Orders that failed this: position with all open buys.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_POSITION_SHORT: Final = Register(
    "risk_checks[].position_short", address=0x284C, width=32,
    description="Orders that failed this: position with all open sells.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_GROSS: Final = Register(
    "risk_checks[].gross", address=0x2850, width=32,
    description="Orders that failed this: gross value of all slots.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_NET: Final = Register(
    "risk_checks[].net", address=0x2854, width=32,
    description="Orders that failed this: net value of all slots.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_CREDIT: Final = Register(
    "risk_checks[].credit", address=0x2858, width=32,
    description="Orders that failed this: value traded and open today.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_RATE: Final = Register(
    "risk_checks[].rate", address=0x285C, width=32,
    description="Orders that failed this: bucket of the slot.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_RATE_TOTAL: Final = Register(
    "risk_checks[].rate_total", address=0x2860, width=32,
    description="Orders that failed this: bucket of all slots.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_DAY: Final = Register(
    "risk_checks[].day", address=0x2864, width=32,
    description="Orders that failed this: orders of the slot today.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_DAY_TOTAL: Final = Register(
    "risk_checks[].day_total", address=0x2868, width=32,
    description="Orders that failed this: orders of all slots today.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_DUPLICATE: Final = Register(
    "risk_checks[].duplicate", address=0x286C, width=32,
    description="Orders that failed this: no such order was sent just before.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_REPEATED: Final = Register(
    "risk_checks[].repeated", address=0x2870, width=32,
    description="Orders that failed this: orders of the slot since a person allowed more.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_SELF_TRADE: Final = Register(
    "risk_checks[].self_trade", address=0x2874, width=32,
    description="Orders that failed this: no own order that it could trade with.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_LOSS: Final = Register(
    "risk_checks[].loss", address=0x2878, width=32,
    description="Orders that failed this: loss of the slot.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_LOSS_TOTAL: Final = Register(
    "risk_checks[].loss_total", address=0x287C, width=32,
    description="Orders that failed this: loss of all slots.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_OPEN_ORDERS: Final = Register(
    "risk_checks[].open_orders", address=0x2880, width=32,
    description="Orders that failed this: open orders of the slot.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_OPEN_TOTAL: Final = Register(
    "risk_checks[].open_total", address=0x2884, width=32,
    description="Orders that failed this: open orders of all slots, and a free place.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_SHORT_SALE: Final = Register(
    "risk_checks[].short_sale", address=0x2888, width=32,
    description="Orders that failed this: a short sale is allowed and marked.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_TOKEN: Final = Register(
    "risk_checks[].token", address=0x288C, width=32,
    description="Orders that failed this: a token is left.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_CHECKS_SYMBOL: Final = Register(
    "risk_checks[].symbol", address=0x2890, width=32,
    description="Orders that failed this: the slot follows the instrument that its limits are of.",
    fields=(
        RegisterField(
            "count", 31, 0, "r", None,
            "Decisions since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=8, stride=0x100,
)
RISK_WINDOW: Final = Window(
    "risk", address=0x3000, size=0x1000,
    description=(
        "Not here: the risk gate's registers are on a bus of their own (hw/regs/risk.rdl), which "
        "who has this one doesn't reach. An access ends in SLVERR."
    ),
)

REGISTERS: Final = (
    MAGIC,
    VERSION,
    BUILD,
    MODEL,
    CAPABILITIES,
    CYCLES,
    CONTROL,
    COMMAND,
    REORDER,
    MARKET,
    FEEDS_CONTROL,
    FEEDS_GROUP,
    FEEDS_UDP,
    MOLD_SESSION,
    MOLD_SESSION_END,
    MOLD_NEXT,
    MOLD_GAP_FIRST,
    MOLD_GAP_COUNT,
    HOST_REFERENCE_LOW,
    HOST_REFERENCE_HIGH,
    HOST_PRICE,
    HOST_SHARES,
    HOST_SEQUENCE_LOW,
    HOST_SEQUENCE_HIGH,
    HOST_ISSUE,
    HOST_STATUS,
    SLOTS_CONTROL,
    SLOTS_LOCATE,
    SLOTS_SYMBOL_FIRST,
    SLOTS_SYMBOL_LAST,
    SLOTS_BUY_THRESHOLD,
    SLOTS_SELL_THRESHOLD,
    SLOTS_HYSTERESIS,
    SLOTS_MINIMUM_INTERVAL,
    SLOTS_STATUS,
    SLOTS_STICKY,
    SLOTS_ORDER,
    SLOTS_ORDER_OFFSET,
    SLOTS_ORDER_SHARES,
    COUNTERS_FEEDS_FRAMES,
    COUNTERS_FEEDS_BAD_PREAMBLE,
    COUNTERS_FEEDS_SHORT_FRAMES,
    COUNTERS_FEEDS_LONG_FRAMES,
    COUNTERS_FEEDS_RECEIVE_ERRORS,
    COUNTERS_FEEDS_BAD_FCS,
    COUNTERS_FEEDS_OTHER_PROTOCOL,
    COUNTERS_FEEDS_BAD_IP_HEADER,
    COUNTERS_FEEDS_IP_OPTIONS,
    COUNTERS_FEEDS_IP_FRAGMENTS,
    COUNTERS_FEEDS_BAD_UDP,
    COUNTERS_FEEDS_FILTERED,
    COUNTERS_FEEDS_TRUNCATED,
    COUNTERS_FEEDS_DATAGRAMS,
    COUNTERS_FEEDS_PACKETS,
    COUNTERS_FEEDS_HEARTBEATS,
    COUNTERS_FEEDS_DUPLICATES,
    COUNTERS_FEEDS_OTHER_SESSION,
    COUNTERS_FEEDS_BAD_CHECKSUM,
    COUNTERS_FEEDS_NO_CHECKSUM,
    COUNTERS_FEEDS_REORDERED,
    COUNTERS_FEEDS_HOLD_DROPS,
    COUNTERS_PATH_GAPS,
    COUNTERS_PATH_SESSIONS_ENDED,
    COUNTERS_PATH_MESSAGE_OVERRUNS,
    COUNTERS_PATH_BAD_FRAMES,
    COUNTERS_PATH_MESSAGES,
    COUNTERS_PATH_UNKNOWN_TYPES,
    COUNTERS_PATH_WRONG_LENGTHS,
    COUNTERS_PATH_BOOK_MESSAGES,
    COUNTERS_PATH_TRADE_MESSAGES,
    COUNTERS_PATH_STATUS_MESSAGES,
    COUNTERS_PATH_OTHER_INSTRUMENTS,
    COUNTERS_PATH_UNKNOWN_REFERENCES,
    COUNTERS_PATH_DUPLICATE_REFERENCES,
    COUNTERS_PATH_EXCESS_SHARES,
    COUNTERS_PATH_ZERO_PRICES,
    COUNTERS_PATH_ZERO_SHARES,
    COUNTERS_PATH_TABLE_OVERFLOWS,
    COUNTERS_PATH_LEVEL_OVERFLOWS,
    COUNTERS_PATH_NUMBER_OVERFLOWS,
    COUNTERS_PATH_DEPTH_LOSSES,
    COUNTERS_PATH_IGNORED_OPERATIONS,
    COUNTERS_PATH_KEPT_OUT,
    COUNTERS_PATH_REFUSED_TRUSTS,
    COUNTERS_PATH_CROSSED_BOOKS,
    COUNTERS_PATH_LOCKED_BOOKS,
    COUNTERS_PATH_STALE_BOOKS,
    COUNTERS_PATH_PARITY_ERRORS,
    COUNTERS_PATH_FEED_DROPS,
    COUNTERS_PATH_BOOK_DROPS,
    COUNTERS_PATH_NETWORK_DROPS,
    COUNTERS_PATH_RECORD_DROPS,
    COUNTERS_PATH_INFERENCES,
    COUNTERS_PATH_SIGNALS_NONE,
    COUNTERS_PATH_SIGNALS_BUY,
    COUNTERS_PATH_SIGNALS_SELL,
    COUNTERS_PATH_LATE_JOINS,
    COUNTERS_PATH_LATE_SLOTS,
    COUNTERS_PATH_ORDERS,
    COUNTERS_PATH_REFUSED_ORDERS,
    COUNTERS_PATH_WRONG_KEYS,
    COUNTERS_PATH_REFUSED_COMMANDS,
    COUNTERS_PATH_UNKNOWN_CONFIRMATIONS,
    COUNTERS_PATH_DOUBLE_CONFIRMATIONS,
    COUNTERS_PATH_EXCESS_CONFIRMATIONS,
    COUNTERS_PATH_BROKEN_TRADES,
    COUNTERS_PATH_LOST_CONFIRMATIONS,
    COUNTERS_PATH_KILLS,
    COUNTERS_PATH_DISARMS,
    COUNTERS_PATH_ORDER_MESSAGES,
    COUNTERS_PATH_UNWRITABLE_ORDERS,
    COUNTERS_PATH_VENUE_CONFIRMATIONS,
    COUNTERS_PATH_VENUE_NOTICES,
    COUNTERS_PATH_VENUE_UNFOLLOWED,
    COUNTERS_PATH_VENUE_APPENDED,
    COUNTERS_PATH_VENUE_UNKNOWN_TYPES,
    COUNTERS_PATH_VENUE_WRONG_LENGTHS,
    COUNTERS_PATH_VENUE_WRONG_VALUES,
    COUNTERS_PATH_LINK_ORDERS_HELD,
    COUNTERS_PATH_LINK_HOST_PACKETS,
    COUNTERS_PATH_LINK_HOST_REFUSED,
    COUNTERS_PATH_LINK_PACKETS_SENT,
    COUNTERS_PATH_LINK_PACKETS_RESENT,
    COUNTERS_PATH_LINK_ACKS_SENT,
    COUNTERS_PATH_LINK_PROBES_SENT,
    COUNTERS_PATH_LINK_SEGMENTS,
    COUNTERS_PATH_LINK_REPEATED_SEGMENTS,
    COUNTERS_PATH_LINK_EARLY_SEGMENTS,
    COUNTERS_PATH_LINK_UNFIT_SEGMENTS,
    COUNTERS_PATH_LINK_DROPPED_SEGMENTS,
    COUNTERS_PATH_LINK_BAD_SEGMENTS,
    COUNTERS_PATH_LINK_OTHER_FRAMES,
    COUNTERS_PATH_LINK_MESSAGES_HEARD,
    COUNTERS_PATH_LINK_HEARTBEATS_HEARD,
    COUNTERS_PATH_LINK_DOUBTS,
    COUNTERS_PATH_LINK_CANCELS,
    COUNTERS_PATH_LINK_CANCELS_UNSENT,
    RISK_CHECKS_KILLED,
    RISK_CHECKS_SLOT_KILLED,
    RISK_CHECKS_DISARMED,
    RISK_CHECKS_UNWRITTEN,
    RISK_CHECKS_NOT_ENABLED,
    RISK_CHECKS_RESTRICTED,
    RISK_CHECKS_HALTED,
    RISK_CHECKS_SESSION_CLOSED,
    RISK_CHECKS_STALE,
    RISK_CHECKS_CROSSED,
    RISK_CHECKS_LOCKED,
    RISK_CHECKS_OLD,
    RISK_CHECKS_COLLAR_TOUCH,
    RISK_CHECKS_COLLAR_REFERENCE,
    RISK_CHECKS_PRICE_BAND,
    RISK_CHECKS_TICK,
    RISK_CHECKS_ORDER_SHARES,
    RISK_CHECKS_ORDER_MONEY,
    RISK_CHECKS_POSITION_LONG,
    RISK_CHECKS_POSITION_SHORT,
    RISK_CHECKS_GROSS,
    RISK_CHECKS_NET,
    RISK_CHECKS_CREDIT,
    RISK_CHECKS_RATE,
    RISK_CHECKS_RATE_TOTAL,
    RISK_CHECKS_DAY,
    RISK_CHECKS_DAY_TOTAL,
    RISK_CHECKS_DUPLICATE,
    RISK_CHECKS_REPEATED,
    RISK_CHECKS_SELF_TRADE,
    RISK_CHECKS_LOSS,
    RISK_CHECKS_LOSS_TOTAL,
    RISK_CHECKS_OPEN_ORDERS,
    RISK_CHECKS_OPEN_TOTAL,
    RISK_CHECKS_SHORT_SALE,
    RISK_CHECKS_TOKEN,
    RISK_CHECKS_SYMBOL,
)
