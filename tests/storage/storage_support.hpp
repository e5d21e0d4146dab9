#pragma once

#include "storage/event_log.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace apisync::test {

/// A record as a value, for comparing.
struct kept_record {
  events::sequence sequence = 0;
  std::string stream;
  std::uint64_t version = 0;
  std::string type;
  events::timestamp time;
  std::string by;
  std::string data;

  bool operator==(const kept_record&) const = default;
};

inline std::vector<kept_record> read_all(const storage::event_log& log,
                                         const storage::read_filter& filter = {}) {
  std::vector<kept_record> all;
  const auto read = log.read(filter, [&](const events::record_view& record) {
    all.push_back({record.sequence, std::string{record.stream}, record.stream_version,
                   std::string{record.type}, record.time, std::string{record.by},
                   simdjson::minify(record.data)});
    return true;
  });
  if (!read) FAIL(render(read.error()));
  return all;
}

inline events::timestamp second(std::int64_t n) {
  return events::timestamp{std::chrono::seconds{1'700'000'000 + n}};
}

/// One event on a stream.
inline storage::append one(std::string stream, std::string data = "{}",
                           std::string type = "happened") {
  storage::append what;
  what.events.push_back({std::move(stream), std::move(type), 1, std::move(data)});
  return what;
}

/// Commits one append that must be accepted.
inline storage::appended must_commit(storage::event_log& log, const storage::append& what,
                                     events::timestamp time = second(0)) {
  const auto answers = log.commit({&what, 1}, time);
  if (!answers) FAIL(render(answers.error()));
  if (!answers->front()) FAIL(render(answers->front().error()));
  return *answers->front();
}

/// Random appends over a few streams, of which some expect a wrong version or repeat a command.
class random_appends {
public:
  explicit random_appends(std::uint64_t seed) : random_{seed} {}

  std::vector<storage::append> commit(const storage::event_log& log) {
    std::vector<storage::append> appends(1 + below(6));
    for (auto& what : appends)
      fill(what, log);
    return appends;
  }

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

private:
  void fill(storage::append& what, const storage::event_log& log) {
    for (auto n = 1 + below(4); n > 0; --n)
      what.events.push_back({stream(), below(2) == 0 ? "happened" : "ended", 1,
                             "{\"n\":" + std::to_string(random_()) + ",\"pad\":\"" +
                                 std::string(below(below(20) == 0 ? 3000 : 100), 'x') + "\"}"});
    what.from.by = below(2) == 0 ? "system" : "user:ann";
    if (below(2) == 0) {
      const auto name = stream();
      what.expected.push_back({name, log.version(name) + (below(4) == 0 ? 1 : 0)});
    }
    if (below(5) == 0)
      what.command = storage::command_receipt{"command-" + std::to_string(below(40)),
                                              sha256::of(std::to_string(below(3))),
                                              "{\"answer\":" + std::to_string(below(9)) + "}"};
  }
  std::string stream() { return "api/" + std::to_string(below(12)); }

  std::mt19937_64 random_;
};

} // namespace apisync::test
