#pragma once

#include "storage/event_log.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace apisync::tools {

/// Events of the size that the log's are, over a number of streams: ends of syncs with a change,
/// a half; ends with a failure, and what was seen at sources, a quarter each.
class bench_records {
public:
  explicit bench_records(std::uint32_t streams);

  /// An append of one event; they repeat after as many as there are streams.
  [[nodiscard]] const std::shared_ptr<const storage::append>& append(std::size_t i) const {
    return appends_[i % appends_.size()];
  }

  /// The same event as the text that it has in the log.
  [[nodiscard]] const std::string& text(std::size_t i) const { return texts_[i % texts_.size()]; }
  [[nodiscard]] double mean_text_bytes() const;

private:
  std::vector<std::shared_ptr<const storage::append>> appends_;
  std::vector<std::string> texts_;
};

} // namespace apisync::tools
