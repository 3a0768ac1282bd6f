// ouch_decode: what became of an order, of a message of the venue's in OUCH 5.0.
//
// What: order_accepted is accepted where its state is L, and where it is D cancelled, of its
// quantity; order_executed is executed, of quantity and price; order_canceled and aiq_canceled are
// cancelled, of quantity or decrement_shares; order_rejected is rejected, broken_trade broken. The
// token is user_ref_num. Shares and price that aren't said are 0.
// Timing: a confirmation, or why there is none, is presented 1 cycle after s_valid, always; one may
// come each cycle. s_message has the first byte in the highest bits; of a longer message it is the
// first LONGEST_OF_VENUE bytes, and what lies beyond s_length bytes has no meaning.
// Rules: each message has one event, the first that applies: wrong_lengths (no bytes),
// unknown_types, wrong_lengths (of another length than its type's, with as many bytes of appendages
// as it says), unfollowed (order_replaced, order_modified), notices (all others but those above),
// wrong_values (a state that is neither L nor D, a price of 2^32 or more), appended (appendages,
// but in an order accepted live: they may say that another's user_ref_num is meant), confirmations.
// m_doubt comes with unknown_types, wrong_lengths, unfollowed, wrong_values and appended: what
// became of an order may not be known from here on. Reset presents nothing.
// Not: it doesn't read appendages, and knows no orders. The gate takes confirmations 3 cycles
// apart, which is the business of who joins them.
`default_nettype none

module ouch_decode
  import tick_pkg::*;
  import ouch_pkg::*;
#(
    localparam int unsigned LONGEST = LONGEST_OF_VENUE
) (
    input  logic                          clk,
    input  logic                          rst,
    input  logic                          s_valid,
    input  logic          [LONGEST*8-1:0] s_message,
    input  logic          [         15:0] s_length,
    output logic                          m_valid,
    output confirmation_t                 m_confirmation,
    output logic                          m_doubt,
    output ouch_events_t                  m_events
);
  // The two bytes, or the four, from place `at` on.
  function automatic logic [15:0] pair(logic [LONGEST*8-1:0] message, int unsigned at);
    logic [LONGEST*8+15:0] padded;
    padded = {message, 16'd0};
    return padded[(LONGEST-at)*8+15-:16];
  endfunction

  function automatic logic [31:0] word(logic [LONGEST*8-1:0] message, int unsigned at);
    logic [LONGEST*8+31:0] padded;
    padded = {message, 32'd0};
    return padded[(LONGEST-at)*8+31-:32];
  endfunction

  // Whether `base` bytes, and as many more as the two at `at` say, are the length: then base +
  // count + ~length is all ones, which sums and carries say before they are added up.
  function automatic logic with_count(logic [LONGEST*8-1:0] message, logic [15:0] length,
                                      int unsigned at, logic [16:0] base);
    logic [16:0] count, others, sums;
    logic [15:0] carries;
    count = {1'b0, pair(message, at)};
    others = ~{1'b0, length};
    sums = base ^ count ^ others;
    carries = base[15:0] & count[15:0] | base[15:0] & others[15:0] | count[15:0] & others[15:0];
    return &(sums ^{carries, 1'b0});
  endfunction

  // Whether a message is as long as it says: its fields end in the count, or one may stand behind.
  function automatic logic counted(logic [LONGEST*8-1:0] message, logic [15:0] length,
                                   int unsigned fields);
    return with_count(message, length, fields - 2, 17'(fields));
  endfunction

  function automatic logic optional(logic [LONGEST*8-1:0] message, logic [15:0] length,
                                    int unsigned fields);
    return length == 16'(fields) || with_count(message, length, fields, 17'(fields + 2));
  endfunction

  logic [7:0] kind, state;
  logic known, right, plain, follows, changes, live, dead, fits;
  confirmation_t said;
  ouch_events_t  events;

  assign kind  = s_message[LONGEST*8-1-:8];
  assign known = venue_length(kind) != '0;

  // Whether the message is as long as it says.
  always_comb begin
    unique case (kind)
      SYSTEM_EVENT_TYPE: right = s_length == 16'(SYSTEM_EVENT_LENGTH);
      ORDER_ACCEPTED_TYPE: right = counted(s_message, s_length, ORDER_ACCEPTED_LENGTH);
      ORDER_REPLACED_TYPE: right = counted(s_message, s_length, ORDER_REPLACED_LENGTH);
      ORDER_CANCELED_TYPE: right = optional(s_message, s_length, ORDER_CANCELED_LENGTH);
      AIQ_CANCELED_TYPE: right = optional(s_message, s_length, AIQ_CANCELED_LENGTH);
      ORDER_EXECUTED_TYPE: right = counted(s_message, s_length, ORDER_EXECUTED_LENGTH);
      BROKEN_TRADE_TYPE: right = optional(s_message, s_length, BROKEN_TRADE_LENGTH);
      ORDER_REJECTED_TYPE: right = optional(s_message, s_length, ORDER_REJECTED_LENGTH);
      CANCEL_PENDING_TYPE: right = optional(s_message, s_length, CANCEL_PENDING_LENGTH);
      CANCEL_REJECT_TYPE: right = optional(s_message, s_length, CANCEL_REJECT_LENGTH);
      ORDER_PRIORITY_UPDATE_TYPE:
      right = optional(s_message, s_length, ORDER_PRIORITY_UPDATE_LENGTH);
      ORDER_MODIFIED_TYPE: right = optional(s_message, s_length, ORDER_MODIFIED_LENGTH);
      ORDER_RESTATED_TYPE: right = counted(s_message, s_length, ORDER_RESTATED_LENGTH);
      MASS_CANCEL_RESPONSE_TYPE: right = counted(s_message, s_length, MASS_CANCEL_RESPONSE_LENGTH);
      DISABLE_ORDER_ENTRY_RESPONSE_TYPE:
      right = counted(s_message, s_length, DISABLE_ORDER_ENTRY_RESPONSE_LENGTH);
      ENABLE_ORDER_ENTRY_RESPONSE_TYPE:
      right = counted(s_message, s_length, ENABLE_ORDER_ENTRY_RESPONSE_LENGTH);
      ACCOUNT_QUERY_RESPONSE_TYPE:
      right = optional(s_message, s_length, ACCOUNT_QUERY_RESPONSE_LENGTH);
      default: right = 1'b0;
    endcase
  end

  // What it says of an order; plain: without appendages, where they matter.
  always_comb begin
    said = '0;
    said.token = word(s_message, ORDER_ACCEPTED_USER_REF_NUM_AT);
    state = s_message[(LONGEST-ORDER_ACCEPTED_ORDER_STATE_AT)*8-1-:8];
    follows = 1'b1;
    live = 1'b0;
    dead = 1'b0;
    fits = 1'b1;
    plain = 1'b1;
    unique case (kind)
      ORDER_ACCEPTED_TYPE: begin
        live = state == CODE_ORDER_STATE_LIVE;
        dead = state == CODE_ORDER_STATE_DEAD;
        fits = live || dead;
        plain = live || s_length == 16'(ORDER_ACCEPTED_LENGTH);
        said.outcome = dead ? OUTCOME_CANCELLED : OUTCOME_ACCEPTED;
        if (dead) said.shares = word(s_message, ORDER_ACCEPTED_QUANTITY_AT);
      end
      ORDER_EXECUTED_TYPE: begin
        fits = word(s_message, ORDER_EXECUTED_PRICE_AT) == '0;
        plain = s_length == 16'(ORDER_EXECUTED_LENGTH);
        said.token = word(s_message, ORDER_EXECUTED_USER_REF_NUM_AT);
        said.outcome = OUTCOME_EXECUTED;
        said.shares = word(s_message, ORDER_EXECUTED_QUANTITY_AT);
        said.price = word(s_message, ORDER_EXECUTED_PRICE_AT + 4);
      end
      ORDER_CANCELED_TYPE: begin
        plain = s_length inside {16'(ORDER_CANCELED_LENGTH), 16'(ORDER_CANCELED_LENGTH + 2)};
        said.token = word(s_message, ORDER_CANCELED_USER_REF_NUM_AT);
        said.outcome = OUTCOME_CANCELLED;
        said.shares = word(s_message, ORDER_CANCELED_QUANTITY_AT);
      end
      AIQ_CANCELED_TYPE: begin
        plain = s_length inside {16'(AIQ_CANCELED_LENGTH), 16'(AIQ_CANCELED_LENGTH + 2)};
        said.token = word(s_message, AIQ_CANCELED_USER_REF_NUM_AT);
        said.outcome = OUTCOME_CANCELLED;
        said.shares = word(s_message, AIQ_CANCELED_DECREMENT_SHARES_AT);
      end
      ORDER_REJECTED_TYPE: begin
        plain = s_length inside {16'(ORDER_REJECTED_LENGTH), 16'(ORDER_REJECTED_LENGTH + 2)};
        said.token = word(s_message, ORDER_REJECTED_USER_REF_NUM_AT);
        said.outcome = OUTCOME_REJECTED;
      end
      BROKEN_TRADE_TYPE: begin
        plain = s_length inside {16'(BROKEN_TRADE_LENGTH), 16'(BROKEN_TRADE_LENGTH + 2)};
        said.token = word(s_message, BROKEN_TRADE_USER_REF_NUM_AT);
        said.outcome = OUTCOME_BROKEN;
      end
      default: follows = 1'b0;
    endcase
    changes = kind == ORDER_REPLACED_TYPE || kind == ORDER_MODIFIED_TYPE;
  end

  always_comb begin
    events = '0;
    if (s_length == '0) events.wrong_lengths = 1'b1;
    else if (!known) events.unknown_types = 1'b1;
    else if (!right) events.wrong_lengths = 1'b1;
    else if (changes) events.unfollowed = 1'b1;
    else if (!follows) events.notices = 1'b1;
    else if (!fits) events.wrong_values = 1'b1;
    else if (!plain) events.appended = 1'b1;
    else events.confirmations = 1'b1;
  end

  always_ff @(posedge clk) begin
    m_confirmation <= said;
    m_events <= '0;
    if (!rst && s_valid) m_events <= events;
  end
  assign m_valid = m_events.confirmations;
  assign m_doubt = m_events.unknown_types || m_events.wrong_lengths || m_events.unfollowed ||
      m_events.wrong_values || m_events.appended;
endmodule

`default_nettype wire
