// Properties of itch_parse at W = 8. Every input is free in every cycle, the registers too, but that
// no more tiny messages come in one beat than mold_rx can tell of.
`default_nettype none

module itch_parse_props
  import tick_pkg::*;
(
    input logic                        clk,
    input logic                        rst,
    input logic [     SLOTS-1:0]       enable,
    input logic [     SLOTS-1:0]       learn,
    input logic [     SLOTS-1:0][15:0] locate,
    input logic [     SLOTS-1:0][63:0] symbol,
    input logic [           7:0]       data,
    input logic                        valid,
    input logic                        tail,
    input logic                        last,
    input logic [           2:0]       runts,
    input logic                        start,
    input logic [          15:0]       length,
    input logic [SEQUENCE_W-1:0]       sequence_number,
    input logic                        last_of_packet
);
  logic m_valid, host_valid, unknown, status, other, book, trade;
  logic [2:0] wrong;
  logic [SLOTS-1:0] learned;
  logic [15:0] host_locate;
  book_op_t op;

  itch_parse dut (
      .clk,
      .rst,
      .enable,
      .learn,
      .locate,
      .symbol,
      .s_axis_tdata     (data),
      .s_axis_tvalid    (valid),
      .s_cycle          ('0),
      .s_frame_cycle    ('0),
      .s_tail           (tail),
      .s_last           (last),
      .s_runts          (runts),
      .s_start          (start),
      .s_lane           ('0),
      .s_length         (length),
      .sequence_number,
      .last_of_packet,
      .m_valid,
      .m_op             (op),
      .host_valid,
      .host_message     (),
      .host_locate,
      .learned,
      .unknown_types    (unknown),
      .wrong_lengths    (wrong),
      .status_messages  (status),
      .other_instruments(other),
      .book_messages    (book),
      .trade_messages   (trade)
  );

  // What the inputs were: 1 cycle ago, when the operation was made, and 2, at the last byte.
  logic started_q = 1'b0;
  logic rst_q, rst_2q, last_q, last_2q, final_q, final_2q;
  logic [SLOTS-1:0] enable_q, learn_q;
  logic [SLOTS-1:0][15:0] locate_q;
  logic [SEQUENCE_W-1:0] sequence_q, sequence_2q;

  always_ff @(posedge clk) begin
    started_q   <= started_q || rst;
    rst_q       <= rst;
    rst_2q      <= rst_q;
    last_q      <= last && !rst;
    last_2q     <= last_q && !rst;
    final_q     <= last_of_packet && !rst;
    final_2q    <= final_q && !rst;
    enable_q    <= enable;
    learn_q     <= learn;
    locate_q    <= locate;
    sequence_q  <= sequence_number;
    sequence_2q <= sequence_q;
  end

  logic acts;
  assign acts = m_valid && op.operation != OPERATION_NONE;

  always_ff @(posedge clk) begin
    reset_first : assume (rst || started_q);
    as_mold_rx_says : assume (runts <= 3'd4);
    if (started_q && !rst_q) begin
      only_enabled_slots : assert (!acts || enable_q[op.slot]);
      only_after_a_message : assert (!acts || last_2q);
      sequence_of_its_message : assert (!m_valid || op.sequence_number == sequence_2q);
      end_of_packet_always : assert (!final_2q || (m_valid && op.last_of_packet));
      none_only_ends_packets : assert (!m_valid || acts || op.last_of_packet);
      learned_only_where_asked : assert ((learned & ~learn_q) == '0);
      learned_has_a_message : assert (learned == '0 || host_valid);
      stale_says_why :
      assert (!acts || (op.operation == OPERATION_STALE) == (op.reason != REASON_OK));
      counted : assert (!last_2q || unknown || status || other || book || trade || wrong != '0);
      one_event : assert ($countones({unknown, status, other, book, trade}) <= 32'(last_2q));
      acts_is_counted : assert (!acts || book || status || wrong != '0);
      an_operation : cover (acts && op.slot == 3'd5 && op.operation == OPERATION_STALE);
      nothing_but_the_end : cover (m_valid && !acts);
    end
    if (started_q) begin
      few_runts : assert (dut.runts_q <= 3'd4);
      // What makes it inductive: the message's end a cycle ago is known inside.
      end_known : assert (dut.done_q == last_q && dut.final_q == final_q);
      sequence_known : assert (rst_q || dut.sequence_q == sequence_q);
    end
  end

  logic unused;
  assign unused = &{1'b0, host_locate, locate_q, rst_2q};
endmodule

`default_nettype wire
