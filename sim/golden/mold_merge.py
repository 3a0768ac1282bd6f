"""Golden model of mold_merge: messages by their numbers; a packet taken is a range of them.

It knows cycles; sim/lib/merge_rules.py judges what is delivered without any.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from sim.golden.tick_pkg import NUMBERS, pack_some, width

END_OF_SESSION = 0xFFFF
GAP, NO_START = NUMBERS["REASON_GAP"], NUMBERS["REASON_NO_START"]
OTHER_SESSION = NUMBERS["REASON_OTHER_SESSION"]
BY_FEED = ("packets", "heartbeats", "duplicates", "other_session", "feed_drops")
OF_THE_PATH = ("gaps", "sessions_ended", "messages")
HEADER = ("session", "sequence_number", "count", "reach")  # hold beside a header
FEED = (  # the ports of each mold_rx, and their bits at either width
    ("header", 1, 1),
    ("may_gap", 1, 1),
    ("session", 80, 80),
    ("sequence_number", 64, 64),
    ("count", 16, 16),
    ("reach", 64, 64),
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
    messages that no bad frame undid, `forgotten` how each of those ended, or that the session was
    left amid it; `why` counts losses."""

    inputs = ("resynchronise", "any_start", "hold", *(f"s_{name}" for name, _, _ in FEED))

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
        self.why: Counter[int] = Counter()
        self.reset()

    def reset(self) -> None:
        self.session: int | None = None
        self.ended = False
        self.next = self.reach = 0
        self.taken: int | None = None  # the feed whose packet is taken
        self.at = 0  # sequence number of the message of that packet that ends next
        self.until = 0  # the one after its last
        self.giving = False  # the message in progress is given
        self.open: set[int] = set()  # frames whose header changed something, by their feed
        self.before: tuple[int | None, bool, int] = (None, False, 0)  # when none was open
        self.marks = 0, 0  # what was kept and missed then
        self.several = self.doubt = self.gap_new = False
        self.restores = False  # what was before holds again after this cycle
        self.loses = False  # ... and that is said as a loss after the next
        self.left = False  # by command, a cycle ago
        self.gap: tuple[int, int] | None = None
        self.events: dict[str, int] = {}
        self.blocked = False  # a header of the cycle before brings nothing
        # headers of the cycle before; the last, that it may bring something when it comes again
        self.judged: list[tuple[int, dict[str, int], str, bool]] = []
        self.counted: list[tuple[int, dict[str, int], set[str] | None]] = []  # of the one before it
        self.of_feeds = dict.fromkeys(BY_FEED, 0)  # events of the cycle after the next
        self.gap_stated: tuple[int, int] | None = None
        self.lost: set[int] = set()  # why messages may be missing
        self.strange = False  # another session's packet, a cycle ago
        self.joined_late = False
        self.elsewhere = False  # another session's packet came, and none of its own since
        self.own = False  # a header of the cycle before is the session's

    def feed(self, inputs: dict[str, int], feed: int) -> dict[str, int]:
        return {name: inputs[port] >> at & mask for name, port, at, mask in self.fields[feed]}

    def outputs(self) -> dict[str, int]:
        ports = {name: self.events.get(name, 0) for name in ("over", "bad_frame", "undone")}
        ports["lost"] = int(bool(self.lost))
        self.why.update(self.lost)
        if self.lost:
            ports["lost_reason"] = min(self.lost)
        ports |= self._event_ports() | {"followed": int(self.session is not None)}
        ports["in_session"] = int(self.session is not None and not (self.ended or self.elsewhere))
        if self.session is not None:
            ports |= {"session": self.session, "next": self.next}
        if "gaps" in self.events:
            self.gap_stated = self.gap
        ports["gap_count"] = self.gap_stated[1] if self.gap_stated else 0
        settled = self.gap_stated and self.gap_stated == self.gap
        return ports | ({"gap_first": self.gap_stated[0]} if self.gap_stated and settled else {})

    def _event_ports(self) -> dict[str, int]:
        path = {name: self.events[name] for name in OF_THE_PATH if name in self.events}
        path["bad_frames"] = self.events.get("bad_frame", 0)
        path["late_joins"] = int(self.joined_late)
        of_feeds = (
            {name: self.events.get(name, 0) >> feed & 1 for name in BY_FEED} for feed in (0, 1)
        )
        a, b = (pack_some("feed_events", events) for events in of_feeds)
        joined = b << width("feed_events") | a
        return {"feed_events": joined, "path_events": pack_some("path_events", path)}

    def _numbers(self, beat: dict[str, int]) -> list[int]:
        """The messages of the packet taken that end in this beat, in order."""
        return [(self.at + i) % MODULO for i in range(beat["last"] + beat["runts"])]

    def _new(self, number: int) -> bool:
        return difference(number, self.next) >= 0

    def beside(self, **inputs: int) -> dict[str, int]:
        feeds = [self.feed(inputs, feed) for feed in range(2)]
        acts, refused = self._decided(feeds, inputs["resynchronise"])
        quiet = not (self.open or self.blocked or self.doubt or self.restores)
        asked = {
            "acted": sum(1 << feed for feed in acts),
            "opens": int(bool(acts) and not self._still_open(feeds)),
            "begins": int(bool(acts) and self._begins(acts[0], inputs["any_start"])),
            "refused": sum(1 << feed for feed in refused),
            "quiet": int(quiet and self.taken is None),
        }
        return asked | self._stream(**inputs)

    def _begins(self, feed: int, any_start: int) -> bool:
        one = next(one for which, one, _, _ in self.judged if which == feed)
        first = one["sequence_number"] == 1 or bool(any_start)
        return first and one["session"] != self.session

    def _still_open(self, feeds: list[dict[str, int]]) -> set[int]:
        return {feed for feed in self.open if not feeds[feed]["end"]}

    def _decided(self, feeds: list[dict[str, int]], left: int) -> tuple[list[int], list[int]]:
        """The feeds whose header of the cycle before acts now, at most one, and those whose header
        is to come again."""
        doubt = self.doubt or any(
            feed in self.open and one["end"] and one["error"] for feed, one in enumerate(feeds)
        )
        free = not (self.blocked or doubt or self.restores or left)
        acts = [feed for feed, _, verdict, _ in self.judged if verdict == "changes" and free][:1]
        refused = [feed for feed, _, _, wanted in self.judged if wanted and feed not in acts]
        return acts, [] if left else refused

    def _stream(self, **inputs: int) -> dict[str, int]:
        silent = dict.fromkeys(("m_tail", "m_last", "m_runts", "m_start", "last_of_packet"), 0)
        if self.taken is None:
            return silent | {"m_axis_tvalid": 0}
        beat = self.feed(inputs, self.taken)
        numbers = self._numbers(beat)
        giving = int(self.giving)
        passed = {name: beat[name] for name in ("axis_tdata", "cycle", "frame_cycle")}
        ports = {f"m_{name}": value for name, value in passed.items()} | silent
        ports |= {"m_axis_tvalid": beat["axis_tvalid"], "m_tail": giving * beat["tail"]}
        ports["m_last"] = giving * beat["last"]
        new = [number for number in numbers if self._new(number)]
        ports["m_runts"] = len(new) - ports["m_last"]
        if beat["start"] and self._new((self.at + len(numbers)) % MODULO):
            ports |= {"m_start": 1, "m_lane": beat["lane"], "m_length": beat["length"]}
        if new:
            ports["sequence_number"] = new[0]
            ports["last_of_packet"] = int((new[-1] + 1) % MODULO == self.until)
        return ports

    def step(self, **inputs: int) -> None:
        feeds, before = [self.feed(inputs, feed) for feed in range(2)], self.taken
        gap = self.gap_new
        self.lost = {OTHER_SESSION} if self.strange else set()
        loses, self.loses = self.loses, False
        self.joined_late = False
        self.elsewhere = self.strange or (self.elsewhere and not self.own)
        self.strange = self.own = False
        self.events = self.of_feeds | ({"gaps": 1} if gap else {})
        if loses:
            self.events["undone"] = 1
            self.lost.add(GAP)
        if self.left:
            self.events["over"] = 1
        self.left = bool(inputs["resynchronise"])
        self.of_feeds = dict.fromkeys(BY_FEED, 0)
        self._count_all()
        decided = self._decided(feeds, inputs["resynchronise"])
        judged, self.judged = self.judged, []
        if not inputs["resynchronise"]:
            self.judged = [
                (feed, one, *self._judge(one, inputs["hold"]))
                for feed, one in enumerate(feeds)
                if one["header"]
            ]
            self.own = any(one["session"] == self.session for _, one, _, _ in self.judged)
        reached = self._beat(feeds[before]) if before is not None else self.next
        wrong = False
        for feed, one in enumerate(feeds):
            if one["end"]:
                wrong |= feed in self.open and bool(one["error"])
                self.open.discard(feed)
                if feed == before:
                    self.taken = None
        self.doubt |= wrong
        if wrong and self.taken is not None and not inputs["resynchronise"]:
            self.lost.add(GAP)  # what goes on stands upon what is wrong
        blocked = self.blocked or self.doubt or self.restores
        acted = False
        self.gap_new = False
        if not inputs["resynchronise"]:
            for feed, one, verdict, _ in judged:
                if feed in decided[1]:
                    continue
                acts = feed in decided[0]
                self.counted.append((feed, one, None if blocked else self._events_of(one, verdict)))
                if acts:
                    self._act(feed, one)
                    if self.joined_late and not inputs["any_start"]:
                        self.lost.add(NO_START)
                    blocked = acted = True
        self.blocked = before is not None or self.doubt or acted or self.restores
        if before is not None:
            self.next = reached
        if self.restores:
            self.session, self.ended, self.next = self.before
        self.restores = self.doubt and self.taken is None
        if self.restores:
            self.forgotten.append("lost" if self.several else "bad_frame")
            self.loses = self.several and not inputs["resynchronise"]
            if not self.several:
                self.events["bad_frame"] = self.events["undone"] = 1
            del self.kept[self.marks[0] :], self.missed[self.marks[1] :]
            self.open, self.doubt = set(), False
        if inputs["resynchronise"]:
            if self.open or self.doubt or self.restores:  # nobody hears what becomes of them
                self.events["undone"] = 1
                self.forgotten.append("left")
            self.session, self.open, self.doubt, self.restores = None, set(), False, False
            self.taken = None

    def _beat(self, beat: dict[str, int]) -> int:
        """What this makes of `next`."""
        numbers = self._numbers(beat)
        new = [number for number in numbers if self._new(number)]
        self.given += new
        self.kept += new
        self.events["messages"] = len(new)
        self.at = (self.at + len(numbers)) % MODULO
        if beat["start"]:
            self.giving = self._new(self.at)
        if self.at == self.until:
            self.taken = None
        return (self.next + len(new)) % MODULO

    def _judge(self, one: dict[str, int], hold: int) -> tuple[str, bool]:
        """What a header is, and whether it may bring something when it comes again."""
        verdict = self._verdict(one)
        if not hold:
            return verdict, False
        wanted = verdict == "changes"
        if one["session"] == self.session:
            reach = one["sequence_number"] + (0 if one["count"] == END_OF_SESSION else one["count"])
            more = self.before[0] != self.session or difference(reach, self.before[2]) > 0
            wanted |= bool(self.open or self.restores) and more
            if difference(one["sequence_number"], self.next) > 0 and not one["may_gap"]:
                verdict = "nothing"
        return verdict, wanted

    def _verdict(self, one: dict[str, int]) -> str:
        """What a header is by the state of its cycle."""
        over, first = one["count"] == END_OF_SESSION, one["sequence_number"]
        count = 0 if over else one["count"]
        if one["session"] != self.session:
            if self.session is not None and not self.ended:
                return "other"
            return "nothing" if over else "changes"
        if difference(first, self.next) > 0 or (over and not self.ended):
            return "changes"
        if count and difference(first + count, self.next) > 0:
            return "changes"
        return "seen" if count else "nothing"

    @staticmethod
    def _events_of(one: dict[str, int], verdict: str) -> set[str]:
        """The events of a header that wasn't kept from bringing anything."""
        over = one["count"] == END_OF_SESSION
        if verdict == "other":
            return {"other_session"}
        if verdict == "changes" and over:
            return set()
        events = {"heartbeats"} if over or not one["count"] else {"packets"}
        return events | ({"duplicates"} if verdict == "seen" else set())

    def _count_all(self) -> None:
        """The headers of two cycles ago; those that brought nothing, by how things are now."""
        for feed, one, events in self.counted:
            count = 0 if one["count"] == END_OF_SESSION else one["count"]
            if events is None:
                assert one["sequence_number"] + count < MODULO, "the bench stays away from the end"
                events = {"packets" if count else "heartbeats"}
                if count:
                    seen = one["sequence_number"] + count <= self.reach
                    events.add("duplicates" if seen else "feed_drops")
                if one["session"] != self.session:
                    events = {"other_session"}
                    self.strange |= self.session is not None and not self.ended
            elif events == {"other_session"}:
                self.strange = True
            for event in events:
                self.of_feeds[event] |= 1 << feed
        self.counted = []

    def _act(self, feed: int, one: dict[str, Any]) -> None:
        over, first, session = (
            one["count"] == END_OF_SESSION,
            one["sequence_number"],
            one["session"],
        )
        count = 0 if over else one["count"]
        if not self.open:
            self.before = self.session, self.ended, self.next
            self.marks = len(self.kept), len(self.missed)
        self.several = bool(self.open) or over
        self.open.add(feed)
        if session != self.session:
            self.next = first
            self.joined_late = first != 1
            self.elsewhere = OTHER_SESSION in self.lost
        else:
            self.joined_late = self.ended and not over  # it goes on after its end
        ahead = session == self.session and difference(first, self.next) > 0
        self.several |= self.joined_late or ahead
        if ahead:
            self.gap = self.next, difference(first, self.next)
            self.missed.append(self.gap)
            self.gap_new = True
            self.lost.add(GAP)
            self.next = first
        self.session, self.ended = session, over
        self.reach = (first + count) % MODULO
        if over:
            self.events["sessions_ended"] = self.events["over"] = 1
        if count:
            self.taken, self.at, self.until = feed, first, (first + count) % MODULO
