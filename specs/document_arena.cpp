#include "specs/document_arena.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <random>
#include <stdexcept>

namespace apisync::specs {

namespace {

std::uint64_t random_word() {
  std::random_device source;
  return (std::uint64_t{source()} << 32) | source();
}

struct secrets {
  std::uint64_t text = random_word();
  std::uint64_t left = random_word();
  std::uint64_t right = random_word();
};

const secrets& process_secrets() {
  static const secrets made;
  return made;
}

} // namespace

std::uint64_t hash_text(std::string_view text) {
  return XXH3_64bits_withSeed(text.data(), text.size(), process_secrets().text);
}

std::uint64_t hash_pair(std::uint64_t a, std::uint64_t b) {
  const auto& secret = process_secrets();
  return XXH3_mul128_fold64(a ^ secret.left, b ^ secret.right);
}

std::uint32_t document::arena::add_text(std::string_view added) {
  if (added.size() > none - text.size())
    throw std::length_error("a document holds at most 4 GiB of text");
  const auto start = static_cast<std::uint32_t>(text.size());
  text += added;
  return start;
}

std::size_t document::arena::slot_of(std::string_view key, std::uint64_t hash) const {
  const auto mask = slots.size() - 1;
  for (auto at = static_cast<std::size_t>(hash) & mask;; at = (at + 1) & mask) {
    if (slots[at] == none) return at;
    const auto& found = names[slots[at]];
    if (found.hash == hash && text_of(found) == key) return at;
  }
}

void document::arena::grow_slots() {
  slots.assign(std::max<std::size_t>(64, 2 * slots.size()), none);
  const auto mask = slots.size() - 1;
  for (std::uint32_t number = 0; number < names.size(); ++number) {
    auto at = static_cast<std::size_t>(names[number].hash) & mask;
    while (slots[at] != none)
      at = (at + 1) & mask;
    slots[at] = number;
  }
}

std::uint32_t document::arena::key_number(std::string_view key) const {
  return slots.empty() ? none : slots[slot_of(key, hash_text(key))];
}

std::uint32_t document::arena::intern(std::string_view key, std::uint64_t hash) {
  if (2 * (names.size() + 1) > slots.size()) grow_slots();
  auto& slot = slots[slot_of(key, hash)];
  if (slot == none) {
    slot = static_cast<std::uint32_t>(names.size());
    names.push_back({hash, add_text(key), static_cast<std::uint32_t>(key.size())});
  }
  return slot;
}

std::uint32_t document::arena::child_with(const record& object, std::uint32_t key) const {
  if (key == none) return none;
  if (object.size <= index_from) {
    for (auto child = object.start; child < object.start + object.size; ++child)
      if (records[child].key == key) return child;
    return none;
  }
  const auto own = std::lower_bound(
      indexes.begin(), indexes.end(), object.start,
      [](const index& a, std::uint32_t first_child) { return a.first_child < first_child; });
  const auto begin = entries.begin() + own->start;
  const auto end = begin + object.size;
  const auto at = std::lower_bound(
      begin, end, key, [](const entry& a, std::uint32_t wanted) { return a.key < wanted; });
  return at != end && at->key == key ? at->child : none;
}

} // namespace apisync::specs
