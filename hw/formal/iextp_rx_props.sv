// Properties of iextp_rx. Frames, headers and udp_rx's ports are anything at all, in any order: a
// frame may begin in the middle of another, lengths and counts may lie.
`default_nettype none

module iextp_rx_props #(
    parameter int unsigned W = 8,
    localparam int unsigned LANES = W / 8,
    localparam int unsigned LANE_W = $clog2(LANES + 1),
    localparam int unsigned STAGES = W == 8 ? 1 : 2
) (
    input logic           clk,
    input logic           rst,
    input logic [  W-1:0] data,
    input logic [W/8-1:0] keep,
    input logic           valid,
    input logic           first,
    input logic           ended,
    input logic           error,
    input logic [   14:0] position,
    input logic           accept,
    input logic [   15:0] length,
    input logic           accepted
);
  logic last, start, header;
  tick_pkg::feed_events_t feed_events;
  logic [LANE_W-1:0] tail, lane;
  logic [ 2:0] runts;
  logic [15:0] count;

  iextp_rx #(
      .W(W)
  ) dut (
      .clk,
      .rst,
      .s_axis_tdata   (data),
      .s_axis_tkeep   (keep),
      .s_axis_tvalid  (valid),
      .s_first        (first),
      .s_cycle        ('0),
      .s_end          (ended),
      .s_error        (error),
      .position,
      .accept,
      .accepted,
      .length,
      .header,
      .session        (),
      .sequence_number(),
      .count,
      .reach          (),
      .m_axis_tdata   (),
      .m_axis_tvalid  (),
      .m_cycle        (),
      .m_frame_cycle  (),
      .m_tail         (tail),
      .m_last         (last),
      .m_runts        (runts),
      .m_start        (start),
      .m_lane         (lane),
      .m_length       (),
      .m_end          (),
      .m_error        (),
      .feed_events
  );

  logic started_q = 1'b0;
  logic given_q;  // the frame's header came
  logic quiet;  // this cycle's lanes are nobody's
  logic [2:0] quiet_q;
  logic silent;

  assign quiet  = !valid || first || !(header || given_q);
  assign silent = tail == '0 && !last && runts == '0 && !start;

  always_ff @(posedge clk) begin
    started_q <= started_q || rst;
    quiet_q   <= {quiet_q[1:0], quiet};
    if (rst) begin
      given_q <= 1'b0;
      quiet_q <= '1;
    end else if (valid) given_q <= !first && (header || given_q);
  end

  always_ff @(posedge clk) begin
    reset_first : assume (rst || started_q);
    if (started_q && !rst) begin
      // Also: nothing comes of a frame whose header isn't given.
      in_step_with_the_frame : assert (!quiet_q[STAGES-1] || silent);
      a_header_is_accepted : assert (!header || (valid && !first && accept));
      no_header_ends_a_session : assert (!header || count != '1);
      one_event : assert (!(feed_events.message_overruns && feed_events.other_protocol));
      start_fits : assert (!start || lane < LANE_W'(LANES));
      a_message : cover (last);
      a_start : cover (start && header == 1'b0);
      an_overrun : cover (feed_events.message_overruns);
      another_protocol : cover (feed_events.other_protocol);
    end
  end
  // What makes it inductive: nothing is under way in a frame of which no header was given.
  always_ff @(posedge clk) begin
    if (started_q && !rst) begin
      nothing_under_way : assert (given_q || !(dut.live_q || dut.body_q || dut.begin_q));
    end
  end
endmodule

`default_nettype wire
