// slot_hears: which slots hear their instrument.
//
// What: m_hears is 1 of an enabled slot, unless a lower one that is enabled has its s_name: an
// operation has one slot, the lowest of its instrument, so the other has none. For the path such a
// slot isn't enabled. The name 0 is nobody's: slots that are yet to learn one don't hide each
// other. m_follows is 1 of those that hear somebody: that have a name.
//
// Timing: combinational. Not: it does not say that anything was heard.
`default_nettype none

module slot_hears
  import tick_pkg::*;
#(
    parameter int unsigned NAME_W = 16  // bits of an instrument's name
) (
    input  logic [SLOTS-1:0]             s_enable,
    input  logic [SLOTS-1:0][NAME_W-1:0] s_name,
    output logic [SLOTS-1:0]             m_hears,
    output logic [SLOTS-1:0]             m_follows
);
  if (NAME_W == 0) $error("slot_hears: NAME_W must be at least 1");

  always_comb begin
    m_hears = s_enable;
    for (int unsigned i = 1; i < SLOTS; i++) begin
      for (int unsigned lower = 0; lower < i; lower++) begin
        if (s_enable[lower] && s_name[lower] == s_name[i] && s_name[i] != '0) m_hears[i] = 1'b0;
      end
    end
    for (int unsigned i = 0; i < SLOTS; i++) m_follows[i] = m_hears[i] && s_name[i] != '0;
  end
endmodule

`default_nettype wire
