// The wire before a Verilated top that has s_axis and feed_rx's tap: for main.cpp and core.cpp.
// signals.h says what TOP is, and where in tap the fields of the message table's record are.
// A frame's first byte after the preamble is on the wire at its row's cycle.
#pragma once

#include "ports.h"
#include "signals.h"
#include <algorithm>
#include <vector>

struct Row {
    uint64_t offset;
    int64_t first;
    uint32_t length;
    uint8_t feed, spoiled;  // spoiled: 1 an error is marked within, 2 the preamble is wrong
    uint16_t at;            // where the error is
};
struct Message {
    uint64_t cycle, sequence_number, frame_cycle, message_cycle;
    uint16_t length;
    uint8_t last, runts;
    uint8_t bytes[68];
};

static constexpr int LANES = sizeof(TOP::s_axis_tdata) == 2 ? 1 : 8;
static constexpr uint64_t PROGRESS = 1 << 18;  // cycles
static TOP *dut;

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

// A field of the tap, by its name in the message table.
#define TAP(field) bits(dut->tap, TAP_##field)

// Puts a message's bytes together by the lanes.
class Tap {
  public:
    Tap(const std::string &path) : file(path) {}
    void cycle(uint64_t now) {
        if (!TAP(valid)) return;
        uint64_t data = TAP(data);
        for (unsigned lane = 0; lane < TAP(tail); lane++) take(data >> 8 * lane);
        if (TAP(last)) write(now, length, 0);
        if (unsigned runts = TAP(runts)) {
            held = 0;
            write(now, 0, runts);
        }
        if (TAP(start)) {
            held = 0;
            length = TAP(length);
            for (int lane = TAP(lane); lane < LANES; lane++) take(data >> 8 * lane);
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
        one.sequence_number = TAP(sequence_number) + (runts && TAP(last));
        one.frame_cycle = TAP(frame_cycle);
        one.message_cycle = TAP(message_cycle);
        one.length = size;
        one.last = TAP(last_of_packet);
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

// What goes in: a file of the number of frames, a row for each, then all bytes.
class Traffic {
  public:
    int64_t begin = INT64_MAX, end = 0;  // cycles of the first byte, and after the last one
    Traffic(const char *path) : bytes(whole(path)) {
        uint64_t count = 0;
        memcpy(&count, bytes.data(), 8);
        const Row *rows = reinterpret_cast<const Row *>(bytes.data() + 8);
        data = bytes.data() + 8 + count * sizeof(Row);
        for (uint64_t n = 0; n < count; n++) {
            feeds[rows[n].feed].rows.push_back(&rows[n]);
            begin = std::min(begin, rows[n].first);
            end = std::max(end, rows[n].first + rows[n].length);
        }
        memset(&dut->s_axis_tdata, 0, sizeof dut->s_axis_tdata);
        dut->s_axis_tkeep = dut->s_axis_tvalid = dut->s_axis_tlast = dut->s_axis_tuser = 0;
    }
    // Sets the ports; whether nothing is left.
    bool drive(int64_t cycle) {
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
        return idle;
    }
    // A line with cycle and frames so far.
    void tell(int64_t cycle) const {
        printf("%lld %zu\n", (long long)cycle, feeds[0].next + feeds[1].next);
        fflush(stdout);
    }

  private:
    std::vector<uint8_t> bytes;
    const uint8_t *data;
    Feed feeds[2];
};
