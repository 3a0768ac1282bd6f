// Properties of order_queue: a room of 4, and refusals 3 cycles apart.
`default_nettype none

module order_queue_props
  import tick_pkg::*;
#(
    parameter bit OUCH42 = 1'b0,
    localparam int unsigned BITS = OUCH42 ? 392 : 376,  // of an order
    localparam int unsigned ORDERS = 4,
    localparam int unsigned APART = 3
) (
    input logic            clk,
    input logic            rst,
    input logic            live,
    input logic            stopped,
    input logic            s_valid,
    input logic [BITS-1:0] s_message,
    input logic            host_valid,
    input logic [   447:0] host_packet,
    input logic [     5:0] host_length,
    input logic            cancel_valid,
    input logic [   175:0] cancel_packet,
    input logic [     5:0] cancel_length,
    input logic            blocks,
    input logic            m_ready,
    input logic            m_full,
    input logic            follow          // this cycle's order is the one to be followed
);
  logic host_ready, host_refused, cancel_ready, m_valid, m_refused, m_lost;
  logic [463:0] m_packet;
  logic [5:0] m_length;
  confirmation_t m_refusal;
  link_events_t m_events;
  order_queue #(
      .ORDERS(ORDERS),
      .APART (APART),
      .OUCH42(OUCH42)
  ) dut (
      .*
  );

  logic started_q = 1'b0;
  logic [2:0] waiting_q;  // orders that are there before the cycle
  logic [2:0] since_q;  // cycles since a refusal, up to APART
  logic [2:0] doomed_q;  // of the oldest, that are to be refused
  // The order that is followed: its bytes, whether it is there, and how many are before it.
  logic [BITS-1:0] followed_q;
  logic there_q, gone_q, refused_q, stopped_q;  // stopped: the gate was, while it waited
  logic [2:0] before_q;
  logic may, order, sent, refuses, lost, full, chosen, at_the_front;

  assign order = waiting_q != '0 || s_valid;
  assign may = live && !stopped && !blocks;
  assign sent = m_valid && m_ready && order && !cancel_valid;
  assign refuses = order && !sent && (!may || m_full || doomed_q != '0) && since_q == 3'(APART);
  assign full = waiting_q == 3'(ORDERS);
  assign lost = s_valid && full && !sent && !refuses;
  assign chosen = follow && s_valid && !there_q && !gone_q && !lost;
  assign at_the_front = there_q ? before_q == '0 : chosen && waiting_q == '0;

  always_ff @(posedge clk) begin
    started_q <= started_q || rst;
    if (chosen) followed_q <= s_message;
    refused_q <= at_the_front && refuses;
    if (rst) begin
      waiting_q <= '0;
      since_q <= 3'(APART);
      doomed_q <= '0;
      stopped_q <= 1'b0;
      there_q <= 1'b0;
      gone_q <= 1'b0;
      before_q <= '0;
      refused_q <= 1'b0;
    end else begin
      waiting_q <= waiting_q + 3'(s_valid && !lost) - 3'(sent || refuses);
      stopped_q <= (there_q || chosen) && (stopped_q || !may);
      if (!may) doomed_q <= waiting_q + 3'(s_valid && !lost) - 3'(refuses);
      else if (doomed_q != '0) doomed_q <= doomed_q - 3'(refuses);
      else if (order && m_full && !m_ready && !refuses) doomed_q <= 3'd1;
      if (refuses) since_q <= 3'd1;
      else if (since_q != 3'(APART)) since_q <= since_q + 3'd1;
      if (at_the_front && (sent || refuses)) begin
        there_q <= 1'b0;
        gone_q  <= 1'b1;
      end else if (chosen) begin
        there_q  <= 1'b1;
        before_q <= waiting_q - 3'(sent || refuses);
      end else if (there_q && (sent || refuses)) before_q <= before_q - 3'd1;
    end
  end

  logic [7:0] kind, inner;
  logic [15:0] length;
  assign {length, kind, inner} = m_packet[463-:32];

  // The token of the order that is followed. Of 4.2 its letters may be any: what each digit is worth.
  logic [31:0] token;
  if (OUCH42) begin : gen_text
    for (genvar i = 0; i < 8; i++) begin : gen_digit
      logic [7:0] letter;
      assign letter = followed_q[BITS-9-8*i-:8];
      assign token[31-4*i-:4] = letter >= "A" ? 4'(letter - "A" + 8'd10) : 4'(letter - "0");
    end
  end else begin : gen_number
    assign token = followed_q[BITS-9-:32];
  end

  always_ff @(posedge clk) begin
    reset_first : assume (rst || started_q);
    what_a_kill_sends_blocks : assume (!cancel_valid || blocks);
    if (started_q) begin
      bounded : assert (waiting_q <= 3'(ORDERS) && since_q >= 3'd1 && since_q <= 3'(APART));
      counted : assert (waiting_q == dut.wr_q - dut.rd_q);
      doomed : assert (doomed_q == dut.doomed_q && doomed_q <= waiting_q);
      if (there_q && stopped_q) of_the_doomed : assert (before_q < doomed_q);
      apart : assert (3'(APART) - since_q == 3'(dut.apart_q) && dut.apart_q < 6'(APART));
      if (there_q) begin
        in_the_queue : assert (before_q < waiting_q);
        kept : assert (dut.mem[2'(dut.rd_q+before_q)] == followed_q);
      end
      if (refused_q) begin
        told_by_token : assert (m_refused && m_refusal.token == token);
        told_as_rejected : assert (m_refusal.outcome == OUTCOME_REJECTED);
      end
    end
    if (started_q && !rst) begin
      if (m_valid) never_unowned : assert (live);
      if (m_valid && order && !cancel_valid) never_stopped : assert (!stopped && !blocks);
      if (may && order && doomed_q == '0) offered_at_once : assert (m_valid);
      if (cancel_valid && live) begin
        a_kill_goes_first :
        assert (m_valid && m_packet == {cancel_packet, 288'd0} && m_length == cancel_length);
      end
      a_kill_waits_for_its_turn : assert (cancel_ready == (cancel_valid && live && m_ready));
      if (at_the_front && sent) never_sent_that_was_stopped : assert (!(there_q && stopped_q));
      if (m_valid && order && !cancel_valid) begin
        as_an_order :
        assert (length == 16'(BITS / 8 + 1) && kind == "U" && m_length == 6'(BITS / 8 + 3));
        if (at_the_front)
          as_it_came : assert (m_packet[439-:BITS] == (there_q ? followed_q : s_message));
      end
      if (m_valid && !order && !cancel_valid) begin
        asked_by_the_host :
        assert (host_valid && m_length >= 6'd3 && length == 16'(m_length) - 16'd2);
        no_order : assert (!(kind == "U" && (inner == "O" || inner == "U" || inner == "M")));
        if (OUCH42) no_trade : assert (!(kind == "U" && inner == "N") && !blocks);
        of_these_types : assert (kind == "U" || kind == "R" || kind == "O" || kind == "+");
        as_the_host_has_it : assert (m_packet[447:0] == (host_packet & ~('1 >> 8 * host_length)));
      end
      host_behind : assert (!(host_ready && (order || cancel_valid)));
      host_once : assert (!host_ready || host_valid);
      host_said : assert (!(host_refused && m_valid && m_ready));
    end
  end

  logic lost_q, refuses_q, rst_q;
  always_ff @(posedge clk) begin
    lost_q <= lost;
    refuses_q <= refuses;
    rst_q <= rst;
    if (started_q && !rst_q) begin
      loss_said : assert (m_lost == lost_q);
      refusal_said : assert (m_refused == refuses_q);
    end
    if (started_q && rst_q) reset_says_nothing : assert (!m_lost && !m_refused);
  end

  always_ff @(posedge clk) begin
    if (started_q && !rst) begin
      cover_sent_late : cover (there_q && at_the_front && sent);
      cover_refused_late : cover (refused_q && waiting_q == 3'd2);
      cover_full : cover (full && s_valid && sent);
      cover_lost : cover (m_lost);
      cover_cancel : cover (cancel_ready && order);
      cover_host : cover (m_valid && m_ready && !order && !cancel_valid);
      cover_host_refused : cover (host_refused && live && m_full);
    end
  end
endmodule

`default_nettype wire
