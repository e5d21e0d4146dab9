#include "specs/document.hpp"

#include "specs/document_arena.hpp"
#include "specs/pointer.hpp"

#include <algorithm>
#include <cassert>

namespace apisync::specs {

specs::kind node::kind() const {
  return document_ == nullptr ? specs::kind::null : document_->arena_->records[index_].kind;
}

bool node::boolean() const {
  return document_ != nullptr && document_->arena_->records[index_].flag;
}

std::string_view node::text() const {
  if (document_ == nullptr) return {};
  const auto& record = document_->arena_->records[index_];
  const bool has_text = record.kind == specs::kind::string || record.kind == specs::kind::number;
  return has_text ? document_->arena_->text_of(record) : std::string_view{};
}

std::size_t node::size() const {
  if (document_ == nullptr) return 0;
  const auto& record = document_->arena_->records[index_];
  const bool has_children = record.kind == specs::kind::array || record.kind == specs::kind::object;
  return has_children ? record.size : 0;
}

node node::operator[](std::size_t i) const {
  assert(i < size());
  return {document_, document_->arena_->records[index_].start + static_cast<std::uint32_t>(i)};
}

std::string_view node::key() const {
  if (document_ == nullptr) return {};
  const auto& arena = *document_->arena_;
  const auto number = arena.records[index_].key;
  return number == document::arena::none ? std::string_view{} : arena.text_of(arena.names[number]);
}

node node::find(std::string_view name) const {
  if (!is_object()) return {};
  const auto& arena = *document_->arena_;
  const auto child = arena.find(arena.records[index_], name);
  return child == document::arena::none ? node{} : node{document_, child};
}

std::optional<std::size_t> node::index_of(std::string_view name) const {
  const auto found = find(name);
  if (!found) return std::nullopt;
  return found.index_ - document_->arena_->records[index_].start;
}

std::uint64_t node::hash() const {
  return document_ == nullptr ? 0 : document_->arena_->records[index_].hash;
}

std::span<const std::uint32_t> node::references_within() const {
  if (size() == 0) return {};
  const auto& arena = *document_->arena_;
  const auto& record = arena.records[index_];
  const auto& all = arena.references;
  const auto* const first = std::lower_bound(all.begin(), all.end(), arena.first_within(record));
  const auto* const last = std::lower_bound(first, all.end(), record.start + record.size);
  return {first, last};
}

position node::where() const {
  if (document_ == nullptr) return {};
  const auto& record = document_->arena_->records[index_];
  return {record.line, record.column};
}

bool same_content(node a, node b) {
  return bool(a) == bool(b) && a.hash() == b.hash();
}

bool same_value(node a, node b) {
  return a && b ? same_content(a, b) : !a && !b;
}

document::document() : arena_{std::make_unique<arena>()} {}
document::~document() = default;

node document::root() const {
  if (arena_->records.empty()) return {};
  return {this, static_cast<std::uint32_t>(arena_->records.size() - 1)};
}

node document::at(std::string_view pointer) const {
  node here = root();
  while (here && !pointer.empty()) {
    if (pointer.front() != '/') return {};
    const auto end = std::min(pointer.find('/', 1), pointer.size());
    const auto token = pointer.substr(1, end - 1);
    pointer.remove_prefix(end);
    if (here.is_array()) {
      const auto i = array_index(token);
      here = i && *i < here.size() ? here[*i] : node{};
    } else if (token.find('~') == token.npos) {
      here = here.find(token);
    } else {
      const auto name = unescape_token(token);
      here = name ? here.find(*name) : node{};
    }
  }
  return here;
}

std::size_t document::memory() const {
  const auto bytes = [](const auto& list) { return list.capacity() * sizeof(*list.data()); };
  return sizeof(document) + sizeof(arena) + bytes(arena_->records) + bytes(arena_->text) +
         bytes(arena_->names) + bytes(arena_->slots) + bytes(arena_->entries) +
         bytes(arena_->indexes) + bytes(arena_->references);
}

std::size_t document::node_count() const {
  return arena_->records.size();
}

} // namespace apisync::specs
