// iextp_rx: finds the messages of one feed's IEX-TP packets in the stream that udp_rx accepted.
//
// What: it is to IEX-TP what mold_rx is to MoldUDP64, and gives the same. It reads the 40 bytes of
// the header, then the 2-byte length before each message (numbers have their least significant byte
// first), and gives for each beat which lanes are whose. header pulses once a packet, with session
// (message protocol, channel and session, one behind the other as numbers), sequence_number, count
// and reach, the number after its last message's; they hold for as long as the packet's frame.
// m_tail is how many lanes from lane 0 on belong to the message that was under way before the beat;
// m_last, that its last byte is among them; m_runts, how many messages of at most 8 bytes have
// their length's end in this beat (they are only counted); m_start, that a message begins, in lane
// m_lane, m_length bytes long: it has every lane from there on. In a beat the order is tail, runts,
// start. m_valid is the beat's tvalid; m_cycle and m_frame_cycle are s_cycle of the beat, and of
// its frame's first.
//
// Timing: header comes with the beat that holds the payload's byte 40 (0 cycles). All of a beat
// comes 1 cycle after it at W = 8, and 2 at W = 64, always. m_end is s_end as late as the beats,
// and m_error s_error with it, else 0. position is the number of the datagram's byte in lane 0, of
// which the payload has those from 8 on. length is there from the cycle before payload byte 40 on;
// accepted comes with s_end. Throughput: a beat each cycle, whatever it holds. Reset forgets the
// packet in progress.
//
// Rules, packets: one is refused, without header and without messages, and has one event, the first
// that applies. message_overruns, where there is no room for the header; other_protocol, where
// version isn't 1, message_protocol isn't MESSAGE_PROTOCOL, or sequence_number is below 0;
// message_overruns, where payload_length isn't what UDP's length leaves, or count is 0xFFFF, for
// which no packet has room. The event comes with the beat of payload byte 40 (or, if the frame ends
// before it without s_error, with m_end, unless the next frame begins in that cycle: then it is
// message_overruns). What a refused packet held shows as a gap with the next one.
//
// Rules, messages: at least 9 bytes long, one never begins twice, or begins and ends, in one beat.
// A message that has not had m_last by m_end was cut. The event message_overruns comes with the
// beat that shows the packet to be shorter than its messages say: with that of payload byte 40 when
// there is no room for the first length, or with a length's second byte when there is no room for
// the message (which does not start) or, after it, for the next length. Nothing more starts until
// the next packet. Bytes after the last message are ignored; a count of 0 is a heartbeat. Lanes
// without tkeep belong to nobody.
//
// Not: it does not look at sequence numbers but for their sign, nor at stream_offset and send_time.
// IEX-TP has no end of session.
`default_nettype none

module iextp_rx
  import tick_pkg::*;
  import deep_pkg::*;
#(
    parameter int unsigned W = 8,  // bits of a beat, 8 or 64
    parameter logic [15:0] MESSAGE_PROTOCOL = 16'h8004,  // what the messages are: DEEP 1.0
    localparam int unsigned LANES = W / 8,
    localparam int unsigned LANE_W = $clog2(LANES + 1),
    localparam int unsigned POSITION_W = 15
) (
    input  logic                          clk,
    input  logic                          rst,
    input  logic         [         W-1:0] s_axis_tdata,
    input  logic         [     LANES-1:0] s_axis_tkeep,
    input  logic                          s_axis_tvalid,
    input  logic                          s_first,
    input  logic         [   CYCLE_W-1:0] s_cycle,
    input  logic                          s_end,
    input  logic                          s_error,
    input  logic         [POSITION_W-1:0] position,
    input  logic                          accept,
    input  logic         [          15:0] length,
    input  logic                          accepted,
    output logic                          header,
    output logic         [          79:0] session,
    output logic         [SEQUENCE_W-1:0] sequence_number,
    output logic         [          15:0] count,
    output logic         [SEQUENCE_W-1:0] reach,
    output logic         [         W-1:0] m_axis_tdata,
    output logic                          m_axis_tvalid,
    output logic         [   CYCLE_W-1:0] m_cycle,
    output logic         [   CYCLE_W-1:0] m_frame_cycle,
    output logic         [    LANE_W-1:0] m_tail,
    output logic                          m_last,
    output logic         [           2:0] m_runts,
    output logic                          m_start,
    output logic         [    LANE_W-1:0] m_lane,
    output logic         [          15:0] m_length,
    output logic                          m_end,
    output logic                          m_error,
    output feed_events_t                  feed_events
);
  if (W != 8 && W != 64) $error("iextp_rx: W must be 8 or 64");

  localparam int unsigned STAGES = W == 8 ? 1 : 2;
  localparam int unsigned HEADER = IEX_TP_HEADER_LENGTH;
  localparam int unsigned KEPT = IEX_TP_SEND_TIME_AT;  // bytes of the header that are read
  localparam logic [7:0] VERSION = 8'd1;
  localparam int unsigned RUNT = 8;  // bytes of the longest
  localparam int unsigned AT_W = 18;  // a place in the packet, from the beat on

  typedef struct packed {
    logic [W-1:0]       data;
    logic               valid;
    logic [CYCLE_W-1:0] stamp;
    logic [CYCLE_W-1:0] frame;
    logic [LANE_W-1:0]  tail;
    logic               last;
    logic [2:0]         runts;
    logic               start;
    logic [LANE_W-1:0]  lane;
    logic [15:0]        length;
    logic               overrun;
    logic               strange;
    logic               ended;
    logic               wrong;
  } beat_t;
  beat_t now, lanes;  // the beat; which of its lanes are whose, the rest 0

  logic take;
  logic [CYCLE_W-1:0] frame_q;
  logic [LANE_W-1:0] kept;  // lanes with bytes: all but in a frame's last beat
  assign take = s_axis_tvalid && !s_first;
  assign kept = LANE_W'($countones(s_axis_tkeep));

  // The place of lane 0 in the payload: the one use of the datagram's layout.
  localparam int unsigned PAYLOAD = 8;  // byte of the datagram
  logic signed [POSITION_W:0] place;
  assign place = $signed({position[POSITION_W-1], position} - (POSITION_W + 1)'(PAYLOAD));

  // The header. What is read of it ends in a beat before that of byte 40.
  logic [KEPT-1:0][7:0] header_q;  // byte 0 in the least significant
  logic open, opened_q, room, known, whole, refused;
  logic known_q, whole_q;  // of what it says but the sequence number
  logic [ LANES-1:0] opens;
  logic [LANE_W-1:0] open_lane;
  always_comb begin
    open_lane = '0;
    for (int unsigned i = 0; i < LANES; i++) begin
      opens[i] = s_axis_tkeep[i] && place == $signed((POSITION_W + 1)'(HEADER - i));
      if (opens[i]) open_lane = LANE_W'(i);
    end
  end
  assign open = take && accept && opens != '0;
  assign count = header_q[IEX_TP_MESSAGE_COUNT_AT+:2];
  assign sequence_number = header_q[IEX_TP_SEQUENCE_NUMBER_AT+:8];
  assign reach = sequence_number + SEQUENCE_W'(count);
  assign session = {
    header_q[IEX_TP_MESSAGE_PROTOCOL_AT+:2],
    header_q[IEX_TP_CHANNEL_AT+:4],
    header_q[IEX_TP_SESSION_AT+:4]
  };
  assign room = length >= 16'(HEADER);
  assign known = known_q && !sequence_number[SEQUENCE_W-1];
  assign whole = whole_q && count != '1;
  assign refused = !room || !known || !whole;
  assign header = open && !refused;

  always_ff @(posedge clk) begin
    if (s_axis_tvalid && s_first) frame_q <= s_cycle;
    opened_q <= open || (opened_q && !(s_axis_tvalid && s_first));
    for (int unsigned i = 0; i < KEPT; i++) begin
      for (int unsigned l = 0; l < LANES; l++) begin
        if (take && place == $signed((POSITION_W + 1)'(i - l))) begin
          header_q[i] <= s_axis_tdata[8*l+:8];
        end
      end
    end
    known_q <= header_q[IEX_TP_VERSION_AT] == VERSION &&
               header_q[IEX_TP_MESSAGE_PROTOCOL_AT+:2] == MESSAGE_PROTOCOL;
    whole_q <= header_q[IEX_TP_PAYLOAD_LENGTH_AT+:2] == length - 16'(HEADER);
  end

  // Places count from 0, the byte before lane 0, so that a length may lie across two beats.
  logic [AT_W-1:0] at, at_d, at_q, left, left_q;  // of the next length's first byte; of the end
  logic [15:0] remaining, remaining_d, remaining_q;  // messages whose length is not read yet
  logic live, live_q, body, body_q, begin_d, begin_q, fits, big;
  logic [7:0] before_q;
  logic [LANES:0][7:0] bytes;
  logic [LANES-1:0][15:0] lengths;  // the length that would be read at each place
  logic [LANES:0] reached;
  logic [LANES-1:0] starts;
  logic [2:0] started;
  logic [15:0] length_d, length_q;
  logic [LANE_W-1:0] found;  // the place of the beat's last length

  always_comb begin
    live      = live_q && !s_first;
    body      = body_q && !s_first;
    at        = at_q;
    left      = left_q;
    remaining = remaining_q;
    if (open) begin
      live      = !refused;
      body      = 1'b0;
      at        = AT_W'(open_lane) + AT_W'(1);
      left      = at + AT_W'(length) - AT_W'(HEADER);
      remaining = count;
    end
    bytes = {s_axis_tdata, before_q};
    for (int unsigned i = 0; i < LANES; i++) lengths[i] = {bytes[i+1], bytes[i]};

    // Which places hold a length: one leads to the next, at once only where messages are tiny.
    for (int unsigned i = 0; i <= LANES; i++) reached[i] = at == AT_W'(i);
    for (int unsigned i = 0; i < LANES; i++) begin
      for (int unsigned j = i + 2; j <= LANES; j++) begin
        if (reached[i] && lengths[i] == 16'(j - i - 2)) reached[j] = 1'b1;
      end
    end
    starts   = '0;
    started  = '0;
    found    = '0;
    length_d = length_q;
    for (int unsigned i = 0; i < LANES; i++) begin
      if (take && live && reached[i] && left >= AT_W'(i + 2) && i < 32'(kept) &&
          16'(started) < remaining) begin
        starts[i] = 1'b1;
        started   = started + 3'd1;
        found     = LANE_W'(i);
        length_d  = lengths[i];
      end
    end
    at_d        = |starts ? AT_W'(found) + AT_W'(length_d) + AT_W'(2) : at;
    fits        = at_d <= left;
    remaining_d = remaining - 16'(started);

    lanes       = '0;
    big         = |starts && length_d > 16'(RUNT) && fits;
    begin_d     = begin_q && !s_first && !s_axis_tvalid;
    if (take && live && (|starts || remaining != '0)) begin
      lanes.overrun = !fits || (remaining_d != '0 && at_d + AT_W'(2) > left);
    end
    if (take) begin
      if (body && !begin_q) begin
        lanes.tail = at > AT_W'(kept) ? kept : LANE_W'(at - AT_W'(1));
        lanes.last = at <= AT_W'(kept) + AT_W'(1);
      end
      lanes.runts  = started - 3'(big) - 3'(|starts && !fits);
      lanes.start  = begin_q || (big && found + LANE_W'(1) < kept);
      lanes.lane   = begin_q ? '0 : found + LANE_W'(1);
      lanes.length = length_d;
      begin_d      = big && found == LANE_W'(LANES - 1);
    end
  end

  always_comb begin
    now       = lanes;
    now.data  = s_axis_tdata;
    now.valid = s_axis_tvalid;
    now.stamp = s_cycle;
    now.frame = s_axis_tvalid && s_first ? s_cycle : frame_q;
    now.ended = s_end;
    now.wrong = s_end && s_error;
    if (open) begin
      now.strange = room && !known;
      if (refused) now.overrun = !now.strange;
    end else if (s_end && accepted && !s_error && !opened_q) now.overrun = 1'b1;
  end

  always_ff @(posedge clk) begin
    length_q <= length_d;
    if (take) begin
      at_q        <= at_d - AT_W'(LANES);
      left_q      <= left - AT_W'(LANES);
      remaining_q <= remaining_d;
      before_q    <= s_axis_tdata[W-1-:8];
    end
    if (rst) begin
      live_q  <= 1'b0;
      body_q  <= 1'b0;
      begin_q <= 1'b0;
    end else begin
      live_q  <= live && (!take || (remaining_d != '0 && !now.overrun));
      body_q  <= take ? big || begin_q || (body && !lanes.last) : body;
      begin_q <= begin_d;
    end
  end

  beat_t stage_q[STAGES];
  beat_t out;
  always_ff @(posedge clk) begin
    stage_q[0] <= now;
    for (int unsigned i = 1; i < STAGES; i++) stage_q[i] <= stage_q[i-1];
    if (rst) begin
      for (int unsigned i = 0; i < STAGES; i++) stage_q[i] <= '0;
    end
  end
  assign out           = stage_q[STAGES-1];

  assign m_frame_cycle = out.frame;
  assign m_axis_tdata  = out.data;
  assign m_axis_tvalid = out.valid;
  assign m_cycle       = out.stamp;
  assign m_tail        = out.tail;
  assign m_last        = out.last;
  assign m_runts       = out.runts;
  assign m_start       = out.start;
  assign m_lane        = out.lane;
  assign m_length      = out.length;
  assign m_end         = out.ended;
  assign m_error       = out.wrong;

  always_comb begin
    feed_events                  = '0;
    feed_events.message_overruns = out.overrun;
    feed_events.other_protocol   = out.strange;
  end

  logic unused;
  assign unused = &{1'b0, header_q};
endmodule

`default_nettype wire
