#include "Guard.hpp"
#include "include/CDCMTKNetwork.h"

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dcdict.h"
#include "dcmtk/dcmdata/dcistrmz.h"
#include "dcmtk/dcmdata/dcistrmf.h"
#include "dcmtk/dcmnet/dul.h"
#include "dcmtk/oflog/oflog.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <linux/magic.h>
#include <mutex>
#include <sys/vfs.h>
#include <unistd.h>

using namespace pdx;

namespace {

void load_dictionary() {
    if (dcmDataDict.isDictionaryLoaded()) return;
    DcmDataDictionary &dictionary = dcmDataDict.wrlock();
    const bool loaded = dictionary.reloadDictionaries(OFTrue, OFFalse) == OFTrue;
    dcmDataDict.wrunlock();
    if (!loaded || !dcmDataDict.isDictionaryLoaded()) {
        throw Failure{
            PDX_NO_DICTIONARY,
            "DCMTK's data dictionary is not there. Install Debian's package libdcmtk17 whole (it brings "
            "/usr/share/libdcmtk17/dicom.dic), or name the file in the environment variable DCMDICTPATH"};
    }
}

}  // namespace

int32_t pdx_start(pdx_error *error) {
    return guarded(error, [] {
        static std::mutex mutex;
        static bool done = false;
        const std::lock_guard<std::mutex> lock(mutex);
        if (done) return;
        // DCMTK logs values of the data sets and prints to stderr by default; what matters comes back as an error.
        OFLog::configure(OFLogger::OFF_LOG_LEVEL);
        // A reverse look-up an association can take seconds and proves nothing.
        dcmDisableGethostbyaddr.set(OFTrue);
        load_dictionary();
        done = true;
    });
}

int32_t pdx_inflate(
    const char *path, uint64_t offset, uint8_t *buffer, uint64_t capacity, uint64_t most_bytes, uint64_t *total,
    pdx_error *error) {
    return guarded(error, [&] {
        DcmInputFileStream stream(OFFilename(path), static_cast<offile_off_t>(offset));
        if (!stream.good()) throw Failure{PDX_IO, "the file cannot be read"};
        if (stream.installCompressionFilter(ESC_zlib).bad()) throw Failure{PDX_UNSUPPORTED, "DCMTK has no zlib here"};
        std::string waste(256 * 1024, '\0');
        *total = 0;
        while (stream.good() && !stream.eos()) {
            const uint64_t left = capacity > *total ? capacity - *total : 0;
            const offile_off_t got =
                left > 0 ? stream.read(buffer + *total, static_cast<offile_off_t>(left))
                         : stream.read(&waste[0], static_cast<offile_off_t>(waste.size()));
            if (got <= 0) break;
            *total += static_cast<uint64_t>(got);
            if (*total > most_bytes) throw Failure{PDX_UNSUPPORTED, "the data set inflates to more than the limit"};
        }
        if (!stream.good() || !stream.eos()) {
            throw Failure{PDX_MALFORMED, "the deflated stream is broken or cut short"};
        }
    });
}

int32_t pdx_keeps_renames(const char *path) {
    struct statfs status = {};
    if (statfs(path, &status) != 0) return 0;
    switch (static_cast<uint32_t>(status.f_type)) {
    case EXT4_SUPER_MAGIC:
    case XFS_SUPER_MAGIC:
    case BTRFS_SUPER_MAGIC: return 1;
    default: return 0;
    }
}

int32_t pdx_rename_new(const char *path, const char *target) {
    if (renameat2(AT_FDCWD, path, AT_FDCWD, target, RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return errno;
    // Some network file systems know only links; a link replaces nothing either.
    if (link(path, target) != 0) return errno;
    unlink(path);
    return 0;
}
