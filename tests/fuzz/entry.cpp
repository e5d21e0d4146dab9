#include "tests/fuzz/fuzz.hpp"

#include <cstddef>
#include <cstdint>

// libFuzzer's entry: APISYNC_FUZZ_TARGET is the function of fuzz.hpp that this program is for.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  apisync::fuzz::APISYNC_FUZZ_TARGET({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
