// Properties of ouch_decode: messages and their lengths are anything.
`default_nettype none

module ouch_decode_props
  import tick_pkg::*;
(
    input logic         clk,
    input logic         rst,
    input logic         s_valid,
    input logic [543:0] s_message,
    input logic [ 15:0] s_length
);
  logic m_valid, m_doubt;
  confirmation_t m_confirmation;
  ouch_events_t  m_events;
  ouch_decode dut (.*);

  logic started_q = 1'b0;
  logic came_q;
  logic [67:0][7:0] message_q;
  logic [7:0] byte_q[68];  // from the first on
  logic [31:0] length_q;
  always_ff @(posedge clk) begin
    started_q <= started_q || rst;
    came_q    <= s_valid && !rst;
    message_q <= s_message;
    length_q  <= 32'(s_length);
  end

  for (genvar i = 0; i < 68; i++) begin : gen_bytes
    assign byte_q[i] = message_q[67-i];
  end

  // Appendages announced at the end of accepted and executed messages.
  logic [31:0] of_accepted, of_executed, token, shares, price, high;
  assign of_accepted = {16'd0, byte_q[62], byte_q[63]};
  assign of_executed = {16'd0, byte_q[34], byte_q[35]};
  assign token = {byte_q[9], byte_q[10], byte_q[11], byte_q[12]};
  assign shares = {byte_q[13], byte_q[14], byte_q[15], byte_q[16]};
  assign high = {byte_q[17], byte_q[18], byte_q[19], byte_q[20]};
  assign price = {byte_q[21], byte_q[22], byte_q[23], byte_q[24]};

  // Of what is a whole message without appendages: as it is, or with a count of 0.
  logic accepted, died, executed, cancelled, prevented, rejected, broken, known;
  assign accepted = byte_q[0] == "A" && byte_q[47] == "L" && length_q == 64 + of_accepted;
  assign died = byte_q[0] == "A" && byte_q[47] == "D" && length_q == 64 && of_accepted == 0;
  assign executed = byte_q[0] == "E" && length_q == 36 && of_executed == 0 && high == 0;
  assign cancelled = byte_q[0] == "C" &&
      (length_q == 18 || length_q == 20 && {byte_q[18], byte_q[19]} == 16'd0);
  assign prevented = byte_q[0] == "D" &&
      (length_q == 32 || length_q == 34 && {byte_q[32], byte_q[33]} == 16'd0);
  assign rejected = byte_q[0] == "J" &&
      (length_q == 29 || length_q == 31 && {byte_q[29], byte_q[30]} == 16'd0);
  assign broken = byte_q[0] == "B" &&
      (length_q == 36 || length_q == 38 && {byte_q[36], byte_q[37]} == 16'd0);
  assign known = byte_q[0] == "A" || byte_q[0] == "E" || byte_q[0] == "C" || byte_q[0] == "D" ||
      byte_q[0] == "J" || byte_q[0] == "B";

  always_ff @(posedge clk) begin
    reset_first : assume (rst || started_q);
    if (started_q) begin
      one_event : assert ((m_events & (m_events - 9'd1)) == '0);
      for_each : assert ((m_events != '0) == came_q);
      made : assert (m_valid == m_events.confirmations);
      no_other :
      assert (!m_valid || accepted || died || executed || cancelled || prevented ||
                         rejected || broken);
      none_lost :
      assert (!came_q || m_valid || !(accepted || died || executed || cancelled ||
                                                  prevented || rejected || broken));
      not_in_silence : assert (!came_q || m_valid || m_doubt || !known);
      not_both : assert (!(m_valid && m_doubt));
      if (m_valid) begin
        whose : assert (m_confirmation.token == token);
        live_is_accepted : assert ((m_confirmation.outcome == OUTCOME_ACCEPTED) == accepted);
        is_executed : assert ((m_confirmation.outcome == OUTCOME_EXECUTED) == executed);
        is_cancelled :
        assert ((m_confirmation.outcome == OUTCOME_CANCELLED) == (died || cancelled || prevented));
        is_rejected : assert ((m_confirmation.outcome == OUTCOME_REJECTED) == rejected);
        is_broken : assert ((m_confirmation.outcome == OUTCOME_BROKEN) == broken);
        its_price : assert (m_confirmation.price == (executed ? price : '0));
        if (executed || cancelled || prevented) begin
          its_shares : assert (m_confirmation.shares == shares);
        end else if (died) begin
          all_shares : assert (m_confirmation.shares == {shares[23:0], byte_q[17]});
        end else begin
          no_shares : assert (m_confirmation.shares == '0);
        end
      end
      fills : cover (m_valid && executed && shares > 100);
      appended : cover (m_valid && accepted && length_q > 64);
      doubts : cover (m_doubt && m_events.wrong_values);
    end
  end
endmodule

`default_nettype wire
