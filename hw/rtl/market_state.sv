// market_state: whether anybody may act on an instrument, as far as the market as a whole and the
// exchange itself say so.
//
// What: it follows messages (s_valid, s_message being its bytes, the first in the highest) of the
// right length. market has of each slot the first that applies: interrupted (h H of market Q, until
// h T), breached (W, until an H T of the slot), market_closed (in doubt; or, unless any_hours, not
// within S Q to any other S), halted (unless any_hours, until an H T that names the slot's symbol,
// or, if that is blank, has its locate: what the exchange leaves out in the morning is halted), ok.
// A slot's other messages are those with its locate. With DEEP S R opens, any other S closes, what
// says that a slot trades is `resumed`, in the cycle of its message: that both its H and its O say
// so; and the rest is no matter: deep_parse makes halts of O.
//
// Timing: a message, and each pulse, shows in the next cycle. One a cycle.
//
// Rules: with `begins`, a session's first message, the market is closed, and nothing else was said,
// nor was it of a slot whose symbol changes, or its locate if the symbol is blank (not with DEEP),
// that it trades. Nobody knows what a loss held, nor what follows an end: after reset, `lost` and
// session_ended every slot is in doubt, after turned those that it names, until `begins`, or
// open_market, by which the host says that the market is open, and nothing breached or interrupted,
// but for what was said since (of a slot that turned, only an h, which counts as said since if it
// came in that cycle or in the RECENT before: the turn comes as late). A slot turns when it follows
// another instrument, and when a message of its own can't be read. opens says that what happens
// from here on may be undone: bad_frame brings back what was then, but for doubt and the host's
// word. The two never come in one cycle. What else comes in one counts in the order: message,
// open_market, bad_frame, turned, session_ended, begins, lost.
//
// doubts counts the cycles that had any of lost, session_ended and turned, so that the host can say
// which it knew of.
//
// Not: H alone halts a book, by the operation; this doesn't. It doesn't look at `enable`.
`default_nettype none

module market_state
  import tick_pkg::*;
#(
    parameter bit DEEP = 1'b0,  // IEX DEEP, not ITCH
    localparam int unsigned KEPT = 40  // bytes of a message
) (
    input  logic                       clk,
    input  logic                       rst,
    input  logic                       any_hours,
    input  logic                       open_market,
    input  logic    [ SLOTS-1:0]       learn,
    input  logic    [ SLOTS-1:0][15:0] locate,
    input  logic    [ SLOTS-1:0][63:0] symbol,
    input  logic                       s_valid,
    input  logic    [KEPT*8-1:0]       s_message,
    input  logic    [ SLOTS-1:0]       resumed,
    input  logic                       opens,
    input  logic                       bad_frame,
    input  logic                       lost,
    input  logic                       session_ended,
    input  logic                       begins,
    input  logic    [ SLOTS-1:0]       turned,
    output reason_e [ SLOTS-1:0]       market,
    output logic    [      15:0]       doubts
);
  localparam int unsigned TOP = KEPT - 1;
  localparam int unsigned EVENT_AT = DEEP ? deep_pkg::SYSTEM_EVENT_SYSTEM_EVENT_AT :
                                            itch_pkg::SYSTEM_EVENT_EVENT_CODE_AT;
  localparam logic [7:0] EVENT = DEEP ? deep_pkg::SYSTEM_EVENT_TYPE : itch_pkg::SYSTEM_EVENT_TYPE;
  localparam logic [7:0] OPEN = DEEP ? "R" : "Q";
  localparam int unsigned RECENT = 3;
  localparam logic [63:0] BLANK = "        ";

  typedef struct packed {
    logic doubted;
    logic is_open;
    logic breached;
    logic interrupted;
    logic unsaid;       // that it trades
  } state_t;
  state_t [SLOTS-1:0] state_d, state_q, before_d, before_q;
  localparam state_t DOUBT = '{doubted: 1'b1, is_open: 1'b1, default: 1'b0};
  localparam state_t BEGUN = '{unsaid: 1'b1, default: 1'b0};

  logic [KEPT-1:0][7:0] bytes;
  logic [7:0] kind;
  logic is_event, is_breach, is_action, is_halt;
  logic [SLOTS-1:0] its, names, renamed;
  logic [SLOTS-1:0][15:0] locate_q;
  logic [SLOTS-1:0][63:0] symbol_q;
  logic [SLOTS-1:0][RECENT-1:0] halt_q;  // an h of the slot came in these cycles
  assign bytes = s_message;
  assign kind = bytes[TOP];
  assign is_event = s_valid && kind == EVENT;
  assign is_breach = s_valid && !DEEP && kind == itch_pkg::MWCB_STATUS_TYPE;
  assign is_action = s_valid && !DEEP && kind == itch_pkg::STOCK_TRADING_ACTION_TYPE &&
                     bytes[TOP-itch_pkg::STOCK_TRADING_ACTION_TRADING_STATE_AT] == "T";
  assign is_halt   = s_valid && !DEEP && kind == itch_pkg::OPERATIONAL_HALT_TYPE &&
                     bytes[TOP-itch_pkg::OPERATIONAL_HALT_MARKET_CODE_AT] == "Q";

  always_comb begin
    state_d  = state_q;
    before_d = before_q;
    for (int unsigned i = 0; i < SLOTS; i++) begin
      its[i] = locate[i] == bytes[TOP-itch_pkg::MESSAGE_STOCK_LOCATE_AT-:2];
      if (is_event) state_d[i].is_open = bytes[TOP-EVENT_AT] == OPEN;
      if (is_breach) state_d[i].breached = 1'b1;
      names[i]   = symbol[i] == bytes[TOP-itch_pkg::STOCK_TRADING_ACTION_STOCK_AT-:8];
      renamed[i] = symbol_q[i] != symbol[i];
      if (symbol[i] == BLANK || symbol[i] == '0) begin
        names[i] = its[i];
        renamed[i] |= !DEEP && !learn[i] && locate_q[i] != locate[i];
      end
      if (is_action && its[i]) state_d[i].breached = 1'b0;
      if (DEEP ? resumed[i] : is_action && names[i]) state_d[i].unsaid = 1'b0;
      if (is_halt && its[i]) begin
        state_d[i].interrupted = bytes[TOP-itch_pkg::OPERATIONAL_HALT_OPERATIONAL_HALT_ACTION_AT] !=
                                 "T";
      end
      before_d[i] = opens ? state_q[i] : before_q[i];
      if (renamed[i]) {state_d[i].unsaid, before_d[i].unsaid} = '1;
      if (open_market) {state_d[i].doubted, before_d[i].doubted} = '0;
      if (bad_frame) state_d[i] = before_d[i];
      if (turned[i]) begin
        state_d[i].doubted = 1'b1;
        before_d[i].doubted = 1'b1;
        {state_d[i].unsaid, before_d[i].unsaid} = '0;
        if (halt_q[i] == '0 && !(is_halt && its[i])) begin
          state_d[i].interrupted  = 1'b0;
          before_d[i].interrupted = 1'b0;
        end
      end
      if (session_ended) {state_d[i], before_d[i]} = {DOUBT, DOUBT};
      if (begins) state_d[i] = BEGUN;
      if (lost) {state_d[i], before_d[i]} = {DOUBT, DOUBT};
    end
  end

  always_ff @(posedge clk) begin
    state_q  <= rst ? {SLOTS{DOUBT}} : state_d;
    before_q <= rst ? {SLOTS{DOUBT}} : before_d;
    locate_q <= locate;
    symbol_q <= symbol;
    doubts   <= rst ? '0 : doubts + 16'(lost || session_ended || turned != '0);
    for (int unsigned i = 0; i < SLOTS; i++) begin
      halt_q[i] <= rst ? '0 : {halt_q[i][RECENT-2:0], is_halt && its[i]};
    end
  end

  always_comb begin
    for (int unsigned i = 0; i < SLOTS; i++) begin
      market[i] = state_q[i].unsaid && !any_hours ? REASON_HALTED : REASON_OK;
      if (state_q[i].doubted || !(state_q[i].is_open || any_hours)) begin
        market[i] = REASON_MARKET_CLOSED;
      end
      if (state_q[i].breached) market[i] = REASON_BREACHED;
      if (state_q[i].interrupted) market[i] = REASON_INTERRUPTED;
    end
  end

  logic unused;
  assign unused = &{1'b0, bytes};
endmodule

`default_nettype wire
