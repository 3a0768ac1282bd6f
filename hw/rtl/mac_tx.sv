// mac_tx: puts Ethernet frames on the wire: padding, check sequence, and at W = 8 preamble and gap.
//
// What: a frame comes as an AXI-Stream from its destination address on, without a check sequence;
// every beat is full but the last. Zeros fill it up to 60 bytes, and the four bytes of the check
// sequence follow. At W = 8 the wire is GMII: m_axis_tdata, tvalid and tuser are txd, tx_en and
// tx_er; tkeep, tlast and tready aren't used. Seven bytes of 0x55 and 0xD5 go before, GAP cycles of
// nothing behind. At W = 64 it is the AXI-Stream of an XGMII MAC, which makes both: every beat is
// full but the last.
//
// Timing: the first byte on the wire (at W = 8 of the preamble) is presented 1 cycle after the
// frame's first beat is there and the wire is free. W = 8: that beat is taken 8 cycles later, and
// then one each cycle; the frame, padded, takes 8 + bytes + 4 + GAP cycles. W = 64: a beat each
// cycle while m_axis_tready is up, and a cycle more where padding or check sequence need a beat of
// their own. m_free says that a frame whose first beat comes in the next cycle can leave then, if
// none comes in this one, and m_axis_tready stays. Reset ends what goes on, without a word on the
// wire.
//
// Rules: at W = 8 the source must have each beat as it is asked for: where it hasn't, the frame
// ends there with tuser, what is left of it is taken and thrown away, and m_broken pulses. At W =
// 64 a source may pause, and so does the wire; a beat before the last that isn't full ends the
// frame in the same way, with tlast. A frame that was broken has no check sequence.
//
// Not: it doesn't look into frames, and sends none that is longer than the source says.
`default_nettype none

module mac_tx #(
    parameter int unsigned W = 8,  // bits of a beat, 8 or 64
    parameter int unsigned GAP = 12,  // cycles between frames at W = 8
    localparam int unsigned LANES = W / 8
) (
    input  logic             clk,
    input  logic             rst,
    input  logic [    W-1:0] s_axis_tdata,
    input  logic [LANES-1:0] s_axis_tkeep,
    input  logic             s_axis_tlast,
    input  logic             s_axis_tvalid,
    output logic             s_axis_tready,
    output logic [    W-1:0] m_axis_tdata,
    output logic [LANES-1:0] m_axis_tkeep,
    output logic             m_axis_tlast,
    output logic             m_axis_tuser,
    output logic             m_axis_tvalid,
    input  logic             m_axis_tready,
    output logic             m_free,
    output logic             m_broken
);
  if (W != 8 && W != 64) $error("mac_tx: W must be 8 or 64");
  if (GAP < 1 || GAP > 255) $error("mac_tx: GAP out of range");

  localparam int unsigned SHORTEST = 60;  // bytes of a frame, check sequence apart
  localparam int unsigned CHECK = 4;

  if (W == 8) begin : gen_gmii
    typedef enum logic [2:0] {
      IDLE,
      PREAMBLE,
      BODY,
      PAD,
      SUM,
      SKIP,
      REST
    } state_e;
    state_e state_d, state_q;
    logic [7:0] left_d, left_q;  // cycles left of this state
    logic [5:0] length_d, length_q;  // of the frame, up to SHORTEST
    logic [31:0] crc_q, crc_next;
    logic [7:0] data;
    logic valid, wrong, summed;

    crc32 #(
        .W(8)
    ) crc32_i (
        .crc(crc_q),
        .data,
        .crc_next
    );

    always_comb begin
      state_d = state_q;
      left_d = left_q - 8'd1;
      length_d = length_q;
      data = '0;
      valid = 1'b1;
      wrong = 1'b0;
      summed = 1'b0;
      unique case (state_q)
        IDLE: begin
          data = 8'h55;
          valid = s_axis_tvalid;
          left_d = 8'd6;
          length_d = '0;
          if (s_axis_tvalid) state_d = PREAMBLE;
        end
        PREAMBLE: begin
          data = left_q == '0 ? 8'hD5 : 8'h55;
          if (left_q == '0) state_d = BODY;
        end
        BODY, PAD: begin
          summed = 1'b1;
          if (state_q == BODY) data = s_axis_tdata;
          if (length_q != 6'(SHORTEST)) length_d = length_q + 6'd1;
          left_d = 8'(CHECK - 1);
          if (state_q == BODY && !s_axis_tvalid) begin
            data = '0;
            wrong = 1'b1;
            state_d = SKIP;
          end else if (state_q == PAD || s_axis_tlast) begin
            state_d = length_d == 6'(SHORTEST) ? SUM : PAD;
          end
        end
        SUM: begin
          data = ~crc_q[{~left_q[1:0], 3'd0}+:8];
          if (left_q == '0) begin
            state_d = REST;
            left_d  = 8'(GAP - 1);
          end
        end
        SKIP: begin
          valid  = 1'b0;
          left_d = 8'(GAP - 1);
          if (s_axis_tvalid && s_axis_tlast) state_d = REST;
        end
        REST: begin
          valid = 1'b0;
          if (left_q == '0) state_d = IDLE;
        end
        default: state_d = IDLE;
      endcase
    end

    always_ff @(posedge clk) begin
      m_axis_tdata <= data;
      m_axis_tuser <= wrong;
      left_q <= left_d;
      length_q <= length_d;
      if (state_q == IDLE) crc_q <= '1;
      else if (summed) crc_q <= crc_next;
      if (rst) begin
        state_q <= IDLE;
        m_axis_tvalid <= 1'b0;
        m_broken <= 1'b0;
      end else begin
        state_q <= state_d;
        m_axis_tvalid <= valid;
        m_broken <= wrong;
      end
    end
    assign s_axis_tready = state_q == BODY || state_q == SKIP;
    assign m_free = state_q == IDLE || (state_q == REST && left_q == '0);
    assign m_axis_tkeep = 1'b1;
    assign m_axis_tlast = 1'b0;

    logic unused;
    assign unused = &{1'b0, s_axis_tkeep, m_axis_tready};
  end else begin : gen_words
    localparam int unsigned COUNT_W = $clog2(LANES + 1);
    localparam int unsigned LAST = SHORTEST / LANES;  // the beat in which a frame is long enough
    localparam int unsigned THERE = SHORTEST % LANES;  // with as many bytes of it
    typedef enum logic [1:0] {
      BODY,
      PAD,
      SUM,
      SKIP
    } state_e;
    state_e state_d, state_q;
    logic [3:0] beat_d, beat_q;  // of the frame, up to LAST + 1
    logic [COUNT_W-1:0] kept, held, over_d, over_q;  // over: bytes of the sum for the next beat
    logic go, take, last, full, wrong, valid;
    logic [LANES-1:0] keep, shown;
    logic [W-1:0] masked, data, late_q;
    logic [LANES:0][31:0] sums;  // after so many bytes of this beat
    logic [31:0] crc_q, past, sum;

    assign go   = !m_axis_tvalid || m_axis_tready;
    assign take = s_axis_tvalid && s_axis_tready;
    assign full = &s_axis_tkeep;
    assign last = state_q == PAD || s_axis_tlast;
    always_comb begin
      masked = '0;
      for (int unsigned lane = 0; lane < LANES; lane++) begin
        keep[lane] = state_q == BODY && s_axis_tkeep[lane];
        if (keep[lane]) masked[8*lane+:8] = s_axis_tdata[8*lane+:8];
      end
      kept = COUNT_W'($countones(keep));
    end

    assign past = beat_q == '0 ? '1 : crc_q;
    assign sums[0] = past;
    for (genvar bytes = 1; bytes <= LANES; bytes++) begin : gen_sum
      crc32 #(
          .W(8 * bytes)
      ) crc32_i (
          .crc     (past),
          .data    (masked[8*bytes-1:0]),
          .crc_next(sums[bytes])
      );
    end

    // The bytes of the frame that the beat holds, padding included.
    always_comb begin
      held = kept;
      if (last && beat_q < 4'(LAST)) held = COUNT_W'(LANES);
      else if (last && beat_q == 4'(LAST) && kept < COUNT_W'(THERE)) held = COUNT_W'(THERE);
    end
    assign sum = ~sums[held];

    always_comb begin
      state_d = state_q;
      beat_d = beat_q;
      over_d = '0;
      wrong = 1'b0;
      valid = 1'b0;
      data = masked;
      shown = '1;
      unique case (state_q)
        BODY, PAD: begin
          valid  = state_q == PAD || s_axis_tvalid;
          beat_d = beat_q > 4'(LAST) ? beat_q : beat_q + 4'd1;
          if (!last && !full) begin
            wrong   = 1'b1;
            shown   = LANES'(1);
            state_d = SKIP;
          end else if (last && beat_q < 4'(LAST)) state_d = PAD;
          else if (last) begin
            // 32 bits of the sum behind `held` bytes; what has no room is over
            data = masked | W'({32'd0, sum} << (8 * held));
            shown = LANES'((1 << (held + COUNT_W'(CHECK))) - 1);
            state_d = BODY;
            if (held > COUNT_W'(LANES - CHECK)) begin
              over_d  = held - COUNT_W'(LANES - CHECK);
              state_d = SUM;
            end else beat_d = '0;
          end
        end
        SUM: begin
          valid   = 1'b1;
          data    = late_q;
          shown   = LANES'((1 << over_q) - 1);
          beat_d  = '0;
          state_d = BODY;
        end
        SKIP: begin
          beat_d = '0;
          if (take && s_axis_tlast) state_d = BODY;
        end
        default: state_d = BODY;
      endcase
    end

    always_ff @(posedge clk) begin
      if (go) begin
        m_axis_tdata <= data;
        m_axis_tkeep <= shown;
        m_axis_tlast <= wrong || state_q == SUM || (last && beat_q >= 4'(LAST) && over_d == '0);
        m_axis_tuser <= wrong;
        late_q <= W'({32'd0, sum} >> (8 * (COUNT_W'(LANES) - held)));
        over_q <= over_d;
        if (valid) crc_q <= sums[LANES];
      end
      if (rst) begin
        state_q <= BODY;
        beat_q <= '0;
        m_axis_tvalid <= 1'b0;
        m_broken <= 1'b0;
      end else begin
        m_broken <= go && valid && wrong;
        if (go) m_axis_tvalid <= valid;
        if (go && (valid || state_q == SKIP)) begin
          state_q <= state_d;
          beat_q  <= beat_d;
        end
      end
    end
    assign s_axis_tready = go && (state_q == BODY || state_q == SKIP);
    assign m_free = go && state_q == BODY && beat_q == '0;
  end
endmodule

`default_nettype wire
