// mac_rx: takes Ethernet frames off the wire, checks them, and passes their bytes on at once.
//
// What: at W = 8 the wire is GMII: s_axis_tdata, tvalid and tuser are rxd, rx_dv and rx_er; tkeep
// and tlast are not read. A frame is what rx_dv spans: any number of 0x55, then 0xD5, then the
// bytes. At W = 64 it is the AXI-Stream of an XGMII MAC, preamble gone, check sequence there: beats
// are full but for the last, tuser marks a received error, and idle cycles may stand anywhere. What
// is presented are the bytes after the preamble, check sequence included: m_first with the frame's
// first beat, and m_cycle, the value of `cycle` at the edge that accepted the beat. Every beat but
// a frame's last is full, and tkeep has no holes.
//
// Timing: cut-through. A beat accepted at one clock edge is presented after it: 1 cycle, always.
// m_end comes in the cycle after the frame's last beat (W = 64: perhaps with the next frame's
// first), m_error with it when anything was wrong. A frame above MAX_BYTES ends with the beat that
// is, so that a line which never ends one holds nothing up for longer. Throughput: a beat each
// cycle; there is no backpressure. Reset forgets the frame in progress.
//
// Rules: each frame has one event, at its end (with m_end), the first that applies: bad_preamble (W
// = 8: another byte, or the end, before 0xD5; nothing is presented), receive_errors (tuser in any
// cycle of the frame, or at W = 64 a hole in tkeep or a beat not full before the last), long_frames
// (above MAX_BYTES), short_frames (below MIN_BYTES), bad_fcs, or else `frames`. Lengths are those
// of the bytes presented, check sequence included. From the beat on that is above MAX_BYTES or
// ill-kept, nothing more of its frame is presented; behind the first nothing is judged, either. A
// frame of which nothing was presented has no m_end.
//
// Not: it does not look at addresses, nor strip padding or the check sequence.
`default_nettype none

module mac_rx
  import tick_pkg::*;
#(
    parameter int unsigned W = 8,  // bits of a beat, 8 or 64
    parameter int unsigned MIN_BYTES = 64,  // of a frame, check sequence included
    parameter int unsigned MAX_BYTES = 9026,  // likewise; 9018 and two tags
    localparam int unsigned LANES = W / 8
) (
    input  logic                       clk,
    input  logic                       rst,
    input  logic         [CYCLE_W-1:0] cycle,
    input  logic         [      W-1:0] s_axis_tdata,
    input  logic         [  LANES-1:0] s_axis_tkeep,
    input  logic                       s_axis_tvalid,
    input  logic                       s_axis_tlast,
    input  logic                       s_axis_tuser,
    output logic         [      W-1:0] m_axis_tdata,
    output logic         [  LANES-1:0] m_axis_tkeep,
    output logic                       m_axis_tvalid,
    output logic                       m_first,
    output logic         [CYCLE_W-1:0] m_cycle,
    output logic                       m_end,
    output logic                       m_error,
    output feed_events_t               feed_events
);
  if (W != 8 && W != 64) $error("mac_rx: W must be 8 or 64");
  if (MIN_BYTES < 5) $error("mac_rx: MIN_BYTES must leave room for the check sequence");
  if (MAX_BYTES < MIN_BYTES || MAX_BYTES > 16000) $error("mac_rx: MAX_BYTES out of range");

  localparam int unsigned LENGTH_W = $clog2(MAX_BYTES + 2 * LANES + 1);
  localparam int unsigned COUNT_W = $clog2(LANES + 1);
  localparam logic [31:0] RESIDUE = 32'hDEBB20E3;  // the register after a frame and its own check
  localparam logic [7:0] PREAMBLE = 8'h55;
  localparam logic [7:0] DELIMITER = 8'hD5;

  // A last beat's empty lanes go through the check as zeros: what is left then, by their number.
  typedef logic [LANES:0][31:0] residues_t;
  function automatic residues_t residues();
    residues[0] = RESIDUE;
    for (int unsigned lane = 1; lane <= LANES; lane++) begin
      residues[lane] = residues[lane-1];
      for (int unsigned i = 0; i < 8; i++) begin
        residues[lane] = (residues[lane] >> 1) ^ (residues[lane][0] ? 32'hEDB88320 : '0);
      end
    end
  endfunction
  localparam residues_t RESIDUES = residues();

  // What this edge does, by the kind of wire.
  logic take;  // a beat of bytes after the preamble
  logic first;  // ... the frame's first
  logic close;  // the frame that the registers describe is over
  logic no_preamble;  // ... and had none
  logic wrong;  // this cycle of a frame is marked as wrong
  logic gap;  // this beat is not kept as it must be
  logic fresh;  // what is registered of a frame is of the last one
  logic fits;  // it is not above MAX_BYTES with this beat
  logic is_long, is_short;  // the frame that the registers describe
  logic [  LANES-1:0] keep;
  logic [COUNT_W-1:0] empty_q;  // lanes not kept in the last beat
  logic [LENGTH_W-1:0] length_d, length_q;

  if (W == 8) begin : gen_gmii
    typedef enum logic [1:0] {
      AWAIT,  // the delimiter
      BYTES,
      SKIP
    } phase_e;
    phase_e phase_d, phase_q;
    logic seen_q, begun_q;  // rx_dv is up; a byte was taken
    logic full_q, long_q, short_q;  // the frame has MAX_BYTES; more; less than MIN_BYTES

    logic unused;
    assign unused = &{1'b0, s_axis_tkeep, s_axis_tlast};

    always_comb begin
      phase_d = phase_q;
      if (!s_axis_tvalid) phase_d = AWAIT;
      else if (phase_q == AWAIT) begin
        unique case (s_axis_tdata[7:0])
          PREAMBLE:  phase_d = AWAIT;
          DELIMITER: phase_d = BYTES;
          default:   phase_d = SKIP;
        endcase
      end
    end

    // No byte is taken while `fresh`: the preamble is before it.
    assign length_d = fresh ? '0 : length_q + LENGTH_W'(take && !long_q);
    assign fits     = !full_q;
    assign is_long  = long_q;
    assign is_short = short_q;

    always_ff @(posedge clk) begin
      full_q  <= !fresh && (full_q || (take && length_q == LENGTH_W'(MAX_BYTES - 1)));
      long_q  <= !fresh && (long_q || (take && full_q));
      short_q <= fresh || (short_q && !(take && length_q == LENGTH_W'(MIN_BYTES - 1)));
      if (rst) begin
        phase_q <= AWAIT;
        seen_q  <= 1'b0;
        begun_q <= 1'b0;
      end else begin
        phase_q <= phase_d;
        seen_q  <= s_axis_tvalid;
        begun_q <= s_axis_tvalid && phase_q == BYTES;
      end
    end

    assign take = s_axis_tvalid && phase_q == BYTES;
    assign first = take && !begun_q;
    assign close = !s_axis_tvalid && seen_q;
    assign no_preamble = phase_q != BYTES;
    assign wrong = s_axis_tvalid && s_axis_tuser;
    assign fresh = s_axis_tvalid && !seen_q;
    assign gap = 1'b0;
    assign keep = 1'b1;
    assign empty_q = '0;
  end else begin : gen_words
    logic open_q, last_q;

    for (genvar lane = 0; lane < LANES; lane++) begin : gen_keep
      assign keep[lane] = &s_axis_tkeep[lane:0];
    end
    assign gap = keep != s_axis_tkeep || (!s_axis_tlast && !(&s_axis_tkeep));

    always_ff @(posedge clk) begin
      empty_q <= COUNT_W'(LANES - $countones(keep));
      if (rst) begin
        open_q <= 1'b0;
        last_q <= 1'b0;
      end else begin
        if (s_axis_tvalid) open_q <= !s_axis_tlast;
        last_q <= s_axis_tvalid && s_axis_tlast;
      end
    end

    always_comb begin
      length_d = fresh ? '0 : length_q;
      if (take && length_d <= LENGTH_W'(MAX_BYTES)) length_d += LENGTH_W'($countones(keep));
    end
    assign fits = length_d <= LENGTH_W'(MAX_BYTES);
    assign is_long = length_q > LENGTH_W'(MAX_BYTES);
    assign is_short = length_q < LENGTH_W'(MIN_BYTES);

    assign take = s_axis_tvalid;
    assign first = take && !open_q;
    assign close = last_q;
    assign no_preamble = 1'b0;
    assign wrong = s_axis_tvalid && (s_axis_tuser || gap);
    assign fresh = first;
  end

  // The frame so far.
  logic [31:0] crc_q, crc_next;
  logic [W-1:0] masked;
  logic wrong_q, stopped_q, sent_q, pass, sent_before;
  logic over_q, judged_q;  // the last beat was above MAX_BYTES, the frame's first; it has its event

  always_comb begin
    for (int unsigned lane = 0; lane < LANES; lane++) begin
      masked[8*lane+:8] = keep[lane] ? s_axis_tdata[8*lane+:8] : 8'h00;
    end
  end
  crc32 #(
      .W(W)
  ) crc32_i (
      .crc     (first ? '1 : crc_q),
      .data    (masked),
      .crc_next(crc_next)
  );

  assign sent_before = sent_q && !fresh;
  assign pass = take && fits && !(stopped_q && !fresh) && !gap;

  always_ff @(posedge clk) begin
    m_axis_tdata <= s_axis_tdata;
    m_axis_tkeep <= keep;
    m_cycle      <= cycle;
    m_first      <= pass && !sent_before;
    if (take) crc_q <= crc_next;
    length_q  <= length_d;
    wrong_q   <= wrong || (wrong_q && !fresh);
    stopped_q <= (take && !pass) || (stopped_q && !fresh);
    sent_q    <= pass || sent_before;
    over_q    <= take && !fits && !(fresh ? 1'b0 : over_q || judged_q) && !rst;
    judged_q  <= !fresh && (over_q || judged_q) && !rst;
  end

  // The verdict, one of six.
  logic sum_wrong;
  assign sum_wrong = crc_q != RESIDUES[empty_q];
  always_ff @(posedge clk) begin
    m_axis_tvalid <= pass && !rst;
    m_end         <= 1'b0;
    feed_events   <= '0;
    if (((close && !judged_q) || over_q) && !rst) begin
      m_end <= sent_q && !no_preamble;
      if (no_preamble) feed_events.bad_preamble <= 1'b1;
      else if (wrong_q) feed_events.receive_errors <= 1'b1;
      else if (is_long) feed_events.long_frames <= 1'b1;
      else if (is_short) feed_events.short_frames <= 1'b1;
      else if (sum_wrong) feed_events.bad_fcs <= 1'b1;
      else feed_events.frames <= 1'b1;
    end
  end
  assign m_error = m_end && !feed_events.frames;
endmodule

`default_nettype wire
