#include "admin/etag.hpp"
#include "admin/http_head.hpp"
#include "admin/url.hpp"
#include "events/config.hpp"
#include "events/cron.hpp"
#include "events/duration.hpp"
#include "events/record.hpp"
#include "sources/address_policy.hpp"
#include "specs/canonical.hpp"
#include "specs/pointer.hpp"
#include "specs/select.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

namespace apisync::fuzz {

namespace {

void time(std::string_view input) {
  const auto read = events::parse_rfc3339(input);
  if (!read) return;
  const auto again = events::parse_rfc3339(events::to_rfc3339(*read));
  require(again && *again == *read, "a printed time reads as the same");
}

void cron(std::string_view input) {
  const auto schedule = events::parse_cron(input);
  if (!schedule) return;
  const events::timestamp now{std::chrono::hours{24 * 365 * 55}};
  const auto next = schedule->next(now);
  require(next && *next > now, "a schedule has a next time");
}

void duration(std::string_view input) {
  const auto read = events::parse_duration(input);
  if (!read) return;
  const auto again = events::parse_duration(events::print_duration(*read));
  require(again && *again == *read, "a printed length of time reads as the same");
}

void pointer(std::string_view input) {
  const auto tokens = specs::split_pointer(input);
  if (!tokens) return;
  std::string joined;
  for (const auto& token : *tokens)
    specs::append_token(joined, token);
  require(joined == input, "a pointer's tokens make it again");
}

void glob(std::string_view input) {
  const auto middle = input.find(' ');
  if (middle == input.npos || input.size() > 200) return;
  static_cast<void>(specs::matches_glob(input.substr(0, middle), input.substr(middle + 1)));
}

void addresses(std::string_view input) {
  static_cast<void>(sources::address_policy::parse({std::string{input}}));
  const auto address = sources::ip_address::parse(input);
  if (!address) return;
  static_cast<void>(sources::classify(*address));
  require(sources::ip_address::parse(address->text()) == *address,
          "a printed address reads as the same");
}

void target(std::string_view input) {
  static_cast<void>(admin::parse_target(input));
  static_cast<void>(admin::etag_matches(input, "\"a\"", true));
  require(admin::percent_decode(admin::percent_encode(input)) == std::string{input} ||
              input.find('\0') != input.npos,
          "what is encoded is decoded as it was");
}

} // namespace

void words(std::string_view input) {
  if (input.empty()) return;
  const auto text = input.substr(1);
  constexpr std::array readers{time, cron, duration, pointer, glob, addresses, target};
  readers[static_cast<unsigned char>(input.front()) % readers.size()](text);
}

void config(std::string_view input) {
  const auto read = events::read_config(input, "apisync.yaml");
  if (!read) require(!read.error().empty(), "what is refused has a reason");
}

void http_head(std::string_view input) {
  admin::head_facts facts;
  const auto refused = admin::check_head(input, {}, facts);
  if (refused) require(refused->status >= 400 && refused->status < 600, "a refusal has a status");
}

} // namespace apisync::fuzz
