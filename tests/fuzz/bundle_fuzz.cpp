#include "specs/bundle.hpp"
#include "specs/print.hpp"
#include "specs/references.hpp"
#include "tests/fuzz/edits.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace apisync::fuzz {

namespace {

constexpr std::array<std::string_view, 3> files{"b.yaml", "c.json", "d/e.yaml"};

} // namespace

void bundle(std::string_view input) {
  using namespace specs;
  const auto doc = read(part(input, 0));
  if (!doc) return;
  const auto before = to_json(doc->root());
  const auto load = [&](const std::string& address) -> result<document_ptr> {
    const auto at = std::find(files.begin(), files.end(), address);
    if (at == files.end()) return fail(errc::not_found, "no such file", address);
    auto file = read(part(input, 1 + static_cast<std::size_t>(at - files.begin())));
    if (!file) return fail(errc::parse_error, "no document", address);
    return file;
  };
  const bundle_limits limits{.files = 3, .max_nodes = 2000};
  const auto made = specs::bundle(doc, "a.yaml", load, limits);
  require(to_json(doc->root()) == before, "the document that was given stays as it was");
  if (!made) {
    require(!made.error().message.empty(), "an error has a message");
    return;
  }
  require(made->files.size() <= limits.files, "files are bounded");
  if (!refers_outside(*doc))
    require(made->document == doc, "a document of one file is its own bundle");
  require(!refers_outside(*made->document) || !made->kept.empty(),
          "a bundle refers to no other file");
  for (const auto& each : made->parts)
    require(bool{made->document->at(each.pointer)}, "a part that was brought in is there");
  const auto again = specs::bundle(doc, "a.yaml", load, limits);
  require(again && to_json(again->document->root()) == to_json(made->document->root()),
          "the same files, the same bundle");
}

} // namespace apisync::fuzz
