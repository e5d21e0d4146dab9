#include "tools/bench_memory.hpp"

#include <fstream>
#include <malloc.h>
#include <string>

namespace apisync::tools {

bool reset_peak_memory() {
  malloc_trim(0);
  std::ofstream marks{"/proc/self/clear_refs"};
  marks << "5\n";
  return static_cast<bool>(marks.flush());
}

std::size_t peak_memory() {
  std::ifstream status{"/proc/self/status"};
  for (std::string word; status >> word;) {
    std::size_t kibibytes = 0;
    if (word == "VmHWM:" && status >> kibibytes) return kibibytes * 1024;
  }
  return 0;
}

} // namespace apisync::tools
