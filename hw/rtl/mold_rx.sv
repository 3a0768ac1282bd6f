// mold_rx: finds the messages of one feed's MoldUDP64 packets in the stream that udp_rx accepted.
//
// What: it reads the 20 bytes of the header, then the 2-byte length before each message, and gives
// for each beat which lanes are whose. header pulses once a packet, with session, sequence_number,
// count and reach, the number after its last message's; they hold for as long as the packet's
// frame. m_tail is how many lanes from lane 0 on belong to the message that was under way before
// the beat; m_last, that its last byte is among them; m_runts, how many messages of at most 8 bytes
// have their length's end in this beat (they are only counted); m_start, that a message begins, in
// lane m_lane, m_length bytes long: it has every lane from there on. In a beat the order is tail,
// runts, start. m_valid is the beat's tvalid; m_cycle and m_frame_cycle are s_cycle of the beat,
// and of its frame's first.
//
// Timing: header comes with the beat that holds the payload's byte 20 (0 cycles). All of a beat
// comes 1 cycle after it at W = 8, and 2 at W = 64, always. m_end is s_end as late as the beats,
// and m_error s_error with it, else 0. position is the number of the datagram's byte in lane 0, of
// which the payload has those from 8 on: at W = 64, 2 or 6 more than a multiple of 8. length is
// there from the cycle before payload byte 20 on; accepted comes with s_end. Throughput: a beat
// each cycle, whatever it holds. Reset forgets the packet in progress.
//
// Rules: at least 9 bytes long, a message never begins twice, or begins and ends, in one beat. A
// message that has not had m_last by m_end was cut. The event message_overruns comes with the beat
// that shows the packet to be shorter than it says: with the beat of payload byte 20 (or, if the
// frame ends before it without s_error and was accepted, with m_end) when there is no room for the
// header (then header does not pulse) or for the first length, or with a length's second byte when
// there is no room for the message (which does not start) or, after it, for the next length.
// Nothing more starts until the next packet. Bytes after the last message are ignored; count
// 0xFFFF, the end of a session, has none. Lanes without tkeep belong to nobody.
//
// Not: it does not look at sequence numbers.
`default_nettype none

module mold_rx
  import tick_pkg::*;
#(
    parameter int unsigned W = 8,  // bits of a beat, 8 or 64
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
  if (W != 8 && W != 64) $error("mold_rx: W must be 8 or 64");

  localparam int unsigned STAGES = W == 8 ? 1 : 2;
  localparam int unsigned PAYLOAD = 8;  // byte of the datagram
  localparam int unsigned HEADER = 20;  // bytes
  localparam int unsigned BODY = PAYLOAD + HEADER;
  localparam int unsigned RUNT = 8;  // bytes of the longest

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
  beat_t now, lanes;  // the beat; which of its lanes are whose, the rest 0

  logic [HEADER-1:0][7:0] header_now;
  logic [15:0] claimed;
  logic take, open, room, opened_q;
  logic [CYCLE_W-1:0] frame_q;
  assign take = s_axis_tvalid && !s_first;
  assign claimed = count == '1 ? '0 : count;

  always_comb begin
    now = lanes;
    now.data = s_axis_tdata;
    now.valid = s_axis_tvalid;
    now.stamp = s_cycle;
    now.frame = s_axis_tvalid && s_first ? s_cycle : frame_q;
    now.ended = s_end;
    now.wrong = s_end && s_error;
    if (open ? !room : s_end && accepted && !s_error && !opened_q) now.overrun = 1'b1;
  end

  always_ff @(posedge clk) begin
    if (s_axis_tvalid && s_first) frame_q <= s_cycle;
    opened_q <= open || (opened_q && !(s_axis_tvalid && s_first));
  end

  if (W == 8) begin : gen_bytes
    // A byte a cycle: nearly all is known before the byte that it is needed with.
    localparam logic [POSITION_W-1:0] BEFORE = POSITION_W'(BODY - 1);  // the header's last byte
    typedef enum logic [2:0] {
      OFF,
      HIGH,  // this byte is a length's first,
      LOW,   // ... its second,
      SKIP,  // ... of a message of at most 8 bytes,
      BYTES  // ... of a longer one
    } phase_e;
    phase_e phase_d, phase_q;
    logic [HEADER-1:0][7:0] header_q;
    logic [15:0] room_q, after_q, after_d, bytes_d, bytes_q, remaining_d, remaining_q;
    logic [15:0] slack;
    logic has_header_q, has_length_q;  // the packet has room for the header; for a length behind
    logic opens_q;  // the next byte is payload byte 20
    logic begin_d, begin_q;  // this byte is a message's first
    logic more_d, more_q;  // another length comes after this message
    logic over, fits;
    logic [SEQUENCE_W-1:0] reach_q;
    logic unused;
    assign unused = &{1'b0, s_axis_tkeep, slack[0]};

    assign open = take && accept && opens_q;
    assign room = has_header_q;
    assign header_now = header_q;
    assign reach = reach_q;
    // after_q: how many bytes of the packet come after this one. A borrow: it is too short.
    assign {over, slack} = 17'(after_q) - 17'({bytes_q[7:0], s_axis_tdata});
    assign fits = !over;

    always_comb begin
      lanes       = '0;
      phase_d     = phase_q;
      bytes_d     = bytes_q - 16'd1;
      after_d     = after_q - 16'd1;
      remaining_d = remaining_q;
      begin_d     = 1'b0;
      more_d      = more_q;
      unique case (phase_q)
        HIGH: begin
          phase_d = LOW;
          bytes_d = 16'(s_axis_tdata);
        end
        LOW: begin
          bytes_d       = {bytes_q[7:0], s_axis_tdata};
          remaining_d   = remaining_q - 16'd1;
          more_d        = remaining_q != 16'd1 && slack[15:1] != '0;
          lanes.overrun = !fits || (remaining_q != 16'd1 && !more_d);
          phase_d       = OFF;
          if (fits) begin
            if (bytes_d > 16'(RUNT)) begin
              begin_d = 1'b1;
              phase_d = BYTES;
            end else begin
              lanes.runts = 3'd1;
              if (bytes_d != '0) phase_d = SKIP;
              else if (more_d) phase_d = HIGH;
            end
          end
        end
        SKIP, BYTES: begin
          lanes.tail  = phase_q == BYTES && !begin_q;
          lanes.last  = lanes.tail[0] && bytes_q == 16'd1;
          lanes.start = begin_q;
          if (bytes_q == 16'd1) phase_d = more_q ? HIGH : OFF;
        end
        default: ;
      endcase
      lanes.length = bytes_q;
      if (opens_q) begin
        after_d     = room_q;
        remaining_d = claimed;
        bytes_d     = 16'(s_axis_tdata);
      end
      if (open) begin
        lanes.runts   = '0;
        lanes.tail    = '0;
        lanes.last    = 1'b0;
        lanes.start   = 1'b0;
        lanes.overrun = claimed != '0 && !has_length_q;
        begin_d       = 1'b0;
        phase_d       = has_length_q && claimed != '0 ? LOW : OFF;
      end
      if (!take) begin
        phase_d = s_axis_tvalid ? OFF : phase_q;
        begin_d = begin_q && !s_axis_tvalid;
        {lanes.tail, lanes.last, lanes.runts, lanes.start, lanes.overrun} = '0;
      end
    end

    always_ff @(posedge clk) begin
      if (s_axis_tvalid) begin
        if (!opens_q && !opened_q) begin
          header_q <= {header_q[HEADER-2:0], s_axis_tdata};
          // right once this byte is count's second
          if ({header_q[0], s_axis_tdata} == '1) reach_q <= header_q[8:1];
          else reach_q <= header_q[8:1] + SEQUENCE_W'({header_q[0], s_axis_tdata});
        end
        opens_q     <= position == BEFORE;
        bytes_q     <= bytes_d;
        after_q     <= after_d;
        remaining_q <= remaining_d;
        more_q      <= more_d;
      end
      has_header_q <= length >= 16'(HEADER);
      has_length_q <= length >= 16'(HEADER + 2);
      room_q       <= length - 16'(HEADER + 2);
      if (rst) begin
        phase_q <= OFF;
        begin_q <= 1'b0;
      end else begin
        phase_q <= phase_d;
        begin_q <= begin_d;
      end
    end
  end else begin : gen_words
    // The datagram begins in lane 6 or in lane 2: the byte after the header is in the other one.
    localparam int unsigned LANE = 6;
    localparam int unsigned LANE_LOW = 2;
    localparam int unsigned OPEN_LANE = (BODY + LANE) % LANES;
    localparam int unsigned OPEN_LANE_LOW = (BODY + LANE_LOW) % LANES;
    localparam int unsigned AT_W = 18;  // a place in the packet, from the beat on
    logic [HEADER-1:0][7:0] header_q;
    logic low;

    assign open = take && accept &&
                  ((position == POSITION_W'(BODY - OPEN_LANE) && s_axis_tkeep[OPEN_LANE]) ||
                   (position == POSITION_W'(BODY - OPEN_LANE_LOW) && s_axis_tkeep[OPEN_LANE_LOW]));
    assign low = position[2];
    assign room = length >= 16'(HEADER);
    assign reach = sequence_number + SEQUENCE_W'(claimed);

    always_comb begin
      header_now = header_q;
      for (int unsigned i = 0; i < HEADER; i++) begin
        automatic int unsigned lane = (PAYLOAD + i + LANE) % LANES;
        automatic int unsigned lane_low = (PAYLOAD + i + LANE_LOW) % LANES;
        if (take && position == POSITION_W'(PAYLOAD + i - lane)) begin
          header_now[HEADER-1-i] = s_axis_tdata[8*lane+:8];
        end
        if (take && position == POSITION_W'(PAYLOAD + i - lane_low)) begin
          header_now[HEADER-1-i] = s_axis_tdata[8*lane_low+:8];
        end
      end
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
        at        = low ? AT_W'(OPEN_LANE_LOW + 1) : AT_W'(OPEN_LANE + 1);
        left      = at + AT_W'(length) - AT_W'(HEADER);
        remaining = claimed;
      end
      bytes = {s_axis_tdata, before_q};
      for (int unsigned i = 0; i < LANES; i++) lengths[i] = {bytes[i], bytes[i+1]};

      // Which places hold a length: one leads to the next, at once only where messages are tiny.
      for (int unsigned i = 0; i <= LANES; i++) reached[i] = at == AT_W'(i);
      for (int unsigned i = 0; i < LANES; i++) begin
        for (int unsigned j = i + 2; j <= LANES; j++) begin
          if (reached[i] && lengths[i] == 16'(j - i - 2)) reached[j] = 1'b1;
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
          length_d  = lengths[i];
        end
      end
      at_d        = |starts ? AT_W'(place) + AT_W'(length_d) + AT_W'(2) : at;
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
        lanes.start  = begin_q || (big && place + LANE_W'(1) < kept);
        lanes.lane   = begin_q ? '0 : place + LANE_W'(1);
        lanes.length = length_d;
        begin_d      = big && place == LANE_W'(LANES - 1);
      end
    end

    always_ff @(posedge clk) begin
      header_q <= header_now;
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
  assign out                               = stage_q[STAGES-1];

  assign header                            = open && room;
  assign {session, sequence_number, count} = header_now;
  assign m_frame_cycle                     = out.frame;
  assign m_axis_tdata                      = out.data;
  assign m_axis_tvalid                     = out.valid;
  assign m_cycle                           = out.stamp;
  assign m_tail                            = out.tail;
  assign m_last                            = out.last;
  assign m_runts                           = out.runts;
  assign m_start                           = out.start;
  assign m_lane                            = out.lane;
  assign m_length                          = out.length;
  assign m_end                             = out.ended;
  assign m_error                           = out.wrong;

  always_comb begin
    feed_events                  = '0;
    feed_events.message_overruns = out.overrun;
  end
endmodule

`default_nettype wire
