#pragma once

#include "sources/find.hpp"
#include "sources/roots.hpp"
#include "sources/worker_pool.hpp"

#include <stop_token>

namespace apisync::sources {

/// Searches now, on this thread. A file is a document by its content: a file that is empty, being
/// written or something else is none yet, and looked at again when it has changed. Links to files
/// are followed inside the roots. A stop ends it early.
find_outcome find_documents(const find_order& order, const roots& allowed,
                            const std::stop_token& stop = {});

/// Searches on a thread of its own, one folder after the other.
class file_finder final : public finder {
public:
  explicit file_finder(roots allowed);

  void find(find_order order, callback done) override;

private:
  const roots allowed_;
  worker_pool workers_; // last: its thread uses the rest
};

} // namespace apisync::sources
