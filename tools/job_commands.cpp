#include "events/duration.hpp"
#include "tools/service_command.hpp"
#include "tools/service_commands.hpp"

#include <ostream>

namespace apisync::tools {
namespace {

struct job_options {
  std::string id, source, priority, interval, cron, schedule;
  int max_retries = -1;
};

result<json> definition_of(const job_options& given) {
  json body{{"id", given.id}, {"sourceId", given.source}};
  if (!given.interval.empty() && !given.cron.empty())
    return tl::unexpected(wrong_call("a job has an --interval or a --cron, not both"));
  if (!given.interval.empty()) {
    auto const interval = events::parse_duration(given.interval);
    if (!interval) return tl::unexpected(interval.error());
    body["schedule"] = "interval";
    body["interval"] = interval->count();
  }
  if (!given.cron.empty()) body.update({{"schedule", "cron"}, {"cron", given.cron}});
  if (!given.schedule.empty()) body["schedule"] = given.schedule;
  if (!given.priority.empty()) body["priority"] = given.priority;
  if (given.max_retries >= 0) body["maxRetries"] = given.max_retries;
  return body;
}

void add_add(CLI::App& parent, invocation& call) {
  service_command const add{parent, call, "add", "Order syncs of a source"};
  auto const given = std::make_shared<job_options>();
  auto& app = add.app();
  app.add_option("JOB", given->id, "The id of the new job")->required();
  app.add_option("--source", given->source, "The source to sync")->required();
  app.add_option("--priority", given->priority, "high, medium or low")
      ->check(CLI::IsMember({"high", "medium", "low"}));
  app.add_option("--interval", given->interval, "Between syncs, as 30s or 5m");
  app.add_option("--cron", given->cron, "Five fields, UTC, as \"0 6 * * *\"");
  app.add_option("--schedule", given->schedule, "interval, cron, change or once")
      ->check(CLI::IsMember({"interval", "cron", "change", "once"}));
  app.add_option("--max-retries", given->max_retries, "Before the job counts as failed")
      ->check(CLI::Range(0, 100));
  add.asks(
      [given]() -> result<api_call> {
        auto const body = definition_of(*given);
        if (!body) return tl::unexpected(body.error());
        return api_call{.method = "POST",
                        .path = "/v1/jobs",
                        .body = body->dump(),
                        .content_type = "application/json"};
      },
      print_facts);
}

} // namespace

void add_job_commands(CLI::App& app, invocation& call) {
  auto* const job = app.add_subcommand("job", "Orders to sync a source");
  job->require_subcommand(1);

  service_command const list{*job, call, "list", "All jobs and how they stand"};
  auto const source = std::make_shared<std::string>();
  auto const status = std::make_shared<std::string>();
  list.takes("--source", source, "Only those of this source")
      .takes("--status", status, "pending, running, completed or failed")
      .takes_past();
  list.lists(
      [source, status]() -> result<api_call> {
        api_call asked{.path = "/v1/jobs"};
        if (!source->empty()) asked.query.emplace_back("source", *source);
        if (!status->empty()) asked.query.emplace_back("status", *status);
        return asked;
      },
      {member("JOB", "id"), member("SOURCE", "sourceId"), member("PRIORITY", "priority"),
       mood("STATUS", "status"), member("RETRIES", "retryCount"),
       when("LAST ATTEMPT", "lastAttempt"), when("NEXT", "nextAttempt")},
      "no jobs: every source has one, so there are no sources either");

  auto const id = std::make_shared<std::string>();
  service_command const show{*job, call, "show", "One job, in full"};
  show.takes("JOB", id, "The id of the job", true).takes_past();
  show.asks(
      [id]() -> result<api_call> {
        return api_call{.path = path_of({"v1", "jobs", *id})};
      },
      print_facts);
  add_add(*job, call);
  service_command const remove{*job, call, "remove", "Remove a job; a running sync ends first"};
  remove.takes("JOB", id, "The id of the job", true);
  remove.asks(
      [id]() -> result<api_call> {
        return api_call{.method = "DELETE", .path = path_of({"v1", "jobs", *id})};
      },
      [](const json& answer, const invocation& to) {
        to.out << "job " << text_of(answer, "id") << " removed\n";
      });
}

} // namespace apisync::tools
