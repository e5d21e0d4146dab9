#include "events/hosts.hpp"

#include "events/json_object.hpp"

#include <map>

namespace apisync::events {

std::vector<host_row> hosts(const views& in) {
  std::map<std::string, host_row, std::less<>> found;
  in.each_source([&](const source_state& source) {
    if (auto name = host_of(source.definition); !name.empty()) ++found[std::move(name)].sources;
  });
  in.each_host([&](std::string_view name, const host_state& state) {
    found[std::string{name}].state = state;
  });
  std::vector<host_row> out;
  out.reserve(found.size());
  for (auto& [name, row] : found) {
    row.name = name;
    out.push_back(std::move(row));
  }
  return out;
}

std::optional<host_row> find_host(const views& in, std::string_view name) {
  host_row row{std::string{name}, 0, {}};
  in.each_source(
      [&](const source_state& source) { row.sources += host_of(source.definition) == name; });
  const auto* state = in.host(name);
  if (state != nullptr) row.state = *state;
  if (row.sources == 0 && state == nullptr) return std::nullopt;
  return row;
}

namespace {

written_json outage_json(const std::optional<host_outage>& outage) {
  if (!outage) return {};
  json_object out;
  out.member("since", outage->since)
      .member("until", outage->until)
      .member("failures", outage->failures)
      .member("openings", outage->openings)
      .member("reason", outage->reason);
  return out.finish();
}

} // namespace

std::string_view state_of(const host_row& host) {
  if (host.state.paused) return "paused";
  return host.state.outage ? "broken" : "ready";
}

std::string host_json(const host_row& of) {
  json_object out;
  out.member("id", of.name)
      .member("state", std::string{state_of(of)})
      .member("sources", of.sources)
      .member("paused", of.state.paused)
      .member("outage", outage_json(of.state.outage));
  return out.finish().text;
}

} // namespace apisync::events
