#ifndef PDX_DATA_HPP
#define PDX_DATA_HPP

#include "Guard.hpp"
#include "include/CDCMTKData.h"

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dcfcache.h"
#include "dcmtk/dcmdata/dctk.h"

#include <string>

struct pdx_dataset {
    DcmFileFormat file;
    /// Keeps the file open between reads of values that stay in it.
    DcmFileCache cache;
};

namespace pdx {

inline DcmItem *native(pdx_item *item) { return reinterpret_cast<DcmItem *>(item); }

inline pdx_item *opaque(DcmItem *item) { return reinterpret_cast<pdx_item *>(item); }

inline DcmTagKey key(pdx_tag tag) { return DcmTagKey(static_cast<Uint16>(tag >> 16), static_cast<Uint16>(tag)); }

/// `(gggg,eeee)` for messages.
std::string name(pdx_tag tag);

/// Throws `Failure` with the condition's text, which holds no values of the data set.
void require(const OFCondition &condition, int32_t code, const std::string &what);

/// The element of an item itself, or null.
DcmElement *find(pdx_item *item, pdx_tag tag);

/// The Specific Character Set that holds for an item: its own, or that of what it lies in (PS3.5 §6.1.2.3).
OFString characterSet(DcmItem *item);

/// Text in UTF-8; the Japanese code extensions are decoded here, since DCMTK finds no names for them in glibc.
OFString toUTF8(const OFString &value, const OFString &set, DcmEVR vr);

/// Converts all text of an item to UTF-8. DCMTK's own function overlooks that inner items may have their own sets.
void convertToUTF8(DcmItem &item, const OFString &inherited);

/// Starts DCMTK once, with its data dictionary, and registers its decoders.
void prepare();

}  // namespace pdx

#endif
