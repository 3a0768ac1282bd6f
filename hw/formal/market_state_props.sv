// Properties of market_state, as it reads ITCH: messages, losses and the host's words are anything,
// but that no frame opens in the cycle in which one is undone.
`default_nettype none

module market_state_props
  import tick_pkg::*;
#(
    localparam int unsigned KEPT = 40
) (
    input logic                    clk,
    input logic                    rst,
    input logic                    any_hours,
    input logic                    open_market,
    input logic [ SLOTS-1:0]       learn,
    input logic [ SLOTS-1:0][15:0] locate,
    input logic [ SLOTS-1:0][63:0] symbol,
    input logic                    s_valid,
    input logic [KEPT*8-1:0]       s_message,
    input logic [ SLOTS-1:0]       resumed,
    input logic                    opens,
    input logic                    bad_frame,
    input logic                    lost,
    input logic                    session_ended,
    input logic                    begins,
    input logic [ SLOTS-1:0]       turned
);
  reason_e [SLOTS-1:0] market;
  logic [15:0] doubts, doubts_q;
  market_state #(.DEEP(1'b0)) dut (.*);

  // What the message of this cycle is, by its bytes.
  logic [7:0] kind, event_code, state, market_code, action;
  logic [15:0] its_locate;
  logic [63:0] its_symbol;
  logic [SLOTS-1:0] trades;  // an H T of its instrument, by name, or by number if it has none
  assign kind        = s_message[KEPT*8-1-:8];
  assign its_locate  = s_message[(KEPT-1)*8-1-:16];
  assign its_symbol  = s_message[(KEPT-11)*8-1-:64];
  assign event_code  = s_message[(KEPT-11)*8-1-:8];
  assign state       = s_message[(KEPT-19)*8-1-:8];
  assign market_code = s_message[(KEPT-19)*8-1-:8];
  assign action      = s_message[(KEPT-20)*8-1-:8];

  logic started_q = 1'b0;
  logic any_hours_q, ends_q, begins_q, undone_q, opened_q, closed_q, breach_q;
  logic [SLOTS-1:0] halted_q, lifted_q, unsaid_q, doubted_q, was_shut_q, before_doubted_q;
  logic [SLOTS-1:0] shut;
  logic was_doubted_q = 1'b0;  // by a loss, at some time
  always_ff @(posedge clk) was_doubted_q <= (was_doubted_q || lost) && !rst;
  for (genvar i = 0; i < SLOTS; i++) begin : gen_shut
    assign trades[i] = s_valid && kind == "H" && state == "T" &&
        (symbol[i] inside {"        ", 64'd0} ? its_locate == locate[i] : its_symbol == symbol[i]);
    assign shut[i] = market[i] != REASON_OK;
  end
  always_ff @(posedge clk) begin
    started_q   <= started_q || rst;
    any_hours_q <= any_hours;
    ends_q      <= rst || session_ended || lost;
    begins_q    <= begins && !lost && !rst;
    undone_q    <= bad_frame;
    opened_q    <= open_market || (s_valid && kind == "S" && event_code == "Q");
    closed_q    <= s_valid && kind == "S" && event_code != "Q";
    breach_q    <= s_valid && kind == "W";
    was_shut_q  <= shut;
    doubts_q    <= rst ? '0 : doubts + 16'(lost || session_ended || turned != '0);
    for (int unsigned i = 0; i < SLOTS; i++) begin
      halted_q[i] <= s_valid && kind == "h" && market_code == "Q" && action == "H" &&
                     its_locate == locate[i];
      lifted_q[i] <= trades[i] || (s_valid && its_locate == locate[i] &&
                                   ((kind == "H" && state == "T") ||
                                    (kind == "h" && market_code == "Q" && action == "T")));
      // Nobody has said that it trades since the session began; no more than that is followed here.
      unsaid_q[i] <= begins || (unsaid_q[i] && !trades[i]);
      if (bad_frame || turned[i] || session_ended) unsaid_q[i] <= begins;
      if (lost || rst) unsaid_q[i] <= 1'b0;
      // In doubt since the loss, unless the host has said otherwise and it wasn't undone.
      if (opens) before_doubted_q[i] <= doubted_q[i];
      if (bad_frame) doubted_q[i] <= before_doubted_q[i];
      if (open_market) {doubted_q[i], before_doubted_q[i]} <= 2'b00;
      if (turned[i] || session_ended) {doubted_q[i], before_doubted_q[i]} <= 2'b11;
      if (begins) doubted_q[i] <= 1'b0;
      if (lost || rst) {doubted_q[i], before_doubted_q[i]} <= 2'b11;
    end
  end

  always_ff @(posedge clk) begin
    reset_first : assume (rst || started_q);
    doubts_are_counted : assert (!started_q || doubts == doubts_q);
    never_both : assume (!(opens && bad_frame));
  end
  for (genvar i = 0; i < SLOTS; i++) begin : gen_slot
    always_ff @(posedge clk) begin
      if (started_q) begin
        doubt_is_known : assert (!doubted_q[i] || dut.state_q[i].doubted);
        doubt_comes_back : assert (!before_doubted_q[i] || dut.before_q[i].doubted);
        doubt_shuts : assert (!doubted_q[i] || shut[i]);
        an_end_shuts : assert (!ends_q || begins_q || shut[i]);
        a_begin_shuts : assert (!begins_q || any_hours || shut[i]);
        a_close_shuts : assert (!closed_q || undone_q || any_hours || shut[i]);
        a_breach_shuts : assert (!breach_q || undone_q || begins_q || shut[i]);
        a_halt_shuts : assert (!halted_q[i] || undone_q || begins_q || shut[i]);
        unsaid_is_known : assert (!unsaid_q[i] || dut.state_q[i].unsaid);
        unsaid_shuts : assert (!unsaid_q[i] || any_hours || shut[i]);
        opens_by_a_cause :
        assert (shut[i] || !was_shut_q[i] || opened_q || lifted_q[i] ||
                                   undone_q || begins_q || any_hours != any_hours_q);
      end
    end
  end
  always_ff @(posedge clk) begin
    if (started_q && !rst) begin
      opens_by_the_feed : cover (market[0] == REASON_OK && !any_hours);
      breached : cover (market[0] == REASON_BREACHED && market[1] == REASON_OK);
      interrupted : cover (market[0] == REASON_INTERRUPTED && market[1] == REASON_OK);
      opens_after_a_loss : cover (market[0] == REASON_OK && was_doubted_q && !any_hours);
      said_of_one : cover (market[0] == REASON_OK && market[1] == REASON_HALTED && unsaid_q[1]);
      undone : cover (undone_q && market[0] == REASON_OK && was_shut_q[0] && !any_hours_q);
    end
  end
endmodule

`default_nettype wire
