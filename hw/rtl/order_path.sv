// order_path: from a signal to the bytes of its order, and from the venue's bytes back to the gate.
//
// What: wiring alone. It joins order_maker, risk_gate, ouch_encode, ouch_decode and answer_queue,
// with OUCH42 ouch42_encode and ouch42_decode for those of 5.0; what each does stands there, and
// the rules in docs/risk.md. Confirmations come of orders that OUCH can't carry, of the venue's
// messages, of orders that the session refused, and of the host where it owns the session; they
// reach the gate in that order where they come at once. A doubt of the session's or of the
// decoder's, and a confirmation that was lost, disarm the gate.
// Timing: an order's message (m_valid) is presented 5 cycles after its s_valid, always, and the
// gate's decision 4; nothing is held up. Signals come 2 cycles apart or more, messages of the venue
// 2, those of the host and of the session 4, commands 1. What the venue says is the gate's 4 cycles
// later where nothing waits, a doubt in 1.
// Rules: settings and the book's flags are those of now, one of a slot each. `number` is the gate's
// next token, which `takes` takes, and look_place shows what is open at the gate, as risk_gate has
// it. Reset kills and disarms the gate, and forgets all orders.
// Not: it doesn't frame the message, and doesn't hold it for who can't take it now.
`default_nettype none

module order_path
  import tick_pkg::*;
#(
    parameter int unsigned OPEN = 16,  // as risk_gate's
    parameter int unsigned RECENT = 4,
    parameter int unsigned ARM_CYCLES = 1 << 27,
    parameter int unsigned ANSWERS = 16,  // confirmations that may wait, a power of two
    parameter bit OUCH42 = 1'b0,  // the venue speaks OUCH 4.2, else 5.0
    localparam int unsigned SENT =
        OUCH42 ? ouch42_pkg::ENTER_ORDER_LENGTH : ouch_pkg::ENTER_ORDER_LENGTH,
    localparam int unsigned LONGEST =
        OUCH42 ? ouch42_pkg::LONGEST_OF_VENUE : ouch_pkg::LONGEST_OF_VENUE,
    localparam int unsigned LENGTH_W = ouch_pkg::MESSAGE_LENGTH_W,
    localparam int unsigned PLACE_W = $clog2(OPEN)
) (
    input  logic                             clk,
    input  logic                             rst,
    input  logic            [   CYCLE_W-1:0] cycle,
    input  logic            [MODEL_ID_W-1:0] model_id,
    input  logic                             kill_pin,
    input  order_settings_t [     SLOTS-1:0] settings,
    input  logic            [     SLOTS-1:0] book_stale,
    input  logic            [     SLOTS-1:0] book_crossed,
    input  logic            [     SLOTS-1:0] book_locked,
    input  logic            [     SLOTS-1:0] book_halted,
    input  logic                             command_valid,
    input  risk_command_t                    command,
    input  slot_limits_t                     slot_limits,
    input  total_limits_t                    total_limits,
    input  logic                             s_valid,
    input  signal_t                          s_signal,
    input  logic                             venue_valid,
    input  logic            [ LONGEST*8-1:0] venue_message,
    input  logic            [          15:0] venue_bytes,
    input  logic                             host_valid,
    input  confirmation_t                    host_confirmation,
    input  logic                             link_refused,
    input  confirmation_t                    link_refusal,
    input  logic                             link_doubt,
    output logic                             m_valid,
    output logic            [    SENT*8-1:0] m_message,
    output logic            [  LENGTH_W-1:0] m_length,
    output logic                             m_order_valid,
    output order_t                           m_order,
    output logic                             m_decision_valid,
    output decision_t                        m_decision,
    output logic                             m_echo_valid,
    output logic                             m_echo_taken,
    output risk_command_t                    m_echo,
    output logic                             killed,
    output logic                             armed,
    output logic            [   NONCE_W-1:0] nonce,
    output logic                             pending,
    input  logic                             takes,
    output logic                             number_known,
    output logic            [   TOKEN_W-1:0] number,
    input  logic            [   PLACE_W-1:0] look_place,
    output logic                             look_open,
    output logic            [   TOKEN_W-1:0] look_token,
    output logic            [    SLOT_W-1:0] look_slot,
    output path_events_t                     path_events
);
  logic intent_valid, refused, told, doubt, answer_valid, lost;
  intent_t intent;
  confirmation_t refusal, said, answer;
  risk_events_t gate_events;
  ouch_events_t encode_events, decode_events, ouch_events;

  order_maker maker (
      .clk,
      .rst,
      .settings,
      .s_valid,
      .s_signal,
      .m_valid (intent_valid),
      .m_intent(intent)
  );

  risk_gate #(
      .OPEN(OPEN),
      .RECENT(RECENT),
      .ARM_CYCLES(ARM_CYCLES)
  ) gate (
      .clk,
      .rst,
      .cycle,
      .model_id,
      .kill_pin,
      .book_stale,
      .book_crossed,
      .book_locked,
      .book_halted,
      .command_valid,
      .command,
      .slot_limits,
      .total_limits,
      .doubt(doubt || lost || link_doubt),
      .confirmation_valid(answer_valid),
      .confirmation(answer),
      .s_valid(intent_valid),
      .s_intent(intent),
      .m_valid(m_decision_valid),
      .m_decision,
      .m_order_valid,
      .m_order,
      .m_echo_valid,
      .m_echo_taken,
      .m_echo,
      .killed,
      .armed,
      .nonce,
      .pending,
      .takes,
      .number_known,
      .number,
      .look_place,
      .look_open,
      .look_token,
      .look_slot,
      .m_events(gate_events)
  );

  if (LENGTH_W != ouch42_pkg::MESSAGE_LENGTH_W) $error("order_path: lengths are of other bits");

  if (OUCH42) begin : gen_ouch42
    ouch42_encode encode (
        .clk,
        .rst,
        .s_valid  (m_order_valid),
        .s_order  (m_order),
        .m_valid,
        .m_message,
        .m_length,
        .m_refused(refused),
        .m_refusal(refusal),
        .m_events (encode_events)
    );

    ouch42_decode decode (
        .clk,
        .rst,
        .s_valid       (venue_valid),
        .s_message     (venue_message),
        .s_length      (venue_bytes),
        .m_valid       (told),
        .m_confirmation(said),
        .m_doubt       (doubt),
        .m_events      (decode_events)
    );
  end else begin : gen_ouch
    ouch_encode encode (
        .clk,
        .rst,
        .s_valid  (m_order_valid),
        .s_order  (m_order),
        .m_valid,
        .m_message,
        .m_length,
        .m_refused(refused),
        .m_refusal(refusal),
        .m_events (encode_events)
    );

    ouch_decode decode (
        .clk,
        .rst,
        .s_valid       (venue_valid),
        .s_message     (venue_message),
        .s_length      (venue_bytes),
        .m_valid       (told),
        .m_confirmation(said),
        .m_doubt       (doubt),
        .m_events      (decode_events)
    );
  end

  answer_queue #(
      .SOURCES(4),
      .ROOM(ANSWERS)
  ) answers (
      .clk,
      .rst,
      .s_valid       ({host_valid, link_refused, told, refused}),
      .s_confirmation({host_confirmation, link_refusal, said, refusal}),
      .m_valid       (answer_valid),
      .m_confirmation(answer),
      .lost
  );

  assign ouch_events = encode_events | decode_events;
  always_comb begin
    path_events                       = '0;
    path_events.orders                = gate_events.orders;
    path_events.refused_orders        = gate_events.refusals;
    path_events.wrong_keys            = gate_events.wrong_keys;
    path_events.refused_commands      = gate_events.refused_commands;
    path_events.unknown_confirmations = gate_events.unknown_confirmations;
    path_events.double_confirmations  = gate_events.double_confirmations;
    path_events.excess_confirmations  = gate_events.excess_confirmations;
    path_events.broken_trades         = gate_events.broken_trades;
    path_events.lost_confirmations    = gate_events.lost_confirmations || lost;
    path_events.kills                 = gate_events.kills;
    path_events.disarms               = gate_events.disarms;
    path_events.order_messages        = ouch_events.orders;
    path_events.unwritable_orders     = ouch_events.refused_orders;
    path_events.venue_confirmations   = ouch_events.confirmations;
    path_events.venue_notices         = ouch_events.notices;
    path_events.venue_unfollowed      = ouch_events.unfollowed;
    path_events.venue_appended        = ouch_events.appended;
    path_events.venue_unknown_types   = ouch_events.unknown_types;
    path_events.venue_wrong_lengths   = ouch_events.wrong_lengths;
    path_events.venue_wrong_values    = ouch_events.wrong_values;
  end
endmodule

`default_nettype wire
