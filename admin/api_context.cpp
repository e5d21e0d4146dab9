#include "admin/api_context.hpp"

#include <array>
#include <random>
#include <thread>

namespace apisync::admin {
namespace {

/// Eight hexadecimal digits by chance: correlation ids need not be guessed, only told apart.
std::string random_prefix() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::random_device source;
  auto bits = source();
  std::string text;
  for (int i = 0; i < 8; ++i, bits >>= 4U)
    text += digits[bits & 15U];
  return text;
}

} // namespace

api_context::api_context(actors::service& service, app_options options)
    : service_{service},
      options_{std::move(options)},
      request_prefix_{"request-" + random_prefix() + "-"},
      past_{service.log(), options_.now} {
  if (!options_.pause)
    options_.pause = [] { std::this_thread::sleep_for(std::chrono::milliseconds{100}); };
}

result<actors::snapshot> api_context::view(const request& asked) const {
  auto const at = parse_at(asked);
  if (!at) return tl::unexpected{at.error()};
  return *at ? past_.at(**at, now()) : now();
}

result<actors::snapshot> api_context::after(const actors::answer& done) const {
  return done.repeated ? past_.at(moment{done.sequence}, now()) : now();
}

result<actors::asked_by> api_context::author_of(const request& asked) const {
  auto key = idempotency_key(asked);
  if (!key) return tl::unexpected{key.error()};
  actors::asked_by who;
  who.from.by = asked.author;
  who.from.correlation = request_prefix_ + std::to_string(++requests_);
  who.request = asked.method + " " + asked.target.path;
  if (!key->empty() && asked.method == "POST") {
    sha256 hash;
    auto const add = [&](std::string_view part) {
      hash.update(std::to_string(part.size())).update(":").update(part);
    };
    add(asked.method);
    add(asked.target.path);
    add(asked.body);
    for (auto const& [name, value] : asked.target.query) {
      add(name);
      add(value);
    }
    who.command = storage::command_receipt{std::move(*key), hash.finish(), "{}"};
  }
  return who;
}

} // namespace apisync::admin
