// risk_gate: the one way out. An intended order becomes an order only if no check fails.
//
// What: risk_check asks; risk_control, risk_limits, risk_position, risk_rate and risk_market know.
// docs/risk.md has the rules.
// Timing: m_valid with m_decision, and m_order_valid with m_order if it passed, come 3 cycles after
// s_valid, always; nothing is held up. Intended orders come 2 cycles apart or more, confirmations
// 3, commands 1. A kill, whatever its cause, is in force in its own cycle: no order is presented in
// the next one or later. m_echo comes a cycle after its command, m_events a cycle or two after what
// they tell.
// Rules: The book's flags are those of now, one of a slot each. slot_limits and total_limits come
// with the command that is of them. doubt says that what became of an order may not be known from
// here on: it disarms in its own cycle. `number` is the next token, of who takes it (`takes`): for
// what isn't an order and is numbered with them. look_place, of OPEN, shows in its cycle whether an
// order is open there, its token and its slot; one that is presented in cycle n stands there from n
// on. Reset kills, disarms, forgets all limits, positions and orders.
// Not: It cancels nothing, and doesn't see what goes out by another way.
`default_nettype none

module risk_gate
  import tick_pkg::*;
#(
    parameter int unsigned OPEN = 16,  // places for open orders, a power of two
    parameter int unsigned RECENT = 4,  // orders remembered, against duplicates
    parameter int unsigned ARM_CYCLES = 1 << 27,  // from a request to its arming, at most
    localparam int unsigned PLACE_W = $clog2(OPEN)
) (
    input  logic                           clk,
    input  logic                           rst,
    input  logic          [   CYCLE_W-1:0] cycle,
    input  logic          [MODEL_ID_W-1:0] model_id,
    input  logic                           kill_pin,
    input  logic          [     SLOTS-1:0] book_stale,
    input  logic          [     SLOTS-1:0] book_crossed,
    input  logic          [     SLOTS-1:0] book_locked,
    input  logic          [     SLOTS-1:0] book_halted,
    input  logic                           command_valid,
    input  risk_command_t                  command,
    input  slot_limits_t                   slot_limits,
    input  total_limits_t                  total_limits,
    input  logic                           doubt,
    input  logic                           confirmation_valid,
    input  confirmation_t                  confirmation,
    input  logic                           s_valid,
    input  intent_t                        s_intent,
    output logic                           m_valid,
    output decision_t                      m_decision,
    output logic                           m_order_valid,
    output order_t                         m_order,
    output logic                           m_echo_valid,
    output logic                           m_echo_taken,
    output risk_command_t                  m_echo,
    output logic                           killed,
    output logic                           armed,
    output logic          [   NONCE_W-1:0] nonce,
    output logic                           pending,
    input  logic                           takes,
    output logic                           number_known,
    output logic          [   TOKEN_W-1:0] number,
    input  logic          [   PLACE_W-1:0] look_place,
    output logic                           look_open,
    output logic          [   TOKEN_W-1:0] look_token,
    output logic          [    SLOT_W-1:0] look_slot,
    output risk_events_t                   m_events
);
  logic opens, control_taken, limits_taken, position_taken, rate_taken, market_taken, taken;
  logic [SLOTS-1:0] slot_killed;
  logic session_open, saturated, mismatch, bad_confirmation, new_day;

  intent_t q_intent;
  risk_state_t position_state, rate_state, market_state, q_state;
  logic q_written, total_written;
  slot_limits_t q_limits;
  logic [31:0] g_decay;
  total_limits_t total;
  logic [SLOT_W-1:0] o_slot;
  risk_stops_t stops;
  logic [TOKEN_W-1:0] next_token;
  logic sent;
  order_t sent_order;
  logic [LIMIT_MONEY_W-1:0] sent_money;
  logic [31:0] sent_slot_cycles, sent_total_cycles;
  risk_events_t control_events, position_events, gate_events;

  risk_control #(
      .ARM_CYCLES(ARM_CYCLES)
  ) controls (
      .clk,
      .rst,
      .cycle           (cycle[15:0]),
      .model_id,
      .kill_pin,
      .saturated,
      .mismatch,
      .bad_confirmation(bad_confirmation || doubt),
      .limits_written  (limits_taken),
      .total_written,
      .silence         (total.silence),
      .s_valid         (command_valid),
      .s_command       (command),
      .opens,
      .taken           (control_taken),
      .killed,
      .slot_killed,
      .armed,
      .session_open,
      .nonce,
      .pending,
      .m_events        (control_events)
  );

  risk_limits held (
      .clk,
      .rst,
      .cycle         (cycle[SLOT_W-1:0]),
      .armed,
      .writes        (opens),
      .s_command     (command),
      .s_slot_limits (slot_limits),
      .s_total_limits(total_limits),
      .taken         (limits_taken),
      .q_slot        (q_intent.slot),
      .q_written,
      .q_limits,
      .total_written,
      .total,
      .g_decay,
      .mismatch
  );

  risk_position #(
      .OPEN(OPEN)
  ) positions (
      .clk,
      .rst,
      .armed,
      .writes        (opens),
      .s_command     (command),
      .taken         (position_taken),
      .s_valid       (confirmation_valid),
      .s_confirmation(confirmation),
      .q_intent,
      .q_state       (position_state),
      .sent,
      .sent_order,
      .sent_money,
      .next_token,
      .takes,
      .number_known,
      .number,
      .look_place,
      .look_open,
      .look_token,
      .look_slot,
      .bad           (bad_confirmation),
      .saturated,
      .m_events      (position_events)
  );

  assign new_day = position_taken && command.act == ACT_NEW_DAY;
  risk_rate #(
      .RECENT(RECENT)
  ) rates (
      .clk,
      .rst,
      .writes   (opens),
      .s_command(command),
      .taken    (rate_taken),
      .new_day,
      .q_intent,
      .q_window (q_limits.duplicate),
      .q_state  (rate_state),
      .sent,
      .sent_order,
      .sent_slot_cycles,
      .sent_total_cycles
  );

  risk_market pushed (
      .clk,
      .rst,
      .cycle      (cycle[9:0]),
      .writes     (opens),
      .s_command  (command),
      .taken      (market_taken),
      .g_decay,
      .total_decay(total.loss_decay),
      .q_slot     (q_intent.slot),
      .q_state    (market_state)
  );

  assign q_state = position_state | rate_state | market_state;
  assign stops = '{
          killed: killed,
          slot_killed: slot_killed[o_slot],
          armed: armed,
          session_open: session_open,
          halted: book_halted[o_slot],
          stale: book_stale[o_slot],
          crossed: book_crossed[o_slot],
          locked: book_locked[o_slot]
      };
  risk_check checks (.*);

  assign taken = control_taken || limits_taken || position_taken || rate_taken || market_taken;
  always_ff @(posedge clk) begin
    m_echo       <= command;
    m_echo.key   <= '0;
    m_echo_taken <= taken;
    gate_events  <= '0;
    if (rst) begin
      m_echo_valid <= 1'b0;
    end else begin
      m_echo_valid                 <= command_valid;
      gate_events.refused_commands <= command_valid && !taken;
      gate_events.orders           <= sent;
    end
  end

  always_comb begin
    m_events = control_events | position_events | gate_events;
    m_events.refusals = m_valid && !m_order_valid;
  end
endmodule

`default_nettype wire
