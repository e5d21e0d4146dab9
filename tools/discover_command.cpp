#include "sources/discovery_folder.hpp"
#include "sources/discovery_places.hpp"
#include "sources/page_getter.hpp"
#include "tools/cli.hpp"
#include "tools/discover_check.hpp"
#include "tools/discover_report.hpp"
#include "tools/document_commands.hpp"
#include "tools/table.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>
#include <ostream>

namespace apisync::tools {
namespace {

struct discover_options {
  std::string target, check;
  std::string format = "text";
  std::size_t requests = sources::discovery_limits{}.requests;
  std::size_t seconds = 60;
};

discovery_report search_network(sources::discovery_target target, const discover_options& wanted) {
  auto const until = std::chrono::steady_clock::now() + std::chrono::seconds{wanted.seconds};
  sources::discovery_limits limits;
  limits.requests = wanted.requests;
  sources::discovery_search search{std::move(target), limits};
  sources::page_getter getter{"apisync/" + std::string{program_version()}};
  for (auto batch = search.next(); !batch.empty(); batch = search.next()) {
    auto const came = getter.get(batch, limits.document_bytes, until);
    for (std::size_t i = 0; i < batch.size(); ++i)
      search.take(batch[i], came[i]);
    if (std::chrono::steady_clock::now() >= until)
      search.stop("the " + std::to_string(wanted.seconds) + " s were over; --time allows more");
  }
  auto made = search.result();
  return {wanted.target,
          "",
          std::to_string(made.requests) + " requests",
          std::move(made.documents),
          std::move(made.advice),
          std::move(made.stopped)};
}

result<discovery_report> search_files(const invocation& call, const discover_options& wanted) {
  auto made = sources::search_folder(wanted.target);
  if (!made) return tl::unexpected(made.error());
  for (auto const& problem : made->unread)
    call.err << "apisync: not read: " << printable(render(problem)) << '\n';
  std::error_code ignored;
  discovery_report report{wanted.target,
                          std::filesystem::canonical(wanted.target, ignored).string(),
                          std::to_string(made->files) + " files read",
                          std::move(made->documents),
                          {},
                          std::move(made->stopped)};
  for (auto const& framework : made->frameworks)
    report.advice.push_back("the code uses " + framework + ": run it and discover its address. " +
                            std::string{sources::advice_for(framework)});
  if (report.advice.empty() && !report.found())
    report.advice.emplace_back("no file here is an OpenAPI document, and no framework is known by "
                               "its manifest: run the service and discover its address");
  return report;
}

exit_status run_discover(const invocation& call, const discover_options& wanted) {
  if (wanted.target.empty() == wanted.check.empty())
    return call.report(wrong_call("give a URL, a host or a folder, or --check FILE"));
  if (!wanted.check.empty())
    return check_sources(call, wanted.check, wanted.format == "json",
                         std::chrono::seconds{wanted.seconds});
  std::error_code ignored;
  result<discovery_report> report = fail(errc::internal, "nothing was searched");
  if (std::filesystem::exists(wanted.target, ignored)) {
    report = search_files(call, wanted);
  } else {
    auto target = sources::parse_target(wanted.target);
    if (!target) return call.report(target.error());
    report = search_network(std::move(*target), wanted);
  }
  if (!report) return call.report(report.error());
  if (wanted.format == "json") {
    call.out << to_json(*report).dump(-1, ' ', false,
                                      nlohmann::ordered_json::error_handler_t::replace)
             << '\n';
  } else {
    call.out << configuration_of(*report);
    for (auto const& advice : report->advice)
      call.err << "apisync: " << printable(advice) << '\n';
  }
  return report->found() ? exit_status::good : exit_status::bad_news;
}

} // namespace

void add_discover_command(CLI::App& app, invocation& call) {
  auto* const discover = app.add_subcommand(
      "discover", "Find the document of a running service or a code base, as a configuration");
  auto const wanted = std::make_shared<discover_options>();
  discover->add_option("TARGET", wanted->target, "A URL, HOST, HOST:PORT or a folder");
  discover->add_option("--check", wanted->check,
                       "Try all sources of a configuration, or all URLs of a list, once");
  discover->add_option("--format", wanted->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  discover->add_option("--requests", wanted->requests, "Requests at most (250)")
      ->check(CLI::Range(1, 5'000));
  discover->add_option("--time", wanted->seconds, "Seconds at most (60)")
      ->check(CLI::Range(1, 600));
  discover->callback(
      [&call, wanted] { call.action = [&call, wanted] { return run_discover(call, *wanted); }; });
}

} // namespace apisync::tools
