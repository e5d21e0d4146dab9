#pragma once

#include <cstddef>

namespace apisync::tools {

/// Gives free memory back, and sets the kernel's mark of the most memory held (VmHWM) to what this
/// process holds now (clear_refs). False where the kernel does not let it.
[[nodiscard]] bool reset_peak_memory();

/// The mark: bytes, of everything in the process, code and stacks included. 0 where the kernel does
/// not tell.
[[nodiscard]] std::size_t peak_memory();

} // namespace apisync::tools
