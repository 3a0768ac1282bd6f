// Drives frames into a Verilated tickwire_core, and keeps what its taps show.
//
//   PROGRAM traffic folder flush [from to]
//
// `traffic` is as main.cpp takes it. `folder` holds `writes`, rows (address, word) that go over
// AXI4-Lite before the first frame, and `reads`, rows (address) that are read after the last; `risk`,
// what a host does at the risk window (bus.h), `session`, both ends of the order's (link.h), and
// `venue`, how a venue answers orders (venue.h).
// Written there: a file for each record of signals.h, of rows (cycle, bytes of the packed struct, the
// first field first), `stops` likewise in each cycle in which it changed, `sent` of orders, `refused`
// of the tokens of those that could not leave, `frames` of what left on the order's line, `messages`
// as mold_merge cut them, and `registers`, the words that were read. Cycle 0 is the
// first one without reset. With WAVES, wave.fst of the cycles `from` to `to`. A progress line goes to
// stdout now and then. An access that isn't answered, or not with OKAY, ends in one line on stderr
// and 1, and so does a first frame that would come before everything is set up.

#include "wire.h"
#include "bus.h"
#include "link.h"
#include "venue.h"
#ifdef WAVES
#include "verilated_fst_c.h"
#endif

// What stops orders, each time that it changes.
class Stops {
  public:
    Stops(const std::string &path) : file(path) {}
    void cycle(uint64_t now) {
        uint32_t is = word(dut->tap_stops, 0);
        if (now && is == was) return;
        record(file, now, dut->tap_stops, sizeof is);
        was = is;
    }
    void close() { file.close(); }

  private:
    File file;
    uint32_t was = 0;
};

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
    Bus bus("s_axil", BUS(s_axil)), window("s_risk", BUS(s_risk));
    dut->kill_pin = dut->venue_valid = dut->venue_bytes = 0;
    clear(dut->venue_message);
    std::vector<uint8_t> writes = whole((folder + "writes").c_str());
    std::vector<uint8_t> reads = whole((folder + "reads").c_str());
    const std::size_t to_write = writes.size() / 8, to_read = reads.size() / 4;
    std::size_t wrote = 0, asked = 0;
    const int64_t begin = traffic.begin;
    int64_t end = traffic.end + flush;

    Host host(window, whole((folder + "risk").c_str()));
    Venue venue(whole((folder + "venue").c_str()));
    File frames(folder + "frames"), refused(folder + "refused");
    Peer<Venue> peer(whole((folder + "session").c_str()), venue, frames);
    Stops stops(folder + "stops");
    File sent(folder + "sent");
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
            } else if (idle && host.done() && peer.quiet(cycle) && asked < to_read) {
                memcpy(row, &reads[4 * asked++], 4);
                bus.read(row[0]);
            }
        }
        if (cycle >= 2) host.offer(cycle);
        peer.drive(cycle, dut);
        bool set_up = !bus.busy() && wrote == to_write && !host.late(begin);
        if (cycle == begin && !(set_up && dut->tap_ready)) {
            fprintf(stderr, "the first frame comes before everything is set up\n");
            return 1;
        }
        dut->clk = 0;
        dut->eval();
        bus.look();
        window.look();
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
            stops.cycle(now);
            if (dut->order_valid) record(sent, now, dut->order_message, ORDER);
            if (dut->refused_valid) record(refused, now, dut->refused_token, sizeof dut->refused_token);
            peer.look(cycle, dut);
        }
        dut->clk = 1;
        dut->eval();
#ifdef WAVES
        if (cycle >= from && cycle <= to) wave.dump(uint64_t(8000) * (cycle + 5));
#endif
        if (bus.act()) registers.write(&bus.word, sizeof bus.word);
        host.act();
        idle = idle && host.done() && peer.quiet(cycle);
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
    sent.close();
    refused.close();
    frames.close();
    stops.close();
    tap.close();
    delete dut;
    return 0;
}
