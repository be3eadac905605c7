// For MAP_ANONYMOUS and MADV_HUGEPAGE.
#define _DEFAULT_SOURCE

#include <stdint.h>
#include <sys/mman.h>

#include "include/CVoxels.h"

void *pvx_map(size_t size, size_t alignment) {
    if (size > SIZE_MAX - alignment) return NULL;
    char *const start = mmap(NULL, size + alignment, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) return NULL;
    // A large page has to begin at a multiple of its size; what lies before and behind goes back at once.
    const size_t before = (alignment - (uintptr_t)start % alignment) % alignment;
    if (before > 0) (void)munmap(start, before);
    if (before < alignment) (void)munmap(start + before + size, alignment - before);
#ifdef MADV_HUGEPAGE
    // What it answers is of no use: without large pages everything works as well, only slower.
    (void)madvise(start + before, size, MADV_HUGEPAGE);
#endif
    return start + before;
}

void pvx_unmap(void *start, size_t size) { (void)munmap(start, size); }
