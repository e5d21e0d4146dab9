#include "events/event.hpp"

#include <utility>

namespace apisync::events {

namespace {

std::int64_t microseconds(timestamp time) {
  return time.time_since_epoch().count();
}
timestamp from_microseconds(std::int64_t count) {
  return timestamp{std::chrono::microseconds{count}};
}

std::string rows_to_json(const syncs_started& event) {
  std::string out = "{\"rows\":[";
  for (bool first = true; const auto& row : event.rows) {
    if (!std::exchange(first, false)) out += ',';
    out += '[' + std::to_string(row.job) + ',' + std::to_string(microseconds(row.started)) + ']';
  }
  return out + "]}";
}

std::string rows_to_json(const syncs_unchanged& event) {
  std::string out = "{\"rows\":[";
  for (bool first = true; const auto& row : event.rows) {
    if (!std::exchange(first, false)) out += ',';
    out += '[' + std::to_string(row.job) + ',' + std::to_string(microseconds(row.ended)) + ',' +
           std::to_string(row.duration.count()) + ',';
    write_string(out, row.reason);
    out += ',' + std::to_string(row.next_attempt ? microseconds(*row.next_attempt) : 0) + ']';
  }
  return out + "]}";
}

/// Reads the elements of a row in turn; `good` turns false at the first that is missing or
/// mistyped.
class row_reader {
public:
  explicit row_reader(simdjson::dom::element row) {
    simdjson::dom::array items;
    good_ = row.get(items) == simdjson::SUCCESS;
    if (good_) {
      at_ = items.begin();
      end_ = items.end();
    }
  }

  std::int64_t integer() {
    std::int64_t value = 0;
    if (auto item = next()) good_ = item->get(value) == simdjson::SUCCESS;
    return value;
  }

  std::string_view text() {
    std::string_view value;
    if (auto item = next()) good_ = item->get(value) == simdjson::SUCCESS;
    return value;
  }

  [[nodiscard]] bool good() const { return good_; }

private:
  std::optional<simdjson::dom::element> next() {
    if (!good_) return std::nullopt;
    if (!(at_ != end_)) {
      good_ = false;
      return std::nullopt;
    }
    auto item = *at_;
    ++at_;
    return item;
  }

  simdjson::dom::array::iterator at_, end_;
  bool good_ = false;
};

bool read_row(simdjson::dom::element json, start_row& row) {
  row_reader reader{json};
  const auto job = reader.integer();
  row.started = from_microseconds(reader.integer());
  if (!reader.good() || !std::in_range<std::uint32_t>(job)) return false;
  row.job = static_cast<std::uint32_t>(job);
  return true;
}

bool read_row(simdjson::dom::element json, unchanged_row& row) {
  row_reader reader{json};
  const auto job = reader.integer();
  row.ended = from_microseconds(reader.integer());
  row.duration = std::chrono::microseconds{reader.integer()};
  row.reason = reader.text();
  const auto next = reader.integer();
  if (next != 0) row.next_attempt = from_microseconds(next);
  if (!reader.good() || !std::in_range<std::uint32_t>(job)) return false;
  row.job = static_cast<std::uint32_t>(job);
  return true;
}

template <class Event>
concept has_rows = requires(Event& event) {
  event.rows;
};

template <has_rows Event>
result<void> read_event(simdjson::dom::object data, Event& into) {
  simdjson::dom::array rows;
  if (data["rows"].get(rows) != simdjson::SUCCESS)
    return fail(errc::corrupt, "field 'rows' is missing or not an array");
  into.rows.reserve(rows.size());
  for (auto row : rows)
    if (!read_row(row, into.rows.emplace_back()))
      return fail(errc::corrupt,
                  "row " + std::to_string(into.rows.size()) + " is not as described");
  return {};
}

template <class Event>
result<void> read_event(simdjson::dom::object data, Event& into) {
  return read_json(data, into);
}

/// Tries the alternatives of one group by their names.
template <class Group>
result<void> decode_as(const record_view& record, any_event& into) {
  auto attempt = [&]<std::size_t I>(std::integral_constant<std::size_t, I>,
                                    auto&& next) -> result<void> {
    if constexpr (I == std::variant_size_v<Group>) {
      return fail(errc::corrupt, "no event of this type is known; a newer version wrote it");
    } else {
      using event = std::variant_alternative_t<I, Group>;
      if (record.type != event::type)
        return next(std::integral_constant<std::size_t, I + 1>{}, next);
      if (record.type_version > event::schema)
        return fail(errc::corrupt, "schema version " + std::to_string(record.type_version) +
                                       " is newer than this program knows (" +
                                       std::to_string(event::schema) + ")");
      return read_event(record.data, into.emplace<Group>().template emplace<event>());
    }
  };
  return attempt(std::integral_constant<std::size_t, 0>{}, attempt);
}

template <class Group>
draft encode_group(std::string stream, const Group& group) {
  return std::visit(
      [&]<class Event>(const Event& event) {
        draft out{std::move(stream), std::string{Event::type}, Event::schema, {}};
        if constexpr (has_rows<Event>)
          out.data = rows_to_json(event);
        else
          out.data = to_json(event);
        return out;
      },
      group);
}

} // namespace

std::string_view to_string(engine_mode value) {
  switch (value) {
  case engine_mode::stopped:
    return "stopped";
  case engine_mode::running:
    return "running";
  case engine_mode::paused:
    return "paused";
  case engine_mode::stopping:
    return "stopping";
  }
  return "stopped";
}

std::string_view to_string(failure_kind value) {
  switch (value) {
  case failure_kind::transient:
    return "transient";
  case failure_kind::permanent:
    return "permanent";
  case failure_kind::auth:
    return "auth";
  case failure_kind::gone:
    return "gone";
  }
  return "transient";
}

std::string_view to_string(change_level value) {
  switch (value) {
  case change_level::error:
    return "error";
  case change_level::warning:
    return "warning";
  case change_level::info:
    return "info";
  }
  return "info";
}

draft encode(std::string stream, const engine_event& event) {
  return encode_group(std::move(stream), event);
}
draft encode(std::string stream, const scheduler_event& event) {
  return encode_group(std::move(stream), event);
}
draft encode(std::string stream, const source_event& event) {
  return encode_group(std::move(stream), event);
}
draft encode(std::string stream, const job_event& event) {
  return encode_group(std::move(stream), event);
}
draft encode(std::string stream, const api_event& event) {
  return encode_group(std::move(stream), event);
}
draft encode(std::string stream, const webhook_event& event) {
  return encode_group(std::move(stream), event);
}

draft encode(std::string stream, const target_event& event) {
  return encode_group(std::move(stream), event);
}

stream_name split_stream(std::string_view stream) {
  const auto slash = stream.find('/');
  if (slash == std::string_view::npos) return {stream, {}};
  return {stream.substr(0, slash), stream.substr(slash + 1)};
}

result<any_event> decode(const record_view& record) {
  result<any_event> event{};
  const auto kind = split_stream(record.stream).kind;
  const auto decoded = kind == "engine"      ? decode_as<engine_event>(record, *event)
                       : kind == "scheduler" ? decode_as<scheduler_event>(record, *event)
                       : kind == "source"    ? decode_as<source_event>(record, *event)
                       : kind == "job"       ? decode_as<job_event>(record, *event)
                       : kind == "api"       ? decode_as<api_event>(record, *event)
                       : kind == "webhook"   ? decode_as<webhook_event>(record, *event)
                       : kind == "target"
                           ? decode_as<target_event>(record, *event)
                           : result<void>{fail(errc::corrupt, "no stream of this kind is known")};
  if (decoded) return event;
  auto problem = decoded.error();
  problem.where = "record " + std::to_string(record.sequence) + " (" + std::string{record.type} +
                  " on " + std::string{record.stream} + ")";
  return tl::unexpected{std::move(problem)};
}

} // namespace apisync::events
