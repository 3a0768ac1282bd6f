// slot_state: what a slot is beside its levels: stale and why, halted, loading, ever filled, and
// why nobody may act on it.
//
// What: s_stale makes slots stale, each with its s_stale_reasons. An operation has s_slot,
// s_operation, s_cause (why it is refused), s_reason (why it makes the slot stale, if it is a stale
// or a clear; why nobody may act by it, if it is another but none) and s_put (an order comes to
// rest). m_* say what the slot is after it: m_ignored, m_cause (that which counts: none of an
// ignored one), m_stale (why, or ok), m_loading, m_hidden (stale or loading), m_halted, m_filled,
// m_shut (the s_reason of its last operation that had one of that kind, or ok). stale_slots says
// which slots are stale, stale_reasons why; of the others it says nothing.
// Timing: An operation comes, with s_valid, 2 cycles after the masks of its cycle. In that cycle
// s_ignored says that the slot is stale and the operation isn't one that is heeded all the same.
// m_* come a cycle later; in that cycle `late` with late_cause says that it went wrong after all,
// which makes the slot stale. Operations keep a distance of 2 cycles.
// Rules: A mask takes effect before an operation of the same cycle; the first reason of a slot
// stays. While `hold`, masks wait; they come after the operation that holds them. An operation that
// is late isn't refused, ignored or one that changes the slot's state. Reset: none is anything.
`default_nettype none

module slot_state
  import tick_pkg::*;
(
    input  logic                    clk,
    input  logic                    rst,
    input  logic       [ SLOTS-1:0] s_stale,
    input  reason_e    [ SLOTS-1:0] s_stale_reasons,
    input  logic                    hold,
    input  logic                    s_valid,
    input  logic       [SLOT_W-1:0] s_slot,
    input  operation_e              s_operation,
    input  reason_e                 s_cause,
    input  reason_e                 s_reason,
    input  logic                    s_put,
    output logic                    s_ignored,
    output logic                    m_ignored,
    output reason_e                 m_cause,
    output reason_e                 m_stale,
    output logic                    m_loading,
    output logic                    m_hidden,
    output logic                    m_halted,
    output logic                    m_filled,
    output reason_e                 m_shut,
    input  logic                    late,
    input  reason_e                 late_cause,
    output logic       [ SLOTS-1:0] stale_slots,
    output reason_e    [ SLOTS-1:0] stale_reasons
);
  // Masks: 2 cycles until the operation of their cycle is here, one more until it takes effect.
  logic [SLOTS-1:0] pending_q, pending, mask1_q, mask2_q, mask3_q;
  reason_e [SLOTS-1:0] why_q, why, why1_q, why2_q, why3_q;
  always_comb begin
    pending = pending_q | s_stale;
    for (int unsigned s = 0; s < SLOTS; s++) why[s] = pending_q[s] ? why_q[s] : s_stale_reasons[s];
  end
  always_ff @(posedge clk) begin
    pending_q <= hold ? pending : '0;
    why_q     <= why;
    mask1_q   <= hold ? '0 : pending;
    why1_q    <= why;
    mask2_q   <= mask1_q;
    why2_q    <= why1_q;
    mask3_q   <= mask2_q;
    why3_q    <= why2_q;
    if (rst) begin
      pending_q <= '0;
      mask1_q   <= '0;
      mask2_q   <= '0;
      mask3_q   <= '0;
    end
  end

  // The operation comes. Those before it are through, the masks of the last two cycles aren't.
  logic [SLOTS-1:0] stale_q, halted_q, loading_q, filled_q, unsound;
  reason_e [SLOTS-1:0] reason_q, shut_q;
  logic heeded, clears, loads, stales, valid_q;
  logic [SLOT_W-1:0] slot_q;
  reason_e was;
  assign unsound = stale_q | mask3_q | mask2_q;
  assign clears = s_operation inside {OPERATION_CLEAR, OPERATION_LOAD};
  assign heeded = clears || s_operation inside {OPERATION_NONE, OPERATION_HALT, OPERATION_RESUME};
  assign s_ignored = !heeded && unsound[s_slot];
  assign loads = loading_q[s_slot] &&
                 (s_operation != OPERATION_TRUST || s_ignored || s_cause != REASON_OK);
  assign stales = unsound[s_slot] || s_cause != REASON_OK ||
                  (s_operation == OPERATION_STALE && s_reason != REASON_OK);
  always_comb begin
    was = REASON_OK;
    if (mask2_q[s_slot]) was = why2_q[s_slot];
    if (mask3_q[s_slot]) was = why3_q[s_slot];
    if (stale_q[s_slot]) was = reason_q[s_slot];
  end
  always_ff @(posedge clk) begin
    valid_q   <= s_valid && !rst;
    slot_q    <= s_slot;
    m_ignored <= s_ignored;
    m_cause   <= s_ignored ? REASON_OK : s_cause;
    m_stale   <= was;
    if (!unsound[s_slot]) begin
      if (s_operation == OPERATION_STALE) m_stale <= s_reason;
      if (s_cause != REASON_OK) m_stale <= s_cause;
    end
    m_halted  <= s_operation == OPERATION_HALT ||
                 (halted_q[s_slot] && s_operation != OPERATION_RESUME);
    m_loading <= loads;
    m_hidden <= loads || stales;
    m_filled <= filled_q[s_slot] || (s_put && !s_ignored);
    m_shut <= s_operation inside {OPERATION_NONE, OPERATION_STALE, OPERATION_CLEAR} ?
              shut_q[s_slot] : s_reason;
    if (clears) begin
      m_stale   <= s_operation == OPERATION_CLEAR ? s_reason : REASON_OK;
      m_loading <= s_operation == OPERATION_LOAD;
      m_hidden  <= s_operation == OPERATION_LOAD || s_reason != REASON_OK;
      m_filled  <= 1'b0;
    end
  end

  // And takes effect.
  always_ff @(posedge clk) begin
    for (int unsigned s = 0; s < SLOTS; s++) begin
      if (mask3_q[s] && !stale_q[s]) begin
        stale_q[s]  <= 1'b1;
        reason_q[s] <= why3_q[s];
      end
      if (valid_q && slot_q == SLOT_W'(s)) begin
        stale_q[s]   <= late || m_stale != REASON_OK;
        reason_q[s]  <= late ? late_cause : m_stale;
        halted_q[s]  <= m_halted;
        loading_q[s] <= m_loading;
        filled_q[s]  <= m_filled;
        shut_q[s]    <= m_shut;
      end
    end
    if (rst) begin
      stale_q   <= '0;
      halted_q  <= '0;
      loading_q <= '0;
      filled_q  <= '0;
      shut_q    <= {SLOTS{REASON_OK}};
    end
  end
  assign stale_slots   = stale_q;
  assign stale_reasons = reason_q;
endmodule

`default_nettype wire
