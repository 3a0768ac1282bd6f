// order_link: the order's session: orders and the host's packets out, the venue's messages in.
//
// What: the rules stand in docs/session.md. It joins order_queue, order_cancel, tcp_tx, mac_tx, and
// mac_rx, tcp_rx, soup_rx, and holds whose session it is. Its lines are those of mac_rx and mac_tx.
// With OUCH42 messages are of OUCH 4.2, and order_cancel42 is there in the place of order_cancel:
// it looks at the gate's places (look_place), and takes no number. Without, look_place is 0.
//
// Timing: an order whose turn it is has its frame's first byte on the line 2 cycles after s_valid,
// at W = 8 of the preamble, where no other frame leaves. A message of the venue is presented
// (venue_valid) as soup_rx has its last byte; m_byte is every byte that was taken of it, for the
// record. Reset ends the session.
//
// Rules: `open` is taken (open_taken, in its cycle) while the session isn't the card's and
// `settled`: nothing of it leaves, and all is given; only then do next_byte and unacknowledged
// hold, too. session is held from then on. order_slot is that of s_message, in the cycle before it;
// killed, and echo, are the gate's. `close`, and each doubt, end it: m_end is the reason of the
// last end, m_doubt pulses where one of them isn't `close`, one cycle after what it is of, and with
// each order that was lost and each packet without a place, whoever has the session by then. Where
// several come at once, the lowest number is the reason. What the venue had sent before, and was
// acknowledged, is given all the same.
//
// Not: it opens no connection, answers no ARP, and leaves the line's other frames to whom they
// concern.
`default_nettype none

module order_link
  import tick_pkg::*;
#(
    parameter int unsigned W = 8,  // bits of a beat, 8 or 64
    parameter int unsigned ORDERS = 16,  // that may wait: as many as may be open
    parameter int unsigned MESSAGES = 64,  // packets that may be unacknowledged
    parameter int unsigned TIMEOUT = 25_000_000,  // cycles until something is sent again
    parameter int unsigned RETRIES = 5,
    parameter int unsigned ROWS = 2048,  // beats of the venue's that may wait
    parameter bit OUCH42 = 1'b0,  // the venue speaks OUCH 4.2, else 5.0
    localparam int unsigned LANES = W / 8,
    localparam int unsigned ORDER =
        OUCH42 ? ouch42_pkg::ENTER_ORDER_LENGTH : ouch_pkg::ENTER_ORDER_LENGTH,
    localparam int unsigned HOST = 56,
    localparam int unsigned CANCEL =
        3 + (OUCH42 ? ouch42_pkg::CANCEL_ORDER_LENGTH : ouch_pkg::MASS_CANCEL_LENGTH),
    localparam int unsigned PACKET = HOST + 2,
    localparam int unsigned LENGTH_W = 6,
    localparam int unsigned PLACE_W = $clog2(ORDERS),
    localparam int unsigned LONGEST =
        OUCH42 ? ouch42_pkg::LONGEST_OF_VENUE : ouch_pkg::LONGEST_OF_VENUE
) (
    input  logic                          clk,
    input  logic                          rst,
    input  logic                          open,
    output logic                          open_taken,
    input  logic                          close,
    input  tcp_session_t                  session,
    input  logic                          stopped,
    input  logic                          killed,
    input  logic                          echo_valid,
    input  risk_command_t                 echo,
    input  logic          [   SLOT_W-1:0] order_slot,
    output logic                          takes,
    input  logic                          number_known,
    input  logic          [  TOKEN_W-1:0] number,
    output logic          [  PLACE_W-1:0] look_place,
    input  logic                          look_open,
    input  logic          [  TOKEN_W-1:0] look_token,
    input  logic          [   SLOT_W-1:0] look_slot,
    input  logic                          s_valid,
    input  logic          [  ORDER*8-1:0] s_message,
    input  logic                          host_valid,
    input  logic          [   HOST*8-1:0] host_packet,
    input  logic          [ LENGTH_W-1:0] host_length,
    output logic                          host_ready,
    output logic                          host_refused,
    output logic                          m_refused,
    output confirmation_t                 m_refusal,
    input  logic          [        W-1:0] s_axis_tdata,
    input  logic          [    LANES-1:0] s_axis_tkeep,
    input  logic                          s_axis_tvalid,
    input  logic                          s_axis_tlast,
    input  logic                          s_axis_tuser,
    output logic          [        W-1:0] m_axis_tdata,
    output logic          [    LANES-1:0] m_axis_tkeep,
    output logic                          m_axis_tvalid,
    output logic                          m_axis_tlast,
    output logic                          m_axis_tuser,
    input  logic                          m_axis_tready,
    output logic                          venue_valid,
    output logic          [LONGEST*8-1:0] venue_message,
    output logic          [         15:0] venue_bytes,
    output logic                          m_valid,
    output logic          [          7:0] m_byte,
    output logic                          live,
    output logic                          settled,
    output logic                          m_doubt,
    output session_end_e                  m_end,
    output logic          [         31:0] unacknowledged,
    output logic          [         31:0] next_byte,
    output logic          [         31:0] expected_byte,
    output path_events_t                  path_events
);
  localparam int unsigned LONGEST_FRAME = 1518;

  // -- Out ----------------------------------------------------------------------------------------
  logic packet_valid, packet_ready, packet_full, lost, busy, told, timed_out;
  logic [PACKET*8-1:0] packet;
  logic [LENGTH_W-1:0] packet_length;
  logic [W-1:0] frame_data;
  logic [LANES-1:0] frame_keep;
  logic frame_last, frame_valid, frame_ready;
  link_events_t queue_events, cancel_events, tx_events, rx_events, soup_events, link_events;

  // -- In -----------------------------------------------------------------------------------------
  logic [W-1:0] line_data;
  logic [LANES-1:0] line_keep;
  logic line_valid, line_first, line_end, line_error;
  logic segment_valid, ack_due, was_reset, finished, unread, over;
  tcp_segment_t segment;
  logic [15:0] room;

  // -- Whose it is --------------------------------------------------------------------------------
  tcp_session_t session_q, session_now;
  logic ours_q, opens, ends, doubts, empty, free;
  session_end_e why;

  assign settled = !ours_q && !busy && empty;
  assign opens = open && !close && settled && !rst;
  assign open_taken = opens;
  assign session_now = opens ? session : session_q;
  always_comb begin
    why = SESSION_END_NONE;
    if (lost) why = SESSION_END_LOST;
    if (unread) why = over ? SESSION_END_OVER : SESSION_END_UNREAD;
    if (timed_out) why = SESSION_END_SILENT;
    if (finished) why = SESSION_END_FINISHED;
    if (was_reset) why = SESSION_END_RESET;
    if (close) why = SESSION_END_ASKED;
  end
  assign ends   = ours_q && why != SESSION_END_NONE;
  assign doubts = lost || unread || timed_out || finished || was_reset;
  always_ff @(posedge clk) begin
    if (opens) session_q <= session;
    if (rst) m_end <= SESSION_END_NONE;
    else if (ends) m_end <= why;
    ours_q  <= !rst && (opens || (ours_q && !ends));
    m_doubt <= !rst && (lost || unread || (ends && doubts));
  end

  logic cancel_valid, cancel_ready, blocks;
  logic [CANCEL*8-1:0] cancel_packet;
  logic [LENGTH_W-1:0] cancel_length;
  if (OUCH42) begin : gen_ouch42
    order_cancel42 #(
        .OPEN(ORDERS)
    ) cancels (
        .clk,
        .rst,
        .live(live && !ends),
        .killed,
        .s_echo_valid(echo_valid),
        .s_echo(echo),
        .look_place,
        .look_open,
        .look_token,
        .look_slot,
        .m_valid(cancel_valid),
        .m_packet(cancel_packet),
        .m_length(cancel_length),
        .m_ready(cancel_ready),
        .blocks,
        .m_events(cancel_events)
    );
    assign takes = 1'b0;
    logic unused_number;
    assign unused_number = &{1'b0, order_slot, number_known, number};
  end else begin : gen_ouch
    order_cancel cancels (
        .clk,
        .rst,
        .live(live && !ends),
        .killed,
        .s_echo_valid(echo_valid),
        .s_echo(echo),
        .s_slot(order_slot),
        .s_valid,
        .s_message,
        .number_known,
        .number,
        .m_valid(cancel_valid),
        .m_packet(cancel_packet),
        .m_length(cancel_length),
        .m_ready(cancel_ready),
        .m_taken(takes),
        .blocks,
        .m_events(cancel_events)
    );
    assign look_place = '0;
    logic unused_look;
    assign unused_look = &{1'b0, look_open, look_token, look_slot};
  end

  order_queue #(
      .ORDERS(ORDERS),
      .OUCH42(OUCH42)
  ) queue (
      .clk,
      .rst,
      .live(live && !ends),
      .stopped,
      .s_valid,
      .s_message,
      .host_valid,
      .host_packet,
      .host_length,
      .host_ready,
      .host_refused,
      .cancel_valid,
      .cancel_packet,
      .cancel_length,
      .cancel_ready,
      .blocks,
      .m_valid(packet_valid),
      .m_packet(packet),
      .m_length(packet_length),
      .m_ready(packet_ready),
      .m_full(packet_full),
      .m_refused,
      .m_refusal,
      .m_lost(lost),
      .m_events(queue_events)
  );

  tcp_tx #(
      .W(W),
      .MESSAGES(MESSAGES),
      .TIMEOUT(TIMEOUT),
      .RETRIES(RETRIES)
  ) tx (
      .clk,
      .rst,
      .open(opens),
      .close(ends),
      .session,
      .live,
      .busy,
      .s_valid(packet_valid),
      .s_packet(packet),
      .s_length(packet_length),
      .s_ready(packet_ready),
      .s_full(packet_full),
      .segment_valid,
      .segment,
      .ack_due,
      .expected_byte,
      .room,
      .line_free(free),
      .told,
      .unacknowledged,
      .next_byte,
      .m_timeout(timed_out),
      .m_axis_tdata(frame_data),
      .m_axis_tkeep(frame_keep),
      .m_axis_tlast(frame_last),
      .m_axis_tvalid(frame_valid),
      .m_axis_tready(frame_ready),
      .m_events(tx_events)
  );

  logic broken;  // never: tcp_tx has each beat as it is asked for
  mac_tx #(
      .W(W)
  ) line_out (
      .clk,
      .rst,
      .s_axis_tdata (frame_data),
      .s_axis_tkeep (frame_keep),
      .s_axis_tlast (frame_last),
      .s_axis_tvalid(frame_valid),
      .s_axis_tready(frame_ready),
      .m_axis_tdata,
      .m_axis_tkeep,
      .m_axis_tlast,
      .m_axis_tuser,
      .m_axis_tvalid,
      .m_axis_tready,
      .m_free       (free),
      .m_broken     (broken)
  );

  logic [CYCLE_W-1:0] unused_cycle;
  feed_events_t unused_events;
  logic unused_ours, unused_whole;
  mac_rx #(
      .W(W),
      .MAX_BYTES(LONGEST_FRAME)
  ) line_in (
      .clk,
      .rst,
      .cycle('0),
      .s_axis_tdata,
      .s_axis_tkeep,
      .s_axis_tvalid,
      .s_axis_tlast,
      .s_axis_tuser,
      .m_axis_tdata(line_data),
      .m_axis_tkeep(line_keep),
      .m_axis_tvalid(line_valid),
      .m_first(line_first),
      .m_cycle(unused_cycle),
      .m_end(line_end),
      .m_error(line_error),
      .feed_events(unused_events)
  );

  tcp_rx #(
      .W(W),
      .ROWS(ROWS)
  ) rx (
      .clk,
      .rst,
      .open(opens),
      .live,
      .session(session_now),
      .s_axis_tdata(line_data),
      .s_axis_tkeep(line_keep),
      .s_axis_tvalid(line_valid),
      .s_first(line_first),
      .s_end(line_end),
      .s_error(line_error),
      .unacknowledged,
      .next_byte,
      .told,
      .ours(unused_ours),
      .expected_byte,
      .room,
      .segment_valid,
      .segment,
      .ack_due,
      .m_reset(was_reset),
      .m_finished(finished),
      .empty,
      .m_valid,
      .m_byte,
      .m_events(rx_events)
  );

  soup_rx #(
      .OUCH42(OUCH42)
  ) soup (
      .clk,
      .rst,
      .open(opens),
      .s_valid(m_valid),
      .s_byte(m_byte),
      .m_valid(venue_valid),
      .m_message(venue_message),
      .m_length(venue_bytes),
      .m_doubt(unread),
      .m_over(over),
      .whole(unused_whole),
      .m_events(soup_events)
  );

  assign link_events = queue_events | cancel_events | tx_events | rx_events | soup_events;
  always_comb begin
    path_events                        = '0;
    path_events.link_orders_held       = link_events.orders_held;
    path_events.link_host_packets      = link_events.host_packets;
    path_events.link_host_refused      = link_events.host_refused;
    path_events.link_cancels           = link_events.cancels;
    path_events.link_cancels_unsent    = link_events.cancels_unsent;
    path_events.link_packets_sent      = link_events.packets_sent;
    path_events.link_packets_resent    = link_events.packets_resent;
    path_events.link_acks_sent         = link_events.acks_sent;
    path_events.link_probes_sent       = link_events.probes_sent;
    path_events.link_segments          = link_events.segments;
    path_events.link_repeated_segments = link_events.repeated_segments;
    path_events.link_early_segments    = link_events.early_segments;
    path_events.link_unfit_segments    = link_events.unfit_segments;
    path_events.link_dropped_segments  = link_events.dropped_segments;
    path_events.link_bad_segments      = link_events.bad_segments;
    path_events.link_other_frames      = link_events.other_frames;
    path_events.link_messages_heard    = link_events.messages_heard;
    path_events.link_heartbeats_heard  = link_events.heartbeats_heard;
    path_events.link_doubts            = m_doubt;
  end

  logic unused;
  assign unused = &{1'b0, broken, unused_cycle, unused_events, unused_ours, unused_whole};
endmodule

`default_nettype wire
