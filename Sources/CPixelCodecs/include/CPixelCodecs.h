#ifndef CPIXELCODECS_H
#define CPIXELCODECS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// PNG by libpng and JPEG by libjpeg-turbo, from and to memory. Both libraries report errors by longjmp; here a jump
// never leaves the function that was called, and every function but the last gives a status and fills the caller's
// error where it isn't PORTICO_CODEC_OK. No function keeps a pointer that it was given.

enum {
    PORTICO_CODEC_OK = 0,
    /// The file is damaged, cut short, or contradicts itself.
    PORTICO_CODEC_MALFORMED = 1,
    /// The file is in order, but of a kind that isn't read here.
    PORTICO_CODEC_UNSUPPORTED = 2,
    /// The library asked for more memory than is allowed, or than there is.
    PORTICO_CODEC_NO_MEMORY = 3,
    /// An argument is wrong.
    PORTICO_CODEC_BAD_ARGUMENT = 4,
};

/// Why a call failed.
typedef struct portico_codec_error {
    char message[256];
} portico_codec_error;

/// What a file's header says.
typedef struct portico_pixel_header {
    uint32_t width;
    uint32_t height;
    /// Bits of one sample in the file: 1, 2, 4, 8 or 16.
    int32_t bits;
    /// Samples of one pixel: 1 to 4.
    int32_t channels;
    /// Bytes of one sample as it is decoded: 1, and 2 (host order) for grey PNG of 16 bits.
    int32_t sample_bytes;
    /// Whether the samples are indices of the palette (PNG).
    int32_t is_palette;
    /// The palette's entries that the file gives, red, green and blue; the others are 0.
    int32_t palette_count;
    uint8_t palette[256][3];
} portico_pixel_header;

/// Reads a PNG's header and palette.
int32_t portico_png_header(
    const uint8_t *_Nonnull bytes, size_t count, portico_pixel_header *_Nonnull header,
    portico_codec_error *_Nonnull error);

/// Decodes a PNG whole, up to its last chunk. Samples of fewer than 8 bits take one byte each and are not scaled;
/// of those with 16 bits in colour or with alpha the high byte is kept.
///
/// @param into the rows from the top, `width × channels × sample_bytes` bytes each, without padding.
/// @param capacity the bytes that `into` holds, which must be `height` such rows.
int32_t portico_png_decode(
    const uint8_t *_Nonnull bytes, size_t count, uint8_t *_Nonnull into, size_t capacity,
    portico_codec_error *_Nonnull error);

/// Reads a JPEG's header up to its first scan.
int32_t portico_jpeg_header(
    const uint8_t *_Nonnull bytes, size_t count, portico_pixel_header *_Nonnull header,
    portico_codec_error *_Nonnull error);

/// Decodes a JPEG: grey as it is, three components to RGB, four to CMYK, with the accurate integer DCT and smooth
/// upsampling of colour. Damaged data is an error, also where the library would go on.
///
/// @param into the rows from the top, `width × channels` bytes each, without padding.
/// @param capacity the bytes that `into` holds, which must be `height` such rows.
/// @param memory the most bytes that the library may allocate.
int32_t portico_jpeg_decode(
    const uint8_t *_Nonnull bytes, size_t count, uint8_t *_Nonnull into, size_t capacity, size_t memory,
    portico_codec_error *_Nonnull error);

/// Bytes that were made here.
typedef struct portico_codec_bytes {
    uint8_t *_Nullable elements;
    size_t count;
} portico_codec_bytes;

/// Encodes a PNG that is not interlaced.
///
/// @param pixels the rows from the top, `width × channels × bits / 8` bytes each; 16 bits in host order.
/// @param channels 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.
/// @param bits 8 or 16.
/// @param encoded receives the file (+1: give it to portico_codec_free); empty where the call failed.
int32_t portico_png_encode(
    const uint8_t *_Nonnull pixels, uint32_t width, uint32_t height, int32_t channels, int32_t bits,
    portico_codec_bytes *_Nonnull encoded, portico_codec_error *_Nonnull error);

/// Frees encoded bytes; empty ones are left alone.
void portico_codec_free(portico_codec_bytes *_Nonnull bytes);

#ifdef __cplusplus
}
#endif

#endif
