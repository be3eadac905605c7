#include "CPixelCodecs.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// One pass over a file. It lives in the frame that calls `guarded`, so a jump leaves it intact.
struct pass {
    png_structp png;
    png_infop info;
    const uint8_t *bytes;
    size_t count;
    size_t place;
    uint8_t *pixels;
    size_t capacity;
    portico_pixel_header *header;
    portico_codec_bytes *encoded;
    size_t reserved;
    uint32_t width, height;
    int channels, bits;
    int status;
    jmp_buf jump;
    portico_codec_error *error;
};

static _Noreturn void fail(struct pass *pass, int status, const char *message) {
    pass->status = status;
    snprintf(pass->error->message, sizeof pass->error->message, "%s", message);
    longjmp(pass->jump, 1);
}

static _Noreturn void on_error(png_structp png, png_const_charp message) {
    fail(png_get_error_ptr(png), PORTICO_CODEC_MALFORMED, message);
}

static void on_warning(png_structp png, png_const_charp message) {
    (void)png;
    (void)message;
}

/// Calls `body` where its jumps end.
static int guarded(struct pass *pass, void (*body)(struct pass *)) {
    pass->status = PORTICO_CODEC_OK;
    if (setjmp(pass->jump) == 0) body(pass);
    return pass->status;
}

static void read_bytes(png_structp png, png_bytep into, size_t count) {
    struct pass *pass = png_get_io_ptr(png);
    if (count > pass->count - pass->place) fail(pass, PORTICO_CODEC_MALFORMED, "the file ends too early");
    memcpy(into, pass->bytes + pass->place, count);
    pass->place += count;
}

/// Reads as far as the pixels. Chunks that change no sample are passed over unread: less code sees hostile bytes.
static void begin(struct pass *pass) {
    static const png_byte skipped[] = "bKGD\0cHRM\0eXIf\0gAMA\0hIST\0iCCP\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sPLT\0"
                                      "sRGB\0sTER\0tEXt\0tIME\0tRNS\0zTXt";
    pass->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, pass, on_error, on_warning);
    if (pass->png == NULL) fail(pass, PORTICO_CODEC_NO_MEMORY, "no memory for libpng");
    pass->info = png_create_info_struct(pass->png);
    if (pass->info == NULL) fail(pass, PORTICO_CODEC_NO_MEMORY, "no memory for libpng");
    png_set_read_fn(pass->png, pass, read_bytes);
    png_set_user_limits(pass->png, 1u << 28, 1u << 28);
    png_set_chunk_malloc_max(pass->png, 1u << 20);
    png_set_keep_unknown_chunks(pass->png, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
    png_set_keep_unknown_chunks(pass->png, PNG_HANDLE_CHUNK_NEVER, skipped, (int)(sizeof skipped / 5));
    png_read_info(pass->png, pass->info);
}

static void read_header(struct pass *pass) {
    begin(pass);
    portico_pixel_header *header = pass->header;
    memset(header, 0, sizeof *header);
    header->width = png_get_image_width(pass->png, pass->info);
    header->height = png_get_image_height(pass->png, pass->info);
    header->bits = png_get_bit_depth(pass->png, pass->info);
    header->channels = png_get_channels(pass->png, pass->info);
    int type = png_get_color_type(pass->png, pass->info);
    header->sample_bytes = type == PNG_COLOR_TYPE_GRAY && header->bits == 16 ? 2 : 1;
    header->is_palette = type == PNG_COLOR_TYPE_PALETTE;
    if (!header->is_palette) return;
    png_colorp entries = NULL;
    int count = 0;
    if (png_get_PLTE(pass->png, pass->info, &entries, &count) == 0 || count > 256)
        fail(pass, PORTICO_CODEC_MALFORMED, "the palette is missing");
    header->palette_count = count;
    for (int index = 0; index < count; index++) {
        header->palette[index][0] = entries[index].red;
        header->palette[index][1] = entries[index].green;
        header->palette[index][2] = entries[index].blue;
    }
}

static void decode(struct pass *pass) {
    begin(pass);
    int grey16 = png_get_color_type(pass->png, pass->info) == PNG_COLOR_TYPE_GRAY
        && png_get_bit_depth(pass->png, pass->info) == 16;
    png_set_packing(pass->png);
    if (!grey16) png_set_strip_16(pass->png);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (grey16) png_set_swap(pass->png);
#endif
    int passes = png_set_interlace_handling(pass->png);
    png_read_update_info(pass->png, pass->info);
    size_t row = png_get_rowbytes(pass->png, pass->info);
    size_t height = png_get_image_height(pass->png, pass->info);
    if (row == 0 || pass->capacity / row != height || pass->capacity % row != 0)
        fail(pass, PORTICO_CODEC_BAD_ARGUMENT, "the buffer is not of the image's size");
    for (int turn = 0; turn < passes; turn++)
        for (size_t y = 0; y < height; y++) png_read_row(pass->png, pass->pixels + y * row, NULL);
    png_read_end(pass->png, NULL);
}

static int finish_reading(struct pass *pass, int status) {
    if (pass->png != NULL) png_destroy_read_struct(&pass->png, &pass->info, NULL);
    return status;
}

int32_t portico_png_header(
    const uint8_t *bytes, size_t count, portico_pixel_header *header, portico_codec_error *error) {
    struct pass pass = {.bytes = bytes, .count = count, .header = header, .error = error};
    return finish_reading(&pass, guarded(&pass, read_header));
}

int32_t portico_png_decode(
    const uint8_t *bytes, size_t count, uint8_t *into, size_t capacity, portico_codec_error *error) {
    struct pass pass = {.bytes = bytes, .count = count, .pixels = into, .capacity = capacity, .error = error};
    return finish_reading(&pass, guarded(&pass, decode));
}

static void write_bytes(png_structp png, png_bytep from, size_t count) {
    struct pass *pass = png_get_io_ptr(png);
    portico_codec_bytes *encoded = pass->encoded;
    if (count > pass->reserved - encoded->count) {
        size_t reserved = encoded->count + count + pass->reserved / 2 + 4096;
        uint8_t *elements = realloc(encoded->elements, reserved);
        if (elements == NULL) fail(pass, PORTICO_CODEC_NO_MEMORY, "no memory for the encoded file");
        encoded->elements = elements;
        pass->reserved = reserved;
    }
    memcpy(encoded->elements + encoded->count, from, count);
    encoded->count += count;
}

static void flush_bytes(png_structp png) { (void)png; }

static void encode(struct pass *pass) {
    static const int types[] = {
        PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA};
    if (pass->channels < 1 || pass->channels > 4 || (pass->bits != 8 && pass->bits != 16))
        fail(pass, PORTICO_CODEC_BAD_ARGUMENT, "such pixels are no PNG");
    pass->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, pass, on_error, on_warning);
    if (pass->png == NULL) fail(pass, PORTICO_CODEC_NO_MEMORY, "no memory for libpng");
    pass->info = png_create_info_struct(pass->png);
    if (pass->info == NULL) fail(pass, PORTICO_CODEC_NO_MEMORY, "no memory for libpng");
    png_set_user_limits(pass->png, 1u << 28, 1u << 28);
    png_set_write_fn(pass->png, pass, write_bytes, flush_bytes);
    png_set_IHDR(
        pass->png, pass->info, pass->width, pass->height, pass->bits, types[pass->channels - 1], PNG_INTERLACE_NONE,
        PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(pass->png, pass->info);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (pass->bits == 16) png_set_swap(pass->png);
#endif
    size_t row = (size_t)pass->width * (size_t)pass->channels * (size_t)(pass->bits / 8);
    for (uint32_t y = 0; y < pass->height; y++) png_write_row(pass->png, pass->bytes + y * row);
    png_write_end(pass->png, NULL);
}

int32_t portico_png_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, int32_t channels, int32_t bits,
    portico_codec_bytes *encoded, portico_codec_error *error) {
    struct pass pass = {
        .bytes = pixels, .width = width, .height = height, .channels = channels, .bits = bits, .encoded = encoded,
        .error = error};
    encoded->elements = NULL;
    encoded->count = 0;
    int status = guarded(&pass, encode);
    if (pass.png != NULL) png_destroy_write_struct(&pass.png, &pass.info);
    if (status != PORTICO_CODEC_OK) portico_codec_free(encoded);
    return status;
}

void portico_codec_free(portico_codec_bytes *bytes) {
    free(bytes->elements);
    bytes->elements = NULL;
    bytes->count = 0;
}
