#include "tools/discover_check.hpp"

#include "actors/source.hpp"
#include "events/config.hpp"
#include "sources/default_fetcher.hpp"
#include "sources/page_getter.hpp"
#include "sources/read_file.hpp"
#include "specs/openapi.hpp"
#include "specs/parse.hpp"
#include "tools/cli.hpp"
#include "tools/scratch_folder.hpp"
#include "tools/table.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <future>
#include <map>
#include <ostream>
#include <sstream>

namespace apisync::tools {
namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t at_once = 16;
constexpr std::size_t entries_max = 10'000;
constexpr std::size_t file_bytes_max = 16U << 20;

/// What is to be tried, and with what.
struct check_plan {
  std::vector<check_entry> entries;
  sources::fetcher_config fetcher;
};

std::string_view name_of(sources::failure_class type) {
  switch (type) {
  case sources::failure_class::transient:
    return "transient";
  case sources::failure_class::permanent:
    return "permanent";
  case sources::failure_class::auth:
    return "auth";
  case sources::failure_class::gone:
    return "gone";
  }
  return "unknown";
}

check_plan plan_of(const std::vector<std::string>& addresses) {
  check_plan made;
  for (auto const& address : addresses) {
    check_entry entry{address, {}};
    entry.from.type = sources::location::kind::http;
    entry.from.url = address;
    entry.from.allow_addresses = sources::allowance_of(address);
    entry.from.several_files = true;
    made.entries.push_back(std::move(entry));
  }
  return made;
}

check_plan plan_of(const events::config& read, const std::string& folder) {
  check_plan made;
  made.fetcher.roots = read.roots;
  if (made.fetcher.roots.empty()) made.fetcher.roots.emplace_back("."); // as the service has it
  made.fetcher.base = folder;
  made.fetcher.allow_addresses = read.allow_addresses;
  for (auto const& source : read.sources) {
    if (source.kind == events::source_kind::manual) continue; // nothing to be fetched
    check_entry entry{source.id, actors::to_location(source)};
    entry.from.history = 0; // the newest is enough
    made.entries.push_back(std::move(entry));
  }
  return made;
}

std::vector<check_outcome> try_all(sources::fetcher& fetcher,
                                   const std::vector<check_entry>& entries,
                                   std::chrono::seconds time_max) {
  auto const until = std::chrono::steady_clock::now() + time_max;
  std::vector<check_outcome> outcomes;
  for (std::size_t from = 0; from < entries.size(); from += at_once) {
    if (std::chrono::steady_clock::now() >= until) break;
    auto const to = std::min(entries.size(), from + at_once);
    std::vector<std::future<sources::fetch_outcome>> coming;
    for (auto i = from; i < to; ++i) {
      auto promise = std::make_shared<std::promise<sources::fetch_outcome>>();
      coming.push_back(promise->get_future());
      sources::fetch_request request;
      request.source = entries[i].id;
      request.from = entries[i].from;
      auto const remaining = std::chrono::duration_cast<std::chrono::milliseconds>(
          until - std::chrono::steady_clock::now());
      request.limits.total_timeout =
          std::clamp(remaining, std::chrono::milliseconds{1}, request.limits.total_timeout);
      fetcher.fetch(std::move(request), [promise](sources::fetch_outcome outcome) {
        promise->set_value(std::move(outcome));
      });
    }
    for (auto i = from; i < to; ++i)
      outcomes.push_back(judge_check(entries[i], coming[i - from].get()));
  }
  return outcomes;
}

void print_all(const invocation& call, const std::vector<check_outcome>& outcomes, std::size_t left,
               bool as_json) {
  auto const refused = static_cast<std::size_t>(
      std::ranges::count_if(outcomes, [](auto const& one) { return !one.reason.empty(); }));
  if (!as_json) {
    for (auto const& one : outcomes)
      if (!one.reason.empty())
        call.out << printable(one.id) << ": " << one.reason << ": " << printable(one.problem)
                 << '\n';
    call.out << summary_of(outcomes) << '\n';
    if (left > 0)
      call.out << left << " were not tried, for the time was over; --time allows more\n";
    return;
  }
  auto list = json::array();
  for (auto const& one : outcomes)
    list.push_back({{"id", one.id},
                    {"good", one.reason.empty()},
                    {"reason", one.reason},
                    {"problem", one.problem},
                    {"title", one.title},
                    {"openapi", one.openapi}});
  call.out << json{{"tried", outcomes.size()},
                   {"refused", refused},
                   {"notTried", left},
                   {"sources", std::move(list)}}
                  .dump(-1, ' ', false, json::error_handler_t::replace)
           << '\n';
}

result<check_plan> make_check_plan(const invocation& call, const std::string& file) {
  auto const text = read_input(call, file, file_bytes_max);
  if (!text) return tl::unexpected(text.error());
  if (auto const addresses = read_addresses(*text); !addresses.empty()) return plan_of(addresses);
  std::error_code ignored;
  auto const folder = (file == "-" ? std::filesystem::current_path(ignored)
                                   : std::filesystem::weakly_canonical(file, ignored).parent_path())
                          .string();
  auto const read = events::read_config(*text, file, sources::files_below(folder));
  if (!read) {
    auto first = read.error().front();
    first.message += "; `apisync config check` says everything. A list has an http:// or https:// "
                     "address on every line";
    return tl::unexpected(std::move(first));
  }
  return plan_of(*read, folder);
}

} // namespace

std::vector<std::string> read_addresses(const std::string& text) {
  std::vector<std::string> addresses;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    auto const begin = line.find_first_not_of(" \t\r");
    if (begin == std::string::npos || line[begin] == '#') continue;
    auto address = line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
    if (!address.starts_with("http://") && !address.starts_with("https://")) return {};
    addresses.push_back(std::move(address));
  }
  return addresses;
}

check_outcome judge_check(const check_entry& entry, const sources::fetch_outcome& came) {
  check_outcome made{entry.id, {}, {}, {}, {}};
  if (!came) {
    made.reason = name_of(came.error().type);
    auto const& problem = came.error().problem;
    made.problem = entry.id == entry.from.url ? problem.message : render(problem);
    return made;
  }
  specs::parse_options limits;
  limits.name = entry.from.type == sources::location::kind::http ? entry.from.url : entry.from.path;
  if (entry.from.last_name_counts) limits.repeated = specs::repeated_names::keep_last;
  auto const no_document = [&](std::string why) {
    made.reason = "no-document";
    made.problem = std::move(why);
    return made;
  };
  if (came->versions.empty()) return no_document("nothing came");
  auto const parsed = specs::parse(*came->versions.back().bytes, limits);
  if (!parsed) return no_document(render(parsed.error()));
  auto const info = specs::recognise(*parsed->document);
  if (!info) return no_document(render(info.error()));
  made.title = info->title;
  made.openapi = info->version;
  return made;
}

std::string summary_of(const std::vector<check_outcome>& outcomes) {
  std::map<std::string, std::size_t> counts;
  std::size_t refused = 0;
  for (auto const& one : outcomes) {
    if (one.reason.empty()) continue;
    ++counts[one.reason];
    ++refused;
  }
  auto text = std::to_string(outcomes.size()) + " tried, " + std::to_string(refused) + " refused";
  std::string_view between = ": ";
  for (auto const& [reason, count] : counts) {
    text.append(between).append(std::to_string(count)).append(" ").append(reason);
    between = ", ";
  }
  return text;
}

exit_status check_sources(const invocation& call, const std::string& file, bool as_json,
                          std::chrono::seconds time_max) {
  auto plan = make_check_plan(call, file);
  if (!plan) return call.report(plan.error());
  if (plan->entries.size() > entries_max)
    return call.report({errc::limit_exceeded,
                        "at most " + std::to_string(entries_max) + " sources are tried at once",
                        file});
  auto const cache = scratch_folder::make("apisync-check-");
  if (!cache) return call.report(cache.error());
  plan->fetcher.cache_directory = (*cache)->path();
  plan->fetcher.git_timeout = time_max;
  plan->fetcher.user_agent = "apisync/" + std::string{program_version()};
  auto const fetcher = sources::make_fetcher(std::move(plan->fetcher));
  if (!fetcher) return call.report(fetcher.error());
  auto const outcomes = try_all(**fetcher, plan->entries, time_max);
  auto const left = plan->entries.size() - outcomes.size();
  print_all(call, outcomes, left, as_json);
  auto const refused =
      std::ranges::any_of(outcomes, [](auto const& one) { return !one.reason.empty(); });
  return refused || left > 0 ? exit_status::bad_news : exit_status::good;
}

} // namespace apisync::tools
