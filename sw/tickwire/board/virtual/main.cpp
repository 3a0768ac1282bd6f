// Drives frames into a Verilated top that has feed_rx's ports, and keeps what comes out.
//
//   PROGRAM traffic folder flush port=hex ...
//
// `traffic`: the number of frames, a row for each, then all bytes. A frame's first byte after the
// preamble is on the wire at its row's cycle; rows of a feed are in order. `folder` may hold `host`: rows
// (cycle, bytes of a book_op), offered from that cycle on until taken. Written there: a file for each
// record of signals.h, of rows (cycle, bytes of the packed struct, the first field first), and one
// more: `messages`, as mold_merge cut them. Ports keep the values given, but locate, which learns. A
// progress line goes to stdout now and then.

#include "wire.h"

#ifdef HOST_OP
// The host's operations, one after the other.
class Host {
  public:
    Host(const std::string &path) {
        FILE *file = fopen(path.c_str(), "rb");
        if (!file) return;
        uint8_t row[8 + HOST_OP];
        while (fread(row, sizeof row, 1, file) == 1) rows.insert(rows.end(), row, row + sizeof row);
        fclose(file);
    }
    void offer(int64_t now) {
        dut->host_op_valid = 0;
        if (next * ROW == rows.size()) return;
        const uint8_t *row = &rows[next * ROW];
        int64_t from;
        memcpy(&from, row, 8);
        if (now < from) return;
        dut->host_op_valid = 1;
        for (unsigned n = 0; 4 * n < HOST_OP; n++) {
            uint32_t value = 0;
            for (unsigned byte = 4 * n; byte < HOST_OP && byte < 4 * n + 4; byte++)
                value |= uint32_t(row[8 + HOST_OP - 1 - byte]) << 8 * (byte % 4);
            put(dut->host_op, n, value);
        }
    }
    void take() { next += dut->host_op_valid && dut->host_op_ready; }
    bool done() const { return next * ROW == rows.size(); }

  private:
    static constexpr std::size_t ROW = 8 + HOST_OP;
    std::vector<uint8_t> rows;
    std::size_t next = 0;
};
#endif

// A register has what is learned in the next cycle.
class Learned {
  public:
    void look() {
        which = dut->learned;
        for (unsigned n = 0; which >> 2 * n; n++) pairs[n] = word(dut->learned_locate, n);
    }
    void keep() const {
        for (unsigned slot = 0; which >> slot; slot++) {
            if (!(which >> slot & 1)) continue;
            uint32_t mask = 0xFFFFu << 16 * (slot % 2), pair = word(dut->locate, slot / 2);
            put(dut->locate, slot / 2, (pair & ~mask) | (pairs[slot / 2] & mask));
        }
    }

  private:
    unsigned which = 0;
    uint32_t pairs[16] = {};
};

int main(int argc, char **argv) {
    VerilatedContext context;
    if (argc < 4) {
        fprintf(stderr, "usage: %s traffic folder flush port=hex ...\n", argv[0]);
        return 2;
    }
    context.commandArgs(argc, argv);
    std::string folder = std::string(argv[2]) + "/";
    int64_t flush = atoll(argv[3]);
    dut = new TOP(&context);
    Traffic traffic(argv[1]);
    INPUTS
    for (int n = 4; n < argc; n++) {
        std::string option = argv[n];
        std::size_t equals = option.find('=');
        if (option[0] == '+' || equals == std::string::npos) continue;
        std::string name = option.substr(0, equals), value = option.substr(equals + 1);
#define PORT(port) \
    if (name == #port) set(dut->port, value);
        PORTS(PORT)
    }

    int64_t end = traffic.end + flush;

    Learned learned;
    Tap tap(folder + "messages");
#ifdef HOST_OP
    Host host(folder + "host");
    dut->host_op_valid = 0;
#endif
#define OPEN(name, valid, port, size) File file_##name(folder + #name);
    RECORDS(OPEN)

    dut->rst = 1;
    for (int64_t cycle = -4;; cycle++) {
        if (cycle == 0) dut->rst = 0;
        dut->cycle = uint64_t(cycle) & 0xFFFFFFFFFFFF;
        bool idle = traffic.drive(cycle);
        if (idle && end > cycle + flush) end = cycle + flush;
#ifdef HOST_OP
        host.offer(cycle);
        idle = idle && host.done();
#endif
        dut->clk = 0;
        dut->eval();
#ifdef HOST_OP
        host.take();
#endif
        if (cycle >= 0) {
            uint64_t now = cycle;
#define KEEP(name, valid, port, size) \
    if (dut->valid) record(file_##name, now, dut->port, size);
            RECORDS(KEEP)
            tap.cycle(now);
            learned.look();
        }
        dut->clk = 1;
        dut->eval();
        learned.keep();
        bool done = idle && cycle >= end;
        if (done || (cycle > 0 && cycle % PROGRESS == 0)) traffic.tell(cycle);
        if (done) break;
    }
    dut->final();
#define CLOSE(name, valid, port, size) file_##name.close();
    RECORDS(CLOSE)
    tap.close();
    delete dut;
    return 0;
}
