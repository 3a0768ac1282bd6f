// A host at an AXI4-Lite bus of a Verilated top, one access at a time: offered before the clock's
// edge, looked at right before it.
#pragma once

#include "ports.h"
#include <vector>

// The ports of one bus of TOP, by the prefix of their names.
#define BUS(prefix) \
    { \
        dut->prefix##_awvalid, dut->prefix##_awready, dut->prefix##_wvalid, dut->prefix##_wready, \
            dut->prefix##_bvalid, dut->prefix##_bready, dut->prefix##_bresp, \
            dut->prefix##_arvalid, dut->prefix##_arready, dut->prefix##_rvalid, \
            dut->prefix##_rready, dut->prefix##_rresp, dut->prefix##_awaddr, \
            dut->prefix##_araddr, dut->prefix##_awprot, dut->prefix##_arprot, \
            dut->prefix##_wstrb, dut->prefix##_wdata, dut->prefix##_rdata \
    }

struct BusPorts {
    uint8_t &awvalid, &awready, &wvalid, &wready, &bvalid, &bready, &bresp;
    uint8_t &arvalid, &arready, &rvalid, &rready, &rresp;
    uint16_t &awaddr, &araddr;
    uint8_t &awprot, &arprot, &wstrb;
    uint32_t &wdata, &rdata;
};

class Bus {
  public:
    Bus(const char *name, BusPorts ports) : name(name), dut(ports) {
        dut.awvalid = dut.wvalid = dut.arvalid = dut.bready = dut.rready = 0;
        dut.awaddr = dut.araddr = 0;
        dut.awprot = dut.arprot = dut.wstrb = 0;
        dut.wdata = 0;
    }
    bool busy() const { return state != IDLE; }
    void write(uint32_t address, uint32_t value) {
        dut.awvalid = dut.wvalid = dut.bready = 1;
        dut.awaddr = at = address;
        dut.wdata = value;
        dut.wstrb = 15;
        state = WRITING, since = 0;
    }
    void read(uint32_t address) {
        dut.arvalid = dut.rready = 1;
        dut.araddr = at = address;
        state = READING, since = 0;
    }
    // What the edge that comes will do; to be acted upon after it.
    void look() {
        if (state == IDLE) return;
        if (++since > 1000) fail("isn't answered");
        address_taken = dut.awvalid && dut.awready;
        data_taken = dut.wvalid && dut.wready;
        read_taken = dut.arvalid && dut.arready;
        written = state == WRITING && dut.bvalid;
        was_read = state == READING && dut.rvalid;
        if ((written && dut.bresp) || (was_read && dut.rresp)) fail("is refused");
        word = dut.rdata;
    }
    // After the edge; whether a word was read.
    bool act() {
        if (state == IDLE) return false;
        if (address_taken) dut.awvalid = 0;
        if (data_taken) dut.wvalid = 0;
        if (read_taken) dut.arvalid = 0;
        if (written || was_read) {
            dut.bready = dut.rready = 0;
            state = IDLE;
        }
        return was_read;
    }
    uint32_t word = 0;

  private:
    const char *name;
    BusPorts dut;
    enum { IDLE, WRITING, READING } state = IDLE;
    uint32_t at = 0, since = 0;
    bool address_taken, data_taken, read_taken, written, was_read;
    void fail(const char *what) {
        const char *way = state == WRITING ? "a write to" : "a read of";
        fprintf(stderr, "%s: %s register 0x%04X %s\n", name, way, at, what);
        exit(1);
    }
};

// What a host does at a bus, in order, each not before its cycle: a word written; one read and kept;
// or one written together with what was kept, shifted to its place.
struct Access {
    int64_t cycle;
    uint32_t address, word;
    int32_t kind, shift;
};

class Host {
  public:
    Host(Bus &bus, const std::vector<uint8_t> &bytes)
        : bus(bus), rows(bytes.size() / sizeof(Access)) {
        if (!rows.empty()) memcpy(rows.data(), bytes.data(), rows.size() * sizeof(Access));
    }
    bool done() const { return at == rows.size() && !bus.busy(); }
    // Whether something is due before this cycle and isn't done.
    bool late(int64_t cycle) const {
        return bus.busy() || (at < rows.size() && rows[at].cycle < cycle);
    }
    void offer(int64_t cycle) {
        if (bus.busy() || at == rows.size() || rows[at].cycle > cycle) return;
        const Access &row = rows[at++];
        uint32_t given = row.shift < 0 ? kept >> -row.shift : kept << row.shift;
        if (row.kind == READ) bus.read(row.address);
        else bus.write(row.address, row.kind == GIVE ? row.word | given : row.word);
    }
    void act() {
        if (bus.act()) kept = bus.word;
    }

  private:
    enum { WRITE, READ, GIVE };
    Bus &bus;
    std::vector<Access> rows;
    std::size_t at = 0;
    uint32_t kept = 0;
};
