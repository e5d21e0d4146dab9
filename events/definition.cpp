#include "events/definition.hpp"

#include "events/judging.hpp"
#include "events/secret_reference.hpp"

#include <algorithm>

namespace apisync::events {

using namespace std::chrono_literals;

std::string_view to_string(source_kind value) {
  switch (value) {
  case source_kind::file:
    return "file";
  case source_kind::http:
    return "http";
  case source_kind::git:
    return "git";
  case source_kind::manual:
    return "manual";
  case source_kind::push:
    return "push";
  }
  return "file";
}

std::string_view to_string(hook_format value) {
  switch (value) {
  case hook_format::github:
    return "github";
  case hook_format::gitlab:
    return "gitlab";
  case hook_format::bitbucket:
    return "bitbucket";
  case hook_format::gitea:
    return "gitea";
  case hook_format::standard:
    return "standard";
  case hook_format::hmac:
    return "hmac";
  }
  return "hmac";
}

std::string_view to_string(source_role value) {
  switch (value) {
  case source_role::authority:
    return "authority";
  case source_role::contributor:
    return "contributor";
  case source_role::observer:
    return "observer";
  }
  return "authority";
}

std::string_view to_string(declared_by value) {
  switch (value) {
  case declared_by::file:
    return "file";
  case declared_by::api:
    return "api";
  case declared_by::folder:
    return "folder";
  }
  return "api";
}

std::string_view to_string(priority value) {
  switch (value) {
  case priority::high:
    return "high";
  case priority::medium:
    return "medium";
  case priority::low:
    return "low";
  }
  return "medium";
}

std::string_view to_string(schedule_kind value) {
  switch (value) {
  case schedule_kind::interval:
    return "interval";
  case schedule_kind::cron:
    return "cron";
  case schedule_kind::change:
    return "change";
  case schedule_kind::once:
    return "once";
  }
  return "interval";
}

std::string_view to_string(outside_references value) {
  switch (value) {
  case outside_references::bundle:
    return "bundle";
  case outside_references::keep:
    return "keep";
  }
  return "bundle";
}

std::string_view to_string(duplicate_names value) {
  return value == duplicate_names::last ? "last" : "refuse";
}

namespace {

template <class T>
result<void> in_range(std::string_view key, T value, T low, T high, std::string_view range) {
  if (value >= low && value <= high) return {};
  return fail(errc::invalid_argument,
              "setting '" + std::string{key} + "' must be " + std::string{range});
}

result<void> missing(std::string_view field, std::string_view kind, std::string where) {
  return fail(errc::invalid_argument,
              "a source of kind '" + std::string{kind} + "' needs '" + std::string{field} + "'",
              std::move(where));
}

/// What the scheduler goes by.
result<void> check_schedule(const settings& values) {
  using ms = std::chrono::milliseconds;
  return in_range("credentialConcurrency", values.credential_concurrency, 1U, 256U, "1 to 256")
      .and_then([&] {
        return in_range("hostRequests", values.host_requests, 0U, 1'000'000U,
                        "0 (no limit) to 1000000");
      })
      .and_then([&] {
        return in_range<ms>("hostWindow", values.host_window, 1s, 24h, "1 second to 24 hours");
      })
      .and_then([&] {
        return in_range<ms>("minInterval", values.min_interval, 1s, 24h * 30,
                            "1 second to 30 days");
      })
      .and_then([&] {
        return in_range<ms>("maxInterval", values.max_interval, values.min_interval, 24h * 30,
                            "between minInterval and 30 days");
      })
      .and_then([&] {
        return in_range("ageingPercent", values.ageing_percent, 0U, 1'000U, "0 to 1000 percent");
      })
      .and_then([&] {
        return in_range("circuitFailures", values.circuit_failures, 1U, 1'000U, "1 to 1000");
      })
      .and_then([&] {
        return in_range<ms>("circuitPause", values.circuit_pause, 1s, 24h, "1 second to 24 hours");
      })
      .and_then(
          [&] { return in_range<ms>("spread", values.spread, 0s, 24h, "0 seconds to 24 hours"); })
      .and_then([&] {
        return in_range<ms>("orphanAfter", values.orphan_after, 1s, 24h * 365,
                            "1 second to 365 days");
      });
}

/// What a source and a job say of an adaptive interval.
template <class Definition>
result<void> check_adaptive(const Definition& of, const std::string& where) {
  const auto good = [](const auto& value) {
    return !value || (*value >= 1s && *value <= 24h * 30);
  };
  if (!good(of.min_interval) || !good(of.max_interval))
    return fail(errc::invalid_argument,
                "'minInterval' and 'maxInterval' must be 1 second to 30 days", where);
  if (of.min_interval && of.max_interval && *of.min_interval > *of.max_interval)
    return fail(errc::invalid_argument, "'minInterval' must not be longer than 'maxInterval'",
                where);
  return {};
}

} // namespace

result<void> check(const settings& values) {
  using ms = std::chrono::milliseconds;
  return in_range("concurrency", values.concurrency, 1U, 256U, "1 to 256")
      .and_then(
          [&] { return in_range("hostConcurrency", values.host_concurrency, 1U, 64U, "1 to 64"); })
      .and_then([&] {
        return in_range<ms>("interval", values.interval, 1s, 24h * 30, "1 second to 30 days");
      })
      .and_then([&] { return in_range("maxRetries", values.max_retries, 0U, 100U, "0 to 100"); })
      .and_then([&] {
        return in_range<ms>("retryBase", values.retry_base, 10ms, 1h, "10 milliseconds to 1 hour");
      })
      .and_then([&] {
        return in_range<ms>("retryCap", values.retry_cap, values.retry_base, 24h,
                            "between retryBase and 24 hours");
      })
      .and_then([&] {
        return in_range<ms>("probeInterval", values.probe_interval, 1s, 24h * 30,
                            "1 second to 30 days");
      })
      .and_then([&] {
        return in_range<std::uint64_t>("documentBytes", values.document_bytes, 1024, 64ULL << 20,
                                       "1 KiB to 64 MiB");
      })
      .and_then([&] {
        return in_range<std::uint64_t>("memoryBudget", values.memory_budget, 1ULL << 20, 1ULL << 40,
                                       "1 MiB to 1 TiB");
      })
      .and_then([&] {
        return in_range("lossPercent", values.loss_percent, 1U, 100U, "1 to 100 percent");
      })
      .and_then([&] { return check_schedule(values); });
}

result<settings> with_values(const settings& values,
                             const std::map<std::string, raw_json>& replaced) {
  auto known = to_json(values);
  std::string text;
  field_writer{text}.write(replaced);
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(text).get(object) != simdjson::SUCCESS)
    return fail(errc::invalid_argument, "settings are not valid JSON");
  for (const auto& [key, value] : replaced)
    if (known.find('"' + key + "\":") == std::string::npos)
      return fail(errc::invalid_argument, "there is no setting '" + key + "'", key);
  auto changed = values;
  field_reader reader{object};
  settings::fields(changed, reader);
  if (reader.problem())
    return fail(errc::invalid_argument, "setting " + reader.problem()->message.substr(6));
  if (auto valid = check(changed); !valid) return tl::unexpected{valid.error()};
  return changed;
}

bool valid_id(std::string_view id) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
  };
  return !id.empty() && id.size() <= 100 && id.front() != '.' && id.front() != '-' &&
         std::all_of(id.begin(), id.end(), plain);
}

namespace {

result<void> check_id(std::string_view what, std::string_view id) {
  if (valid_id(id)) return {};
  return fail(errc::invalid_argument,
              "'" + std::string{id} + "' is no valid id of " + std::string{what} +
                  ": use 1 to 100 letters, digits, '.', '_' or '-', not starting with '.' or '-'");
}

} // namespace

/// What a signature is checked with is named, never written; and a document is pushed only where
/// its delivery's id and time are signed, for an old one would be taken for a new one.
result<void> check_hook(const source_definition& source) {
  const auto where = "source/" + source.id;
  constexpr std::size_t secrets_max = 2; // the present one and its successor
  if (!source.hook) return {};
  const auto& hook = *source.hook;
  if (source.kind == source_kind::manual)
    return fail(errc::invalid_argument, "a source of kind 'manual' has nothing to sync: no 'hook'",
                where);
  const auto named = [](const std::string& text) {
    return text.starts_with("env:") || text.starts_with("file:");
  };
  if (hook.secrets.empty() || hook.secrets.size() > secrets_max ||
      !std::all_of(hook.secrets.begin(), hook.secrets.end(), named))
    return fail(errc::invalid_argument,
                "'hook' needs a 'secret', as env:NAME or file:PATH, or two while one replaces the "
                "other",
                where);
  if (source.kind == source_kind::push && hook.format != hook_format::standard)
    return fail(errc::invalid_argument,
                "the documents of a source of kind 'push' are signed in the format 'standard', "
                "the only one that covers their time",
                where);
  return {};
}

result<void> check_connection(const source_definition& source) {
  if (!source.connection) return {};
  const auto where = "source/" + source.id;
  const auto& of = *source.connection;
  const auto refused = [&](const std::string& why) {
    return fail(errc::invalid_argument, why, where);
  };
  if (source.kind != source_kind::http && source.kind != source_kind::git)
    return refused("'connection' is for sources of kind http and git, and this is of kind " +
                   std::string{to_string(source.kind)});
  for (const auto& [name, length] : {std::pair{"timeout", of.timeout},
                                     {"connectTimeout", of.connect_timeout},
                                     {"stallTimeout", of.stall_timeout}})
    if (length && (*length < 1s || *length > 10min))
      return refused("'" + std::string{name} + "' of 'connection' must be 1 second to 10 minutes");
  if (of.stall_timeout && *of.stall_timeout % 1s != 0s)
    return refused("'stallTimeout' of 'connection' is in whole seconds");
  for (const auto& [name, text] :
       {std::pair{"ca", &of.ca}, {"certificate", &of.certificate}, {"key", &of.key}})
    if (!text->empty() && !is_secret_reference(*text))
      return refused("'" + std::string{name} +
                     "' of 'connection' names where the PEM text stands: file:PATH or env:NAME");
  if (!of.key.empty() && of.certificate.empty())
    return refused("'connection' has a 'key' and no 'certificate' that it belongs to");
  return {};
}

result<void> check(const source_definition& source) {
  const auto where = "source/" + source.id;
  if (auto id = check_id("a source", source.id); !id) return id;
  if (auto api = check_id("an API", source.api); !api) return api;
  switch (source.kind) {
  case source_kind::file:
    if (source.path.empty()) return missing("path", "file", where);
    break;
  case source_kind::http:
    if (!source.url.starts_with("http://") && !source.url.starts_with("https://"))
      return fail(errc::invalid_argument,
                  "a source of kind 'http' needs a 'url' that starts with "
                  "http:// or https://",
                  where);
    break;
  case source_kind::git:
    if (source.url.empty()) return missing("url", "git", where);
    if (source.path.empty()) return missing("path", "git", where);
    break;
  case source_kind::manual:
  case source_kind::push:
    break;
  }
  if (auto hook = check_hook(source); !hook) return hook;
  if (auto connection = check_connection(source); !connection) return connection;
  if (source.interval && (*source.interval < 1s || *source.interval > 24h * 30))
    return fail(errc::invalid_argument, "'interval' must be 1 second to 30 days", where);
  if (source.history > 10'000)
    return fail(errc::invalid_argument, "'history' must be 0 to 10000 commits", where);
  if (source.after.size() > 100)
    return fail(errc::invalid_argument, "'after' names more than 100 sources and APIs", where);
  for (const auto& id : source.after)
    if (!valid_id(id))
      return fail(errc::invalid_argument,
                  "'after' names '" + id + "', which is not the id of a source or an API", where);
  return check_adaptive(source, where);
}

result<void> check(const job_definition& job) {
  const auto where = "job/" + job.id;
  if (auto id = check_id("a job", job.id); !id) return id;
  if (auto source = check_id("a source", job.source); !source) return source;
  if (job.max_retries > 100)
    return fail(errc::invalid_argument, "'maxRetries' must be 0 to 100", where);
  if (job.interval && (*job.interval < 1s || *job.interval > 24h * 30))
    return fail(errc::invalid_argument, "'interval' must be 1 second to 30 days", where);
  if ((job.schedule == schedule_kind::cron) == job.cron.empty())
    return fail(errc::invalid_argument, "'cron' goes with the schedule 'cron', and with no other",
                where);
  return check_adaptive(job, where);
}

result<void> check(const api_definition& api) {
  if (auto good = check_id("an API", api.id); !good) return good;
  if (api.compatibility)
    if (auto good = check_compatibility(*api.compatibility); !good) return good;
  return check(api.overlays);
}

job_definition default_job(const source_definition& source, const settings& values) {
  job_definition job;
  job.id = source.id;
  job.source = source.id;
  job.priority = source.priority;
  job.max_retries = source.max_retries.value_or(values.max_retries);
  job.schedule = schedule_kind::interval;
  job.interval = source.interval;
  job.adaptive = source.adaptive;
  job.min_interval = source.min_interval;
  job.max_interval = source.max_interval;
  job.declared = source.declared;
  return job;
}

} // namespace apisync::events
