#include "tools/bench_sources.hpp"

#include "actors/service.hpp"
#include "sources/default_fetcher.hpp"
#include "storage/open_store.hpp"
#include "tools/bench_web.hpp"
#include "tools/scratch_folder.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace apisync::tools {
namespace {

using namespace std::chrono_literals;
using std::chrono::duration;
using std::chrono::steady_clock;

constexpr std::size_t at_once = 64;
constexpr std::uint32_t first_part = 10; ///< The first round is made with a tenth.

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  auto const seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double resident_bytes() {
  std::ifstream from{"/proc/self/statm"};
  double pages = 0;
  from >> pages >> pages;
  return pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

std::string url_of(const sources_bench& how, std::uint16_t port, std::uint32_t number) {
  auto const host = number % how.hosts;
  auto const kind = number % 100 < how.changing ? "new" : "same";
  return "http://127." + std::to_string(1 + host / 62'500) + '.' +
         std::to_string(host / 250 % 250) + '.' + std::to_string(1 + host % 250) + ':' +
         std::to_string(port) + '/' + kind + '/' + std::to_string(number);
}

/// A service on a log of its own, as `serve` starts it.
class measured_service {
public:
  static result<std::unique_ptr<measured_service>> start(const sources_bench& how,
                                                         std::uint16_t port) {
    auto folder = scratch_folder::make("apisync-bench-", how.folder);
    if (!folder) return tl::unexpected{folder.error()};
    auto store = storage::open_store((*folder)->path() + "/data");
    if (!store) return tl::unexpected{store.error()};
    sources::fetcher_config config;
    config.allow_addresses = {"loopback"};
    config.http_in_flight_max = at_once;
    auto fetcher = sources::make_fetcher(config);
    if (!fetcher) return tl::unexpected{fetcher.error()};
    actors::house_options options;
    options.store = std::move(*store);
    options.fetcher = std::move(*fetcher);
    options.workers = std::max(1U, std::thread::hardware_concurrency());
    options.seed = 1;
    auto started = actors::service::start(std::move(options), {.answer = 10min, .sync = 10min});
    if (!started) return tl::unexpected{started.error()};
    return std::unique_ptr<measured_service>{
        new measured_service{how, port, std::move(*folder), std::move(*started)}};
  }

  /// Declares the first so many sources, and waits until each was synced once.
  result<void> sync_first(std::uint32_t count) {
    auto config = std::make_shared<events::config>();
    for (std::uint32_t i = 0; i < count; ++i) {
      auto& source = config->sources.emplace_back();
      source.id = source.api = "s" + std::to_string(i);
      source.kind = events::source_kind::http;
      source.url = url_of(how_, port_, i);
      source.declared = events::declared_by::file;
      auto& api = config->apis.emplace_back();
      api.id = source.api;
      api.declared = events::declared_by::file;
    }
    auto const number = [](std::uint64_t value) { return events::raw_json{std::to_string(value)}; };
    config->settings = {{"interval", number(static_cast<std::uint64_t>(how_.interval.count()))},
                        {"concurrency", number(at_once)},
                        {"hostConcurrency", number(at_once)}};
    if (auto done = service_->configure({config, "bench"}); !done)
      return tl::unexpected{done.error()};
    auto const late = steady_clock::now() + 10min;
    while (count_synced() < count) {
      if (steady_clock::now() > late)
        return fail(errc::unavailable, "the first round did not end within 10 minutes, " +
                                           std::to_string(count_synced()) + " of " +
                                           std::to_string(count) + " were synced");
      std::this_thread::sleep_for(50ms);
    }
    return {};
  }

  [[nodiscard]] std::uint64_t count_synced() const {
    std::uint64_t out = 0;
    service_->now()->each_job([&](const events::job_state& job) { out += job.last_ended ? 1 : 0; });
    return out;
  }

  [[nodiscard]] actors::snapshot now() const { return service_->now(); }

  /// How late syncs after a sequence started, in ms, sorted.
  [[nodiscard]] result<std::vector<double>> lags(events::sequence after) const {
    std::map<std::uint32_t, events::timestamp> due;
    std::map<std::string, std::uint32_t, std::less<>> numbers;
    service_->now()->each_job([&](const events::job_state& job) {
      numbers.emplace("job/" + job.definition.id, job.number);
    });
    std::vector<double> out;
    auto const started = [&](const events::start_row& row) {
      auto const found = due.find(row.job);
      if (found == due.end()) return;
      out.push_back(duration<double, std::milli>{row.started - found->second}.count());
      due.erase(found);
    };
    result<void> good;
    auto const read = service_->log().read({}, [&](const events::record_view& record) {
      auto const event = events::decode(record);
      if (!event) {
        good = tl::unexpected{event.error()};
        return false;
      }
      if (auto const* scheduler = std::get_if<events::scheduler_event>(&*event)) {
        if (auto const* rows = std::get_if<events::syncs_started>(scheduler))
          for (auto const& row : rows->rows)
            if (record.sequence > after) started(row);
        if (auto const* rows = std::get_if<events::syncs_unchanged>(scheduler))
          for (auto const& row : rows->rows)
            if (row.next_attempt) due[row.job] = *row.next_attempt;
      }
      if (auto const* job = std::get_if<events::job_event>(&*event))
        if (auto const* changed = std::get_if<events::sync_changed>(job))
          if (changed->end.next_attempt)
            due[numbers[std::string{record.stream}]] = *changed->end.next_attempt;
      return true;
    });
    if (!read) return tl::unexpected{read.error()};
    if (!good) return tl::unexpected{good.error()};
    std::ranges::sort(out);
    return out;
  }

private:
  measured_service(const sources_bench& how, std::uint16_t port,
                   std::unique_ptr<scratch_folder> folder, std::unique_ptr<actors::service> service)
      : how_{how}, port_{port}, folder_{std::move(folder)}, service_{std::move(service)} {}

  const sources_bench& how_;
  std::uint16_t port_;
  std::unique_ptr<scratch_folder> folder_;
  std::unique_ptr<actors::service> service_;
};

std::size_t ignore_body(char*, std::size_t size, std::size_t count, void*) {
  return size * count;
}

/// CPU time of a request, in us: libcurl's multi interface and nothing else, with as many at once,
/// asking what the service asks, each time after a first round that opens the connections.
result<double> bare_loop(const sources_bench& how, std::uint16_t port) {
  std::vector<std::string> urls;
  for (std::uint32_t i = 0; i < how.http; ++i)
    urls.push_back(url_of(how, port, i));
  CURLM* const multi = curl_multi_init();
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(at_once));
  curl_slist* const condition = curl_slist_append(nullptr, "If-None-Match: \"same\"");
  std::vector<CURL*> idle;
  for (std::size_t i = 0; i < at_once; ++i) {
    CURL* const easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore_body);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, condition);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    idle.push_back(easy);
  }
  std::uint64_t failures = 0;
  auto const round = [&] {
    std::size_t next = 0;
    std::size_t done = 0;
    while (done < urls.size()) {
      for (; next < urls.size() && !idle.empty(); ++next) {
        curl_easy_setopt(idle.back(), CURLOPT_URL, urls[next].c_str());
        curl_multi_add_handle(multi, idle.back());
        idle.pop_back();
      }
      int running = 0;
      curl_multi_perform(multi, &running);
      int left = 0;
      bool any = false;
      while (auto const* message = curl_multi_info_read(multi, &left)) {
        failures += message->data.result != CURLE_OK;
        auto* const easy = message->easy_handle;
        curl_multi_remove_handle(multi, easy);
        idle.push_back(easy);
        ++done;
        any = true;
      }
      if (!any) curl_multi_poll(multi, nullptr, 0, 1'000, nullptr);
    }
  };
  round();
  auto const before = cpu_seconds();
  for (std::uint32_t i = 0; i < how.rounds; ++i)
    round();
  auto const used = cpu_seconds() - before;
  for (auto* const easy : idle)
    curl_easy_cleanup(easy);
  curl_multi_cleanup(multi);
  curl_slist_free_all(condition);
  if (failures != 0)
    return fail(errc::unavailable, std::to_string(failures) + " requests of the bare loop failed");
  return used * 1e6 / (static_cast<double>(how.http) * how.rounds);
}

double at(const std::vector<double>& sorted, double part) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

} // namespace

result<bench_report> bench_sources(const sources_bench& how) {
  raise_file_limit();
  auto const web = bench_web::start();
  if (!web) return tl::unexpected{web.error()};
  auto started = measured_service::start(how, (*web)->port());
  if (!started) return tl::unexpected{started.error()};
  auto& service = **started;

  auto const few = std::max(how.http / first_part, 1U);
  if (auto good = service.sync_first(few); !good) return tl::unexpected{good.error()};
  auto const with_few = resident_bytes();
  auto const began = steady_clock::now();
  if (auto good = service.sync_first(how.http); !good) return tl::unexpected{good.error()};
  auto const first_round = duration<double>{steady_clock::now() - began}.count();
  auto const with_all = resident_bytes();

  // The first round was one crowd: at the second interval its syncs have spread.
  std::this_thread::sleep_for(how.interval);
  auto const from = service.now();
  auto const cpu_from = cpu_seconds();
  std::this_thread::sleep_for(how.interval * how.rounds);
  auto const cpu = cpu_seconds() - cpu_from;
  auto const to = service.now();
  auto const syncs = static_cast<double>(to->metrics().total() - from->metrics().total());
  auto const changed = static_cast<double>(to->metrics().changed - from->metrics().changed);
  auto const failed = static_cast<double>(to->metrics().failed);
  auto const seconds = duration<double>{how.interval * how.rounds}.count();
  auto const lags = service.lags(from->at());
  if (!lags) return tl::unexpected{lags.error()};
  started->reset();
  auto const bare = bare_loop(how, (*web)->port());
  if (!bare) return tl::unexpected{bare.error()};

  bench_report report{"sources"};
  auto& out = report.results;
  out.push_back({"sources", static_cast<double>(how.http), "sources"});
  out.push_back({"hosts", static_cast<double>(how.hosts), "hosts"});
  out.push_back({"interval", duration<double>{how.interval}.count(), "s"});
  out.push_back({"first round", first_round, "s"});
  out.push_back({"syncs", syncs / seconds, "syncs/s", "due",
                 static_cast<double>(how.http) / duration<double>{how.interval}.count()});
  out.push_back({"changed, of these", changed / seconds, "syncs/s"});
  out.push_back({"failed", failed, "syncs"});
  out.push_back(
      {"CPU time per sync", cpu * 1e6 / std::max(syncs, 1.0), "us", "bare libcurl loop", *bare});
  out.push_back({"memory per source", (with_all - with_few) / std::max(how.http - few, 1U), "B"});
  out.push_back({"lag, median", at(*lags, 0.5), "ms"});
  out.push_back({"lag, p90", at(*lags, 0.9), "ms"});
  out.push_back({"p99 lag", at(*lags, 0.99), "ms"});
  out.push_back({"lag, longest", at(*lags, 1), "ms"});
  return report;
}

} // namespace apisync::tools
