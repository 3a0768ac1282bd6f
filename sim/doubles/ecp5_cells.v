// The cells of ECP5 that yosys makes netlists of, for simulation, by what Lattice says of them.
//
// yosys has no model of DP16KD and MULT18X18D; the others are here too, since its LUT4 of three
// steps makes a simulator of a whole core several times larger. What has no model is refused:
// parameters at elaboration, pins as they are driven. Flip-flops and memories without contents
// begin as the simulator begins (the part has 0 or REGSET), so that nothing can rely on it.
`default_nettype none

// LUT4: INIT's bit at the address D, C, B, A.
module LUT4 #(
    parameter [15:0] INIT = 16'h0
) (
    input wire A, B, C, D,
    output wire Z
);
  assign Z = INIT[{D, C, B, A}];
endmodule

// PFUMX, L6MUX21: from two LUTs one of 5 inputs, from two of these one of 6.
module PFUMX (
    input wire ALUT, BLUT, C0,
    output wire Z
);
  assign Z = C0 ? ALUT : BLUT;
endmodule

module L6MUX21 (
    input wire D0, D1, SD,
    output wire Z
);
  assign Z = SD ? D1 : D0;
endmodule

// CCU2C: two bits of a carry chain. Where a LUT4 is 1 the carry goes on, else it is what the
// quarter of INIT says that A and B address alone.
module CCU2C #(
    parameter [15:0] INIT0 = 16'h0,
    parameter [15:0] INIT1 = 16'h0,
    parameter INJECT1_0 = "YES",
    parameter INJECT1_1 = "YES"
) (
    input wire CIN, A0, B0, C0, D0, A1, B1, C1, D1,
    output wire S0, S1, COUT
);
  generate
    if (INJECT1_0 != "NO" || INJECT1_1 != "NO") $error("CCU2C: no model of an injected carry");
  endgenerate
  wire first = INIT0[{D0, C0, B0, A0}];
  wire second = INIT1[{D1, C1, B1, A1}];
  wire between = first ? CIN : INIT0[{2'b0, B0, A0}];
  assign S0 = first ^ CIN;
  assign S1 = second ^ between;
  assign COUT = second ? between : INIT1[{2'b0, B1, A1}];
endmodule

// TRELLIS_FF: a flip-flop with an enable and a synchronous set or reset, which goes before it.
module TRELLIS_FF #(
    parameter GSR = "ENABLED",  // of the global reset, which doesn't come
    parameter [127:0] CEMUX = "1",
    parameter CLKMUX = "CLK",
    parameter LSRMUX = "LSR",
    parameter SRMODE = "LSR_OVER_CE",
    parameter REGSET = "RESET",
    parameter [127:0] LSRMODE = "LSR"
) (
    input wire CLK, LSR, CE, DI, M,
    output reg Q
);
  generate
    if (CEMUX != "1" && CEMUX != "CE" && CEMUX != "INV") $error("TRELLIS_FF: no model of CEMUX");
    if (CLKMUX != "CLK" || LSRMUX != "LSR") $error("TRELLIS_FF: no model of an inverted pin");
    if (SRMODE != "LSR_OVER_CE" || LSRMODE != "LSR") $error("TRELLIS_FF: no model of this reset");
    if (REGSET != "SET" && REGSET != "RESET") $error("TRELLIS_FF: no model of REGSET");
  endgenerate
  wire enable = CEMUX == "1" || (CEMUX == "INV" ? !CE : CE);
  always @(posedge CLK)
    if (LSR) Q <= REGSET == "SET";
    else if (enable) Q <= DI;
endmodule

// TRELLIS_DPR16X4: 16 words of 4 bits in LUTs, written at the edge, read without one.
module TRELLIS_DPR16X4 #(
    parameter WCKMUX = "WCK",
    parameter WREMUX = "WRE",
    parameter [63:0] INITVAL = 64'hx
) (
    input wire [3:0] DI, WAD, RAD,
    input wire WRE, WCK,
    output wire [3:0] DO
);
  generate
    if (WCKMUX != "WCK" || WREMUX != "WRE") $error("TRELLIS_DPR16X4: no model of an inverted pin");
    if (INITVAL !== 64'hx) $error("TRELLIS_DPR16X4: no model of first contents");
  endgenerate
  reg [3:0] memory[0:15];
  always @(posedge WCK) if (WRE) memory[WAD] <= DI;
  assign DO = memory[RAD];
endmodule

// DP16KD: a block RAM of 1,024 words of 18 bits, both halves of a word with a parity bit on top.
//
// What: A port of width 1, 2, 4, 9 or 18 sees its part of a word, which the lowest bits of its
// address choose; the parts of 1, 2 and 4 don't reach parity. Port A reads or writes, port B reads.
// At 18 bits ADA1 and ADA0 enable a write's bytes. At 36 bits both ports are: A only writes, the
// upper word from DIB, its bytes enabled by ADA3 to ADA0; B shows the lower word at DOA, the upper
// one at DOB.
// Timing: What is read is there after the edge. Both ports have one clock.
// Rules: With a write port A shows the word before (READBEFOREWRITE), the one after (WRITETHROUGH)
// or what it showed (NORMAL). What port B reads where A writes is undefined, and inverted here.
// Not: No output register, no reset, no decoded chip select, no write at port B.
module DP16KD #(
    parameter DATA_WIDTH_A = 18,
    parameter DATA_WIDTH_B = 18,
    parameter REGMODE_A = "NOREG",
    parameter REGMODE_B = "NOREG",
    parameter RESETMODE = "SYNC",  // of a reset that doesn't come
    parameter ASYNC_RESET_RELEASE = "SYNC",
    parameter CSDECODE_A = "0b000",
    parameter CSDECODE_B = "0b000",
    parameter WRITEMODE_A = "NORMAL",
    parameter WRITEMODE_B = "NORMAL",
    parameter CLKAMUX = "CLKA",
    parameter CLKBMUX = "CLKB",
    parameter GSR = "ENABLED",  // of the global reset, which doesn't come either
    parameter [319:0]
    INITVAL_00 = 320'h0, INITVAL_01 = 320'h0, INITVAL_02 = 320'h0, INITVAL_03 = 320'h0,
    INITVAL_04 = 320'h0, INITVAL_05 = 320'h0, INITVAL_06 = 320'h0, INITVAL_07 = 320'h0,
    INITVAL_08 = 320'h0, INITVAL_09 = 320'h0, INITVAL_0A = 320'h0, INITVAL_0B = 320'h0,
    INITVAL_0C = 320'h0, INITVAL_0D = 320'h0, INITVAL_0E = 320'h0, INITVAL_0F = 320'h0,
    INITVAL_10 = 320'h0, INITVAL_11 = 320'h0, INITVAL_12 = 320'h0, INITVAL_13 = 320'h0,
    INITVAL_14 = 320'h0, INITVAL_15 = 320'h0, INITVAL_16 = 320'h0, INITVAL_17 = 320'h0,
    INITVAL_18 = 320'h0, INITVAL_19 = 320'h0, INITVAL_1A = 320'h0, INITVAL_1B = 320'h0,
    INITVAL_1C = 320'h0, INITVAL_1D = 320'h0, INITVAL_1E = 320'h0, INITVAL_1F = 320'h0,
    INITVAL_20 = 320'h0, INITVAL_21 = 320'h0, INITVAL_22 = 320'h0, INITVAL_23 = 320'h0,
    INITVAL_24 = 320'h0, INITVAL_25 = 320'h0, INITVAL_26 = 320'h0, INITVAL_27 = 320'h0,
    INITVAL_28 = 320'h0, INITVAL_29 = 320'h0, INITVAL_2A = 320'h0, INITVAL_2B = 320'h0,
    INITVAL_2C = 320'h0, INITVAL_2D = 320'h0, INITVAL_2E = 320'h0, INITVAL_2F = 320'h0,
    INITVAL_30 = 320'h0, INITVAL_31 = 320'h0, INITVAL_32 = 320'h0, INITVAL_33 = 320'h0,
    INITVAL_34 = 320'h0, INITVAL_35 = 320'h0, INITVAL_36 = 320'h0, INITVAL_37 = 320'h0,
    INITVAL_38 = 320'h0, INITVAL_39 = 320'h0, INITVAL_3A = 320'h0, INITVAL_3B = 320'h0,
    INITVAL_3C = 320'h0, INITVAL_3D = 320'h0, INITVAL_3E = 320'h0, INITVAL_3F = 320'h0
) (
    input wire ADA13, ADA12, ADA11, ADA10, ADA9, ADA8, ADA7, ADA6, ADA5, ADA4, ADA3, ADA2, ADA1,
    ADA0, DIA17, DIA16, DIA15, DIA14, DIA13, DIA12, DIA11, DIA10, DIA9, DIA8, DIA7, DIA6, DIA5,
    DIA4, DIA3, DIA2, DIA1, DIA0,
    input wire CLKA, CEA, OCEA, WEA, RSTA, CSA2, CSA1, CSA0,
    output wire DOA17, DOA16, DOA15, DOA14, DOA13, DOA12, DOA11, DOA10, DOA9, DOA8, DOA7, DOA6,
    DOA5, DOA4, DOA3, DOA2, DOA1, DOA0,
    input wire ADB13, ADB12, ADB11, ADB10, ADB9, ADB8, ADB7, ADB6, ADB5, ADB4, ADB3, ADB2, ADB1,
    ADB0, DIB17, DIB16, DIB15, DIB14, DIB13, DIB12, DIB11, DIB10, DIB9, DIB8, DIB7, DIB6, DIB5,
    DIB4, DIB3, DIB2, DIB1, DIB0,
    input wire CLKB, CEB, OCEB, WEB, RSTB, CSB2, CSB1, CSB0,
    output wire DOB17, DOB16, DOB15, DOB14, DOB13, DOB12, DOB11, DOB10, DOB9, DOB8, DOB7, DOB6,
    DOB5, DOB4, DOB3, DOB2, DOB1, DOB0
);
  localparam WIDE_A = DATA_WIDTH_A == 36, WIDE_B = DATA_WIDTH_B == 36;
  localparam [64*320-1:0] INIT = {  // a word has 20 bits of it
      INITVAL_3F, INITVAL_3E, INITVAL_3D, INITVAL_3C, INITVAL_3B, INITVAL_3A, INITVAL_39,
      INITVAL_38, INITVAL_37, INITVAL_36, INITVAL_35, INITVAL_34, INITVAL_33, INITVAL_32,
      INITVAL_31, INITVAL_30, INITVAL_2F, INITVAL_2E, INITVAL_2D, INITVAL_2C, INITVAL_2B,
      INITVAL_2A, INITVAL_29, INITVAL_28, INITVAL_27, INITVAL_26, INITVAL_25, INITVAL_24,
      INITVAL_23, INITVAL_22, INITVAL_21, INITVAL_20, INITVAL_1F, INITVAL_1E, INITVAL_1D,
      INITVAL_1C, INITVAL_1B, INITVAL_1A, INITVAL_19, INITVAL_18, INITVAL_17, INITVAL_16,
      INITVAL_15, INITVAL_14, INITVAL_13, INITVAL_12, INITVAL_11, INITVAL_10, INITVAL_0F,
      INITVAL_0E, INITVAL_0D, INITVAL_0C, INITVAL_0B, INITVAL_0A, INITVAL_09, INITVAL_08,
      INITVAL_07, INITVAL_06, INITVAL_05, INITVAL_04, INITVAL_03, INITVAL_02, INITVAL_01,
      INITVAL_00
  };

  function width_fits(input integer width);
    width_fits = width == 1 || width == 2 || width == 4 || width == 9 || width == 18 || width == 36;
  endfunction
  function known(input [8*15-1:0] mode);
    known = mode == "NORMAL" || mode == "WRITETHROUGH" || mode == "READBEFOREWRITE";
  endfunction
  generate
    if (!width_fits(DATA_WIDTH_A) || !width_fits(DATA_WIDTH_B) || WIDE_A != WIDE_B)
      $error("DP16KD: no model of these widths");
    if (!known(WRITEMODE_A) || !known(WRITEMODE_B)) $error("DP16KD: no model of a WRITEMODE");
    if (REGMODE_A != "NOREG" || REGMODE_B != "NOREG") $error("DP16KD: no model of REGMODE");
    if (CSDECODE_A != "0b000" || CSDECODE_B != "0b000") $error("DP16KD: no model of CSDECODE");
    if (CLKAMUX != "CLKA" || CLKBMUX != "CLKB") $error("DP16KD: no model of an inverted clock");
  endgenerate

  // Where in its word a port's bits are, and which they are.
  function [17:0] part(input integer width, input [13:0] address);
    case (width)
      1: part = 18'h1 << (9 * address[3] + address[2:0]);
      2: part = 18'h3 << (9 * address[3] + 2 * address[2:1]);
      4: part = 18'hF << (9 * address[3] + 4 * address[2]);
      9: part = 18'h1FF << (9 * address[3]);
      default: part = 18'h3FFFF;
    endcase
  endfunction
  function [17:0] bytes(input integer width, input [1:0] enable);
    bytes = width >= 18 ? {{9{enable[1]}}, {9{enable[0]}}} : 18'h3FFFF;
  endfunction
  function [17:0] spread(input integer width, input [17:0] data);
    case (width)
      1: spread = {18{data[0]}};
      2: spread = {2{1'b0, {4{data[1:0]}}}};
      4: spread = {2{1'b0, {2{data[3:0]}}}};
      9: spread = {2{data[8:0]}};
      default: spread = data;
    endcase
  endfunction
  function [17:0] picked(input integer width, input [13:0] address, input [17:0] word);
    case (width)
      1: picked = {17'h0, word[9*address[3]+address[2:0]]};
      2: picked = {16'h0, word[9*address[3]+2*address[2:1]+:2]};
      4: picked = {14'h0, word[9*address[3]+4*address[2]+:4]};
      9: picked = {9'h0, word[9*address[3]+:9]};
      default: picked = word;
    endcase
  endfunction

  wire [13:0] ada = {
      ADA13, ADA12, ADA11, ADA10, ADA9, ADA8, ADA7, ADA6, ADA5, ADA4, ADA3, ADA2, ADA1, ADA0};
  wire [13:0] adb = {
      ADB13, ADB12, ADB11, ADB10, ADB9, ADB8, ADB7, ADB6, ADB5, ADB4, ADB3, ADB2, ADB1, ADB0};
  wire [17:0] dia = {
      DIA17, DIA16, DIA15, DIA14, DIA13, DIA12, DIA11, DIA10, DIA9, DIA8, DIA7, DIA6, DIA5, DIA4,
      DIA3, DIA2, DIA1, DIA0};
  wire [17:0] dib = {
      DIB17, DIB16, DIB15, DIB14, DIB13, DIB12, DIB11, DIB10, DIB9, DIB8, DIB7, DIB6, DIB5, DIB4,
      DIB3, DIB2, DIB1, DIB0};

  // The word that a port sees, its bits that are written, and the upper one of 36 bits.
  reg [17:0] memory[0:1023];
  wire [9:0] at_a = WIDE_A ? {ada[13:5], 1'b0} : ada[13:4];
  wire [9:0] at_b = WIDE_B ? {adb[13:5], 1'b0} : adb[13:4];
  wire write = CEA && WEA;
  wire [17:0] mask = part(DATA_WIDTH_A, ada) & bytes(DATA_WIDTH_A, ada[1:0]);
  wire [17:0] mask_upper = bytes(DATA_WIDTH_A, ada[3:2]);
  wire [17:0] word = memory[at_a];
  wire [17:0] next = (word & ~mask) | (spread(DATA_WIDTH_A, dia) & mask);

  // What port A writes of the words that port B reads.
  wire [17:0] spoiled = write && at_a == at_b ? mask : 18'h0;
  wire [17:0] spoiled_upper = write && at_a == at_b ? mask_upper : 18'h0;

  reg [17:0] a_q, b_q, upper_q;
  always @(posedge CLKA) begin
    if (CEA && !WIDE_A && (!WEA || WRITEMODE_A != "NORMAL"))
      a_q <= picked(DATA_WIDTH_A, ada, WEA && WRITEMODE_A == "WRITETHROUGH" ? next : word);
    if (CEB) b_q <= picked(DATA_WIDTH_B, adb, memory[at_b] ^ spoiled);
    if (CEB && WIDE_B) upper_q <= memory[at_b|10'h1] ^ spoiled_upper;
    if (write) memory[at_a] <= next;
    if (write && WIDE_A)
      memory[at_a|10'h1] <= (memory[at_a|10'h1] & ~mask_upper) | (dib & mask_upper);
    if (CEB && WEB) $fatal(1, "DP16KD: no model of a write at port B");
    if (RSTA || RSTB || CSA2 || CSA1 || CSA0 || CSB2 || CSB1 || CSB0)
      $fatal(1, "DP16KD: no model of reset and chip select");
  end
  always @(posedge CLKB) if (CEB && !CLKA) $fatal(1, "DP16KD: no model of two clocks");
  assign {
      DOA17, DOA16, DOA15, DOA14, DOA13, DOA12, DOA11, DOA10, DOA9, DOA8, DOA7, DOA6, DOA5, DOA4,
      DOA3, DOA2, DOA1, DOA0} = WIDE_B ? b_q : a_q;
  assign {
      DOB17, DOB16, DOB15, DOB14, DOB13, DOB12, DOB11, DOB10, DOB9, DOB8, DOB7, DOB6, DOB5, DOB4,
      DOB3, DOB2, DOB1, DOB0} = WIDE_B ? upper_q : b_q;

  integer n;
  initial if (INIT != 0) for (n = 0; n < 1024; n = n + 1) memory[n] = INIT[20*n+:18];
endmodule

// MULT18X18D: A times B, each signed or not, in no cycle: of its registers none is modelled.
module MULT18X18D #(
    parameter REG_INPUTA_CLK = "NONE",
    parameter REG_INPUTB_CLK = "NONE",
    parameter REG_INPUTC_CLK = "NONE",
    parameter REG_PIPELINE_CLK = "NONE",
    parameter REG_OUTPUT_CLK = "NONE",
    parameter MULT_BYPASS = "DISABLED"
) (
    input wire A17, A16, A15, A14, A13, A12, A11, A10, A9, A8, A7, A6, A5, A4, A3, A2, A1, A0,
    input wire B17, B16, B15, B14, B13, B12, B11, B10, B9, B8, B7, B6, B5, B4, B3, B2, B1, B0,
    input wire C17, C16, C15, C14, C13, C12, C11, C10, C9, C8, C7, C6, C5, C4, C3, C2, C1, C0,
    input wire SIGNEDA, SIGNEDB, SOURCEA, SOURCEB,
    output wire P35, P34, P33, P32, P31, P30, P29, P28, P27, P26, P25, P24, P23, P22, P21, P20,
    P19, P18, P17, P16, P15, P14, P13, P12, P11, P10, P9, P8, P7, P6, P5, P4, P3, P2, P1, P0
);
  generate
    if (REG_INPUTA_CLK != "NONE" || REG_INPUTB_CLK != "NONE" || REG_INPUTC_CLK != "NONE" ||
        REG_PIPELINE_CLK != "NONE" || REG_OUTPUT_CLK != "NONE")
      $error("MULT18X18D: no model of registers");
    if (MULT_BYPASS != "DISABLED") $error("MULT18X18D: no model of MULT_BYPASS");
  endgenerate
  wire [17:0] a = {
      A17, A16, A15, A14, A13, A12, A11, A10, A9, A8, A7, A6, A5, A4, A3, A2, A1, A0};
  wire [17:0] b = {
      B17, B16, B15, B14, B13, B12, B11, B10, B9, B8, B7, B6, B5, B4, B3, B2, B1, B0};
  wire [35:0] wide_a = {{18{SIGNEDA & A17}}, a}, wide_b = {{18{SIGNEDB & B17}}, b};
  assign {P35, P34, P33, P32, P31, P30, P29, P28, P27, P26, P25, P24, P23, P22, P21, P20, P19, P18,
      P17, P16, P15, P14, P13, P12, P11, P10, P9, P8, P7, P6, P5, P4, P3, P2, P1, P0} =
      wide_a * wide_b;
  always @(*) if (SOURCEA || SOURCEB) $fatal(1, "MULT18X18D: no model of the shift chain");
endmodule
`default_nettype wire
