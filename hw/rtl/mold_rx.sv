// mold_rx: finds the messages of one feed's MoldUDP64 packets in the stream that udp_rx accepted.
//
// It reads the 20 bytes of the header, then the 2-byte length before each message, and says for
// each beat which lanes are whose. header pulses once a packet, with the beat that holds the
// payload's byte 20 at W = 8 and in the cycle after it at W = 64, with session, sequence and
// count, which hold until the next packet's header. What is said of beats comes with the beat at W
// = 8 (0 cycles), and 2 cycles after it at W = 64: m_tail, how many lanes from lane 0 on belong to
// the message that was under way before the beat; m_last, that its last byte is among them;
// m_runts, how many messages of at most 8 bytes have their length's end in this beat (they are
// only counted); m_start, that a message begins, in lane m_lane, m_length bytes long: it has every
// lane from there on. In a beat the order is tail, runts, start. At least 9 bytes long, a message
// never begins twice, or begins and ends, in one beat. m_overrun pulses with the beat that shows
// the packet to be shorter than it says: with the beat of payload byte 20 (or, if the frame ends
// before it without s_error, with m_end, unless the next frame begins in that cycle) when there is
// no room for the header (then header does not pulse) or for the first length, or with a length's
// second byte when there is no room for the message (which does not start) or, after it, for the
// next length. Nothing more starts until the next packet; message_overruns is the same pulse.
// Bytes after the last message are ignored; count 0xFFFF, the end of a session, has none. m_end
// and m_error are s_end and s_error as late as the beats; a message that has not had m_last by
// then was cut. m_valid is the beat's tvalid. Lanes without tkeep belong to nobody. Throughput: a
// beat each cycle, whatever it holds. Reset forgets the packet in progress. It does not look at
// sequence numbers.
`default_nettype none

module mold_rx #(
    parameter int unsigned W = 8,  // bits of a beat, 8 or 64
    localparam int unsigned LANES = W / 8,
    localparam int unsigned LANE_W = $clog2(LANES + 1),
    localparam int unsigned POSITION_W = 14,
    localparam int unsigned CYCLE_W = tick_pkg::CYCLE_W,
    localparam int unsigned SEQUENCE_W = tick_pkg::SEQUENCE_W
) (
    input  logic                  clk,
    input  logic                  rst,
    input  logic [         W-1:0] s_axis_tdata,
    input  logic [     LANES-1:0] s_axis_tkeep,
    input  logic                  s_axis_tvalid,
    input  logic                  s_first,
    input  logic [   CYCLE_W-1:0] s_cycle,
    input  logic                  s_end,
    input  logic                  s_error,
    input  logic [POSITION_W-1:0] position,
    input  logic                  accept,
    input  logic                  vlan,
    input  logic [          15:0] length,
    output logic                  header,
    output logic [          79:0] session,
    output logic [SEQUENCE_W-1:0] sequence_number,
    output logic [          15:0] count,
    output logic [         W-1:0] m_axis_tdata,
    output logic                  m_axis_tvalid,
    output logic [   CYCLE_W-1:0] m_cycle,
    output logic [   CYCLE_W-1:0] m_frame_cycle,
    output logic [    LANE_W-1:0] m_tail,
    output logic                  m_last,
    output logic [           2:0] m_runts,
    output logic                  m_start,
    output logic [    LANE_W-1:0] m_lane,
    output logic [          15:0] m_length,
    output logic                  m_overrun,
    output logic                  m_end,
    output logic                  m_error,
    output logic                  message_overruns
);
  if (W != 8 && W != 64) $error("mold_rx: W must be 8 or 64");

  localparam int unsigned STAGES = W == 8 ? 0 : 2;
  localparam int unsigned PAYLOAD = 42;  // byte of the untagged frame
  localparam int unsigned TAGGED = PAYLOAD + 4;
  localparam int unsigned HEADER = 20;  // bytes
  localparam int unsigned BODY = PAYLOAD + HEADER;
  localparam int unsigned RUNT = 8;  // bytes of the longest
  localparam int unsigned AT_W = 18;  // a place in the packet, from the beat on

  // Beat and place of the byte after the header, untagged and tagged.
  localparam logic [POSITION_W-1:0] OPEN = POSITION_W'(BODY - BODY % LANES);
  localparam logic [POSITION_W-1:0] OPEN_TAGGED = POSITION_W'(BODY + 4 - (BODY + 4) % LANES);
  localparam int unsigned OPEN_LANE = BODY % LANES;
  localparam int unsigned OPEN_LANE_TAGGED = (BODY + 4) % LANES;

  logic [HEADER-1:0][7:0] header_d, header_q;
  logic take, open, open_q, opened_q, room;
  logic [15:0] claimed;

  assign take = s_axis_tvalid && !s_first;
  assign open = take && accept && (vlan ? position == OPEN_TAGGED && s_axis_tkeep[OPEN_LANE_TAGGED]
                                        : position == OPEN && s_axis_tkeep[OPEN_LANE]);
  assign room = length >= 16'(HEADER);

  always_comb begin
    header_d = header_q;
    for (int unsigned i = 0; i < HEADER; i++) begin
      if (take && !vlan && position == POSITION_W'(PAYLOAD + i - (PAYLOAD + i) % LANES)) begin
        header_d[HEADER-1-i] = s_axis_tdata[8*((PAYLOAD+i)%LANES)+:8];
      end
      if (take && vlan && position == POSITION_W'(TAGGED + i - (TAGGED + i) % LANES)) begin
        header_d[HEADER-1-i] = s_axis_tdata[8*((TAGGED+i)%LANES)+:8];
      end
    end
    claimed = header_d[1:0];
    if (claimed == '1) claimed = '0;
  end

  // Places count from 0, the byte before lane 0, so that a length may lie across two beats.
  logic [AT_W-1:0] at, at_d, at_q, left, left_q;  // of the next length's first byte; of the end
  logic [15:0] remaining, remaining_d, remaining_q;  // messages whose length is not read yet
  logic live, live_q, body, body_q, begin_d, begin_q, fits;
  logic [7:0] before_q;
  logic [LANES:0][7:0] bytes;
  logic [LANES-1:0][15:0] said;  // the length that would be read at each place
  logic [LANES:0] reached;
  logic [LANES-1:0] starts;
  logic [2:0] started;
  logic [15:0] length_d, length_q;
  logic [LANE_W-1:0] place;
  logic [LANE_W-1:0] kept;  // lanes with bytes: all but in a frame's last beat
  assign kept = LANE_W'($countones(s_axis_tkeep));

  always_comb begin
    live      = live_q && !s_first;
    body      = body_q && !s_first;
    at        = at_q;
    left      = left_q;
    remaining = remaining_q;
    if (open) begin
      live      = room;
      body      = 1'b0;
      at        = vlan ? AT_W'((BODY + 4) % LANES + 1) : AT_W'(BODY % LANES + 1);
      left      = at + AT_W'(length) - AT_W'(HEADER);
      remaining = claimed;
    end
    bytes = {s_axis_tdata, before_q};
    for (int unsigned i = 0; i < LANES; i++) said[i] = {bytes[i], bytes[i+1]};

    // Which places hold a length: one leads to the next, at once only where messages are tiny.
    for (int unsigned i = 0; i <= LANES; i++) reached[i] = at == AT_W'(i);
    for (int unsigned i = 0; i < LANES; i++) begin
      for (int unsigned j = i + 2; j <= LANES; j++) begin
        if (reached[i] && said[i] == 16'(j - i - 2)) reached[j] = 1'b1;
      end
    end
    starts   = '0;
    started  = '0;
    place    = '0;
    length_d = length_q;
    for (int unsigned i = 0; i < LANES; i++) begin
      if (take && live && reached[i] && left >= AT_W'(i + 2) && i < 32'(kept) &&
          16'(started) < remaining) begin
        starts[i] = 1'b1;
        started   = started + 3'd1;
        place     = LANE_W'(i);
        length_d  = said[i];
      end
    end
    at_d        = |starts ? AT_W'(place) + AT_W'(length_d) + AT_W'(2) : at;
    fits        = at_d <= left;
    remaining_d = remaining - 16'(started);
  end

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
    logic               ended;
    logic               wrong;
  } beat_t;
  beat_t now, out;
  logic [CYCLE_W-1:0] frame_q;
  logic big;

  always_comb begin
    big = |starts && length_d > 16'(RUNT) && fits;
    now = '0;
    now.data = s_axis_tdata;
    now.valid = s_axis_tvalid;
    now.stamp = s_cycle;
    now.frame = s_first ? s_cycle : frame_q;
    now.ended = s_end;
    now.wrong = s_error;
    begin_d = begin_q && !s_first && !s_axis_tvalid;
    now.overrun = open ? !room : s_end && accept && !s_error && !opened_q;
    if (take && live && (|starts || remaining != '0)) begin
      if (!fits || (remaining_d != '0 && at_d + AT_W'(2) > left)) now.overrun = 1'b1;
    end
    if (take) begin
      if (body && !begin_q) begin
        now.tail = at > AT_W'(kept) ? kept : LANE_W'(at - AT_W'(1));
        now.last = at <= AT_W'(kept) + AT_W'(1);
      end
      now.runts  = started - 3'(big) - 3'(|starts && !fits);
      now.start  = begin_q || (big && place + LANE_W'(1) < kept);
      now.lane   = begin_q ? '0 : place + LANE_W'(1);
      now.length = length_d;
      begin_d    = big && place == LANE_W'(LANES - 1);
    end
  end

  always_ff @(posedge clk) begin
    header_q <= header_d;
    length_q <= length_d;
    if (s_axis_tvalid && s_first) frame_q <= s_cycle;
    opened_q <= open || (opened_q && !(s_axis_tvalid && s_first));
    if (take) begin
      at_q        <= at_d - AT_W'(LANES);
      left_q      <= left - AT_W'(LANES);
      remaining_q <= remaining_d;
      before_q    <= s_axis_tdata[W-1-:8];
    end
    if (rst) begin
      open_q  <= 1'b0;
      live_q  <= 1'b0;
      body_q  <= 1'b0;
      begin_q <= 1'b0;
    end else begin
      open_q  <= open && room;
      live_q  <= live && (!take || (remaining_d != '0 && !now.overrun));
      body_q  <= take ? big || begin_q || (body && !now.last) : body;
      begin_q <= begin_d;
    end
  end

  if (STAGES == 0) begin : gen_beside
    assign out = now;
  end else begin : gen_after
    beat_t stage_q[STAGES];
    always_ff @(posedge clk) begin
      stage_q[0] <= now;
      for (int unsigned i = 1; i < STAGES; i++) stage_q[i] <= stage_q[i-1];
      if (rst) begin
        for (int unsigned i = 0; i < STAGES; i++) stage_q[i] <= '0;
      end
    end
    assign out = stage_q[STAGES-1];
  end

  assign header                            = STAGES == 0 ? open && room : open_q;
  assign m_frame_cycle                     = out.frame;
  assign {session, sequence_number, count} = header_q;
  assign m_axis_tdata                      = out.data;
  assign m_axis_tvalid                     = out.valid;
  assign m_cycle                           = out.stamp;
  assign m_tail                            = out.tail;
  assign m_last                            = out.last;
  assign m_runts                           = out.runts;
  assign m_start                           = out.start;
  assign m_lane                            = out.lane;
  assign m_length                          = out.length;
  assign m_overrun                         = out.overrun;
  assign m_end                             = out.ended;
  assign m_error                           = out.wrong;
  assign message_overruns                  = out.overrun;
endmodule

`default_nettype wire
