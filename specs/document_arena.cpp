#include "specs/document_arena.hpp"

#include "specs/node_hash.hpp"

#include <algorithm>
#include <random>
#include <stdexcept>

namespace apisync::specs {

namespace {

std::uint64_t random_word() {
  std::random_device source;
  return (std::uint64_t{source()} << 32) | source();
}

} // namespace

hash_secrets::hash_secrets() : text{random_word() | 1}, left{random_word()}, right{random_word()} {
  XXH3_generateSecret_fromSeed(long_text.data(), text);
}

const hash_secrets& process_secrets() {
  static const hash_secrets made;
  return made;
}

document::arena::arena() {
  intern(reference_name, hash_text(reference_name, process_secrets()));
}

std::uint32_t document::arena::first_within(const record& container) const {
  auto first = container.start;
  for (auto child = container.start, end = child + container.size; child < end; ++child) {
    const auto& inner = records[child];
    if ((inner.kind != kind::array && inner.kind != kind::object) || inner.size == 0) continue;
    first = inner.start;
    child = inner.start - 1;
    end = inner.start + inner.size;
  }
  return first;
}

void document::arena::refuse_text() {
  throw std::length_error("a document holds at most 4 GiB of text");
}

void document::arena::grow_slots() {
  constexpr std::size_t least = 64;
  const auto size = std::max(least, 2 * slots.size());
  slots.resize(0);
  slots.resize(size, none);
  const auto mask = slots.size() - 1;
  for (std::uint32_t number = 0; number < names.size(); ++number) {
    auto at = static_cast<std::size_t>(names[number].hash) & mask;
    while (slots[at] != none)
      at = (at + 1) & mask;
    slots[at] = number;
  }
}

std::uint32_t document::arena::find(const record& object, std::string_view wanted) const {
  constexpr std::uint32_t few = 6; // to look at them is faster than to hash the name
  if (object.size > few) return child_with(object, key_number(wanted));
  for (auto child = object.start; child < object.start + object.size; ++child)
    if (is_named(names[records[child].key], wanted)) return child;
  return none;
}

std::uint32_t document::arena::key_number(std::string_view key) const {
  return slots.empty() ? none : slots[slot_of(key, hash_text(key, process_secrets()))];
}

std::uint32_t document::arena::child_with(const record& object, std::uint32_t key) const {
  if (key == none) return none;
  if (object.size <= index_from) {
    for (auto child = object.start; child < object.start + object.size; ++child)
      if (records[child].key == key) return child;
    return none;
  }
  const auto* const own = std::lower_bound(
      indexes.begin(), indexes.end(), object.start,
      [](const index& a, std::uint32_t first_child) { return a.first_child < first_child; });
  const auto* const begin = entries.begin() + own->start;
  const auto* const end = begin + object.size;
  const auto* const at = std::lower_bound(
      begin, end, key, [](const entry& a, std::uint32_t wanted) { return a.key < wanted; });
  return at != end && at->key == key ? at->child : none;
}

} // namespace apisync::specs
