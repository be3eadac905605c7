#include "CPixelCodecs.h"

// jpeglib.h needs the types of stdio.h.
#include <stdio.h>

#include <jpeglib.h>

#include <jerror.h>
#include <setjmp.h>
#include <string.h>

/// A progressive file could hold any number of scans, each of which costs a pass over the image.
enum { MOST_SCANS = 500 };

/// One pass over a file. It lives in the frame that calls `guarded`, so a jump leaves it intact.
struct pass {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    const uint8_t *bytes;
    size_t count;
    uint8_t *pixels;
    size_t capacity;
    size_t memory;
    unsigned seen;
    portico_pixel_header *header;
    int status;
    jmp_buf jump;
    portico_codec_error *error;
};

static _Noreturn void fail(struct pass *pass, int status, const char *message) {
    pass->status = status;
    snprintf(pass->error->message, sizeof pass->error->message, "%s", message);
    longjmp(pass->jump, 1);
}

static _Noreturn void fail_as_library(struct pass *pass) {
    char message[JMSG_LENGTH_MAX];
    int code = pass->errors.msg_code;
    pass->errors.format_message((j_common_ptr)&pass->jpeg, message);
    int noMemory = code == JERR_OUT_OF_MEMORY || code == JERR_NO_BACKING_STORE;
    int unknown = code == JERR_BAD_PRECISION || code == JERR_SOF_UNSUPPORTED || code == JERR_CONVERSION_NOTIMPL
        || code == JERR_ARITH_NOTIMPL || code == JERR_CCIR601_NOTIMPL || code == JERR_FRACT_SAMPLE_NOTIMPL;
    fail(
        pass, noMemory ? PORTICO_CODEC_NO_MEMORY : unknown ? PORTICO_CODEC_UNSUPPORTED : PORTICO_CODEC_MALFORMED,
        message);
}

static _Noreturn void on_error(j_common_ptr jpeg) { fail_as_library(jpeg->client_data); }

/// The library would go on after damage and make pixels up; what changes no pixel is passed over.
static void on_message(j_common_ptr jpeg, int level) {
    if (level >= 0) return;
    switch (jpeg->err->msg_code) {
    case JWRN_ADOBE_XFORM:
    case JWRN_EXTRANEOUS_DATA:
    case JWRN_JFIF_MAJOR: return;
    default: fail_as_library(jpeg->client_data);
    }
}

static void on_output(j_common_ptr jpeg) { (void)jpeg; }

/// Notes the components of each scan of a file that is taken in before it is decoded.
static void on_progress(j_common_ptr jpeg) {
    struct pass *pass = jpeg->client_data;
    if (!jpeg->is_decompressor) return;
    if (pass->jpeg.input_scan_number > MOST_SCANS) fail(pass, PORTICO_CODEC_UNSUPPORTED, "more than 500 scans");
    for (int index = 0; index < pass->jpeg.comps_in_scan; index++)
        pass->seen |= 1u << pass->jpeg.cur_comp_info[index]->component_index;
}

static int guarded(struct pass *pass, void (*body)(struct pass *)) {
    pass->status = PORTICO_CODEC_OK;
    if (setjmp(pass->jump) == 0) body(pass);
    return pass->status;
}

/// Reads as far as the first scan.
static void begin(struct pass *pass) {
    pass->jpeg.err = jpeg_std_error(&pass->errors);
    pass->errors.error_exit = on_error;
    pass->errors.emit_message = on_message;
    pass->errors.output_message = on_output;
    pass->jpeg.client_data = pass;
    jpeg_create_decompress(&pass->jpeg);
    pass->jpeg.mem->max_memory_to_use = (long)pass->memory;
    pass->progress.progress_monitor = on_progress;
    pass->jpeg.progress = &pass->progress;
    jpeg_mem_src(&pass->jpeg, pass->bytes, pass->count);
    jpeg_read_header(&pass->jpeg, TRUE);
    switch (pass->jpeg.num_components) {
    case 1: pass->jpeg.out_color_space = JCS_GRAYSCALE; break;
    case 3: pass->jpeg.out_color_space = JCS_RGB; break;
    case 4: pass->jpeg.out_color_space = JCS_CMYK; break;
    default: fail(pass, PORTICO_CODEC_UNSUPPORTED, "a JPEG of 2 or more than 4 components");
    }
}

static void read_header(struct pass *pass) {
    begin(pass);
    memset(pass->header, 0, sizeof *pass->header);
    pass->header->width = pass->jpeg.image_width;
    pass->header->height = pass->jpeg.image_height;
    pass->header->bits = pass->jpeg.data_precision;
    pass->header->channels = pass->jpeg.num_components;
    pass->header->sample_bytes = 1;
}

/// Refuses a file whose scans leave out a component or some of its precision: the rest would be invented.
static void check_scans(struct pass *pass) {
    if (!jpeg_has_multiple_scans(&pass->jpeg)) return;
    for (int component = 0; component < pass->jpeg.num_components; component++) {
        int whole = (pass->seen >> component & 1) != 0;
        if (whole && pass->jpeg.coef_bits != NULL)
            for (int place = 0; place < DCTSIZE2; place++) whole = whole && pass->jpeg.coef_bits[component][place] == 0;
        if (!whole) fail(pass, PORTICO_CODEC_MALFORMED, "its scans leave out a part of the image");
    }
}

static void decode(struct pass *pass) {
    begin(pass);
    pass->jpeg.dct_method = JDCT_ISLOW;
    pass->jpeg.do_fancy_upsampling = TRUE;
    jpeg_start_decompress(&pass->jpeg);
    check_scans(pass);
    size_t row = (size_t)pass->jpeg.output_width * (size_t)pass->jpeg.output_components;
    size_t height = pass->jpeg.output_height;
    if (row == 0 || pass->capacity / row != height || pass->capacity % row != 0)
        fail(pass, PORTICO_CODEC_BAD_ARGUMENT, "the buffer is not of the image's size");
    while (pass->jpeg.output_scanline < height) {
        JSAMPROW line = pass->pixels + pass->jpeg.output_scanline * row;
        jpeg_read_scanlines(&pass->jpeg, &line, 1);
    }
    jpeg_finish_decompress(&pass->jpeg);
}

static void destroy(struct pass *pass) { jpeg_destroy_decompress(&pass->jpeg); }

int32_t portico_jpeg_header(
    const uint8_t *bytes, size_t count, portico_pixel_header *header, portico_codec_error *error) {
    // A header needs no memory worth speaking of.
    struct pass pass = {.bytes = bytes, .count = count, .header = header, .memory = 1 << 24, .error = error};
    int status = guarded(&pass, read_header);
    destroy(&pass);
    return status;
}

int32_t portico_jpeg_decode(
    const uint8_t *bytes, size_t count, uint8_t *into, size_t capacity, size_t memory, portico_codec_error *error) {
    struct pass pass = {
        .bytes = bytes, .count = count, .pixels = into, .capacity = capacity, .memory = memory, .error = error};
    int status = guarded(&pass, decode);
    destroy(&pass);
    return status;
}
