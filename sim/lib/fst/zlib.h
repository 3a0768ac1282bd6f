// Stands in for <zlib.h> where the machine has none, so that waves need no system package: the two
// functions that Verilator's FST writer calls. The stream is valid zlib, stored, not smaller.
#pragma once
#include <cstring>

typedef unsigned char Byte;
typedef Byte Bytef;
typedef unsigned long uLong;
typedef uLong uLongf;
#define Z_OK 0
#define Z_BUF_ERROR (-5)

static inline uLong compressBound(uLong size) { return size + 5 * (size / 65535 + 1) + 6; }

static inline int compress2(Bytef* to, uLongf* room, const Bytef* from, uLong size, int) {
    if (*room < compressBound(size)) return Z_BUF_ERROR;
    Bytef* at = to;
    *at++ = 0x78;
    *at++ = 0x01;
    uLong done = 0, low = 1, high = 0;
    do {
        const uLong chunk = size - done < 65535 ? size - done : 65535;
        *at++ = done + chunk == size;
        *at++ = chunk & 0xff;
        *at++ = (chunk >> 8) & 0xff;
        *at++ = ~chunk & 0xff;
        *at++ = (~chunk >> 8) & 0xff;
        std::memcpy(at, from + done, chunk);
        at += chunk;
        done += chunk;
    } while (done < size);
    for (uLong i = 0; i < size; ++i) {
        low = (low + from[i]) % 65521;
        high = (high + low) % 65521;
    }
    for (const uLong half : {high, low}) {
        *at++ = (half >> 8) & 0xff;
        *at++ = half & 0xff;
    }
    *room = static_cast<uLong>(at - to);
    return Z_OK;
}
