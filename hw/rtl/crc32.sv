// crc32: the Ethernet check sequence over one beat, W bits at once.
//
// Combinational: crc_next is the register after the W/8 bytes of data (byte 0 in the least
// significant bits, each byte least significant bit first) when crc was the register before them.
// A frame starts from all ones; its check sequence is the complement of the register, sent low byte
// first. Each output bit is one XOR of the inputs that reach it, so that the depth grows with
// log W. It holds no register, does not know frames and does not complement.
`default_nettype none

module crc32 #(
    parameter int unsigned W = 8  // bits of data, a multiple of 8
) (
    input  logic [ 31:0] crc,
    input  logic [W-1:0] data,
    output logic [ 31:0] crc_next
);
  if (W == 0 || W % 8 != 0) $error("crc32: W must be a multiple of 8");

  localparam logic [31:0] POLYNOMIAL = 32'hEDB88320;  // of IEEE 802.3, reflected
  localparam int unsigned BOTH_W = W > 32 ? W : 32;

  typedef logic [31:0][BOTH_W-1:0] matrix_t;

  // Row i: which bits of data XOR register reach bit i of the result.
  function automatic matrix_t reached();
    logic [31:0] register;
    reached = '0;
    for (int unsigned bit_in = 0; bit_in < BOTH_W; bit_in++) begin
      register = '0;
      for (int unsigned i = 0; i < W; i++) begin
        register = (register >> 1) ^ ((register[0] ^ (i == bit_in)) ? POLYNOMIAL : '0);
      end
      // What the W bits of data don't meet yet only moves down.
      if (bit_in >= W) register = 32'd1 << (bit_in - W);
      for (int unsigned i = 0; i < 32; i++) reached[i][bit_in] = register[i];
    end
  endfunction

  localparam matrix_t REACHED = reached();

  logic [BOTH_W-1:0] both;
  assign both = BOTH_W'(data) ^ BOTH_W'(crc);
  for (genvar i = 0; i < 32; i++) begin : gen_row
    assign crc_next[i] = ^(both & REACHED[i]);
  end
endmodule

`default_nettype wire
