#include "events/host_state.hpp"

#include <algorithm>
#include <cctype>

namespace apisync::events {

void apply(host_state& state, const host_paused&, timestamp) {
  state.paused = true;
}

void apply(host_state& state, const host_resumed&, timestamp) {
  state.paused = false;
}

void apply(host_state& state, const host_circuit_opened& fact, timestamp when) {
  const auto since = state.outage ? state.outage->since : when;
  state.outage = {since, fact.until, fact.failures, fact.openings, fact.reason};
}

void apply(host_state& state, const host_circuit_closed&, timestamp) {
  state.outage.reset();
}

std::string host_of(const source_definition& source) {
  if (source.kind != source_kind::http && source.kind != source_kind::git) return {};
  std::string host;
  if (const auto scheme = source.url.find("://"); scheme != std::string::npos) {
    if (source.url.starts_with("file:")) return {};
    host = source.url.substr(scheme + 3);
    host.resize(std::min(host.size(), host.find_first_of("/?#")));
  } else { // `git@HOST:PATH`, else a repository on this machine
    const auto colon = source.url.find(':');
    const auto user = source.url.find('@');
    if (user == std::string::npos || colon == std::string::npos || colon < user ||
        source.url.find('/') < colon)
      return {};
    host = source.url.substr(0, colon);
  }
  if (const auto user = host.rfind('@'); user != std::string::npos) host.erase(0, user + 1);
  std::transform(host.begin(), host.end(), host.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return host;
}

std::string credential_of(const source_definition& source) {
  std::string names;
  for (const auto& [header, value] : source.headers)
    if (value.starts_with("env:") || value.starts_with("file:"))
      names += (names.empty() ? "" : " ") + value;
  return names;
}

} // namespace apisync::events
