// Plays records into a written network and keeps its results. Generated; don't edit.
//
// Record: gap, flags (bit 0 valid, bit 1 reset), tid, tuser, then IN_WORDS words of data.
// After `gap` idle clocks a valid record is held until it is accepted. Beat: the clock, kind (0 an
// input was accepted, 1 a result came), tid, then OUT_WORDS words of data.

#include "V@NAME@.h"
#include "verilated.h"
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

static constexpr int IN_WORDS = @IN_WORDS@, OUT_WORDS = @OUT_WORDS@;

template <class T> void poke(T &port, const uint32_t *words) {
    uint64_t value = 0;
    memcpy(&value, words, sizeof(T) > 4 ? 8 : 4);
    port = static_cast<T>(value);
}
template <std::size_t N> void poke(VlWide<N> &port, const uint32_t *words) {
    for (std::size_t n = 0; n < N; n++) port[n] = words[n];
}
template <class T> void peek(const T &port, uint32_t *words) {
    uint64_t value = port;
    memcpy(words, &value, sizeof(T) > 4 ? 8 : 4);
}
template <std::size_t N> void peek(const VlWide<N> &port, uint32_t *words) {
    for (std::size_t n = 0; n < N; n++) words[n] = port[n];
}

static V@NAME@ dut;
static uint32_t now = 0;
static std::vector<uint32_t> beats;

static void beat(uint32_t kind, uint32_t tag, const uint32_t *data) {
    beats.insert(beats.end(), {now, kind, tag});
    beats.insert(beats.end(), data, data + OUT_WORDS);
}

// One clock. Returns whether a valid input was accepted.
static bool clock_once() {
    static const uint32_t none[OUT_WORDS] = {};
    uint32_t data[OUT_WORDS] = {};
    dut.clk = 0;
    dut.eval();
    if (dut.m_axis_tvalid) {
        peek(dut.m_axis_tdata, data);
        beat(1, dut.m_axis_tid, data);
    }
    bool taken = dut.s_axis_tvalid && @READY@ && !dut.rst;
    if (taken) beat(0, dut.s_axis_tid, none);
    dut.clk = 1;
    dut.eval();
    now++;
    return taken;
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    FILE *in = fopen(argv[1], "rb"), *out = fopen(argv[2], "wb");
    uint32_t flush = 0, record[4 + IN_WORDS];
    sscanf(argv[3], "%u", &flush);
    dut.rst = 1;
    dut.s_axis_tvalid = 0;
    for (int n = 0; n < 4; n++) clock_once();
    dut.rst = 0;
    beats.clear();
    now = 0;
    while (fread(record, sizeof record, 1, in) == 1) {
        for (uint32_t n = 0; n < record[0]; n++) clock_once();
        dut.s_axis_tvalid = record[1] & 1;
        dut.rst = record[1] >> 1 & 1;
        dut.s_axis_tid = record[2];
        @USER@
        poke(dut.s_axis_tdata, record + 4);
        bool wait = dut.s_axis_tvalid && !dut.rst;
        while (!clock_once() && wait) {
        }
        dut.s_axis_tvalid = 0;
        dut.rst = 0;
    }
    for (uint32_t n = 0; n < flush; n++) clock_once();
    fwrite(beats.data(), 4, beats.size(), out);
    fclose(out);
    return 0;
}
