#include "tests/fuzz/fuzz.hpp"

#include <stdexcept>

namespace apisync::fuzz {

void require(bool holds, const char* law) {
  if (!holds) throw std::logic_error{law};
}

} // namespace apisync::fuzz
