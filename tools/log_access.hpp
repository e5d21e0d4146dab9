#pragma once

#include "events/views.hpp"
#include "storage/block.hpp"
#include "storage/log_reader.hpp"
#include "tools/invocation.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace apisync::tools {

/// Which log, which of its records, and how to print them.
struct log_request {
  std::string data;
  std::string at; ///< A sequence or an RFC 3339 time: the log as it was then; empty: now.
  std::optional<std::string> stream, type;
  events::sequence after = 0;
  std::optional<std::uint64_t> limit;
  bool follow = false;
  bool as_json = false;
};

/// Opens the log of a data directory for looking at it. `not_found` where there is none, `corrupt`
/// where it is not whole.
result<std::unique_ptr<storage::log_reader>> open_log(const std::string& data);

/// The request's conditions. Fails with `invalid_argument` for a moment that is none, that has not
/// come yet, or that lies before the first record.
result<storage::read_filter> filter_of(const log_request& wanted, const storage::stored_log& log,
                                       events::timestamp now);

/// Called with a record and its JSON text as it stands in the log; false ends the reading.
using text_visitor = std::function<bool(const events::record_view& record, std::string_view text)>;

/// Visits the block's records that match, in order; false when the visitor ended it.
result<bool> visit_texts(const storage::block_view& block, const storage::read_filter& filter,
                         const text_visitor& visit);

/// Visits the log's records that match, in order.
result<void> read_texts(const storage::stored_log& log, const storage::read_filter& filter,
                        const text_visitor& visit);

/// Whether everything printed was taken. A reader that closed its end early (`| head`) is no
/// failure; a full disk is.
exit_status delivered(const invocation& call);

/// Folds what the filter lets through into views, with a progress bar.
result<events::views> fold_views(const storage::stored_log& log, const storage::read_filter& filter,
                                 const invocation& call);

} // namespace apisync::tools
