#include "admin/api_routes.hpp"
#include "admin/event_stream.hpp"

#include <charconv>
#include <limits>

namespace apisync::admin {
namespace {

constexpr auto sequence_most = std::numeric_limits<std::uint64_t>::max() - 1;

result<std::optional<events::timestamp>> parse_time(const request& asked, std::string_view name) {
  auto const text = asked.query(name);
  if (!text) return std::nullopt;
  auto const time = events::parse_rfc3339(*text);
  if (!time)
    return fail(errc::invalid_argument,
                std::string{name} + " must be a time such as 2026-11-23T08:00:00Z",
                std::string{name});
  return *time;
}

/// `after`, `stream`, `type`, `from` and `to`.
result<storage::read_filter> parse_filter(const request& asked) {
  storage::read_filter filter;
  auto const after = parse_number(asked, "after", 0, sequence_most);
  if (!after) return tl::unexpected{after.error()};
  filter.after = after->value_or(0);
  if (auto const stream = asked.query("stream")) filter.stream = *stream;
  if (auto const type = asked.query("type")) filter.type = *type;
  auto const from = parse_time(asked, "from");
  if (!from) return tl::unexpected{from.error()};
  filter.from = *from;
  auto const to = parse_time(asked, "to");
  if (!to) return tl::unexpected{to.error()};
  filter.to = *to;
  return filter;
}

result<response> list(const api_context& in, const request& asked) {
  auto filter = parse_filter(asked);
  if (!filter) return tl::unexpected{filter.error()};
  auto const page = parse_page(asked);
  if (!page) return tl::unexpected{page.error()};
  auto const* const cursor = page->after.data();
  events::sequence last = 0;
  std::from_chars(cursor, cursor + page->after.size(), last);
  filter->after = std::max(filter->after, last);
  filter->up_to = in.now()->at();
  std::vector<list_item> items;
  auto const read = in.service().log().read(*filter, [&](const events::record_view& record) {
    items.push_back({std::to_string(record.sequence), event_json(record)});
    return items.size() <= page->limit;
  });
  if (!read) return tl::unexpected{read.error()};
  return list_answer(std::move(items), page->limit, *filter->up_to);
}

/// Where a reader left off, from `Last-Event-ID`.
result<std::optional<events::sequence>> last_event(const request& asked) {
  auto const text = asked.headers.get("Last-Event-ID");
  if (text.empty()) return std::nullopt;
  events::sequence last = 0;
  auto const [stop, status] = std::from_chars(text.data(), text.data() + text.size(), last);
  if (status != std::errc{} || stop != text.data() + text.size())
    return fail(errc::invalid_argument, "Last-Event-ID must be the id of an event of this stream",
                "Last-Event-ID");
  return last;
}

result<response> stream(const api_context& in, const request& asked) {
  auto filter = parse_filter(asked);
  if (!filter) return tl::unexpected{filter.error()};
  auto const last = last_event(asked);
  if (!last) return tl::unexpected{last.error()};
  if (*last) filter->after = **last;
  response answer;
  answer.content_type = "text/event-stream";
  answer.headers.set("Cache-Control", "no-store");
  answer.stream = stream_events(in.service().log(), std::move(*filter), in.options().pause);
  return answer;
}

} // namespace

void add_event_routes(route_list& routes, const api_context& in) {
  query_parameter const after{"after", "integer", "Only those after this sequence."};
  query_parameter const of_stream{"stream", "string", "Only those of this stream: api/billing."};
  query_parameter const type{"type", "string", "Only those of this type."};
  routes.push_back({.method = "GET",
                    .path = "/v1/events",
                    .operation_id = "listEvents",
                    .summary = "Everything that happened, in the order of the log",
                    .tag = "audit",
                    .answer = {"Event", answer_shape::kind::list},
                    .query = {after,
                              of_stream,
                              type,
                              {"from", "string", "Only those at or after this time."},
                              {"to", "string", "Only those before this time."}},
                    .handler = handled(in, list)});
  routes.push_back({.method = "GET",
                    .path = "/v1/events/stream",
                    .operation_id = "streamEvents",
                    .summary = "The same as server-sent events, going on as things happen",
                    .tag = "audit",
                    .answer = {"Event", answer_shape::kind::events, "text/event-stream"},
                    .query = {after, of_stream, type},
                    .handler = handled(in, stream)});
}

} // namespace apisync::admin
