#include "admin/find_api.hpp"

#include <charconv>

namespace apisync::admin {

result<const events::api_state*> find_api(const events::views& in, std::string_view id) {
  auto const* found = in.api(id);
  if (found == nullptr) return fail(errc::not_found, "there is no API '" + std::string{id} + "'");
  return found;
}

result<const events::revision*> find_revision(const events::api_state& api, std::uint64_t number) {
  auto const count = api.revisions.size();
  if (number == 0 || number > count)
    return fail(errc::not_found,
                "there is no revision " + std::to_string(number) + " of API '" + api.definition.id +
                    "'; " +
                    (count == 0 ? "it has none yet" : "it has 1 to " + std::to_string(count)));
  return api.revisions[number - 1].get();
}

result<const events::revision*> find_revision(const events::views& in, const request& asked) {
  auto const api = find_api(in, asked.param("id"));
  if (!api) return tl::unexpected{api.error()};
  auto const text = asked.param("number");
  std::uint64_t number = 0;
  auto const [stop, status] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (status != std::errc{} || stop != text.data() + text.size())
    return fail(errc::invalid_argument, "a revision is a number, not '" + std::string{text} + "'",
                "number");
  return find_revision(**api, number);
}

} // namespace apisync::admin
