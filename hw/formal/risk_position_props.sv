// Properties of risk_position: of tokens. Confirmations and commands are any; orders sent are any that
// the gate lets pass: with a token that is known, by an armed gate. And of look_place, any of two.
`default_nettype none

module risk_position_props
  import tick_pkg::*;
(
    input logic                              clk,
    input logic                              rst,
    input logic                              armed,
    input logic                              writes,
    input risk_command_t                     s_command,
    input logic                              s_valid,
    input confirmation_t                     s_confirmation,
    input intent_t                           q_intent,
    input logic                              sent,
    input order_t                            sent_any,
    input logic          [LIMIT_MONEY_W-1:0] sent_money,
    input logic                              takes_any,
    input logic                              look_place
);
  logic taken, bad, saturated, takes, number_known;
  logic [TOKEN_W-1:0] number, look_token;
  logic look_open;
  logic [SLOT_W-1:0] look_slot;
  risk_state_t q_state;
  order_t sent_order;
  logic [TOKEN_W-1:0] next_token;
  risk_events_t m_events;

  always_comb begin
    sent_order = sent_any;
    sent_order.token = next_token;  // as risk_check gives it
    takes = takes_any && number_known;
  end

  risk_position #(.OPEN(2)) dut (.*);

  logic started_q = 1'b0;
  logic rst_q, ever_q;
  logic [TOKEN_W:0] last_q;  // the last token that was sent, or number that was taken

  logic sent_q;
  order_t sent_order_q;

  always_ff @(posedge clk) begin
    started_q    <= started_q || rst;
    sent_q       <= sent && !rst;
    sent_order_q <= sent_order;
    rst_q        <= rst;
    if (sent) begin
      last_q <= {1'b0, next_token};
      ever_q <= 1'b1;
    end
    if (takes) begin
      last_q <= {1'b0, number};
      ever_q <= 1'b1;
    end
    if (rst) ever_q <= 1'b0;
  end

  always_ff @(posedge clk) begin
    reset_first : assume (rst || started_q);
    the_gate_lets_pass : assume (!sent || (armed && dut.token_known_q && !dut.token_q[TOKEN_W]));
    if (started_q && rst_q) begin
      reset_forgets :
      assert (q_state.position == '0 && q_state.open_buy == '0 && q_state.open_sell == '0 &&
              q_state.total_open == '0 && !q_state.token_known && !look_open);
    end
    if (started_q && !rst) begin
      if (sent_q && look_place == sent_order_q.token[0]) begin
        stands_at_once :
        assert (look_open && look_token == sent_order_q.token && look_slot == sent_order_q.slot);
      end
      a_token_is_new : assert (!sent || !ever_q || {1'b0, next_token} > last_q);
      a_number_is_new :
      assert (!takes || ((!ever_q || {1'b0, number} > last_q) && (!sent || number > next_token)));
      // What makes it inductive: the next token is above the last.
      tokens_rise : assert (!ever_q || (dut.token_q > last_q && dut.token_known_q));
      several : cover (sent && ever_q && last_q == 33'd7);
      the_last : cover (ever_q && last_q[TOKEN_W-1:0] == '1 && !q_state.token_known);
    end
  end
endmodule

`default_nettype wire
