#include "tools/discover_check.hpp"

#include "actors/source.hpp"
#include "events/config.hpp"
#include "sources/default_fetcher.hpp"
#include "sources/http_url.hpp"
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
constexpr std::size_t per_host = 4;
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
    check_entry entry{address, {}, {}};
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
  auto const values = events::with_values({}, read.settings).value_or(events::settings{});
  for (auto const& source : read.sources) {
    if (source.kind == events::source_kind::manual) continue; // nothing to be fetched
    check_entry entry{source.id, actors::to_location(source), actors::to_limits(source, values)};
    entry.from.history = 0; // the newest is enough
    made.entries.push_back(std::move(entry));
  }
  return made;
}

/// The host that an entry asks; empty: none.
std::string host_of(const check_entry& entry) {
  auto const url = sources::http_url::parse(entry.from.url);
  return url ? url->host : std::string{};
}

/// Takes the next entries out of those that are left, few of one host.
std::vector<std::size_t> take_batch(std::vector<std::size_t>& left,
                                    const std::vector<std::string>& hosts) {
  std::vector<std::size_t> batch;
  std::vector<std::size_t> later;
  std::map<std::string_view, std::size_t> busy;
  for (auto const i : left) {
    bool const goes = batch.size() < at_once && (hosts[i].empty() || busy[hosts[i]]++ < per_host);
    (goes ? batch : later).push_back(i);
  }
  left = std::move(later);
  return batch;
}

std::future<sources::fetch_outcome> begin(sources::fetcher& fetcher, const check_entry& entry,
                                          std::chrono::steady_clock::time_point until) {
  auto promise = std::make_shared<std::promise<sources::fetch_outcome>>();
  auto coming = promise->get_future();
  sources::fetch_request request;
  request.source = entry.id;
  request.from = entry.from;
  request.limits = entry.limits;
  auto const remaining = std::chrono::duration_cast<std::chrono::milliseconds>(
      until - std::chrono::steady_clock::now());
  request.limits.total_timeout =
      std::clamp(remaining, std::chrono::milliseconds{1}, request.limits.total_timeout);
  fetcher.fetch(std::move(request), [promise](sources::fetch_outcome outcome) {
    promise->set_value(std::move(outcome));
  });
  return coming;
}

/// What came of those that were tried in time, in the order of the entries.
std::vector<check_outcome> try_all(sources::fetcher& fetcher,
                                   const std::vector<check_entry>& entries,
                                   std::chrono::seconds time_max) {
  auto const until = std::chrono::steady_clock::now() + time_max;
  std::vector<std::string> hosts;
  std::vector<std::size_t> left;
  for (auto const& entry : entries) {
    left.push_back(hosts.size());
    hosts.push_back(host_of(entry));
  }
  std::map<std::size_t, check_outcome> done;
  while (!left.empty() && std::chrono::steady_clock::now() < until) {
    auto const batch = take_batch(left, hosts);
    std::vector<std::future<sources::fetch_outcome>> coming;
    for (auto const i : batch)
      coming.push_back(begin(fetcher, entries[i], until));
    for (std::size_t n = 0; n < batch.size(); ++n)
      done.emplace(batch[n], judge_check(entries[batch[n]], coming[n].get()));
  }
  std::vector<check_outcome> outcomes;
  for (auto& [index, outcome] : done)
    outcomes.push_back(std::move(outcome));
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
