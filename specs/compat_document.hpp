#pragma once

#include "specs/compat_operation.hpp"
#include "specs/reach.hpp"

#include <string>
#include <vector>

namespace apisync::specs {

/// A finding with the one operation it is about, or none.
struct document_finding {
  raw_finding found;
  std::string method; ///< Upper case.
  std::string path;
};

/// Which operations both versions have, and what the rest of the document says.
struct document_comparison {
  struct kept {
    operation_pair pair;
    std::size_t unit = 0;
  };
  std::vector<kept> operations;
  std::vector<document_finding> findings;
};

/// Compares paths, webhooks, top-level security and shared parts, and adds a unit to the graph for
/// every operation that both versions have. The units themselves are not judged yet.
[[nodiscard]] document_comparison compare_documents(unit_graph& graph);

} // namespace apisync::specs
