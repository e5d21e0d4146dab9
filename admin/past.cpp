#include "admin/past.hpp"

#include "actors/replay.hpp"

#include <algorithm>

namespace apisync::admin {
namespace {

tl::unexpected<error> no_such_moment(std::string what) {
  return fail(errc::invalid_argument, std::move(what), "at");
}

/// Whether the newest views are the answer, or why there can be none.
result<bool> is_present(const moment& when, const events::views& newest,
                        events::timestamp present) {
  if (auto const* number = std::get_if<std::uint64_t>(&when)) {
    if (*number == 0) return no_such_moment("the log begins at sequence 1");
    if (*number > newest.at())
      return no_such_moment("the log ends at sequence " + std::to_string(newest.at()));
    return *number == newest.at();
  }
  auto const time = std::get<events::timestamp>(when);
  if (time > std::max(present, newest.time()))
    return no_such_moment("the time " + events::to_rfc3339(time) + " has not come yet");
  return time >= newest.time();
}

} // namespace

result<actors::snapshot> past::at(const moment& when, const actors::snapshot& newest) {
  auto const present = is_present(when, *newest, now_());
  if (!present) return tl::unexpected{present.error()};
  if (*present) return newest;
  std::scoped_lock const lock{mutex_};
  auto const known =
      std::ranges::find(recent_, when, [](const auto& entry) { return entry.first; });
  if (known != recent_.end()) {
    std::rotate(recent_.begin(), known, known + 1);
    return recent_.front().second;
  }
  auto folded = fold(when);
  if (!folded) return folded;
  recent_.emplace_front(when, *folded);
  if (recent_.size() > kept) recent_.pop_back();
  return folded;
}

result<actors::snapshot> past::fold(const moment& when) const {
  storage::read_filter until;
  if (auto const* number = std::get_if<std::uint64_t>(&when))
    until.up_to = *number;
  else
    until.to = std::get<events::timestamp>(when) + std::chrono::microseconds{1};
  auto folded = actors::replay(log_, until);
  if (!folded) return tl::unexpected{folded.error()};
  if (folded->at() == 0) return no_such_moment("the log begins after that time");
  return std::make_shared<const events::views>(std::move(*folded));
}

} // namespace apisync::admin
