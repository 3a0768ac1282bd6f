"""What the register map's counters make: the records of events, and the map from event to counter.

An event has its counter's name. The events of a feed are the fields of the record `feed_events`,
those of the path of `path_events`; a counter of the path that is `each_feed` counts events of both
feeds, so that its field is in the former.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from systemrdl.node import AddrmapNode, RegfileNode, RegNode

from hwtools.generate.message_table import Field, Record, Table
from hwtools.generate.registers import MapError, header

FEED_EVENTS, PATH_EVENTS = "feed_events", "path_events"


@dataclass(frozen=True)
class Counter:
    """One counter of the map, with what it adds in a cycle."""

    name: str
    event: str  # the field of either record
    index: int  # its place among all
    feed: int | None  # of which feed; None: of the path
    each_feed: bool  # of the path, but each feed has the event
    step_bits: int  # of one event
    cause: str  # of the book record that is the event, by name; else empty
    meaning: str

    @property
    def added(self) -> list[str]:
        """The fields that it adds up in a cycle."""
        if self.each_feed:
            return [f"feeds[{feed}].{self.event}" for feed in (0, 1)]
        return [f"path.{self.event}" if self.feed is None else f"feeds[{self.feed}].{self.event}"]

    @property
    def width(self) -> int:
        """Bits of what it may add in a cycle."""
        return self.step_bits + self.each_feed


def counters(top: AddrmapNode) -> list[Counter]:
    """Every counter, in order of its index."""
    return list(_counters(_window(top)))


def _window(top: AddrmapNode) -> RegfileNode:
    window = top.get_child_by_name("counters")
    if not isinstance(window, RegfileNode):
        raise MapError("the map has no register file `counters`")
    return window


def _counters(window: RegfileNode) -> Iterator[Counter]:
    for part in window.children(unroll=True):
        if not isinstance(part, RegfileNode) or part.inst_name not in ("feeds", "path"):
            raise MapError(f"counters.{part.inst_name}: feeds and path are all that may count")
        feed = part.current_idx[0] if part.current_idx else None
        for node in part.children():
            if not isinstance(node, RegNode):
                continue
            place = node.get_path().partition(".counters.")[2]
            each_feed = bool(node.get_property("each_feed", default=False))
            step_bits = int(node.get_property("step_bits", default=1))
            if each_feed and feed is not None:
                raise MapError(f"counters.{place}: each_feed is for a counter of the path")
            if step_bits < 1:
                raise MapError(f"counters.{place}: step_bits must be 1 or more")
            yield Counter(
                place.replace("[", "_").replace("]", "").replace(".", "_").upper(),
                node.inst_name,
                (node.absolute_address - window.absolute_address) // 4,
                feed,
                each_feed,
                step_bits,
                str(node.get_property("cause", default="")),
                " ".join((node.get_property("desc") or "").split()).rstrip("."),
            )


def records(top: AddrmapNode) -> tuple[Record, Record]:
    """`feed_events` and `path_events`, a field for each counter."""
    every = counters(top)
    of_feed = [one for one in every if one.feed == 0 or one.each_feed]
    of_path = [one for one in every if one.feed is None and not one.each_feed]
    return (
        Record(
            FEED_EVENTS,
            "What one feed's counters add in a cycle: mac_rx, udp_rx, mold_rx and mold_merge to "
            "path_counters",
            tuple(map(_field, of_feed)),
        ),
        Record(
            PATH_EVENTS,
            "What the path's counters add in a cycle: each block to path_counters",
            tuple(map(_field, of_path)),
        ),
    )


def _field(counter: Counter) -> Field:
    bits = counter.step_bits
    return Field(
        name=counter.event,
        kind="flag" if bits == 1 else "unsigned",
        enum="",
        width=bits,
        width_name=str(bits),
        count=1,
        count_name="",
        unit="" if bits == 1 else "events",
        low=0,
        high=2**bits - 1,
        meaning=counter.meaning,
    )


def check_against(top: AddrmapNode, table: Table) -> None:
    """A cause must be a reason of the message table, and of one counter."""
    reasons = {
        member.name for enum in table.enums if enum.name == "reason" for member in enum.members
    }
    taken: dict[str, str] = {}
    for one in counters(top):
        if one.cause and one.cause not in reasons:
            raise MapError(f"counters.path.{one.event}: cause {one.cause!r} isn't a reason")
        if one.cause in taken:
            raise MapError(f"counters.path.{one.event}: {taken[one.cause]} has cause {one.cause!r}")
        if one.cause:
            taken[one.cause] = one.event


def package(top: AddrmapNode) -> str:
    """hw/gen/counter_regs_pkg.sv: each counter's index, and what it adds of which event."""
    every, size = counters(top), _window(top).size // 4
    wide = [f"(COUNTERS'(1) << {one.name})" for one in every if one.width > 1]
    lines = [
        f"// {header(top)}",
        "",
        "package counter_regs_pkg;",
        f"  localparam int unsigned COUNTERS = {size};",
        *(f"  localparam int unsigned {one.name} = {one.index};" for one in every),
        "",
        "  // Those that may add more than 1 in a cycle, and the bits of what the widest may add.",
        "  localparam logic [COUNTERS-1:0] WIDE =",
        *(f"      {one} |" for one in wide[:-1]),
        f"      {wide[-1]};" if wide else "      '0;",
        f"  localparam int unsigned STEP_W = {max(one.width for one in every)};",
        "  typedef logic [COUNTERS-1:0][STEP_W-1:0] increments_t;",
        "",
        "  // What each counter adds in this cycle.",
        "  function automatic increments_t increments_of(",
        "      input tick_pkg::feed_events_t [1:0] feeds, input tick_pkg::path_events_t path);",
        "    increments_of = '0;",
    ]
    for one in every:
        added = " + ".join(f"STEP_W'({field})" for field in one.added)
        lines.append(f"    increments_of[{one.name}] = {added};")
    lines += [
        "  endfunction",
        "",
        "  // The event of a book record with this cause, if any.",
        "  function automatic tick_pkg::path_events_t events_of(input tick_pkg::reason_e cause);",
        "    events_of = '0;",
        "    unique case (cause)",
    ]
    for one in every:
        if one.cause:
            reason = f"tick_pkg::REASON_{one.cause.upper()}"
            lines.append(f"      {reason}: events_of.{one.event} = 1'b1;")
    lines += ["      default: ;", "    endcase", "  endfunction", "endpackage", ""]
    return "\n".join(lines)
