// ouch42_decode: what became of an order, of a message of the venue's in OUCH 4.2.
//
// What: accepted is accepted where its state is L, and where it is D cancelled, of its shares;
// executed is executed, of executed_shares and execution_price; canceled and aiq_canceled are
// cancelled, of decrement_shares; rejected is rejected, broken_trade broken. The token is what
// ouch42_encode wrote of it: eight hexadecimal digits, upper case, and six spaces. Shares and price
// that aren't said are 0.
// Timing: a confirmation, or why there is none, is presented 1 cycle after s_valid, always; one may
// come each cycle. s_message has the first byte in the highest bits; of a longer message it is the
// first LONGEST_OF_VENUE bytes, and what lies beyond s_length bytes has no meaning.
// Rules: each message has one event, the first that applies: wrong_lengths (no bytes),
// unknown_types, wrong_lengths (of another length than its type's), unfollowed (replaced,
// order_modified, and what another price is said by: executed_with_reference_price,
// trade_correction), notices (all others but those above), wrong_values (a state that is neither L
// nor D, a token that ouch42_encode doesn't write), confirmations. m_doubt comes with
// unknown_types, wrong_lengths, unfollowed and wrong_values: what became of an order may not be
// known from here on. Reset presents nothing.
// Not: it knows no orders. The gate takes confirmations 3 cycles apart, which is the business of
// who joins them.
`default_nettype none

module ouch42_decode
  import tick_pkg::*;
  import ouch42_pkg::*;
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
  localparam int unsigned TOKEN_CHARACTERS = 14;
  localparam int unsigned DIGITS = 8;

  // The four bytes from place `at` on.
  function automatic logic [31:0] word(logic [LONGEST*8-1:0] message, int unsigned at);
    return message[(LONGEST-at)*8-1-:32];
  endfunction

  // The token stands at one place in each message that says something of an order.
  logic [7:0] character;
  logic [31:0] token;
  logic written;
  always_comb begin
    token   = '0;
    written = 1'b1;
    for (int unsigned i = 0; i < TOKEN_CHARACTERS; i++) begin
      character = s_message[(LONGEST-ACCEPTED_ORDER_TOKEN_AT-i)*8-1-:8];
      if (i >= DIGITS) begin
        if (character != 8'h20) written = 1'b0;
      end else if (character inside {[8'h30 : 8'h39]}) begin
        token[31-4*i-:4] = character[3:0];
      end else if (character inside {[8'h41 : 8'h46]}) begin
        token[31-4*i-:4] = character[3:0] + 4'd9;
      end else begin
        written = 1'b0;
      end
    end
  end

  logic [7:0] kind, state;
  logic [MESSAGE_LENGTH_W-1:0] length;
  logic known, right, follows, changes, fits;
  confirmation_t said;
  ouch_events_t  events;

  assign kind   = s_message[LONGEST*8-1-:8];
  assign length = venue_length(kind);
  assign known  = length != '0;
  assign right  = s_length == 16'(length);
  assign state  = s_message[(LONGEST-ACCEPTED_ORDER_STATE_AT)*8-1-:8];

  always_comb begin
    said = '0;
    said.token = token;
    follows = 1'b1;
    fits = written;
    unique case (kind)
      ACCEPTED_TYPE: begin
        said.outcome = OUTCOME_ACCEPTED;
        if (state == CODE_ORDER_STATE_DEAD) begin
          said.outcome = OUTCOME_CANCELLED;
          said.shares  = word(s_message, ACCEPTED_SHARES_AT);
        end else if (state != CODE_ORDER_STATE_LIVE) begin
          fits = 1'b0;
        end
      end
      EXECUTED_TYPE: begin
        said.outcome = OUTCOME_EXECUTED;
        said.shares  = word(s_message, EXECUTED_EXECUTED_SHARES_AT);
        said.price   = word(s_message, EXECUTED_EXECUTION_PRICE_AT);
      end
      CANCELED_TYPE, AIQ_CANCELED_TYPE: begin
        said.outcome = OUTCOME_CANCELLED;
        said.shares  = word(s_message, CANCELED_DECREMENT_SHARES_AT);
      end
      REJECTED_TYPE: said.outcome = OUTCOME_REJECTED;
      BROKEN_TRADE_TYPE: said.outcome = OUTCOME_BROKEN;
      default: follows = 1'b0;
    endcase
    changes = kind inside {REPLACED_TYPE, ORDER_MODIFIED_TYPE, TRADE_CORRECTION_TYPE,
                           EXECUTED_WITH_REFERENCE_PRICE_TYPE};
  end

  always_comb begin
    events = '0;
    if (s_length == '0) events.wrong_lengths = 1'b1;
    else if (!known) events.unknown_types = 1'b1;
    else if (!right) events.wrong_lengths = 1'b1;
    else if (changes) events.unfollowed = 1'b1;
    else if (!follows) events.notices = 1'b1;
    else if (!fits) events.wrong_values = 1'b1;
    else events.confirmations = 1'b1;
  end

  always_ff @(posedge clk) begin
    m_confirmation <= said;
    m_events <= '0;
    if (!rst && s_valid) m_events <= events;
  end
  assign m_valid = m_events.confirmations;
  assign m_doubt = m_events.unknown_types || m_events.wrong_lengths || m_events.unfollowed ||
      m_events.wrong_values;
endmodule

`default_nettype wire
