#include "sources/address_policy.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <utility>

namespace apisync::sources {

namespace {

struct registered {
  const char* block;
  address_class found;
};

// The first match counts. Azure's wire server (168.63.129.16) and Alibaba's metadata address lie in
// blocks that say otherwise.
constexpr std::array registry{
    registered{"169.254.169.254/32", address_class::metadata},
    registered{"169.254.170.2/32", address_class::metadata},
    registered{"169.254.170.23/32", address_class::metadata},
    registered{"168.63.129.16/32", address_class::metadata},
    registered{"100.100.100.200/32", address_class::metadata},
    registered{"192.0.0.192/32", address_class::metadata},
    registered{"fd00:ec2::/32", address_class::metadata},
    registered{"fd20:ce::254/128", address_class::metadata},
    registered{"0.0.0.0/8", address_class::unspecified},
    registered{"127.0.0.0/8", address_class::loopback},
    registered{"10.0.0.0/8", address_class::private_network},
    registered{"172.16.0.0/12", address_class::private_network},
    registered{"192.168.0.0/16", address_class::private_network},
    registered{"169.254.0.0/16", address_class::link_local},
    registered{"100.64.0.0/10", address_class::shared},
    registered{"192.0.0.0/24", address_class::reserved},
    registered{"192.0.2.0/24", address_class::reserved},
    registered{"198.18.0.0/15", address_class::reserved},
    registered{"198.51.100.0/24", address_class::reserved},
    registered{"203.0.113.0/24", address_class::reserved},
    registered{"224.0.0.0/4", address_class::multicast},
    registered{"240.0.0.0/4", address_class::reserved},
    registered{"::/128", address_class::unspecified},
    registered{"::1/128", address_class::loopback},
    registered{"::/96", address_class::reserved},
    registered{"64:ff9b:1::/48", address_class::reserved},
    registered{"100::/64", address_class::reserved},
    registered{"2001::/23", address_class::reserved},
    registered{"2001:db8::/32", address_class::reserved},
    registered{"fc00::/7", address_class::private_network},
    registered{"fe80::/10", address_class::link_local},
    registered{"fec0::/10", address_class::private_network},
    registered{"ff00::/8", address_class::multicast},
};

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::ranges::transform(lowered, lowered.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lowered;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, code] = std::from_chars(text.begin(), text.end(), port);
  if (code != std::errc() || end != text.end() || port == 0 || port > 65'535) return std::nullopt;
  return static_cast<std::uint16_t>(port);
}

std::optional<address_class> allowable_class(std::string_view word) {
  for (const auto value : {address_class::loopback, address_class::private_network,
                           address_class::link_local, address_class::shared})
    if (word == to_string(value)) return value;
  return std::nullopt;
}

bool is_host_name(std::string_view text) {
  return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_';
  });
}

std::string with_port(const ip_endpoint& endpoint) {
  const auto text = endpoint.address.text();
  return (endpoint.address.v4 ? text : "[" + text + "]") + ":" + std::to_string(endpoint.port);
}

} // namespace

std::string_view to_string(address_class value) {
  switch (value) {
  case address_class::public_internet:
    return "public";
  case address_class::loopback:
    return "loopback";
  case address_class::private_network:
    return "private";
  case address_class::link_local:
    return "link-local";
  case address_class::shared:
    return "shared";
  case address_class::metadata:
    return "metadata";
  case address_class::unspecified:
    return "unspecified";
  case address_class::multicast:
    return "multicast";
  case address_class::reserved:
    return "reserved";
  }
  return "unknown";
}

address_class classify(const ip_address& address) {
  static const auto blocks = [] {
    std::vector<std::pair<ip_block, address_class>> parsed;
    parsed.reserve(registry.size());
    for (const auto& row : registry)
      parsed.emplace_back(*ip_block::parse(row.block), row.found);
    return parsed;
  }();
  const ip_address reached = address.embedded_v4().value_or(address);
  const auto row = std::ranges::find_if(
      blocks, [&](const auto& candidate) { return candidate.first.contains(reached); });
  return row == blocks.end() ? address_class::public_internet : row->second;
}

result<address_policy::entry> address_policy::parse_entry(std::string_view text) {
  entry made;
  if (const auto whole = allowable_class(text)) {
    made.type = entry::kind::whole_class;
    made.whole = *whole;
    return made;
  }
  std::string_view host = text;
  std::string_view port;
  if (const auto bracket = text.find(']'); text.starts_with('[')) {
    if (bracket == std::string_view::npos ||
        (bracket + 1 < text.size() && text[bracket + 1] != ':'))
      return fail(errc::invalid_argument, "an address in brackets is written [::1] or [::1]:8080");
    host = text.substr(1, bracket - 1);
    if (bracket + 1 < text.size()) port = text.substr(bracket + 2);
  } else if (std::ranges::count(text, ':') == 1) {
    host = text.substr(0, text.find(':'));
    port = text.substr(text.find(':') + 1);
  }
  if (host.size() != text.size() && !(text.ends_with(']') && port.empty())) {
    const auto number = parse_port(port);
    if (!number) return fail(errc::invalid_argument, "the port is not a number from 1 to 65535");
    made.port = *number;
  }
  if (const auto block = ip_block::parse(host)) {
    made.type = entry::kind::block;
    made.block = *block;
    return made;
  }
  if (!is_host_name(host))
    return fail(errc::invalid_argument,
                "is no class (loopback, private, link-local, shared), address, block or host name");
  made.host = lower(host);
  return made;
}

result<address_policy> address_policy::parse(const std::vector<std::string>& entries) {
  address_policy policy;
  for (const auto& text : entries) {
    auto parsed = parse_entry(text);
    if (!parsed)
      return fail(errc::invalid_argument,
                  "allowed address “" + text + "”: " + parsed.error().message);
    policy.entries_.push_back(std::move(*parsed));
  }
  return policy;
}

void address_policy::merge(const address_policy& other) {
  entries_.insert(entries_.end(), other.entries_.begin(), other.entries_.end());
}

bool address_policy::entry::matches(std::string_view asked, const ip_endpoint& endpoint,
                                    address_class found) const {
  if (port != 0 && port != endpoint.port) return false;
  switch (type) {
  case kind::whole_class:
    return whole == found;
  case kind::block:
    return block.contains(endpoint.address) ||
           block.contains(endpoint.address.embedded_v4().value_or(endpoint.address));
  case kind::host:
    return host == asked &&
           (found == address_class::loopback || found == address_class::private_network ||
            found == address_class::link_local || found == address_class::shared);
  }
  return false;
}

bool address_policy::allows(std::string_view host, const ip_endpoint& endpoint) const {
  const auto found = classify(endpoint.address);
  if (found == address_class::public_internet) return true;
  const auto asked = lower(host);
  return std::ranges::any_of(
      entries_, [&](const entry& allowed) { return allowed.matches(asked, endpoint, found); });
}

result<void> decide(std::string_view host, const ip_endpoint& endpoint,
                    const address_policy& policy) {
  if (policy.allows(host, endpoint)) return {};
  const auto found = classify(endpoint.address);
  const auto address = endpoint.address.text();
  std::string message = host == address ? address + " is" : std::string(host) + " is at " + address;
  if (host == address)
    message += " a " + std::string(to_string(found)) + " address";
  else
    message += ", a " + std::string(to_string(found)) + " address";
  message += ", which is not allowed: if it is meant, add “" + with_port(endpoint) + "”";
  if (allowable_class(to_string(found))) message += " or “" + std::string(to_string(found)) + "”";
  return fail(errc::forbidden, message + " to the allowed addresses of the source");
}

} // namespace apisync::sources
