#include "actors/place_reader.hpp"

#include "actors/integrate_edit.hpp"
#include "specs/print.hpp"
#include "specs/resolve.hpp"

#include <algorithm>

namespace apisync::actors {

const events::conflict_detail* place_reader::detail(const std::string& id) const {
  const auto found = std::find_if(api_.open.begin(), api_.open.end(),
                                  [&](const auto& one) { return one.id == id; });
  return found == api_.open.end() ? nullptr : &*found;
}

result<specs::contested_place> place_reader::place(const events::conflict_detail& of) {
  specs::contested_place out;
  out.id = of.id;
  out.kind = of.kind;
  out.pointer = of.pointer;
  out.identity = of.path;
  auto now = current();
  if (!now) return tl::unexpected{now.error()};
  out.current_in = now->document;
  if (auto read = find(of.incoming_document, of.source, out.incoming_in); !read)
    return tl::unexpected{read.error()};
  if (!out.incoming_in) return fail(errc::corrupt, "the conflict has no incoming document", of.id);
  if (auto read = find(of.base_document, "base", out.base_in); !read)
    return tl::unexpected{read.error()};
  out.current = specs::find_identity(*out.current_in, of.path);
  out.incoming = specs::find_identity(*out.incoming_in, of.path);
  if (out.base_in) out.base = specs::find_identity(*out.base_in, of.path);
  return out;
}

result<read_text> place_reader::text_of(const std::optional<digest>& text,
                                        const std::string& name) {
  if (!text) return fail(errc::not_found, "there is no such document", name);
  return load(*text, name);
}

result<void> place_reader::find(const std::optional<digest>& text, const std::string& name,
                                specs::document_ptr& into) {
  if (!text) return {};
  auto read = load(*text, name);
  if (!read) return tl::unexpected{read.error()};
  into = read->document;
  return {};
}

result<read_text> place_reader::load(const digest& text, const std::string& name) {
  if (const auto known = read_.find(text); known != read_.end()) return known->second;
  auto loaded = load_text(documents_, text, name, stored_bytes_max);
  if (!loaded) return loaded;
  constexpr std::size_t documents_max = 8; // conflicts of one API are mostly in the same ones
  if (read_.size() < documents_max) read_.emplace(text, *loaded);
  return loaded;
}

/// What an answer must find unchanged: the place and its three values.
digest values_of(const specs::contested_place& place) {
  sha256 hash;
  hash.update(place.identity).update("\n").update(place.kind);
  for (const auto value : {place.base, place.current, place.incoming})
    hash.update("\n").update(value ? specs::to_json(value) : "-");
  return hash.finish();
}

} // namespace apisync::actors
