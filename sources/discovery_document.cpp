#include "sources/discovery_search.hpp"
#include "specs/parse.hpp"

#include <algorithm>
#include <utility>

namespace apisync::sources {
namespace {

/// Words of the beginning that show a text which cannot be read to have been meant as a document.
constexpr std::size_t beginning_bytes = 4096;

bool claims_to_be_one(std::string_view text) {
  const auto beginning = text.substr(0, beginning_bytes);
  for (const auto* const name : {"openapi", "swagger"}) {
    const std::string_view word{name};
    for (auto at = beginning.find(word); at != beginning.npos; at = beginning.find(word, at + 1)) {
      const bool begins = at == 0 || beginning[at - 1] == '"' || beginning[at - 1] == '\n';
      const auto after = beginning.substr(at + word.size());
      if (begins &&
          (after.starts_with(':') || after.starts_with("\":") || after.starts_with("\" :")))
        return true;
    }
  }
  return false;
}

} // namespace

std::string_view to_string(confidence value) {
  switch (value) {
  case confidence::high:
    return "high";
  case confidence::medium:
    return "medium";
  case confidence::low:
    return "low";
  }
  return "unknown";
}

std::optional<discovered> recognise_document(std::string_view text, const std::string& where,
                                             std::uint64_t bytes_max) {
  specs::parse_options limits;
  limits.name = where;
  limits.max_bytes = bytes_max;
  discovered made;
  made.where = where;
  const auto unreadable = [&](const error& why) -> std::optional<discovered> {
    if (!claims_to_be_one(text)) return std::nullopt;
    made.sure = confidence::low;
    made.problem = render(why);
    return made;
  };
  const auto parsed = specs::parse(text, limits);
  if (!parsed) return unreadable(parsed.error());
  const auto root = parsed->document->root();
  if (!root.is_object() || (!root.find("openapi") && !root.find("swagger"))) return std::nullopt;
  auto info = specs::recognise(*parsed->document);
  if (!info) return unreadable(info.error());
  made.content = parsed->document->root().hash();
  made.sure = info->operations == 0 ? confidence::medium : confidence::high;
  made.info = std::move(*info);
  return made;
}

void add_discovered(std::vector<discovered>& all, discovered found) {
  const auto same = std::ranges::find_if(all, [&](const discovered& one) {
    return found.sure != confidence::low && one.content == found.content && one.info == found.info;
  });
  if (same == all.end())
    all.push_back(std::move(found));
  else if (same->where != found.where)
    same->also.push_back(std::move(found.where));
}

void rank(std::vector<discovered>& all) {
  std::ranges::stable_sort(all, {}, &discovered::sure);
}

} // namespace apisync::sources
