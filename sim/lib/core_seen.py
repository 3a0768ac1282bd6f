"""Which test of tickwire_core accounts for each register and each counter.

A register, a field or a counter that isn't here fails: nobody would notice if it were wired wrong.
"""

from __future__ import annotations

from sim.lib.core import Core
from tickwire.replay.signals import SETTINGS

# Counters that the frames of `causes` don't move: the test that does, which `moved` holds to it.
ELSEWHERE = {
    "path.table_overflows": "the_tables_overflow",
    "path.level_overflows": "the_tables_overflow",
    "feeds[0].reordered": "what_comes_early_waits",
    "feeds[1].reordered": "what_comes_early_waits",
    "path.late_slots": "a_slot_that_moves_is_not_trusted",
    "path.kept_out": "the_host_loads_a_slot",
    "path.refused_trusts": "the_host_loads_a_slot",
    "path.inferences": "each_slot_has_its_own_settings",
    "path.signals_buy": "each_slot_has_its_own_settings",
    "path.signals_sell": "each_slot_has_its_own_settings",
    **{
        f"path.{name}": "signals_become_orders"
        for name in (
            "orders",
            "refused_orders",
            "order_messages",
            "unwritable_orders",
            "double_confirmations",
            "excess_confirmations",
            "lost_confirmations",
        )
    },
    **{
        f"path.{name}": "each_event_of_the_gate_is_counted"
        for name in (
            "wrong_keys",
            "refused_commands",
            "unknown_confirmations",
            "broken_trades",
            "kills",
            "disarms",
            "venue_confirmations",
            "venue_notices",
            "venue_unfollowed",
            "venue_appended",
            "venue_unknown_types",
            "venue_wrong_lengths",
            "venue_wrong_values",
        )
    },
    "path.link_doubts": "a_doubt_disarms",
    "path.link_orders_held": "without_a_session_no_order_leaves",
    "path.link_cancels_unsent": "without_a_session_no_order_leaves",
    **{
        f"path.link_{name}": "orders_leave_in_the_session"
        for name in (
            "host_packets",
            "host_refused",
            "packets_sent",
            "packets_resent",
            "acks_sent",
            "probes_sent",
            "segments",
            "repeated_segments",
            "early_segments",
            "unfit_segments",
            "bad_segments",
            "other_frames",
            "messages_heard",
            "heartbeats_heard",
            "cancels",
        )
    },
}
# No test of the core moves these; why, and whose bench does.
NEVER = {
    "path.depth_losses": "no feed is so fast: price_book",
    "path.feed_drops": "no feed is so fast: mold_rx",
    "feeds[0].hold_drops": "one feed must be slow, and the other have 64 packets more: feed_rx",
    "feeds[1].hold_drops": "one feed must be slow, and the other have 64 packets more: feed_rx",
    "path.book_drops": "no feed is so fast: op_gate",
    "path.network_drops": "no feed is so fast: nn",
    "path.link_dropped_segments": "the venue would have to send beyond the window: tcp_rx",
    "path.parity_errors": "no memory has a parity yet",
    "path.record_drops": "there is no link to the host yet",
}
# Which test drives, provokes or reads each register, all its fields; counters by their name.
SEEN = {
    **dict.fromkeys(("magic", "version", "build", "model", "capabilities", "cycles"),
                    "what_is_written_is_read"),
    "control": "test_tickwire_core: trigger; a_session_from_its_middle_on: any_start; "
               "who_may_act: any_hours",
    "reorder": "what_comes_early_waits",
    "market": "who_may_act: doubts",
    **dict.fromkeys(("command", "mold.session", "mold.session_end", "mold.next", "mold.gap_first",
                     "mold.gap_count"), "test_tickwire_core: both_feeds_have_their_own_registers; "
                    "who_may_act: open_market"),
    **dict.fromkeys(("feeds[].control", "feeds[].group", "feeds[].udp"),
                    "each_feed_has_its_own_controls"),
    **{f"host.{name}": "the_host_loads_a_slot" for name in (
        "reference_low", "reference_high", "price", "shares", "sequence_low", "sequence_high",
        "issue", "status")},
    **{f"slots[].{name}": "each_slot_learns_its_own_symbol" for name in (
        "control", "locate", "symbol_first", "symbol_last")},
    **{f"slots[].{name}": "each_slot_has_its_own_settings" for name in SETTINGS.names or ()},
    **{f"slots[].{name}": "core_orders: signals_become_orders" for name in (
        "order", "order_offset", "order_shares")},
    "slots[].status": "each_counter_has_its_own_cause; who_may_act: market",
    "slots[].sticky": "what_was_is_kept_until_it_is_cleared",
}  # fmt: skip


async def counted(core: Core, met: set[str]) -> dict[str, int]:
    """The counters; `met` gets the names of those that moved."""
    counts = await core.counters()
    met |= {name for name, count in counts.items() if count}
    return counts


def moved(test: str, met: set[str]) -> None:
    """All that ELSEWHERE leaves to this test."""
    lacking = {name for name, whose in ELSEWHERE.items() if whose == test} - met
    assert not lacking, f"{test} doesn't move {sorted(lacking)}"
