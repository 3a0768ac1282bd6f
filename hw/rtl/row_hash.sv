// row_hash: the two memory rows in which a name has its places, one of each choice.
//
// Bit i of s_name, with {q, a} = {i div ROW_W, i mod ROW_W}, is part of two bits of either row:
// of row 0, bit a and, if q > 0 (with SPARSE: if q is odd), bit (4a + SKEW_0 * q) mod ROW_W; of
// row 1, bit (a + q) mod ROW_W and, if q > 0 or a + OFFSET_1 < ROW_W (with SPARSE: and q is even),
// bit (a + OFFSET_1 + SKEW_1 * q) mod ROW_W. Once, if both are the same bit. A bit of a row is the
// sum modulo 2 of its parts, so names that differ in one bit have other rows in both choices.
// Combinational. It knows neither places nor what they hold.
`default_nettype none

module row_hash #(
    parameter int unsigned NAME_W = 66,  // bits of a name
    parameter int unsigned ROW_W = 10,  // bits of a row's number
    parameter bit SPARSE = 0,  // fewer parts, for a long name
    parameter int unsigned SKEW_0 = 6,
    parameter int unsigned OFFSET_1 = 2,
    parameter int unsigned SKEW_1 = 7
) (
    input  logic [NAME_W-1:0]            s_name,
    output logic [       1:0][ROW_W-1:0] m_rows
);
  if (NAME_W == 0 || ROW_W == 0) $error("row_hash: NAME_W and ROW_W must be at least 1");

  always_comb begin
    m_rows = '0;
    for (int unsigned i = 0; i < NAME_W; i++) begin
      automatic int unsigned q = i / ROW_W;
      automatic int unsigned a = i % ROW_W;
      for (int unsigned b = 0; b < ROW_W; b++) begin
        if (b == a) m_rows[0][b] ^= s_name[i];
        else if ((SPARSE ? q % 2 == 1 : q > 0) && b == (4 * a + SKEW_0 * q) % ROW_W) begin
          m_rows[0][b] ^= s_name[i];
        end
        if (b == (a + q) % ROW_W) m_rows[1][b] ^= s_name[i];
        else if ((q > 0 || a + OFFSET_1 < ROW_W) && !(SPARSE && q % 2 == 1) &&
                 b == (a + OFFSET_1 + SKEW_1 * q) % ROW_W) begin
          m_rows[1][b] ^= s_name[i];
        end
      end
    end
  end
endmodule

`default_nettype wire
