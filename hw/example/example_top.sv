// example_top: how tickwire_core is instantiated, at 1 Gb/s with one feed.
//
// What: the GMII of a PHY is feed A, feed B isn't there; a host writes the registers over AXI4-Lite
// in the order of docs/reference/core.md#bring-up; buy and sell pulse with the slot decided on.
// clk_125 is the PHY's receive clock, or the bytes were brought into it before.
//
// Not: it sends no order: nobody has the risk window, so the gate stays killed. It has no pins, and
// so no board.
`default_nettype none

module example_top
  import tick_pkg::*;
(
    input logic clk_125,
    input logic rst,
    input logic [7:0] gmii_rxd,
    input logic gmii_rx_dv,
    input logic gmii_rx_er,
    output logic s_axil_awready,
    input logic s_axil_awvalid,
    input logic [13:0] s_axil_awaddr,
    output logic s_axil_wready,
    input logic s_axil_wvalid,
    input logic [31:0] s_axil_wdata,
    input logic s_axil_bready,
    output logic s_axil_bvalid,
    output logic [1:0] s_axil_bresp,
    output logic s_axil_arready,
    input logic s_axil_arvalid,
    input logic [13:0] s_axil_araddr,
    input logic s_axil_rready,
    output logic s_axil_rvalid,
    output logic [31:0] s_axil_rdata,
    output logic [1:0] s_axil_rresp,
    output logic buy,
    output logic sell,
    output logic [SLOT_W-1:0] slot
);
  logic m_valid;
  signal_t m_signal;

  tickwire_core #(
      .W(8),
      .ORDER_ROWS(4096)  // 32,768 orders
  ) tickwire_core_i (
      .clk(clk_125),
      .s_axis_tdata({8'h00, gmii_rxd}),  // feed B, feed A
      .s_axis_tkeep(2'b11),
      .s_axis_tvalid({1'b0, gmii_rx_dv}),
      .s_axis_tlast(2'b00),
      .s_axis_tuser({1'b0, gmii_rx_er}),
      .s_axil_awprot(3'b000),
      .s_axil_wstrb(4'b1111),
      .s_axil_arprot(3'b000),
      .s_risk_awvalid('0),
      .s_risk_awaddr('0),
      .s_risk_awprot('0),
      .s_risk_wvalid('0),
      .s_risk_wdata('0),
      .s_risk_wstrb('0),
      .s_risk_bready('0),
      .s_risk_arvalid('0),
      .s_risk_araddr('0),
      .s_risk_arprot('0),
      .s_risk_rready('0),
      .s_risk_awready(),
      .s_risk_wready(),
      .s_risk_bvalid(),
      .s_risk_bresp(),
      .s_risk_arready(),
      .s_risk_rvalid(),
      .s_risk_rdata(),
      .s_risk_rresp(),
      .kill_pin(1'b0),
      .s_link_tdata('0),
      .s_link_tkeep('0),
      .s_link_tvalid(1'b0),
      .s_link_tlast(1'b0),
      .s_link_tuser(1'b0),
      .m_link_tready(1'b1),
      .m_link_tdata(),
      .m_link_tkeep(),
      .m_link_tvalid(),
      .m_link_tlast(),
      .m_link_tuser(),
      .heard_valid(),
      .heard_byte(),
      .refused_valid(),
      .refused_token(),
      .venue_valid(1'b0),
      .venue_message('0),
      .venue_bytes('0),
      .decision_valid(),
      .decision(),
      .order_valid(),
      .order_message(),
      .order_length(),
      .echo_valid(),
      .echo_taken(),
      .echo(),
      .host_valid(),
      .host_message(),
      .learned_locate(),
      .tap_ready(),
      .tap_operation_valid(),
      .tap_operation(),
      .tap_book_valid(),
      .tap_top(),
      .tap_depth(),
      .tap_cause(),
      .tap_ignored(),
      .tap_vector_valid(),
      .tap_vector(),
      .tap_network_valid(),
      .tap_network(),
      .tap_stops(),
      .tap_order_valid(),
      .tap_order(),
      .tap(),
      .*
  );

  assign buy  = m_valid && m_signal.decision == ACTION_BUY;
  assign sell = m_valid && m_signal.decision == ACTION_SELL;
  assign slot = m_signal.slot;
endmodule

`default_nettype wire
