"""Golden model of mold_merge: messages by their numbers; a packet taken is a range of them."""

from __future__ import annotations

from typing import Any

END_OF_SESSION = 0xFFFF
BY_FEED = ("packets", "heartbeats", "duplicates", "other_session", "feed_drops")
FEED = (  # what each mold_rx says, and its bits at either width
    ("header", 1, 1),
    ("session", 80, 80),
    ("sequence_number", 64, 64),
    ("count", 16, 16),
    ("axis_tdata", 8, 64),
    ("axis_tvalid", 1, 1),
    ("cycle", 48, 48),
    ("frame_cycle", 48, 48),
    ("tail", 1, 4),
    ("last", 1, 1),
    ("runts", 3, 3),
    ("start", 1, 1),
    ("lane", 1, 4),
    ("length", 16, 16),
    ("end", 1, 1),
    ("error", 1, 1),
)
MODULO = 1 << 64


def difference(a: int, b: int) -> int:
    """a - b, of numbers that may have gone round."""
    return (a - b + MODULO // 2) % MODULO - MODULO // 2


class MoldMerge:
    """`given` keeps the sequence number of each message given, `missed` each gap; `kept` are the
    messages that no bad frame undid, `forgotten` how each of those ended."""

    inputs = ("resynchronise", *(f"s_{name}" for name, _, _ in FEED))

    def __init__(self, width: int) -> None:
        bits = [(name, narrow if width == 8 else wide) for name, narrow, wide in FEED]
        self.fields = [
            [(name, f"s_{name}", feed * size, (1 << size) - 1) for name, size in bits]
            for feed in range(2)
        ]
        self.given: list[int] = []
        self.missed: list[tuple[int, int]] = []
        self.kept: list[int] = []
        self.forgotten: list[str] = []
        self.reset()

    def reset(self) -> None:
        self.session: int | None = None
        self.ended = False
        self.next = self.reach = 0
        self.taken: int | None = None  # the feed whose packet is taken
        self.at = 0  # sequence number of the message of that packet that ends next
        self.until = 0  # the one after its last
        self.shown = False  # the message in progress is given
        self.open: set[int] = set()  # frames whose header changed something, by their feed
        self.before: tuple[int | None, bool, int] = (None, False, 0)  # when none was open
        self.marks = 0, 0  # what was kept and missed then
        self.several = self.doubt = False
        self.gap: tuple[int, int] | None = None
        self.events: dict[str, int] = {}

    def feed(self, told: dict[str, int], feed: int) -> dict[str, int]:
        return {name: told[port] >> at & mask for name, port, at, mask in self.fields[feed]}

    def outputs(self) -> dict[str, int]:
        both = ("gaps", "sessions_ended", "messages", "bad_frame", "lost")
        events = dict.fromkeys((*BY_FEED, *both), 0)
        told = events | self.events | {"followed": int(self.session is not None)}
        if self.session is not None:
            told |= {"session": self.session, "next": self.next}
        told["gap_count"] = self.gap[1] if self.gap else 0
        return told | ({"gap_first": self.gap[0]} if self.gap else {})

    def _numbers(self, beat: dict[str, int]) -> list[int]:
        """The messages of the packet taken that end in this beat, in order."""
        return [(self.at + i) % MODULO for i in range(beat["last"] + beat["runts"])]

    def _new(self, number: int) -> bool:
        return difference(number, self.next) >= 0

    def beside(self, **told: int) -> dict[str, int]:
        silent = dict.fromkeys(("m_tail", "m_last", "m_runts", "m_start", "last_of_packet"), 0)
        if self.taken is None:
            return silent | {"m_axis_tvalid": 0}
        beat = self.feed(told, self.taken)
        numbers = self._numbers(beat)
        shown = int(self.shown)
        seen = {name: beat[name] for name in ("axis_tdata", "cycle", "frame_cycle")}
        said = {f"m_{name}": value for name, value in seen.items()} | silent
        said |= {"m_axis_tvalid": beat["axis_tvalid"], "m_tail": shown * beat["tail"]}
        said["m_last"] = shown * beat["last"]
        new = [number for number in numbers if self._new(number)]
        said["m_runts"] = len(new) - said["m_last"]
        if beat["start"] and self._new((self.at + len(numbers)) % MODULO):
            said |= {"m_start": 1, "m_lane": beat["lane"], "m_length": beat["length"]}
        if new:
            said["sequence_number"] = new[0]
            said["last_of_packet"] = int((new[-1] + 1) % MODULO == self.until)
        return said

    def step(self, **told: int) -> None:
        feeds, before = [self.feed(told, feed) for feed in range(2)], self.taken
        self.events = dict.fromkeys(BY_FEED, 0)
        reached = self._beat(feeds[before]) if before is not None else self.next
        for feed, one in enumerate(feeds):
            if one["end"]:
                self.doubt |= feed in self.open and bool(one["error"])
                self.open.discard(feed)
                if feed == before:
                    self.taken = None
        locked = before is not None or self.doubt
        for feed, one in enumerate(feeds):
            if one["header"]:
                locked |= self._header(feed, one, locked)
        if before is not None:
            self.next = reached
        if self.doubt and self.taken is None:
            self.session, self.ended, self.next = self.before
            self.forgotten.append("lost" if self.several else "bad_frame")
            self.events[self.forgotten[-1]] = 1
            del self.kept[self.marks[0] :], self.missed[self.marks[1] :]
            self.open, self.doubt = set(), False
        if told["resynchronise"]:
            self.session, self.open, self.doubt = None, set(), False

    def _beat(self, beat: dict[str, int]) -> int:
        """What this makes of `next`."""
        numbers = self._numbers(beat)
        new = [number for number in numbers if self._new(number)]
        self.given += new
        self.kept += new
        self.events["messages"] = len(new)
        self.at = (self.at + len(numbers)) % MODULO
        if beat["start"]:
            self.shown = self._new(self.at)
        if self.at == self.until:
            self.taken = None
        return (self.next + len(new)) % MODULO

    def _count(self, event: str, feed: int) -> None:
        self.events[event] |= 1 << feed

    def _header(self, feed: int, one: dict[str, Any], locked: bool) -> bool:
        """Whether it changed anything."""
        over = one["count"] == END_OF_SESSION
        count = 0 if over else one["count"]
        first, session = one["sequence_number"], one["session"]
        same = session == self.session
        if not same and (locked or not (self.session is None or self.ended)):
            self._count("other_session", feed)
            return False
        self._count("packets" if count else "heartbeats", feed)
        if locked:
            if count:
                past = (first + count - self.reach) % MODULO
                wraps = first + count >= MODULO
                assert not wraps, "the bench stays away from the end of the numbers"
                dup = first + count <= self.reach
                self._count("duplicates" if dup else "feed_drops", feed)
                assert past >= 0
            return False
        was, marks = (self.session, self.ended, self.next), (len(self.kept), len(self.missed))
        if not same:
            if over:
                return False
            self.next, self.ended = first, False
        ahead = -difference(self.next, first)
        if ahead > 0:
            self.gap = self.next, ahead
            self.missed.append(self.gap)
            self.events["gaps"] = self.events["lost"] = 1
            self.next = first
        news = difference(first + count, self.next) > 0 and count > 0
        if count and not news:
            self._count("duplicates", feed)
            return False
        ends = over and (not self.ended or ahead > 0)
        if same and not (news or ahead > 0 or ends):
            return False
        self.several = bool(self.open)
        if not self.open:
            self.before, self.marks = was, marks
        self.open.add(feed)
        self.session, self.ended = session, over
        self.reach = first + count
        if ends:
            self.events["sessions_ended"] = 1
            self.events["heartbeats"] &= ~(1 << feed)
        if count:
            self.taken, self.at, self.until = feed, first, (first + count) % MODULO
        return True
