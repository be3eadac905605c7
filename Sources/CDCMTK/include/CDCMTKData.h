#ifndef CDCMTK_DATA_H
#define CDCMTK_DATA_H

#include "CDCMTKError.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

/// A data set with its file meta information. One thread at a time may use it and the items that it holds.
typedef struct pdx_dataset pdx_dataset;

/// The root of a data set, its meta information or an item of a sequence; its data set owns it.
typedef struct pdx_item pdx_item;

/// A tag as (group << 16) | element.
typedef uint32_t pdx_tag;

/// Reads a DICOM file (PS3.10) after a check that nothing in it nests deeper than `PDX_MAX_DEPTH`, since DCMTK's
/// parser recurses. Values above 4 KiB stay in the file until they are asked for. +1: free it with `pdx_dataset_free`.
pdx_dataset *_Nullable pdx_dataset_load(const char *path, pdx_error *_Nullable error);

/// How deep items may nest.
enum { PDX_MAX_DEPTH = 32 };

/// Makes an empty data set. +1: free it with `pdx_dataset_free`.
pdx_dataset *_Nullable pdx_dataset_create(pdx_error *_Nullable error);

void pdx_dataset_free(pdx_dataset *_Nullable dataset);

/// The data set itself; borrowed.
pdx_item *pdx_dataset_root(pdx_dataset *dataset);

/// The file meta information; borrowed.
pdx_item *pdx_dataset_meta(pdx_dataset *dataset);

/// The transfer syntax in which the data set was read; borrowed, a constant.
const char *pdx_dataset_transfer_syntax(pdx_dataset *dataset);

/// Whether pixel data in this transfer syntax can be decoded here.
int32_t pdx_transfer_syntax_decodes(const char *uid);

/// How the samples of a frame lie and what they mean.
typedef struct pdx_frame_form {
    /// The Photometric Interpretation of the samples, which decoding may have changed: JPEG's YBR comes as RGB.
    char photometric[20];
    /// The Planar Configuration of the samples: 0 pixel by pixel, 1 plane by plane.
    uint32_t planar;
} pdx_frame_form;

/// Reads one frame of the pixel data, decoded, in this machine's byte order. `capacity` must be the exact size. What
/// is compressed is checked against the header before anything is decoded.
int32_t pdx_dataset_frame(
    pdx_dataset *dataset, uint32_t frame, void *buffer, size_t capacity, pdx_frame_form *_Nullable form,
    pdx_error *_Nullable error);

/// The length of the pixel data's value where it is not encapsulated, 0 where it is absent or encapsulated.
size_t pdx_dataset_native_pixel_bytes(pdx_dataset *dataset);

/// The length of the encapsulated pixel data's fragments together, 0 where it is absent or native.
size_t pdx_dataset_encapsulated_pixel_bytes(pdx_dataset *dataset);

/// The number of the encapsulated pixel data's fragments, 0 where it is absent or native.
size_t pdx_dataset_fragments(pdx_dataset *dataset);

/// Receives a piece of a written file; returns 0, or an errno that ends the writing.
typedef int32_t (*pdx_sink)(void *_Nullable context, const void *bytes, size_t count);

/// Writes preamble, meta information and data set as Explicit VR Little Endian with sequences of defined length. The
/// meta information is made of SOP class, SOP instance and the two implementation names given.
int32_t pdx_dataset_write(
    pdx_dataset *dataset, const char *implementation_class, const char *implementation_version, pdx_sink sink,
    void *_Nullable context, pdx_error *_Nullable error);

/// Whether the element is there, with or without a value.
int32_t pdx_item_contains(pdx_item *item, pdx_tag tag);

/// The VR of an element as two letters and a NUL; false where it is absent.
int32_t pdx_item_vr(pdx_item *item, pdx_tag tag, char vr[_Nonnull 3]);

/// The bytes of a string element without padding; `bytes` is borrowed until the item changes. Count 0 where the
/// element is absent or empty. `PDX_MALFORMED` where it is no string.
int32_t pdx_item_text(
    pdx_item *item, pdx_tag tag, const char *_Nullable *_Nonnull bytes, size_t *count, pdx_error *_Nullable error);

/// The text of a string element in UTF-8, converted from its Specific Character Set. +1: `free` it.
char *_Nullable pdx_item_utf8(pdx_item *item, pdx_tag tag, pdx_error *_Nullable error);

/// Up to `capacity` values of a numeric element (DS, IS, US, SS, UL, SL, FL, FD, AT); `count` says how many it has.
int32_t pdx_item_numbers(
    pdx_item *item, pdx_tag tag, double *values, size_t capacity, size_t *count, pdx_error *_Nullable error);

/// Up to `capacity` bytes of a binary element (OB, OW, US, SS, UN) in this machine's byte order; `count` says how many
/// it has, 0 where it is absent or empty.
int32_t pdx_item_bytes(
    pdx_item *item, pdx_tag tag, uint8_t *_Nullable bytes, size_t capacity, size_t *count, pdx_error *_Nullable error);

/// Up to `capacity` items of a sequence, borrowed; `count` says how many it has, 0 where it is absent.
int32_t pdx_item_items(
    pdx_item *item, pdx_tag tag, pdx_item *_Nullable *_Nullable items, size_t capacity, size_t *count,
    pdx_error *_Nullable error);

/// Up to `capacity` tags of the elements an item holds; `count` says how many it has.
int32_t pdx_item_tags(
    pdx_item *item, pdx_tag *_Nullable tags, size_t capacity, size_t *count, pdx_error *_Nullable error);

/// Replaces an element by a string with the VR of the dictionary. A value that breaks its VR is refused.
int32_t pdx_item_put_text(
    pdx_item *item, pdx_tag tag, const char *bytes, size_t count, pdx_error *_Nullable error);

/// The same for UTF-8 text, which is converted into the Specific Character Set that holds for the item.
/// `PDX_UNSUPPORTED` where that cannot hold the text in as many bytes as UTF-8; then nothing is put.
int32_t pdx_item_put_utf8(pdx_item *item, pdx_tag tag, const char *text, pdx_error *_Nullable error);

/// Converts all text that an item holds, at any depth, to UTF-8 and sets its Specific Character Set to ISO_IR 192.
/// `PDX_UNSUPPORTED` where its character set is unknown or its bytes break it; the item is half converted then.
int32_t pdx_item_convert_to_utf8(pdx_item *item, pdx_error *_Nullable error);

/// Copies `count` bytes of native pixel data from `offset` on, in this machine's byte order.
int32_t pdx_dataset_pixel_bytes(
    pdx_dataset *dataset, size_t offset, void *buffer, size_t count, pdx_error *_Nullable error);

/// Replaces an element by numbers (US, SS, UL, SL, FL, FD, AT). One that its VR cannot hold exactly is refused.
int32_t pdx_item_put_numbers(
    pdx_item *item, pdx_tag tag, const double *values, size_t count, pdx_error *_Nullable error);

/// Replaces an element by bytes (OB).
int32_t pdx_item_put_bytes(
    pdx_item *item, pdx_tag tag, const uint8_t *bytes, size_t count, pdx_error *_Nullable error);

/// Replaces an element by one without a value, or a sequence by one without items.
int32_t pdx_item_put_empty(pdx_item *item, pdx_tag tag, pdx_error *_Nullable error);

/// Appends an item to a sequence, which is made where it is absent; borrowed.
pdx_item *_Nullable pdx_item_append(pdx_item *item, pdx_tag tag, pdx_error *_Nullable error);

/// Copies an element with its bytes unchanged. `PDX_NOT_FOUND` where the source has none.
int32_t pdx_item_copy(pdx_item *item, pdx_item *source, pdx_tag tag, pdx_error *_Nullable error);

/// Copies all elements of another item with their bytes unchanged.
int32_t pdx_item_copy_all(pdx_item *item, pdx_item *source, pdx_error *_Nullable error);


#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif

#endif
