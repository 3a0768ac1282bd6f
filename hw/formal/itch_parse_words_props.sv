// Properties of itch_parse at W = 64. As at W = 8 a second parser sees anything else whatever, until
// a message begins that both see: from its bytes alone both make the same of it. What comes is as
// mold_rx gives it, in every alignment: a beat's lanes up to s_tail end or go on with a message, the
// next may begin in a later lane of the same beat; beats may be apart, and a message cut off.
`default_nettype none

module itch_parse_words_props
  import tick_pkg::*;
  import itch_pkg::*;
(
    input logic                        clk,
    input logic                        rst,
    input logic [     SLOTS-1:0]       enable,
    input logic [     SLOTS-1:0][15:0] locate,
    input logic [          63:0]       data,
    input logic                        valid,
    input logic [           3:0]       tail,
    input logic                        last,
    input logic [           2:0]       runts,
    input logic                        start,
    input logic [           3:0]       lane,
    input logic [          15:0]       length,
    input logic [SEQUENCE_W-1:0]       sequence_number,
    input logic                        last_of_packet,
    input logic                        cut,              // what is in progress goes no further
    input logic                        apart,            // the other sees something else go on
    input logic                        start_apart,      // or begin
    input logic [         102:0]       noise
);
  localparam int unsigned KEPT = 40;
  // [0] is the one of which the stream's rules are assumed, [1] the other.
  logic [1:0] m_valid, host_valid;
  path_events_t [1:0] events;
  logic [1:0] order;
  logic [1:0][KEPT*8-1:0] host_message;
  book_op_t [1:0] op;
  for (genvar i = 0; i < 2; i++) begin : gen_parser
    logic here, starts_here;
    assign here = i == 0 || !apart;
    assign starts_here = i == 0 || !start_apart;
    itch_parse #(
        .W(64)
    ) dut (
        .clk,
        .rst,
        .enable,
        .locate,
        .s_axis_tdata  (here || (starts_here && start) ? data : noise[63:0]),
        .s_axis_tvalid (here || (starts_here && start) ? valid : noise[64]),
        .s_cycle       ('0),
        .s_frame_cycle ('0),
        .s_tail        (here ? tail : noise[68:65]),
        .s_last        (here ? last : noise[69]),
        .s_runts       (here ? runts : noise[72:70]),
        .s_start       (starts_here ? start : noise[73]),
        .s_lane        (starts_here ? lane : noise[77:74]),
        .s_length      (starts_here ? length : noise[93:78]),
        .sequence_number,
        .last_of_packet(here ? last_of_packet : noise[94]),
        .m_valid       (m_valid[i]),
        .m_op          (op[i]),
        .host_valid    (host_valid[i]),
        .host_message  (host_message[i]),
        .order         (order[i]),
        .lost          (),
        .path_events   (events[i])
    );
  end

  // The message in progress: its bytes so far; `own`: both have seen all of them.
  logic in_q, own_q, fresh_q;
  logic [15:0] seen_q, length_q, left;
  assign left = length_q - seen_q;
  // A message that both saw whole has ended; what was of it.
  logic whole_q, whole_2q, last_q, final_q;
  logic [15:0] whole_length_q;
  logic [SLOTS-1:0] enable_q;
  logic started_q = 1'b0;
  logic rst_q;
  always_ff @(posedge clk) begin
    started_q <= started_q || rst;
    rst_q     <= rst;
    in_q      <= !rst && (start || (in_q && !last && !cut));
    own_q     <= !rst && !start_apart && (start || (own_q && !last && !cut && !apart));
    fresh_q   <= start && !rst;
    if (start) begin
      seen_q   <= 16'd8 - 16'(lane);
      length_q <= length;
    end else seen_q <= seen_q + 16'(tail);
    last_q         <= last && !rst;
    final_q        <= last_of_packet && !rst;
    whole_q        <= last && own_q && !apart && !rst;
    whole_2q       <= whole_q && !rst;
    whole_length_q <= length_q;
    enable_q       <= enable;
  end

  logic acts;
  assign acts = m_valid[0] && op[0].operation != OPERATION_NONE;
  always_ff @(posedge clk) begin
    reset_first : assume (rst || started_q);
    only_in_beats : assume (valid || (tail == '0 && !last && runts == '0 && !start));
    at_most_four : assume (runts <= 3'd4);
    nine_bytes_at_least : assume (!start || length >= 16'd9);
    after_what_ends : assume (!start || (lane < 4'd8 && lane >= tail));
    ends_or_is_cut : assume (!start || !in_q || last || cut);
    of_a_message : assume (tail == '0 || (in_q && !cut));
    full_or_the_rest :
    assume (!valid || !in_q || cut || tail == (left >= 16'd8 ? 4'd8 : left[3:0]));
    as_long_as_it_says : assume (last == (tail != '0 && 16'(tail) == left));
    end_is_of_messages : assume (!last_of_packet || last || runts != '0);
    if (started_q && !rst_q) begin
      only_enabled_slots : assert (!acts || enable_q[op[0].slot]);
      next_message_is_its_own :
      assert (!whole_2q || (m_valid[0] == m_valid[1] && (!m_valid[0] || op[0] == op[1])));
      next_event_is_its_own :
      assert (!whole_2q || {events[0], host_valid[0], host_message[0][KEPT*8-1-:24]} ==
                           {events[1], host_valid[1], host_message[1][KEPT*8-1-:24]});
      next_order_is_its_own : assert (!whole_q || order[0] == order[1]);
      an_operation : cover (whole_2q && acts && op[0].operation == OPERATION_DELETE);
      one_in_pieces : cover (whole_2q && acts && op[0].operation == OPERATION_REPLACE);
      a_directory : cover (whole_2q && host_valid[0] && host_message[0][KEPT*8-1-:8] == "R");
    end
    // What makes it inductive: what was of the message is the same in both.
    if (started_q) begin
      own_is_in : assert (!own_q || in_q);
      fresh_is_in : assert (!fresh_q || in_q);
      not_yet_whole : assert (!in_q || (seen_q >= 16'd1 && seen_q < length_q));
      nine_or_more : assert (!in_q || length_q >= 16'd9);
      few_at_first : assert (!(fresh_q && in_q) || seen_q <= 16'd8);
      long_enough : assert (!whole_q || whole_length_q >= 16'd9);
      ended : assert (!whole_q || last_q);
    end
  end

  for (genvar p = 0; p < 2; p++) begin : gen_known
    always_ff @(posedge clk) begin
      if (started_q && own_q) begin
        same_length : assert (gen_parser[p].dut.length_q == length_q);
        right_place :
        assert (seen_q < KEPT ? 16'(gen_parser[p].dut.gen_words.at_q) == seen_q :
                                gen_parser[p].dut.gen_words.at_q >= 6'(KEPT));
        held_at_first : assert (gen_parser[p].dut.gen_words.held_q == fresh_q);
        if (fresh_q) begin
          first_bytes : assert (16'(gen_parser[p].dut.gen_words.head_size_q) == seen_q);
        end
      end
      if (started_q && whole_q) begin
        done : assert (gen_parser[p].dut.done_q && gen_parser[p].dut.final_q == final_q);
        of_its_length : assert (gen_parser[p].dut.gen_words.done_length_q == whole_length_q);
      end
    end
  end
  always_ff @(posedge clk) begin
    if (started_q && whole_q) begin
      same_runts : assert (gen_parser[0].dut.runts_q == gen_parser[1].dut.runts_q);
      same_number :
      assert (gen_parser[0].dut.gen_words.sequence_q == gen_parser[1].dut.gen_words.sequence_q);
    end
  end
  for (genvar i = 0; i < 8; i++) begin : gen_head
    always_ff @(posedge clk) begin
      if (started_q && own_q && fresh_q && seen_q > i) begin
        same_first :
        assert (gen_parser[0].dut.gen_words.head_q[i] == gen_parser[1].dut.gen_words.head_q[i]);
      end
    end
  end
  for (genvar i = 0; i < KEPT; i++) begin : gen_place
    always_ff @(posedge clk) begin
      if (started_q && own_q && !fresh_q && seen_q > i) begin
        same_byte :
        assert (gen_parser[0].dut.message_q[KEPT-1-i] == gen_parser[1].dut.message_q[KEPT-1-i]);
      end
      if (started_q && whole_q && whole_length_q > i) begin
        same_byte_at_the_end :
        assert (gen_parser[0].dut.message_q[KEPT-1-i] == gen_parser[1].dut.message_q[KEPT-1-i]);
      end
    end
  end

  logic unused;
  assign unused = &{1'b0, noise[102:95]};
endmodule

`default_nettype wire
