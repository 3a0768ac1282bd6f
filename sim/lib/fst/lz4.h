// Stands in for <lz4.h> where the machine has none, so that waves need no system package: the two
// functions that Verilator's FST writer calls. The block is valid LZ4, all literals, not smaller.
#pragma once
#include <cstring>

static inline int LZ4_compressBound(int size) { return size + size / 255 + 16; }

static inline int LZ4_compress_default(const char* from, char* to, int size, int room) {
    if (room < LZ4_compressBound(size)) return 0;
    char* at = to;
    *at++ = static_cast<char>((size < 15 ? size : 15) << 4);
    if (size >= 15) {
        int rest = size - 15;
        for (; rest >= 255; rest -= 255) *at++ = static_cast<char>(255);
        *at++ = static_cast<char>(rest);
    }
    std::memcpy(at, from, static_cast<size_t>(size));
    return static_cast<int>(at - to) + size;
}
