#include "tools/bench_mix.hpp"

#include <cstring>

namespace apisync::tools {
namespace {

using std::chrono::microseconds;

constexpr events::timestamp began{std::chrono::seconds{1'795'000'000}};

// Of a thousand events; those that stand alone are in the order of `event_mix::record`.
constexpr std::uint64_t whole = 1'000;
constexpr std::uint64_t starts = 350;
constexpr std::uint64_t unchanged = 350;
constexpr std::uint64_t alone = whole - starts - unchanged;
constexpr std::uint64_t changed_until = 60;
constexpr std::uint64_t seen_until = 120;
constexpr std::uint64_t failed_until = 160;
constexpr std::uint64_t quarantines_until = 170;
constexpr std::uint64_t ended_badly_until = 180;
constexpr std::uint64_t bases_until = 240;
constexpr std::uint64_t revisions_until = 270;
constexpr std::uint64_t texts_until = 290;

events::change typical_change(const char* rule, events::change_level level,
                              const std::string& path) {
  return {rule,
          level,
          "/paths/" + path + "/get/parameters/2",
          "the parameter `page` of " + path + " became required",
          {"GET " + path + " request"}};
}

} // namespace

std::string mixed_id(std::uint32_t number) {
  return "service-" + std::to_string(number);
}

events::revision_added typical_revision(std::uint64_t number, const digest& text) {
  events::revision_added made;
  made.number = number;
  made.parent = number - 1;
  made.content = made.canonical = made.text = text;
  made.format = "yaml";
  made.title = "Billing";
  made.api_version = "1." + std::to_string(number);
  made.openapi = "3.0.3";
  made.operations = 40;
  made.verdict = "breaking";
  made.counts = {1, 0, 2};
  made.changes = {
      typical_change("request-parameter-became-required", events::change_level::error, "/invoices"),
      typical_change("endpoint-added", events::change_level::info, "/refunds"),
      typical_change("response-property-added", events::change_level::info, "/invoices/{id}")};
  return made;
}

event_mix::event_mix(std::uint32_t sources, std::uint64_t seed)
    : sources_{sources},
      random_{seed},
      now_{began},
      revisions_(sources),
      open_conflicts_(sources) {}

std::vector<events::draft> event_mix::declarations() const {
  std::vector<events::draft> drafts;
  for (std::uint32_t i = 0; i < sources_; ++i) {
    auto const id = mixed_id(i);
    events::api_definition api;
    api.id = id;
    drafts.push_back(encode("api/" + id, events::api_added{api}));
    events::source_definition source;
    source.id = id;
    source.api = id;
    source.kind = events::source_kind::http;
    source.url = "https://" + id + ".example.com/openapi.json";
    drafts.push_back(encode("source/" + id, events::source_added{source}));
    auto const job = events::default_job(source, {});
    drafts.push_back(encode("job/" + id, events::job_added{i + 1, job, began}));
  }
  return drafts;
}

std::vector<events::draft> event_mix::next(std::uint32_t count) {
  events::syncs_started started;
  events::syncs_unchanged ended;
  std::vector<events::draft> drafts;
  for (std::uint32_t i = 0; i < count; ++i) {
    pass_time();
    auto const source = static_cast<std::uint32_t>(below(sources_));
    auto const kind = below(whole);
    if (kind < starts)
      started.rows.push_back({source + 1, now_});
    else if (kind < starts + unchanged)
      ended.rows.push_back({source + 1, now_, microseconds{20'000 + below(90'000)},
                            below(20) == 0 ? "noise" : "same", now_ + std::chrono::seconds{30}});
    else
      drafts.push_back(record(source));
  }
  if (!started.rows.empty()) drafts.push_back(encode("scheduler", started));
  if (!ended.rows.empty()) drafts.push_back(encode("scheduler", ended));
  return drafts;
}

void event_mix::pass_time() {
  now_ += microseconds{500 + below(1'000)};
}

digest event_mix::random_digest() {
  digest made;
  for (std::size_t at = 0; at < made.bytes.size(); at += sizeof(std::uint64_t)) {
    auto const piece = random_();
    std::memcpy(made.bytes.data() + at, &piece, sizeof piece);
  }
  return made;
}

events::sync_end event_mix::end_of_sync() {
  return {now_, microseconds{20'000 + below(90'000)}, now_ + std::chrono::seconds{30}};
}

events::draft event_mix::record(std::uint32_t source) {
  auto const id = mixed_id(source);
  auto const kind = below(alone);
  if (kind < changed_until)
    return encode("job/" + id, events::sync_changed{end_of_sync(), revisions_[source] + 1, 0});
  if (kind < seen_until) {
    events::source_seen seen;
    seen.etag = "\"6553f100-" + std::to_string(below(100'000)) + "\"";
    seen.bytes_hash = random_digest().hex();
    seen.size = 20'000 + below(10'000);
    return encode("source/" + id, seen);
  }
  if (kind < failed_until)
    return encode("job/" + id, events::sync_failed{end_of_sync(), events::failure_kind::transient,
                                                   "the server answered 503",
                                                   "https://" + id + ".example.com/openapi.json",
                                                   static_cast<std::uint32_t>(below(3)), false, 0});
  if (kind < quarantines_until) {
    if (below(2) == 0) return encode("source/" + id, events::source_released{});
    return encode("source/" + id, events::source_quarantined{random_digest().hex(),
                                                             "this is HTML, not OpenAPI", "1:1"});
  }
  if (kind < ended_badly_until) {
    if (below(2) == 0)
      return encode("job/" + id, events::sync_interrupted{end_of_sync(), "shutdown"});
    return encode("job/" + id,
                  events::sync_quarantined{end_of_sync(), "this is HTML, not OpenAPI", "1:1"});
  }
  return api_record(source, kind);
}

events::draft event_mix::api_record(std::uint32_t source, std::uint64_t kind) {
  auto const id = mixed_id(source);
  auto const stream = "api/" + id;
  auto& revisions = revisions_[source];
  if (kind < bases_until) {
    events::base_moved moved;
    moved.source = id;
    moved.text = moved.content = moved.canonical = random_digest();
    moved.operations = 40;
    return encode(stream, moved);
  }
  if (kind < revisions_until || revisions == 0)
    return encode(stream, typical_revision(++revisions, random_digest()));
  if (kind < texts_until)
    return encode(stream,
                  events::text_followed{revisions, random_digest(), random_digest(), "yaml", id});
  auto& open = open_conflicts_[source];
  if (!open.empty())
    return encode(stream, events::conflict_resolved{std::exchange(open, {}),
                                                    "/info/title",
                                                    id,
                                                    "current",
                                                    "",
                                                    "agreed with the team",
                                                    {},
                                                    {},
                                                    {}});
  open = "c" + std::to_string(below(1U << 30U));
  events::conflict_detail conflict;
  conflict.id = open;
  conflict.source = id;
  conflict.pointer = conflict.path = "/info/title";
  conflict.kind = "edit/edit";
  conflict.base = events::raw_json{R"("Billing")"};
  conflict.current = events::raw_json{R"("Billing API")"};
  conflict.incoming = events::raw_json{R"("Invoices")"};
  return encode(stream, events::conflict_opened{conflict, {}});
}

} // namespace apisync::tools
