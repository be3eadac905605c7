// libFuzzer brings the `main`; everything else is in Tests/Fuzz/Harness.
#include <stddef.h>
#include <stdint.h>

int portico_fuzz_expression(const uint8_t *bytes, size_t count);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) { return portico_fuzz_expression(bytes, count); }
