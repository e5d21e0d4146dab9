#include "tools/log_access.hpp"

#include "storage/block_visit.hpp"
#include "tools/progress.hpp"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <ostream>

namespace apisync::tools {
namespace {

std::optional<std::uint64_t> to_number(std::string_view text) {
  std::uint64_t value = 0;
  auto const* const end = text.data() + text.size();
  auto const [stop, status] = std::from_chars(text.data(), end, value);
  if (text.empty() || status != std::errc{} || stop != end) return std::nullopt;
  return value;
}

tl::unexpected<error> no_such_moment(std::string what) {
  return fail(errc::invalid_argument, std::move(what), "--at");
}

/// The time of the block that holds a record.
result<events::timestamp> time_of(const storage::stored_log& log, events::sequence number) {
  events::timestamp time;
  auto found = log.each_block(number - 1, [&](const storage::block_view& block) -> result<bool> {
    time = block.time();
    return false;
  });
  if (!found) return tl::unexpected{found.error()};
  return time;
}

result<void> apply_time(storage::read_filter& filter, events::timestamp time,
                        const storage::stored_log& log, events::timestamp now) {
  if (time > now && log.head() != 0) {
    auto const last = time_of(log, log.head());
    if (!last) return tl::unexpected{last.error()};
    if (time > *last)
      return no_such_moment("the time " + events::to_rfc3339(time) + " has not come yet");
  }
  if (log.head() != 0) {
    auto const first = time_of(log, 1);
    if (!first) return tl::unexpected{first.error()};
    if (time < *first)
      return no_such_moment("the log begins after that time, at " + events::to_rfc3339(*first));
  }
  filter.to = time + std::chrono::microseconds{1};
  return {};
}

} // namespace

result<std::unique_ptr<storage::log_reader>> open_log(const std::string& data) {
  std::error_code problem;
  auto const about = std::filesystem::status(data, problem);
  if (!std::filesystem::exists(about))
    return fail(errc::not_found,
                "there is no such directory; --data names the one that the "
                "service keeps its log in",
                data);
  if (!std::filesystem::is_directory(about))
    return fail(errc::invalid_argument, "this is not a directory", data);
  return storage::log_reader::open(data);
}

result<storage::read_filter> filter_of(const log_request& wanted, const storage::stored_log& log,
                                       events::timestamp now) {
  storage::read_filter filter;
  filter.after = wanted.after;
  filter.stream = wanted.stream;
  filter.type = wanted.type;
  if (wanted.at.empty()) return filter;
  if (auto const number = to_number(wanted.at)) {
    if (*number == 0) return no_such_moment("the log begins at sequence 1");
    if (*number > log.head())
      return no_such_moment("the log ends at sequence " + std::to_string(log.head()));
    filter.up_to = *number;
    return filter;
  }
  auto const time = events::parse_rfc3339(wanted.at);
  if (!time)
    return no_such_moment("\"" + wanted.at +
                          "\" is neither a sequence nor a time such as 2026-11-23T08:00:00Z");
  if (auto applied = apply_time(filter, *time, log, now); !applied)
    return tl::unexpected{applied.error()};
  return filter;
}

result<bool> visit_texts(const storage::block_view& block, const storage::read_filter& filter,
                         const text_visitor& visit) {
  auto const entries = block.entries();
  std::size_t index = 0;
  std::size_t place = 1; // where the text of record `index` begins, after the opening bracket
  return storage::visit_block(block, filter, [&](const events::record_view& record) {
    for (auto const wanted = record.sequence - block.first(); index < wanted; ++index)
      place += entries[index].record_bytes + 1;
    return visit(record, block.payload().substr(place, entries[index].record_bytes));
  });
}

result<void> read_texts(const storage::stored_log& log, const storage::read_filter& filter,
                        const text_visitor& visit) {
  return log.each_block(filter.after, [&](const storage::block_view& block) -> result<bool> {
    if (filter.to && block.time() >= *filter.to) return false;
    if (filter.up_to && block.first() > *filter.up_to) return false;
    return visit_texts(block, filter, visit);
  });
}

result<events::views> fold_views(const storage::stored_log& log, const storage::read_filter& filter,
                                 const invocation& call) {
  events::views views;
  progress shown{call, "folding", filter.up_to.value_or(log.head())};
  result<void> folded;
  auto const read = log.read(filter, [&](const events::record_view& record) {
    folded = views.apply(record);
    shown.reach(record.sequence);
    return folded.has_value();
  });
  if (!read) return tl::unexpected{read.error()};
  if (!folded) return tl::unexpected{folded.error()};
  return views;
}

exit_status delivered(const invocation& call) {
  errno = 0;
  call.out.flush();
  if (call.out.good() || errno == EPIPE || errno == 0) return exit_status::good;
  return call.report({errc::io,
                      std::string{"the output could not be written: "} + std::strerror(errno),
                      "standard output"});
}

} // namespace apisync::tools
