// Drives frames into a Verilated tickwire_core, and keeps what its taps show.
//
//   PROGRAM traffic folder flush [from to]
//
// `traffic` is as main.cpp takes it. `folder` holds `writes`, rows (address, word) that go over
// AXI4-Lite before the first frame, and `reads`, rows (address) that are read after the last. Written
// there: a file for each record of signals.h, of rows (cycle, bytes of the packed struct, the first
// field first), `messages` as mold_merge cut them, and `registers`, the words that were read. Cycle 0
// is the first one without reset. With WAVES, wave.fst of the cycles `from` to `to`. A progress line
// goes to stdout now and then. An access that isn't answered, or not with OKAY, ends in one line on
// stderr and 1, and so does a first frame that would come before the registers are written.

#include "wire.h"
#ifdef WAVES
#include "verilated_fst_c.h"
#endif

// AXI4-Lite, one access at a time: offered before the clock's edge, looked at right before it.
class Bus {
  public:
    Bus() {
        dut->s_axil_awvalid = dut->s_axil_wvalid = dut->s_axil_arvalid = 0;
        dut->s_axil_awaddr = dut->s_axil_awprot = dut->s_axil_araddr = dut->s_axil_arprot = 0;
        dut->s_axil_wdata = dut->s_axil_wstrb = dut->s_axil_bready = dut->s_axil_rready = 0;
    }
    bool busy() const { return state != IDLE; }
    void write(uint32_t address, uint32_t value) {
        dut->s_axil_awvalid = dut->s_axil_wvalid = dut->s_axil_bready = 1;
        dut->s_axil_awaddr = at = address;
        dut->s_axil_wdata = value;
        dut->s_axil_wstrb = 15;
        state = WRITING, since = 0;
    }
    void read(uint32_t address) {
        dut->s_axil_arvalid = dut->s_axil_rready = 1;
        dut->s_axil_araddr = at = address;
        state = READING, since = 0;
    }
    // What the edge that comes will do; to be acted upon after it.
    void look() {
        if (state == IDLE) return;
        if (++since > 1000) fail("isn't answered");
        address_taken = dut->s_axil_awvalid && dut->s_axil_awready;
        data_taken = dut->s_axil_wvalid && dut->s_axil_wready;
        read_taken = dut->s_axil_arvalid && dut->s_axil_arready;
        written = state == WRITING && dut->s_axil_bvalid;
        was_read = state == READING && dut->s_axil_rvalid;
        if ((written && dut->s_axil_bresp) || (was_read && dut->s_axil_rresp)) fail("is refused");
        word = dut->s_axil_rdata;
    }
    // After the edge; whether a word was read.
    bool act() {
        if (state == IDLE) return false;
        if (address_taken) dut->s_axil_awvalid = 0;
        if (data_taken) dut->s_axil_wvalid = 0;
        if (read_taken) dut->s_axil_arvalid = 0;
        if (written || was_read) {
            dut->s_axil_bready = dut->s_axil_rready = 0;
            state = IDLE;
        }
        return was_read;
    }
    uint32_t word = 0;

  private:
    enum { IDLE, WRITING, READING } state = IDLE;
    uint32_t at = 0, since = 0;
    bool address_taken, data_taken, read_taken, written, was_read;
    void fail(const char *what) {
        const char *way = state == WRITING ? "a write to" : "a read of";
        fprintf(stderr, "%s register 0x%04X %s\n", way, at, what);
        exit(1);
    }
};

// Nobody has the risk window, and no venue speaks: the gate stays killed.
static void untraded() {
    dut->s_risk_awvalid = dut->s_risk_wvalid = dut->s_risk_arvalid = 0;
    dut->s_risk_awaddr = dut->s_risk_awprot = dut->s_risk_araddr = dut->s_risk_arprot = 0;
    dut->s_risk_wdata = dut->s_risk_wstrb = dut->s_risk_bready = dut->s_risk_rready = 0;
    dut->kill_pin = dut->venue_valid = dut->venue_bytes = 0;
    clear(dut->venue_message);
}

int main(int argc, char **argv) {
    VerilatedContext context;
    if (argc < 4) {
        fprintf(stderr, "usage: %s traffic folder flush [from to]\n", argv[0]);
        return 2;
    }
    context.commandArgs(argc, argv);
    std::string folder = std::string(argv[2]) + "/";
    int64_t flush = atoll(argv[3]);
#ifdef WAVES
    int64_t from = argc > 5 ? atoll(argv[4]) : 0, to = argc > 5 ? atoll(argv[5]) : 1000;
    context.traceEverOn(true);
#endif
    dut = new TOP(&context);
#ifdef WAVES
    VerilatedFstC wave;
    dut->trace(&wave, 99);
    bool open = false;
#endif
    Traffic traffic(argv[1]);
    Bus bus;
    untraded();
    std::vector<uint8_t> writes = whole((folder + "writes").c_str());
    std::vector<uint8_t> reads = whole((folder + "reads").c_str());
    const std::size_t to_write = writes.size() / 8, to_read = reads.size() / 4;
    std::size_t wrote = 0, asked = 0;
    const int64_t begin = traffic.begin;
    int64_t end = traffic.end + flush;

    Tap tap(folder + "messages");
    File registers(folder + "registers");
#define OPEN(name, valid, port, size) File file_##name(folder + #name);
    RECORDS(OPEN)

    dut->rst = 1;
    for (int64_t cycle = -4;; cycle++) {
        if (cycle == 0) dut->rst = 0;
        bool idle = traffic.drive(cycle) && cycle >= end;
        if (cycle >= 2 && !bus.busy()) {
            uint32_t row[2];
            if (wrote < to_write) {
                memcpy(row, &writes[8 * wrote++], 8);
                bus.write(row[0], row[1]);
            } else if (idle && asked < to_read) {
                memcpy(row, &reads[4 * asked++], 4);
                bus.read(row[0]);
            }
        }
        if (cycle == begin && (bus.busy() || wrote < to_write || !dut->tap_ready)) {
            fprintf(stderr, "the first frame comes before everything is set up\n");
            return 1;
        }
        dut->clk = 0;
        dut->eval();
        bus.look();
#ifdef WAVES
        if (cycle >= from && cycle <= to) {
            if (!open) wave.open((folder + "wave.fst").c_str());
            open = true;
            wave.dump(uint64_t(8000) * (cycle + 4) + 4000);
        }
#endif
        if (cycle >= 0) {
            uint64_t now = cycle;
#define KEEP(name, valid, port, size) \
    if (dut->valid) record(file_##name, now, dut->port, size);
            RECORDS(KEEP)
            tap.cycle(now);
        }
        dut->clk = 1;
        dut->eval();
#ifdef WAVES
        if (cycle >= from && cycle <= to) wave.dump(uint64_t(8000) * (cycle + 5));
#endif
        if (bus.act()) registers.write(&bus.word, sizeof bus.word);
        bool done = idle && !bus.busy() && wrote == to_write && asked == to_read;
        if (done || (cycle > 0 && cycle % PROGRESS == 0)) traffic.tell(cycle);
        if (done) break;
    }
    dut->final();
#ifdef WAVES
    if (open) wave.close();
#endif
#define CLOSE(name, valid, port, size) file_##name.close();
    RECORDS(CLOSE)
    registers.close();
    tap.close();
    delete dut;
    return 0;
}
