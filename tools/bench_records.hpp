#pragma once

#include "storage/event_log.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace apisync::tools {

/// Events of the size that the log's are, over a number of streams: ends of syncs with a change,
/// a half; ends with a failure, and what was seen at sources, a quarter each.
class bench_records {
public:
  explicit bench_records(std::uint32_t streams);

  [[nodiscard]] std::size_t size() const { return drafts_.size(); }

  /// An event; they repeat after `size()`.
  [[nodiscard]] const events::draft& draft(std::size_t i) const {
    return drafts_[i % drafts_.size()];
  }
  [[nodiscard]] const events::origin& from() const { return from_; }

  /// The same event as the text that it has in the log.
  [[nodiscard]] const std::string& text(std::size_t i) const { return texts_[i % texts_.size()]; }
  [[nodiscard]] double mean_text_bytes() const;

private:
  std::vector<events::draft> drafts_;
  std::vector<std::string> texts_;
  events::origin from_;
};

} // namespace apisync::tools
