#pragma once

#include "events/event.hpp"
#include "events/views.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

namespace apisync::events::testing {

inline timestamp at(std::string_view time) {
  return *parse_rfc3339(time);
}

/// The text of one record, parsed.
class parsed_record {
public:
  explicit parsed_record(const std::string& text) : text_{text} {
    simdjson::dom::element json;
    REQUIRE(parser_.parse(text_).get(json) == simdjson::SUCCESS);
    auto read = read_record(json);
    REQUIRE(read);
    view_ = *read;
  }
  [[nodiscard]] const record_view& view() const { return view_; }

private:
  simdjson::padded_string text_;
  simdjson::dom::parser parser_;
  record_view view_;
};

/// Records as text, one after the other, folded into views as they would be read from a log.
class log_writer {
public:
  /// The clock of the records to come.
  timestamp now = at("2026-11-23T08:00:00Z");

  template <class Group>
  void append(std::string stream, const Group& event, const std::string& by = "system") {
    std::string text;
    origin from;
    from.by = by;
    write_record(text, views_.at() + 1, ++versions_[stream], now, from,
                 encode(std::move(stream), event));
    const parsed_record record{text};
    const auto folded = views_.apply(record.view());
    if (!folded) FAIL(render(folded.error()));
    records_.push_back(std::move(text));
  }

  void engine(const engine_event& event) { append("engine", event); }
  void scheduler(const scheduler_event& event) { append("scheduler", event); }
  void source(const std::string& id, const source_event& event) { append("source/" + id, event); }
  void job(const std::string& id, const job_event& event) { append("job/" + id, event); }
  void api(const std::string& id, const api_event& event, const std::string& by = "system") {
    append("api/" + id, event, by);
  }

  void webhook(const std::string& id, const webhook_event& event) {
    append("webhook/" + id, event);
  }

  void target(const std::string& id, const target_event& event) { append("target/" + id, event); }

  /// An API with a file source and that source's own job.
  void declare(const std::string& id, std::uint32_t number) {
    api_definition api;
    api.id = id;
    this->api(id, api_added{api});
    source_definition source;
    source.id = id + "-file";
    source.api = id;
    source.path = id + ".yaml";
    this->source(source.id, source_added{source});
    job(source.id, job_added{number, default_job(source, settings{}), now});
  }

  [[nodiscard]] const views& folded() const { return views_; }
  [[nodiscard]] const std::vector<std::string>& records() const { return records_; }

private:
  views views_;
  std::vector<std::string> records_;
  std::map<std::string, std::uint64_t> versions_;
};

} // namespace apisync::events::testing
