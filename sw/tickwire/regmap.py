"""Every register of the board.

Generated from hw/regs/tickwire.rdl by `python -m tickwire.generate`. Don't edit.
"""

from __future__ import annotations

from typing import Final

from tickwire.registers import Register, RegisterField, Window

MAGIC: Final = Register(
    "magic",
    address=0x0000,
    width=32,
    description="Says that this is a Tickwire board.",
    fields=(
        RegisterField(
            "magic",
            high=31,
            low=0,
            access="r",
            reset=0x5449434B,
            description="`TICK` in ASCII.",
        ),
    ),
)
VERSION: Final = Register(
    "version",
    address=0x0004,
    width=32,
    description="The version of this register map.",
    fields=(
        RegisterField(
            "patch",
            high=7,
            low=0,
            access="r",
            reset=0x0,
            description="Changes that a host notices only if it asks.",
        ),
        RegisterField(
            "minor",
            high=15,
            low=8,
            access="r",
            reset=0x1,
            description="Registers or fields added.",
        ),
        RegisterField(
            "major",
            high=31,
            low=16,
            access="r",
            reset=0x0,
            description="Registers or fields moved, removed or given another meaning.",
        ),
    ),
)
BUILD: Final = Register(
    "build",
    address=0x0008,
    width=64,
    description="The build that runs.",
    fields=(
        RegisterField(
            "hash",
            high=63,
            low=0,
            access="r",
            reset=None,
            description="The first 64 bits of the hash of all that was synthesised.",
        ),
    ),
)
MODEL: Final = Register(
    "model",
    address=0x0010,
    width=64,
    description="The network that runs. Host and board compare it before anything is armed.",
    fields=(
        RegisterField(
            "hash",
            high=63,
            low=0,
            access="r",
            reset=None,
            description="Hash of weights, feature table and scaling.",
        ),
    ),
)
CAPABILITIES: Final = Register(
    "capabilities",
    address=0x0018,
    width=32,
    description="What this build can hold.",
    fields=(
        RegisterField(
            "width",
            high=7,
            low=0,
            access="r",
            reset=None,
            description="Bits of the feed's data path: 8 or 64.",
        ),
        RegisterField(
            "slots",
            high=15,
            low=8,
            access="r",
            reset=None,
            description="Instruments.",
        ),
        RegisterField(
            "levels",
            high=23,
            low=16,
            access="r",
            reset=None,
            description="Price levels kept exact on each side.",
        ),
        RegisterField(
            "orders_log2",
            high=31,
            low=24,
            access="r",
            reset=None,
            description="Orders: 2 to the power of this.",
        ),
    ),
)
CYCLES: Final = Register(
    "cycles",
    address=0x0020,
    width=64,
    description="The free-running cycle counter, of which the stamps are the low 48 bits.",
    fields=(
        RegisterField(
            "count",
            high=63,
            low=0,
            access="r",
            reset=None,
            description="Clock cycles since reset.",
        ),
    ),
)
CONTROL: Final = Register(
    "control",
    address=0x0040,
    width=32,
    description="What drives the path.",
    fields=(
        RegisterField(
            "trigger",
            high=0,
            low=0,
            access="rw",
            reset=0x0,
            description=(
                "What triggers the network. 0 end_of_packet: once for each touched instrument, at "
                "the end of each packet; 1 each_change: at each book change; W = 8 only."
            ),
        ),
        RegisterField(
            "taps",
            high=1,
            low=1,
            access="rw",
            reset=0x0,
            description="Send the taps' records to the host.",
        ),
    ),
)
COMMAND: Final = Register(
    "command",
    address=0x0044,
    width=32,
    description="Commands for the whole path; a 1 acts once and reads back as 0.",
    fields=(
        RegisterField(
            "clear_all",
            high=0,
            low=0,
            access="pulse",
            reset=0x0,
            description="Empty every book, all features and all recurrent state.",
        ),
        RegisterField(
            "clear_counters",
            high=1,
            low=1,
            access="pulse",
            reset=0x0,
            description="Set every counter to 0.",
        ),
        RegisterField(
            "resynchronise",
            high=2,
            low=2,
            access="pulse",
            reset=0x0,
            description=(
                "Forget the session; take the next packet's session and sequence number as the "
                "start."
            ),
        ),
    ),
)
FEEDS_CONTROL: Final = Register(
    "feeds[].control",
    address=0x0080,
    width=32,
    description="Whether this feed is listened to.",
    fields=(
        RegisterField(
            "enable",
            high=0,
            low=0,
            access="rw",
            reset=0x0,
            description="Take packets from this feed.",
        ),
    ),
    count=2,
    stride=0x10,
)
FEEDS_GROUP: Final = Register(
    "feeds[].group",
    address=0x0084,
    width=32,
    description="The multicast group of this feed.",
    fields=(
        RegisterField(
            "address",
            high=31,
            low=0,
            access="rw",
            reset=0x0,
            description="IPv4 address; 239.1.2.3 is 0xEF010203.",
        ),
    ),
    count=2,
    stride=0x10,
)
FEEDS_UDP: Final = Register(
    "feeds[].udp",
    address=0x0088,
    width=32,
    description="The UDP port of this feed.",
    fields=(
        RegisterField(
            "port",
            high=15,
            low=0,
            access="rw",
            reset=0x0,
            description="Destination port.",
        ),
    ),
    count=2,
    stride=0x10,
)
MOLD_SESSION: Final = Register(
    "mold.session",
    address=0x00C0,
    width=64,
    description="The session's first eight characters.",
    fields=(
        RegisterField(
            "characters",
            high=63,
            low=0,
            access="r",
            reset=None,
            description="ASCII, the first in the highest byte.",
        ),
    ),
)
MOLD_SESSION_END: Final = Register(
    "mold.session_end",
    address=0x00C8,
    width=32,
    description="The session's last two characters, as of the last read of `session`.",
    fields=(
        RegisterField(
            "characters",
            high=15,
            low=0,
            access="r",
            reset=None,
            description="ASCII, the first in the highest byte.",
        ),
        RegisterField(
            "valid",
            high=31,
            low=31,
            access="r",
            reset=None,
            description="A session is being followed.",
        ),
    ),
)
MOLD_NEXT: Final = Register(
    "mold.next",
    address=0x00D0,
    width=64,
    description="The sequence number that the next message must have.",
    fields=(
        RegisterField(
            "sequence_number",
            high=63,
            low=0,
            access="r",
            reset=None,
            description="MoldUDP64 sequence number.",
        ),
    ),
)
MOLD_GAP_FIRST: Final = Register(
    "mold.gap_first",
    address=0x00D8,
    width=64,
    description="The first message of the last gap, for a request to send it again.",
    fields=(
        RegisterField(
            "sequence_number",
            high=63,
            low=0,
            access="r",
            reset=None,
            description="MoldUDP64 sequence number.",
        ),
    ),
)
MOLD_GAP_COUNT: Final = Register(
    "mold.gap_count",
    address=0x00E0,
    width=64,
    description="How many messages the last gap has, as of the last read of `gap_first`.",
    fields=(
        RegisterField(
            "messages",
            high=63,
            low=0,
            access="r",
            reset=None,
            description="Messages; 0 when there was no gap.",
        ),
    ),
)
SLOTS_CONTROL: Final = Register(
    "slots[].control",
    address=0x1000,
    width=32,
    description="Whether the instrument in this slot is followed.",
    fields=(
        RegisterField(
            "enable",
            high=0,
            low=0,
            access="rw",
            reset=0x0,
            description="Follow it. While 0, nothing is emitted for this slot.",
        ),
        RegisterField(
            "learn",
            high=1,
            low=1,
            access="rw",
            reset=0x0,
            description=(
                "Take the stock locate from the directory message that names the symbol below."
            ),
        ),
    ),
    count=8,
    stride=0x40,
)
SLOTS_LOCATE: Final = Register(
    "slots[].locate",
    address=0x1004,
    width=32,
    description="The exchange's number for the instrument, new each day.",
    fields=(
        RegisterField(
            "stock_locate",
            high=15,
            low=0,
            access="rw",
            reset=0x0,
            description="Stock locate. Write it, or let `learn` find it.",
        ),
    ),
    count=8,
    stride=0x40,
)
SLOTS_SYMBOL_FIRST: Final = Register(
    "slots[].symbol_first",
    address=0x1008,
    width=32,
    description="The symbol's first four characters. Write it while the slot isn't enabled.",
    fields=(
        RegisterField(
            "characters",
            high=31,
            low=0,
            access="rw",
            reset=0x20202020,
            description="ASCII, the first in the highest byte.",
        ),
    ),
    count=8,
    stride=0x40,
)
SLOTS_SYMBOL_LAST: Final = Register(
    "slots[].symbol_last",
    address=0x100C,
    width=32,
    description="The symbol's last four characters. Write it while the slot isn't enabled.",
    fields=(
        RegisterField(
            "characters",
            high=31,
            low=0,
            access="rw",
            reset=0x20202020,
            description="ASCII, padded with spaces.",
        ),
    ),
    count=8,
    stride=0x40,
)
SLOTS_BUY_THRESHOLD: Final = Register(
    "slots[].buy_threshold",
    address=0x1010,
    width=32,
    description="The strength from which the decision is buy.",
    fields=(
        RegisterField(
            "strength",
            high=16,
            low=0,
            access="rw",
            reset=0xFFFF,
            description="Score up minus score down, signed.",
            signed=True,
        ),
    ),
    count=8,
    stride=0x40,
)
SLOTS_SELL_THRESHOLD: Final = Register(
    "slots[].sell_threshold",
    address=0x1014,
    width=32,
    description="The strength down from which the decision is sell.",
    fields=(
        RegisterField(
            "strength",
            high=16,
            low=0,
            access="rw",
            reset=0x10000,
            description="Score up minus score down, signed.",
            signed=True,
        ),
    ),
    count=8,
    stride=0x40,
)
SLOTS_HYSTERESIS: Final = Register(
    "slots[].hysteresis",
    address=0x1018,
    width=32,
    description="How far the strength must come back before the same decision is taken again.",
    fields=(
        RegisterField(
            "strength",
            high=15,
            low=0,
            access="rw",
            reset=0x0,
            description="In units of strength.",
        ),
    ),
    count=8,
    stride=0x40,
)
SLOTS_MINIMUM_INTERVAL: Final = Register(
    "slots[].minimum_interval",
    address=0x101C,
    width=32,
    description="The least time between two decisions, by the exchange's clock and never by ours.",
    fields=(
        RegisterField(
            "time_units",
            high=31,
            low=0,
            access="rw",
            reset=0x0,
            description="In units of 1,024 ns.",
        ),
    ),
    count=8,
    stride=0x40,
)
SLOTS_COMMAND: Final = Register(
    "slots[].command",
    address=0x1020,
    width=32,
    description="Commands for this slot; a 1 acts once and reads back as 0.",
    fields=(
        RegisterField(
            "clear",
            high=0,
            low=0,
            access="pulse",
            reset=0x0,
            description="Empty the book, the features and the recurrent state of this slot.",
        ),
    ),
    count=8,
    stride=0x40,
)
SLOTS_STATUS: Final = Register(
    "slots[].status",
    address=0x1024,
    width=32,
    description="The instrument as it is now.",
    fields=(
        RegisterField(
            "stale",
            high=0,
            low=0,
            access="r",
            reset=None,
            description="The book can't be trusted.",
        ),
        RegisterField(
            "crossed",
            high=1,
            low=1,
            access="r",
            reset=None,
            description="Best bid above best ask.",
        ),
        RegisterField(
            "locked",
            high=2,
            low=2,
            access="r",
            reset=None,
            description="Best bid equal to best ask.",
        ),
        RegisterField(
            "halted",
            high=3,
            low=3,
            access="r",
            reset=None,
            description="Halted by the exchange.",
        ),
        RegisterField(
            "warm",
            high=4,
            low=4,
            access="r",
            reset=None,
            description="Every feature has its full history.",
        ),
        RegisterField(
            "learned",
            high=5,
            low=5,
            access="r",
            reset=None,
            description="The stock locate was learned from a directory message.",
        ),
        RegisterField(
            "reason",
            high=15,
            low=8,
            access="r",
            reset=None,
            description="Why no decision is taken; the enum `reason` of the message table.",
        ),
    ),
    count=8,
    stride=0x40,
)
SLOTS_STICKY: Final = Register(
    "slots[].sticky",
    address=0x1028,
    width=32,
    description="What the instrument has been since these bits were cleared; write 1 to clear.",
    fields=(
        RegisterField(
            "stale",
            high=0,
            low=0,
            access="w1c",
            reset=0x0,
            description="Was stale.",
        ),
        RegisterField(
            "crossed",
            high=1,
            low=1,
            access="w1c",
            reset=0x0,
            description="Was crossed.",
        ),
        RegisterField(
            "locked",
            high=2,
            low=2,
            access="w1c",
            reset=0x0,
            description="Was locked.",
        ),
        RegisterField(
            "halted",
            high=3,
            low=3,
            access="w1c",
            reset=0x0,
            description="Was halted.",
        ),
    ),
    count=8,
    stride=0x40,
)
FEED_COUNTERS_FRAMES: Final = Register(
    "feed_counters[].frames",
    address=0x2000,
    width=32,
    description="Frames with a right check sequence.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2,
    stride=0x80,
)
FEED_COUNTERS_BAD_PREAMBLE: Final = Register(
    "feed_counters[].bad_preamble",
    address=0x2004,
    width=32,
    description="Frames without a right preamble.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2,
    stride=0x80,
)
FEED_COUNTERS_SHORT_FRAMES: Final = Register(
    "feed_counters[].short_frames",
    address=0x2008,
    width=32,
    description="Frames below 64 bytes.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2,
    stride=0x80,
)
FEED_COUNTERS_LONG_FRAMES: Final = Register(
    "feed_counters[].long_frames",
    address=0x200C,
    width=32,
    description="Frames above the longest allowed.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2,
    stride=0x80,
)
FEED_COUNTERS_RECEIVE_ERRORS: Final = Register(
    "feed_counters[].receive_errors",
    address=0x2010,
    width=32,
    description="Frames in which the PHY signalled an error.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2,
    stride=0x80,
)
FEED_COUNTERS_BAD_FCS: Final = Register(
    "feed_counters[].bad_fcs",
    address=0x2014,
    width=32,
    description="Frames with a wrong check sequence.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2,
    stride=0x80,
)
FEED_COUNTERS_OTHER_PROTOCOL: Final = Register(
    "feed_counters[].other_protocol",
    address=0x2018,
    width=32,
    description="Frames that aren't IPv4 and UDP.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2,
    stride=0x80,
)
FEED_COUNTERS_BAD_IP_HEADER: Final = Register(
    "feed_counters[].bad_ip_header",
    address=0x201C,
    width=32,
    description="IPv4 headers of a wrong version, length or checksum.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2,
    stride=0x80,
)
FEED_COUNTERS_IP_OPTIONS: Final = Register(
    "feed_counters[].ip_options",
    address=0x2020,
    width=32,
    description="IPv4 headers with options, refused.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2,
    stride=0x80,
)
FEED_COUNTERS_IP_FRAGMENTS: Final = Register(
    "feed_counters[].ip_fragments",
    address=0x2024,
    width=32,
    description="IPv4 fragments, refused.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2,
    stride=0x80,
)
FEED_COUNTERS_BAD_UDP: Final = Register(
    "feed_counters[].bad_udp",
    address=0x2028,
    width=32,
    description="UDP headers of a wrong length; the UDP checksum is not looked at.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2,
    stride=0x80,
)
FEED_COUNTERS_FILTERED: Final = Register(
    "feed_counters[].filtered",
    address=0x202C,
    width=32,
    description="Datagrams for another group or port.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2,
    stride=0x80,
)
FEED_COUNTERS_TRUNCATED: Final = Register(
    "feed_counters[].truncated",
    address=0x2030,
    width=32,
    description="Frames that end before their headers or lengths say.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2,
    stride=0x80,
)
FEED_COUNTERS_PACKETS: Final = Register(
    "feed_counters[].packets",
    address=0x2034,
    width=32,
    description="MoldUDP64 packets with messages.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2,
    stride=0x80,
)
FEED_COUNTERS_HEARTBEATS: Final = Register(
    "feed_counters[].heartbeats",
    address=0x2038,
    width=32,
    description="MoldUDP64 packets of no message.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2,
    stride=0x80,
)
FEED_COUNTERS_DUPLICATES: Final = Register(
    "feed_counters[].duplicates",
    address=0x203C,
    width=32,
    description="Packets of which every message was already seen.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2,
    stride=0x80,
)
FEED_COUNTERS_OTHER_SESSION: Final = Register(
    "feed_counters[].other_session",
    address=0x2040,
    width=32,
    description="Packets of another session than the one followed.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
    count=2,
    stride=0x80,
)
PATH_COUNTERS_GAPS: Final = Register(
    "path_counters.gaps",
    address=0x2100,
    width=32,
    description="Gaps that neither feed filled.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_SESSIONS_ENDED: Final = Register(
    "path_counters.sessions_ended",
    address=0x2104,
    width=32,
    description="Ends of session.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_MESSAGE_OVERRUNS: Final = Register(
    "path_counters.message_overruns",
    address=0x2108,
    width=32,
    description="Messages longer than their packet.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_MESSAGES: Final = Register(
    "path_counters.messages",
    address=0x210C,
    width=32,
    description="ITCH messages, each once.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_UNKNOWN_TYPES: Final = Register(
    "path_counters.unknown_types",
    address=0x2110,
    width=32,
    description="Messages of a type that ITCH 5.0 doesn't have.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_WRONG_LENGTHS: Final = Register(
    "path_counters.wrong_lengths",
    address=0x2114,
    width=32,
    description="Messages whose length isn't their type's.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_BOOK_MESSAGES: Final = Register(
    "path_counters.book_messages",
    address=0x2118,
    width=32,
    description="Messages A F E C X D U for a followed instrument.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_TRADE_MESSAGES: Final = Register(
    "path_counters.trade_messages",
    address=0x211C,
    width=32,
    description="Messages P Q B for a followed instrument.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_STATUS_MESSAGES: Final = Register(
    "path_counters.status_messages",
    address=0x2120,
    width=32,
    description="Messages S R H and the other administrative ones.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_OTHER_INSTRUMENTS: Final = Register(
    "path_counters.other_instruments",
    address=0x2124,
    width=32,
    description="Messages for an instrument in no slot.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_UNKNOWN_REFERENCES: Final = Register(
    "path_counters.unknown_references",
    address=0x2128,
    width=32,
    description="Orders named that were never added.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_DUPLICATE_REFERENCES: Final = Register(
    "path_counters.duplicate_references",
    address=0x212C,
    width=32,
    description="Orders added twice.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_UNKNOWN_REPLACES: Final = Register(
    "path_counters.unknown_replaces",
    address=0x2130,
    width=32,
    description="Replaces of an order never added.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_EXCESS_SHARES: Final = Register(
    "path_counters.excess_shares",
    address=0x2134,
    width=32,
    description="Executions or cancels of more than rested.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_ZERO_PRICES: Final = Register(
    "path_counters.zero_prices",
    address=0x2138,
    width=32,
    description="Orders of price 0.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_ZERO_SHARES: Final = Register(
    "path_counters.zero_shares",
    address=0x213C,
    width=32,
    description="Orders, executions or cancels of 0 shares.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_TABLE_OVERFLOWS: Final = Register(
    "path_counters.table_overflows",
    address=0x2140,
    width=32,
    description="Orders for which the order table had no room.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_LEVEL_OVERFLOWS: Final = Register(
    "path_counters.level_overflows",
    address=0x2144,
    width=32,
    description="Price levels that found no room.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_NUMBER_OVERFLOWS: Final = Register(
    "path_counters.number_overflows",
    address=0x2148,
    width=32,
    description="Shares or orders past their width at one price.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_CROSSED_BOOKS: Final = Register(
    "path_counters.crossed_books",
    address=0x214C,
    width=32,
    description="Times that a book became crossed.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_LOCKED_BOOKS: Final = Register(
    "path_counters.locked_books",
    address=0x2150,
    width=32,
    description="Times that a book became locked.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_STALE_BOOKS: Final = Register(
    "path_counters.stale_books",
    address=0x2154,
    width=32,
    description="Times that a book became stale.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_PARITY_ERRORS: Final = Register(
    "path_counters.parity_errors",
    address=0x2158,
    width=32,
    description="Memory words of wrong parity.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_FEED_DROPS: Final = Register(
    "path_counters.feed_drops",
    address=0x215C,
    width=32,
    description="Packets dropped since a parser was busy.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_BOOK_DROPS: Final = Register(
    "path_counters.book_drops",
    address=0x2160,
    width=32,
    description="Operations dropped since the book was busy.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_NETWORK_DROPS: Final = Register(
    "path_counters.network_drops",
    address=0x2164,
    width=32,
    description="Feature vectors dropped since the network was busy.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_RECORD_DROPS: Final = Register(
    "path_counters.record_drops",
    address=0x2168,
    width=32,
    description="Records that the link to the host had no room for.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_INFERENCES: Final = Register(
    "path_counters.inferences",
    address=0x216C,
    width=32,
    description="Times that the network ran.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_SIGNALS_NONE: Final = Register(
    "path_counters.signals_none",
    address=0x2170,
    width=32,
    description="Signals of decision none.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_SIGNALS_BUY: Final = Register(
    "path_counters.signals_buy",
    address=0x2174,
    width=32,
    description="Signals of decision buy.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
PATH_COUNTERS_SIGNALS_SELL: Final = Register(
    "path_counters.signals_sell",
    address=0x2178,
    width=32,
    description="Signals of decision sell.",
    fields=(
        RegisterField(
            "count",
            high=31,
            low=0,
            access="r",
            reset=0x0,
            description="Events since the counters were last cleared; stays at its maximum.",
        ),
    ),
)
RISK_WINDOW: Final = Window(
    "risk",
    address=0x3000,
    size=0x1000,
    description=(
        "Reserved for the limits of the risk gate. Until the gate's own block is there, an access "
        "ends in SLVERR."
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
    FEEDS_CONTROL,
    FEEDS_GROUP,
    FEEDS_UDP,
    MOLD_SESSION,
    MOLD_SESSION_END,
    MOLD_NEXT,
    MOLD_GAP_FIRST,
    MOLD_GAP_COUNT,
    SLOTS_CONTROL,
    SLOTS_LOCATE,
    SLOTS_SYMBOL_FIRST,
    SLOTS_SYMBOL_LAST,
    SLOTS_BUY_THRESHOLD,
    SLOTS_SELL_THRESHOLD,
    SLOTS_HYSTERESIS,
    SLOTS_MINIMUM_INTERVAL,
    SLOTS_COMMAND,
    SLOTS_STATUS,
    SLOTS_STICKY,
    FEED_COUNTERS_FRAMES,
    FEED_COUNTERS_BAD_PREAMBLE,
    FEED_COUNTERS_SHORT_FRAMES,
    FEED_COUNTERS_LONG_FRAMES,
    FEED_COUNTERS_RECEIVE_ERRORS,
    FEED_COUNTERS_BAD_FCS,
    FEED_COUNTERS_OTHER_PROTOCOL,
    FEED_COUNTERS_BAD_IP_HEADER,
    FEED_COUNTERS_IP_OPTIONS,
    FEED_COUNTERS_IP_FRAGMENTS,
    FEED_COUNTERS_BAD_UDP,
    FEED_COUNTERS_FILTERED,
    FEED_COUNTERS_TRUNCATED,
    FEED_COUNTERS_PACKETS,
    FEED_COUNTERS_HEARTBEATS,
    FEED_COUNTERS_DUPLICATES,
    FEED_COUNTERS_OTHER_SESSION,
    PATH_COUNTERS_GAPS,
    PATH_COUNTERS_SESSIONS_ENDED,
    PATH_COUNTERS_MESSAGE_OVERRUNS,
    PATH_COUNTERS_MESSAGES,
    PATH_COUNTERS_UNKNOWN_TYPES,
    PATH_COUNTERS_WRONG_LENGTHS,
    PATH_COUNTERS_BOOK_MESSAGES,
    PATH_COUNTERS_TRADE_MESSAGES,
    PATH_COUNTERS_STATUS_MESSAGES,
    PATH_COUNTERS_OTHER_INSTRUMENTS,
    PATH_COUNTERS_UNKNOWN_REFERENCES,
    PATH_COUNTERS_DUPLICATE_REFERENCES,
    PATH_COUNTERS_UNKNOWN_REPLACES,
    PATH_COUNTERS_EXCESS_SHARES,
    PATH_COUNTERS_ZERO_PRICES,
    PATH_COUNTERS_ZERO_SHARES,
    PATH_COUNTERS_TABLE_OVERFLOWS,
    PATH_COUNTERS_LEVEL_OVERFLOWS,
    PATH_COUNTERS_NUMBER_OVERFLOWS,
    PATH_COUNTERS_CROSSED_BOOKS,
    PATH_COUNTERS_LOCKED_BOOKS,
    PATH_COUNTERS_STALE_BOOKS,
    PATH_COUNTERS_PARITY_ERRORS,
    PATH_COUNTERS_FEED_DROPS,
    PATH_COUNTERS_BOOK_DROPS,
    PATH_COUNTERS_NETWORK_DROPS,
    PATH_COUNTERS_RECORD_DROPS,
    PATH_COUNTERS_INFERENCES,
    PATH_COUNTERS_SIGNALS_NONE,
    PATH_COUNTERS_SIGNALS_BUY,
    PATH_COUNTERS_SIGNALS_SELL,
)
