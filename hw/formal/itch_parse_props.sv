// Properties of itch_parse at W = 8. Bytes and registers are anything at all, and so is what
// messages are; they come as mold_rx gives them: byte after byte, as many as s_length says or cut
// off anywhere. A second parser has seen anything else whatever until a message begins that both
// see: from its bytes alone both make the same of it.
`default_nettype none

module itch_parse_props
  import tick_pkg::*;
  import itch_pkg::*;
(
    input logic                        clk,
    input logic                        rst,
    input logic [     SLOTS-1:0]       enable,
    input logic [     SLOTS-1:0][15:0] locate,
    input logic [           7:0]       data,
    input logic                        valid,
    input logic                        tail,
    input logic                        last,
    input logic [           2:0]       runts,
    input logic                        start,
    input logic [          15:0]       length,
    input logic [SEQUENCE_W-1:0]       sequence_number,
    input logic                        last_of_packet,
    input logic                        apart,            // the other parser sees something else
    input logic [          33:0]       noise
);
  localparam int unsigned KEPT = 40;
  logic m_valid, host_valid;
  path_events_t events;
  book_op_t op;

  // [0] is the one whose properties are proved, [1] the other.
  logic [1:0] both_valid, both_host;
  path_events_t [1:0] both_events, messages_events;  // those of messages of 9 bytes and more
  logic [1:0] both_order;
  logic [1:0][KEPT*8-1:0] both_message;
  book_op_t [1:0] both_op;
  for (genvar i = 0; i < 2; i++) begin : gen_parser
    logic here;
    assign here = i == 0 || !apart;
    itch_parse dut (
        .clk,
        .rst,
        .enable,
        .locate,
        .s_axis_tdata  (here ? data : noise[7:0]),
        .s_axis_tvalid (here ? valid : noise[8]),
        .s_cycle       ('0),
        .s_frame_cycle ('0),
        .s_tail        (here ? tail : noise[9]),
        .s_last        (here ? last : noise[10]),
        .s_runts       (here ? runts : noise[13:11]),
        .s_start       (here ? start : noise[14]),
        .s_lane        ('0),
        .s_length      (here ? length : noise[30:15]),
        .sequence_number,
        .last_of_packet(here ? last_of_packet : noise[31]),
        .lost          (),
        .m_valid       (both_valid[i]),
        .m_op          (both_op[i]),
        .host_valid    (both_host[i]),
        .host_message  (both_message[i]),
        .order         (both_order[i]),
        .path_events   (both_events[i])
    );
    always_comb begin
      messages_events[i]               = both_events[i];
      messages_events[i].wrong_lengths = '0;
    end
  end
  assign m_valid = both_valid[0];
  assign host_valid = both_host[0];
  assign events = both_events[0];
  assign op = both_op[0];

  // The message in progress: its bytes so far, whether both have seen all of them.
  logic [15:0] seen_q, length_q;
  logic byte_q, own_q, own_2q, own_3q;
  always_ff @(posedge clk) begin
    byte_q <= (start || tail) && !rst;
    if (start) begin
      seen_q   <= 16'd1;
      length_q <= length;
    end else if (tail) seen_q <= seen_q + 16'd1;
    own_q  <= !rst && !apart && (start || (own_q && tail));
    own_2q <= own_q && !rst;  // ... a cycle ago, before that cycle's byte
    own_3q <= own_2q && !rst;
  end

  // What the inputs were: 1 cycle ago, at the last byte, when the operation was made; and 2.
  logic started_q = 1'b0;
  logic rst_q, rst_2q, last_q, last_2q, final_q, order_q, order_2q, other_order_q;
  logic whole_q, whole_2q;  // a message that both saw has ended
  logic [SLOTS-1:0] enable_q, enable_2q, enable_3q;
  logic [SEQUENCE_W-1:0] sequence_q;

  always_ff @(posedge clk) begin
    started_q     <= started_q || rst;
    rst_q         <= rst;
    rst_2q        <= rst_q;
    last_q        <= last && !rst;
    last_2q       <= last_q && !rst;
    final_q       <= last_of_packet && !rst;
    order_q       <= both_order[0];
    order_2q      <= order_q;
    other_order_q <= both_order[1];
    whole_q       <= last && own_q && !apart && !rst;
    whole_2q      <= whole_q && !apart && !rst;
    enable_q      <= enable;
    enable_2q     <= enable_q;
    enable_3q     <= enable_2q;
    sequence_q    <= sequence_number;
  end

  logic acts;
  assign acts = m_valid && op.operation != OPERATION_NONE;

  always_ff @(posedge clk) begin
    reset_first : assume (rst || started_q);
    at_most_four : assume (runts <= 3'd4);
    nine_bytes_at_least : assume (!start || length >= 16'd9);
    alone_in_its_cycle : assume (!start || !(tail || byte_q));  // a length is before it
    byte_after_byte : assume (!tail || (byte_q && seen_q < length_q));
    as_long_as_it_says : assume (last == (tail && seen_q + 16'd1 == length_q));
    tiny_after_a_length : assume (runts == '0 || !(byte_q || start || tail));
    end_is_of_messages : assume (!last_of_packet || last || runts != '0);
    if (started_q && !rst_q) begin
      only_enabled_slots : assert (!acts || enable_3q[op.slot]);
      only_after_a_message : assert (!acts || last_q);
      sequence_of_its_message : assert (!m_valid || op.sequence_number == sequence_q);
      end_of_packet_always : assert (!final_q || (m_valid && op.last_of_packet));
      none_only_ends_packets : assert (!m_valid || acts || op.last_of_packet);
      an_order_has_a_message : assert (!order_q || last_q);
      stale_says_why :
      assert (!acts || (op.operation == OPERATION_STALE) == (op.reason != REASON_OK));
      counted : assert (!last_2q || events != '0);
      one_event : assert ($countones(messages_events[0]) <= 32'(last_2q));
      next_message_is_its_own :
      assert (!whole_q ||
              (both_valid[0] == both_valid[1] && (!both_valid[0] || both_op[0] == both_op[1])));
      next_event_is_its_own :
      assert (!whole_2q ||
              {messages_events[0], both_host[0], both_message[0][KEPT*8-1-:24]} ==
              {messages_events[1], both_host[1], both_message[1][KEPT*8-1-:24]});
      next_order_is_its_own : assert (!whole_q || order_q == other_order_q);
      status_is_no_order : assert (!last_2q || !both_host[0] || !order_2q);
      what_is_of_a_book_is_an_order :
      assert (!last_2q || !(events.book_messages || events.unknown_types) || order_2q);
      an_operation : cover (acts && op.slot == 3'd5 && op.operation == OPERATION_STALE);
      an_operation_of_its_own : cover (whole_q && acts && op.operation == OPERATION_DELETE);
      nothing_but_the_end : cover (m_valid && !acts);
    end
    // What makes it inductive: what was of the message is the same in both.
    if (started_q) begin
      few_runts : assert (gen_parser[0].dut.runts_q <= 3'd4);
      end_known :
      assert (gen_parser[0].dut.done_q == last_q && gen_parser[0].dut.final_q == final_q);
      inside_known : assert (rst_q || gen_parser[0].dut.gen_bytes.inside_q == (byte_q && !last_q));
      own_has_bytes : assert (!own_q || (byte_q && seen_q != '0));
    end
  end

  logic [15:0] seen_2q;  // a cycle ago
  always_ff @(posedge clk) seen_2q <= seen_q;
  for (genvar i = 0; i < KEPT; i++) begin : gen_place
    always_ff @(posedge clk) begin
      if (started_q && own_q) begin
        same_byte :
        assert (seen_q <= i || gen_parser[0].dut.message_q[KEPT-1-i] ==
                            gen_parser[1].dut.message_q[KEPT-1-i]);
        same_place :
        assert (gen_parser[0].dut.gen_bytes.place_q[i] == (seen_q == i) &&
                             gen_parser[1].dut.gen_bytes.place_q[i] == (seen_q == i));
      end
    end
  end
  logic [7:0] kind;
  assign kind = gen_parser[0].dut.message_q[KEPT-1];
  for (genvar i = 0; i < 2; i++) begin : gen_known
    always_ff @(posedge clk) begin
      if (started_q && own_q) begin
        same_length : assert (gen_parser[i].dut.length_q == length_q);
        in_message : assert (gen_parser[i].dut.gen_bytes.inside_q == !last_q);
      end
      if (started_q && own_q && own_2q) begin
        right_length_known :
        assert (gen_parser[i].dut.gen_bytes.read_q.length == message_length(kind));
      end
      if (started_q && own_q && own_2q && own_3q) begin
        right_known :
        assert (gen_parser[i].dut.gen_bytes.parsed_q.right == (message_length(
            kind
        ) != '0 && 16'(message_length(
            kind
        )) == length_q));
      end
    end
  end
  always_ff @(posedge clk) begin
    if (started_q && own_q) begin
      never_ahead :
      assert (seen_q >= 16'd1 && seen_q <= length_q && length_q >= 16'd9 &&
                            (seen_q == length_q) == last_q);
      alone : assert ((seen_q > 16'd1) == own_2q && (seen_q > 16'd2) == (own_2q && own_3q));
      if (own_2q) begin
        steps : assert (seen_q == seen_2q + 16'd1);
      end
      if (seen_q > 16'd2) begin
        same_kind :
        assert (gen_parser[0].dut.gen_bytes.parsed_q.is_book ==
                            gen_parser[1].dut.gen_bytes.parsed_q.is_book &&
                            gen_parser[0].dut.gen_bytes.parsed_q.is_trade ==
                            gen_parser[1].dut.gen_bytes.parsed_q.is_trade);
        same_rightness :
        assert (gen_parser[0].dut.gen_bytes.parsed_q.known ==
                                 gen_parser[1].dut.gen_bytes.parsed_q.known &&
                                 gen_parser[0].dut.gen_bytes.parsed_q.to_host ==
                                 gen_parser[1].dut.gen_bytes.parsed_q.to_host);
      end
      if (seen_q > 16'd4) begin
        same_slot :
        assert (gen_parser[0].dut.gen_bytes.parsed_q.followed ==
                            gen_parser[1].dut.gen_bytes.parsed_q.followed &&
                            gen_parser[0].dut.gen_bytes.parsed_q.slot ==
                            gen_parser[1].dut.gen_bytes.parsed_q.slot);
        if (seen_q > 16'd20 || message_length(
                kind
            ) <= 6'd20 || 16'(message_length(
                kind
            )) != length_q) begin
          same_operation :
          assert ({gen_parser[0].dut.gen_bytes.parsed_q.operation,
                                    gen_parser[0].dut.gen_bytes.parsed_q.timed,
                                    gen_parser[0].dut.gen_bytes.parsed_q.named} ==
                                   {gen_parser[1].dut.gen_bytes.parsed_q.operation,
                                    gen_parser[1].dut.gen_bytes.parsed_q.timed,
                                    gen_parser[1].dut.gen_bytes.parsed_q.named});
        end
      end
      if (seen_q > 16'd20) begin
        same_side :
        assert (gen_parser[0].dut.gen_bytes.parsed_q.sell ==
                            gen_parser[1].dut.gen_bytes.parsed_q.sell);
      end
    end
  end

  logic unused;
  assign unused = &{1'b0, rst_2q, noise[33:32]};
endmodule

`default_nettype wire
