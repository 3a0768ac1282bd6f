// Properties of udp_rx. Frames and registers are anything at all: a frame may begin in the middle
// of another, or never end, its beats may have holes, and its headers may say anything.
`default_nettype none

module udp_rx_props #(
    parameter int unsigned W = 8
) (
    input logic           clk,
    input logic           rst,
    input logic           enable,
    input logic           any_group,
    input logic           any_port,
    input logic [   31:0] group,
    input logic [   15:0] port,
    input logic [  W-1:0] data,
    input logic [W/8-1:0] keep,
    input logic           valid,
    input logic           first,
    input logic           ended,
    input logic           error
);
  logic accept, accepted, m_error;
  logic [14:0] position;
  tick_pkg::feed_events_t feed_events;

  udp_rx #(
      .W(W)
  ) dut (
      .clk,
      .rst,
      .enable,
      .any_group,
      .any_port,
      .group,
      .port,
      .s_axis_tdata (data),
      .s_axis_tkeep (keep),
      .s_axis_tvalid(valid),
      .s_first      (first),
      .s_end        (ended),
      .s_error      (error),
      .position,
      .accept,
      .length       (),
      .accepted,
      .m_error,
      .feed_events
  );

  logic started_q = 1'b0;
  logic begins;
  logic live_q;  // a frame goes on
  logic enabled_q;  // in some cycle since the frame's first beat
  logic [2:0] since_q;  // the last cycles had a beat that is no frame's first
  logic
      closed_q,
      closed_accepted_q,
      closed_error_q,
      closed_marked_q;  // the cycle before: a frame's end
  logic taken, wrong, ours_not;

  assign begins = valid && first;
  assign taken = feed_events.datagrams || feed_events.no_checksum;
  assign wrong = feed_events.truncated || feed_events.bad_checksum;
  assign ours_not = feed_events.other_protocol || feed_events.bad_ip_header ||
                    feed_events.ip_fragments || feed_events.bad_udp || feed_events.filtered;

  always_ff @(posedge clk) begin
    started_q         <= started_q || rst;
    enabled_q         <= !begins && (enabled_q || enable);
    closed_q          <= ended && live_q && !rst;
    closed_accepted_q <= accepted;
    closed_error_q    <= m_error;
    closed_marked_q   <= error;
    if (rst) begin
      live_q  <= 1'b0;
      since_q <= '0;
    end else begin
      live_q  <= begins || (live_q && !ended);
      since_q <= begins ? '0 : {since_q[1:0], 1'b1};
    end
  end

  always_ff @(posedge clk) begin
    reset_first : assume (rst || started_q);
    if (started_q && !rst) begin
      not_enabled_nothing : assert (!accept || enabled_q);
      not_enabled_at_the_end : assert (!accepted || enabled_q || enable);
      // The headers' last beat is the frame's own: accept comes 3 cycles after it.
      not_before_the_headers : assert (!accept || &since_q);
      below_0_at_first : assert (!begins || position[14]);
      one_event : assert ($countones({taken, wrong, ours_not}) == 32'(closed_q));
      taken_is_right : assert (!taken || (closed_accepted_q && closed_error_q == closed_marked_q));
      wrong_is_an_error : assert (!wrong || closed_error_q);
      not_ours_is_not_accepted : assert (!ours_not || !closed_accepted_q);
      options_of_what_is_taken : assert (!feed_events.ip_options || taken);
      a_datagram : cover (feed_events.datagrams && feed_events.ip_options);
      of_no_sum : cover (feed_events.no_checksum);
      a_fragment : cover (feed_events.ip_fragments);
    end
  end
  // What makes it inductive: what the frame under way is, is known to both.
  always_ff @(posedge clk) begin
    if (started_q && !rst) begin
      the_same_frame : assert (live_q == dut.live_q);
      ready_after_the_beat : assert (!dut.complete_q || since_q[0]);
      verdict_after_that : assert (!dut.ready_q || &since_q[1:0]);
      verdict_of_this : assert (dut.verdict_q == '0 || &since_q);
      verdict_is_one : assert (dut.verdict_q != 3'd7);
      verdict_enabled : assert (dut.verdict_q != 3'd1 || enabled_q);
    end
  end
endmodule

`default_nettype wire
