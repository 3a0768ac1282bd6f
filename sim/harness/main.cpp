// Drives frames into a Verilated top that has feed_rx's ports, and keeps what comes out.
//
//   PROGRAM traffic folder flush port=hex ...
//
// `traffic`: the number of frames, a row for each, then all bytes. A frame's first byte after the
// preamble is on the wire at its row's cycle; rows of a feed are in order. `folder` may hold `host`: rows
// (cycle, bytes of a book_op), offered from that cycle on until taken. Written there: a file for each
// record of signals.h, of rows (cycle, bytes of the packed struct, the first field first), and two
// more: `events` (cycle, number in signals.h, value) and `messages`, as mold_merge cut them. Ports
// keep the values given, but locate, which learns. A progress line goes to stdout now and then.

#include "ports.h"
#include "signals.h"
#include "verilated.h"
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

struct Row {
    uint64_t offset;
    int64_t first;
    uint32_t length;
    uint8_t feed, spoiled;  // spoiled: 1 an error is marked within, 2 the preamble is wrong
    uint16_t at;            // where the error is
};
struct Event {
    uint64_t cycle;
    uint16_t number, value;
    uint32_t padding;
};
struct Message {
    uint64_t cycle, sequence_number, frame_cycle, message_cycle;
    uint16_t length;
    uint8_t last, runts;
    uint8_t bytes[68];
};

static constexpr int LANES = sizeof(TOP::s_axis_tdata) == 2 ? 1 : 8;
static constexpr uint64_t PROGRESS = 1 << 22;  // cycles
static TOP *dut;

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

// One feed: where it is in its frames.
struct Feed {
    std::vector<const Row *> rows;
    std::size_t next = 0;

    // What is on the wire in this cycle.
    bool beat(int64_t cycle, const uint8_t *data, uint64_t &value, unsigned &keep, bool &last,
              bool &user) {
        if (next == rows.size()) return false;
        const Row &row = *rows[next];
        int64_t at = cycle - row.first;
        value = 0, keep = 0, last = false, user = false;
        if (LANES == 1) {
            if (at < -8) return false;
            if (at >= row.length) {  // a cycle without rx_dv ends the frame
                next++;
                return false;
            }
            keep = 1;
            value = at >= 0 ? data[row.offset + at] : at == -1 ? 0xD5 : 0x55;
            if (row.spoiled == 2 && at == -3) value = 0x5D;
            user = row.spoiled == 1 && at == row.at;
            return true;
        }
        if (at < 0) return false;
        for (unsigned lane = 0; lane < 8 && 8 * at + lane < row.length; lane++) {
            value |= uint64_t(data[row.offset + 8 * at + lane]) << 8 * lane;
            keep |= 1u << lane;
        }
        last = 8 * (at + 1) >= row.length;
        user = row.spoiled == 1 && at == row.at / 8;
        if (last) next++;
        return true;
    }
};

static void lanes(unsigned feed, uint64_t value, unsigned keep) {
    if (LANES == 1) {
        uint32_t others = word(dut->s_axis_tdata, 0) & ~(0xFFu << 8 * feed);
        put(dut->s_axis_tdata, 0, others | uint32_t(value) << 8 * feed);
        dut->s_axis_tkeep = (dut->s_axis_tkeep & ~(1u << feed)) | keep << feed;
    } else {
        put(dut->s_axis_tdata, 2 * feed, uint32_t(value));
        put(dut->s_axis_tdata, 2 * feed + 1, uint32_t(value >> 32));
        dut->s_axis_tkeep = (dut->s_axis_tkeep & ~(0xFFu << 8 * feed)) | keep << 8 * feed;
    }
}

static void bit(uint8_t &port, unsigned feed, bool value) {
    port = uint8_t((port & ~(1u << feed)) | unsigned(value) << feed);
}

// Puts a message's bytes together as the lanes say.
class Tap {
  public:
    Tap(const std::string &path) : file(path) {}
    void cycle(uint64_t now) {
        if (!dut->tap_axis_tvalid) return;
        uint8_t data[8];
        for (int lane = 0; lane < LANES; lane++)
            data[lane] = word(dut->tap_axis_tdata, lane / 4) >> 8 * (lane % 4);
        for (unsigned lane = 0; lane < dut->tap_tail; lane++) take(data[lane]);
        if (dut->tap_last) write(now, length, 0);
        if (dut->tap_runts) {
            held = 0;
            write(now, 0, dut->tap_runts);
        }
        if (dut->tap_start) {
            held = 0;
            length = dut->tap_length;
            for (int lane = dut->tap_lane; lane < LANES; lane++) take(data[lane]);
        }
    }
    void close() { file.close(); }

  private:
    File file;
    Message one = {};
    unsigned held = 0;
    uint16_t length = 0;
    void take(uint8_t byte) {
        if (held < sizeof one.bytes) one.bytes[held++] = byte;
    }
    void write(uint64_t now, uint16_t size, unsigned runts) {
        one.cycle = now;
        one.sequence_number = dut->tap_sequence_number + (runts && dut->tap_last);
        one.frame_cycle = dut->tap_frame_cycle;
        one.message_cycle = dut->tap_cycle;
        one.length = size;
        one.last = dut->tap_last_of_packet;
        one.runts = runts;
        memset(one.bytes + held, 0, sizeof one.bytes - held);
        file.write(&one, sizeof one);
    }
};

static std::vector<uint8_t> whole(const char *path) {
    std::vector<uint8_t> bytes;
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(1);
    }
    fseek(file, 0, SEEK_END);
    bytes.resize(ftell(file));
    rewind(file);
    if (!bytes.empty() && fread(bytes.data(), bytes.size(), 1, file) != 1) {
        perror(path);
        exit(1);
    }
    fclose(file);
    return bytes;
}

static void learn() {
    for (unsigned slot = 0; dut->learned >> slot; slot++) {
        if (!(dut->learned >> slot & 1)) continue;
        uint32_t pair = word(dut->locate, slot / 2), shift = 16 * (slot % 2);
        put(dut->locate, slot / 2, (pair & ~(0xFFFFu << shift)) | uint32_t(dut->host_locate) << shift);
    }
}

int main(int argc, char **argv) {
    VerilatedContext context;
    if (argc < 4) {
        fprintf(stderr, "usage: %s traffic folder flush port=hex ...\n", argv[0]);
        return 2;
    }
    context.commandArgs(argc, argv);
    std::vector<uint8_t> traffic = whole(argv[1]);
    std::string folder = std::string(argv[2]) + "/";
    int64_t flush = atoll(argv[3]);
    dut = new TOP(&context);
    memset(&dut->s_axis_tdata, 0, sizeof dut->s_axis_tdata);
    dut->s_axis_tkeep = dut->s_axis_tvalid = dut->s_axis_tlast = dut->s_axis_tuser = 0;
    INPUTS
    for (int n = 4; n < argc; n++) {
        std::string said = argv[n];
        std::size_t equals = said.find('=');
        if (said[0] == '+' || equals == std::string::npos) continue;
        std::string name = said.substr(0, equals), value = said.substr(equals + 1);
#define PORT(port) \
    if (name == #port) set(dut->port, value);
        PORTS(PORT)
    }

    uint64_t count = 0;
    memcpy(&count, traffic.data(), 8);
    const Row *rows = reinterpret_cast<const Row *>(traffic.data() + 8);
    const uint8_t *data = traffic.data() + 8 + count * sizeof(Row);
    Feed feeds[2];
    int64_t end = 0;
    for (uint64_t n = 0; n < count; n++) {
        feeds[rows[n].feed].rows.push_back(&rows[n]);
        end = std::max(end, rows[n].first + rows[n].length);
    }
    end += flush;

    File events(folder + "events");
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
        bool idle = true;
        for (unsigned f = 0; f < 2; f++) {
            uint64_t value;
            unsigned keep;
            bool last = false, user = false;
            bool valid = feeds[f].beat(cycle, data, value, keep, last, user);
            if (valid) lanes(f, value, keep);
            bit(dut->s_axis_tvalid, f, valid);
            bit(dut->s_axis_tlast, f, valid && last);
            bit(dut->s_axis_tuser, f, valid && user);
            idle = idle && feeds[f].next == feeds[f].rows.size();
        }
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
            Event event = {now, 0, 0, 0};
#define TELL(name) \
    if (dut->name) { \
        event.value = dut->name; \
        events.write(&event, sizeof event); \
    } \
    event.number++;
            EVENTS(TELL)
            if (dut->learned) learn();
        }
        dut->clk = 1;
        dut->eval();
        if (cycle > 0 && cycle % PROGRESS == 0) {
            printf("%lld %zu\n", (long long)cycle, feeds[0].next + feeds[1].next);
            fflush(stdout);
        }
        if (idle && cycle >= end) {
            printf("%lld %zu\n", (long long)cycle, feeds[0].next + feeds[1].next);
            break;
        }
    }
    dut->final();
#define CLOSE(name, valid, port, size) file_##name.close();
    RECORDS(CLOSE)
    events.close();
    tap.close();
    delete dut;
    return 0;
}
