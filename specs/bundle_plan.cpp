#include "specs/bundle_plan.hpp"

#include "specs/parse_limits.hpp"
#include "specs/pointer.hpp"
#include "specs/reference_address.hpp"
#include "specs/references.hpp"

#include <algorithm>

namespace apisync::specs {

namespace {

constexpr std::size_t max_inlined = 64; ///< Parts that take the place of a reference in each other.

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_';
}

/// A text with the characters that a component's name may have.
std::string as_name(std::string_view text) {
  std::string name{text};
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !is_name_character(c); }, '_');
  return name.empty() ? "part" : name;
}

/// `schemas/pet.yaml` -> `pet`
std::string_view stem(std::string_view file) {
  file.remove_prefix(file.rfind('/') + 1); // npos + 1 is 0
  const auto dot = file.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? file : file.substr(0, dot);
}

/// Whether the object is nothing but a reference, so that what it names can take its place.
bool is_bare_reference(node value) {
  return value.is_object() && value.find("$ref").is_string() && value.size() == 1;
}

std::string cannot_follow(node holder) {
  return "the reference '" + std::string{holder.find("$ref").text()} + "' cannot be followed: ";
}

} // namespace

bundle_plan::bundle_plan(const document_ptr& doc, const std::string& name,
                         const document_loader& load, const bundle_limits& limits)
    : load_{load}, limits_{limits}, first_name_{resolve_address("", name)} {
  const auto openapi = doc->root().find("openapi").text();
  swagger_ = openapi.empty() && doc->root().find("swagger");
  media_types_ = openapi.starts_with("3.2");
  files_[first_name_] = {name, doc};
}

result<void> bundle_plan::make() {
  const auto root = first().document->root();
  const auto elsewhere = [](node reference) { return !reference.text().starts_with('#'); };
  if (!root.any_reference(elsewhere)) return {};
  if (auto done = adopt_entries(); !done) return done;
  if (auto done = visit(first(), root, role::root, {}, role::other, 0); !done) return done;
  // What is found on the way is added at the end.
  for (std::size_t i = 0; i < components_.size(); ++i) {
    const auto from = components_[i].from;
    if (auto done = visit(*from.file, from.value, from.place, from.parent, role::other, 0); !done)
      return done;
  }
  return {};
}

/// Entries of `components` that are nothing but a reference to another file become the home of what
/// they refer to.
result<void> bundle_plan::adopt_entries() {
  const auto root = first().document->root();
  const auto components = swagger_ ? root : root.find("components");
  const auto role_of_components = swagger_ ? role::root : role::components;
  for (const auto section : components) {
    const auto place = role_of_member(role_of_components, section.key());
    for (const auto entry : section) {
      if (!is_bare_reference(entry)) continue;
      const auto entry_place = role_of_member(place, entry.key());
      const auto at = reference_at(entry, entry_place, section, place);
      const auto target = entry.find("$ref").text();
      if (!at || at->section != section.key() || is_remote(target) || target.starts_with('#'))
        continue;
      auto found = find(first(), *at);
      if (!found) return tl::unexpected{std::move(found.error())};
      const key of{found->file->name, found->pointer, std::string{at->section}};
      if (found->file == &first() || assigned_.contains(of)) continue;
      assign(of, std::move(*found), at->section, std::string{entry.key()}).adopted = true;
      adopted_[{std::string{section.key()}, std::string{entry.key()}}] = components_.size() - 1;
    }
  }
  return {};
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as documents may be
result<void> bundle_plan::visit(const bundle_file& in, node value, role place, node parent,
                                role container, std::size_t inlined) {
  if (place == role::data) return {};
  if (const auto at = reference_at(value, place, parent, container))
    if (auto done = follow(in, *at, inlined); !done) return done;
  for (const auto child : value) {
    const auto child_place = role_of_child(place, value, child);
    if (auto done = visit(in, child, child_place, value, place, inlined); !done) return done;
  }
  return {};
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by max_inlined
result<void> bundle_plan::follow(const bundle_file& in, const reference_place& place,
                                 std::size_t inlined) {
  const auto reference = place.holder.find("$ref").text();
  const bool at_home = &in == &first();
  if (is_remote(reference)) {
    if (at_home)
      kept_.push_back({"the reference '" + std::string{reference} +
                           "' leads to another host and is not fetched",
                       place.holder.find("$ref").where()});
    return {};
  }
  if (at_home && reference.starts_with('#')) return {};
  auto found = find(in, place);
  if (!found) return tl::unexpected{std::move(found.error())};
  if (found->file == &first()) return {};
  const key of{found->file->name, found->pointer, std::string{place.section}};
  if (place.section.empty()) {
    if (inlined >= max_inlined)
      return fail(errc::limit_exceeded,
                  cannot_follow(place.holder) + "parts of " + found->file->name +
                      " include themselves",
                  to_string(in.name, place.holder.where()));
    const auto target = inlined_.insert_or_assign(of, std::move(*found)).first->second;
    return visit(*target.file, target.value, target.place, target.parent, role::other, inlined + 1);
  }
  if (!assigned_.contains(of)) {
    auto name = free_name(*found, place.section);
    (void)assign(of, std::move(*found), place.section, std::move(name));
  }
  return {};
}

result<bundle_target> bundle_plan::find(const bundle_file& in, const reference_place& place) {
  const auto reference = place.holder.find("$ref");
  const auto refuse = [&](errc code, std::string why) {
    return fail(code, cannot_follow(place.holder) + std::move(why),
                to_string(in.name, reference.where()));
  };
  const auto file = open(in, reference);
  if (!file) return refuse(file.error().code, render(file.error()));
  const auto fragment = percent_decode(split_reference(reference.text()).fragment);
  if (!fragment.empty() && !fragment.starts_with('/'))
    return refuse(errc::unsupported, "'#" + fragment +
                                         "' names an anchor; a reference to another "
                                         "file needs a place that begins with #/");
  const auto value = (*file)->document->at(fragment);
  if (!value) return refuse(errc::not_found, (*file)->name + " has no such part");
  return bundle_target{*file, fragment, value, place.place, place.parent};
}

result<const bundle_file*> bundle_plan::open(const bundle_file& in, node reference) {
  const auto file = split_reference(reference.text()).file;
  if (file.empty()) return &in;
  const auto address = resolve_address(resolve_address("", in.name), file);
  if (const auto known = files_.find(address); known != files_.end()) return &known->second;
  if (order_.size() >= limits_.files)
    return fail(errc::limit_exceeded, "the document is made of more than " +
                                          std::to_string(limits_.files) +
                                          " files; that is the limit");
  auto read = load_(address);
  if (!read) return tl::unexpected{std::move(read.error())};
  order_.push_back(address);
  return &(files_[address] = {address, std::move(*read)});
}

bundle_component& bundle_plan::assign(const key& of, bundle_target target, std::string_view section,
                                      std::string name) {
  assigned_[of] = components_.size();
  names_.emplace(section, name);
  return components_.emplace_back(
      bundle_component{std::move(target), section, std::move(name), false});
}

std::string bundle_plan::free_name(const bundle_target& target, std::string_view section) const {
  const auto tokens = split_pointer(target.pointer);
  const auto file = as_name(stem(target.file->name));
  const bool whole = !tokens || tokens->empty();
  auto name = whole ? file : as_name(tokens->back());
  if (!taken(section, name)) return name;
  if (!whole) name = file + '_' + name;
  if (!taken(section, name)) return name;
  for (std::size_t number = 2;; ++number)
    if (auto numbered = name + '_' + std::to_string(number); !taken(section, numbered))
      return numbered;
}

bool bundle_plan::taken(std::string_view section, const std::string& name) const {
  return section_node(section).find(name) || names_.contains({std::string{section}, name});
}

node bundle_plan::section_node(std::string_view section) const {
  const auto root = first().document->root();
  return (swagger_ ? root : root.find("components")).find(section);
}

std::string bundle_plan::pointer_of(std::string_view section) const {
  return (swagger_ ? "/" : "/components/") + std::string{section};
}

std::string_view bundle_plan::section_of(role place, node parent) const {
  switch (place) {
  case role::schema:
    return schemas();
  case role::parameter:
    if (parent.key() != "headers") return "parameters";
    return swagger_ ? "" : "headers";
  case role::response:
    return "responses";
  case role::request_body:
    return "requestBodies";
  case role::link:
    return "links";
  case role::callback:
    return "callbacks";
  case role::example:
    return "examples";
  case role::media_type:
    return media_types_ ? "mediaTypes" : "";
  default:
    return "";
  }
}

std::optional<reference_place> bundle_plan::reference_at(node value, role place, node parent,
                                                         role container) const {
  if (!value.find("$ref").is_string()) return std::nullopt;
  if (container == role::security_scheme_map && !swagger_)
    return reference_place{value, place, "securitySchemes", parent};
  // Not in the standard, but common in documents of many files: a whole operation elsewhere.
  if (!can_refer(place) && place != role::operation) return std::nullopt;
  return reference_place{value, place, section_of(place, parent), parent};
}

bundle_plan::meaning bundle_plan::meaning_of(const bundle_file& in, std::string_view reference,
                                             std::string_view section) const {
  const auto [file, fragment] = split_reference(reference);
  const bool at_home = &in == &first();
  if (is_remote(reference) || (at_home && file.empty())) return {std::string{reference}, nullptr};
  const auto address = file.empty() ? resolve_address("", in.name)
                                    : resolve_address(resolve_address("", in.name), file);
  if (address == first_name_) return {'#' + std::string{fragment}, nullptr};
  const auto& holder = files_.at(address);
  const key of{holder.name, percent_decode(fragment), std::string{section}};
  if (const auto part = inlined_.find(of); section.empty() && part != inlined_.end())
    return {{}, &part->second};
  const auto component = assigned_.find(of);
  if (component == assigned_.end()) return {std::string{reference}, nullptr};
  const auto& made = components_[component->second];
  return {'#' + pointer_of(made.section) + '/' + escape_token(made.name), nullptr};
}

bool bundle_plan::knows(const bundle_file& in, std::string_view reference) const {
  const auto file = split_reference(reference).file;
  if (is_remote(reference)) return false;
  return file.empty() || files_.contains(resolve_address(resolve_address("", in.name), file));
}

const bundle_component* bundle_plan::adopted(std::string_view section,
                                             std::string_view name) const {
  const auto found = adopted_.find({std::string{section}, std::string{name}});
  return found == adopted_.end() ? nullptr : &components_[found->second];
}

} // namespace apisync::specs
