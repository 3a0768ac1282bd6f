"""Golden model of line_hold: what is kept of one feed, and when it is given, cycle by cycle."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from sim.golden.tick_pkg import pack_some

END_OF_SESSION = 0xFFFF
MODULO = 1 << 64
HEADER = ("session", "sequence_number", "count")
BEAT = ("axis_tdata", "tail", "last", "runts", "start", "lane", "length")
MARKS = ("tail", "last", "runts", "start")
THROUGH = ("axis_tvalid", "cycle", "frame_cycle", "end", "error", "reach")
LONGEST_LATE = 1 << 16  # cycles that a frame may take
LONG_AGO = -16


@dataclass
class Kept:
    """A packet; the cycle of its frame's end, when that is known."""

    header: dict[str, int]
    drops: bool
    frame_cycle: int = 0
    beats: list[dict[str, int]] = field(default_factory=list)
    end: int = LONG_AGO


class LineHold:
    """`kept`, `gave`, `left_out`, `cuts` count packets."""

    inputs = (
        *("clear", "acted", "refused", "quiet", "followed", "session", "next", "released"),
        *(f"s_{name}" for name in ("header", *HEADER, *BEAT, *THROUGH)),
    )

    def __init__(self, beats: int, packets: int) -> None:
        self.beats, self.packets = beats, packets
        self.longest = beats // 4
        self.kept = self.gave = self.left_out = self.cuts = 0
        self.now = 0
        self.reset()

    def reset(self) -> None:
        self._forget()
        self.events: dict[str, int] = {}
        self.crowded = 0

    def _forget(self) -> None:
        self.queue = deque[Kept]()
        self.coming: Kept | None = None
        self.shows: str | None = None  # what the header of the cycle before was: through, or unseen
        self.through = LONG_AGO  # when a header came through last
        self.popped = LONG_AGO
        self.given: int | None = None  # when the header was given of what is being given
        self.acts = self.again = False
        self.was_quiet = False
        self.ahead = False
        self.cut = False  # what was being given is forgotten, and ends in this cycle

    def _known(self) -> bool:
        return bool(self.queue) and self.now >= max(self.queue[0].end, self.popped) + 3

    def _used(self) -> int:
        """Beats kept, less those that were read."""
        used = sum(len(one.beats) for one in self.queue if one.end < self.now)
        if self.given is not None and self.acts:
            used -= min(max(self.now - self.given - 3, 0), len(self.queue[0].beats))
        return used

    def _held(self) -> int:
        return sum(one.end < self.now for one in self.queue)

    def outputs(self) -> dict[str, int]:
        known = self._known()
        ports = {"head": int(known), "pending": int(not known and self._held() > 0)}
        if known:
            ports["head_number"] = self.queue[0].header["sequence_number"]
            ports["head_ahead"] = int(self.ahead)
        ports["coming"] = int(self.coming is not None)
        if self.coming is not None:
            ports["coming_number"] = self.coming.header["sequence_number"]
        events = pack_some("feed_events", self.events)
        return ports | {"crowded": self.crowded, "feed_events": events}

    def _gives(self, inputs: dict[str, int]) -> bool:
        """Whether the oldest packet's header is given in this cycle."""
        if self.given is not None or self.cut or not self._known():
            return False
        if inputs["clear"] or inputs["s_header"]:
            return False
        quiet = inputs["quiet"] and self.was_quiet and self.now - self.through > 2
        return bool(quiet and (inputs["released"] or not self.ahead))

    def beside(self, **inputs: int) -> dict[str, int]:
        if self.cut:
            quiet = dict.fromkeys(("m_header", "m_axis_tvalid", "m_error"), 0)
            return quiet | {f"m_{name}": 0 for name in MARKS} | {"m_end": 1}
        gives = self._gives(inputs)
        if not gives and self.given is None:
            names = ("header", *HEADER, *BEAT, *THROUGH)
            return {f"m_{name}": inputs[f"s_{name}"] for name in names} | {"m_may_gap": 0}
        packet, silent = self.queue[0], dict.fromkeys(("m_axis_tvalid", "m_end", "m_error"), 0)
        ports = silent | {"m_header": int(gives), "m_may_gap": inputs["released"]}
        ports |= {f"m_{name}": packet.header[name] for name in HEADER}
        first, count = packet.header["sequence_number"], packet.header["count"]
        ports["m_reach"] = (first + (0 if count == END_OF_SESSION else count)) % MODULO
        ports |= {f"m_{name}": 0 for name in MARKS}
        since = 0 if self.given is None else self.now - self.given
        if self.acts and since >= 5:
            if since - 5 < len(packet.beats):
                ports["m_axis_tvalid"] = 1
                ports |= {f"m_{name}": value for name, value in packet.beats[since - 5].items()}
                ports["m_frame_cycle"] = packet.frame_cycle
            else:
                ports["m_end"] = 1
        return ports

    def step(self, **inputs: int) -> None:
        self.crowded = int(
            self.beats - self._used() < 2 * self.longest or self._held() > self.packets - 2
        )
        self.events = {}
        gives = self._gives(inputs)
        ours = gives or self.given is not None or self.cut
        self.cut = False
        self._comes(inputs)
        ahead = (
            (self.queue[0].header["sequence_number"] - inputs["next"]) % MODULO if self.queue else 0
        )
        self.ahead = bool(
            inputs["followed"]
            and self.queue
            and self.queue[0].header["session"] == inputs["session"]
            and 0 < ahead <= MODULO // 2
        )
        self._given(gives, inputs)
        if inputs["s_header"]:
            self.shows = "unseen" if ours else "through"
            if not ours:
                self.through = self.now
        else:
            self.shows = None
        self.was_quiet = bool(inputs["quiet"])
        if inputs["clear"]:
            goes_on = self.acts and self.given is not None and self.now - self.given >= 2
            self._forget()
            self.cut = goes_on
            self.cuts += goes_on
            self.events, self.crowded = {}, 0
        self.now += 1

    def _comes(self, inputs: dict[str, int]) -> None:
        """What mold_rx says: a packet that is to be kept, its beats, its end."""
        coming = self.coming
        if coming is not None and inputs["s_axis_tvalid"]:
            late = inputs["s_cycle"] - inputs["s_frame_cycle"]
            coming.drops |= late % (1 << 48) >= LONGEST_LATE
            coming.frame_cycle = inputs["s_frame_cycle"]
            beat = {name: inputs[f"s_{name}"] for name in BEAT}
            coming.beats.append(beat | {"cycle": inputs["s_cycle"]})
            coming.drops |= len(coming.beats) > self.longest
        if coming is not None and inputs["s_end"]:
            self.coming = None
            if not inputs["s_error"] and not coming.drops:
                coming.end = self.now
                self.queue.append(coming)
                self.kept += 1
            elif not inputs["s_error"]:
                self.events["hold_drops"] = 1
                self.left_out += 1
        if self.shows == "unseen" or (self.shows == "through" and inputs["refused"]):
            full = self.beats - self._used() < self.longest or self._held() >= self.packets
            self.coming = Kept({name: inputs[f"s_{name}"] for name in HEADER}, full)

    def _given(self, gives: bool, inputs: dict[str, int]) -> None:
        if gives:
            self.given, self.acts, self.again = self.now, False, False
        elif self.given is not None:
            since = self.now - self.given
            if since == 1:
                self.acts, self.again = bool(inputs["acted"]), bool(inputs["refused"])
            elif since == 2 and self.acts:
                self.events["reordered"] = 1
                self.gave += 1
            elif since == 2:
                if not self.again:
                    self._pop()
                self.given = None
            elif since == 5 + len(self.queue[0].beats):
                self._pop()
                self.given, self.acts = None, False

    def _pop(self) -> None:
        self.queue.popleft()
        self.popped = self.now
