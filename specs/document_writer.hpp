#pragma once

#include "specs/document_arena.hpp"
#include "specs/node_hash.hpp"

#include <algorithm>
#include <cassert>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace apisync::specs {

/// Fills an arena from events in document order: what `document_builder` promises, inline for the
/// readers, which make millions of calls.
class document_writer {
public:
  document_writer() = default;

  /// Makes room for what a source text of that size can hold, within reason; room that is not
  /// needed costs nothing.
  void expect(std::size_t source_bytes) {
    constexpr std::size_t bytes_per_value = 32;
    made_->text.reserve(source_bytes);
    made_->records.reserve(source_bytes / bytes_per_value);
  }

  void begin_object(position where) { begin(kind::object, where); }
  void begin_array(position where) { begin(kind::array, where); }

  std::optional<repeated_name> end_object() {
    assert(!open_.empty() && open_.back().container.kind == kind::object);
    assert(next_key_ == arena::none);
    const auto first = open_.back().first_pending;
    ++object_number_;
    if (last_object_.size() < made_->names.size()) last_object_.resize(made_->names.size(), 0);
    bool repeated = false;
    for (auto i = first; i < pending_.size(); ++i)
      repeated |= std::exchange(last_object_[pending_[i].key], object_number_) == object_number_;
    std::optional<repeated_name> told;
    if (repeated) [[unlikely]]
      told = drop_repeated(first);
    end();
    return told;
  }

  void end_array() {
    assert(!open_.empty() && open_.back().container.kind == kind::array);
    end();
  }

  void key(std::string_view name) { key(name, hash_text(name, *secret_)); }
  void key(std::string_view name, std::uint64_t hash) {
    assert(!open_.empty() && open_.back().container.kind == kind::object);
    assert(next_key_ == arena::none);
    next_key_ = made_->intern(name, hash);
  }

  void string(std::string_view value, position where) {
    text(kind::string, value, hash_of(kind::string, hash_text(value, *secret_)), where);
  }
  void number(std::string_view source_text, position where) {
    text(kind::number, source_text, hash_of(kind::number, hash_text(source_text, *secret_)), where);
  }
  void text(kind k, std::string_view value, std::uint64_t hash, position where) {
    auto record = start(k, where);
    record.start = made_->add_text(value);
    record.size = static_cast<std::uint32_t>(value.size());
    record.hash = hash;
    pending_.push_back(record);
  }

  void boolean(bool value, position where) {
    auto record = start(kind::boolean, where);
    record.flag = value;
    record.hash = hash_of(kind::boolean, value ? 1 : 0);
    pending_.push_back(record);
  }

  void null(position where) {
    auto record = start(kind::null, where);
    record.hash = hash_of(kind::null, 0);
    pending_.push_back(record);
  }

  void copy(node from);

  [[nodiscard]] std::size_t node_count() const {
    return made_->records.size() + pending_.size() + open_.size();
  }
  [[nodiscard]] std::size_t text_bytes() const {
    return made_->text.size() - arena::reference_name.size();
  }

  [[nodiscard]] document_ptr finish();

private:
  using arena = document::arena;

  struct frame {
    arena::record container;
    std::size_t first_pending = 0; ///< Where its children start in `pending_`.
  };

  [[nodiscard]] std::uint64_t hash_of(kind k, std::uint64_t content) const {
    return hash_pair(static_cast<std::uint64_t>(k) + 1, content, *secret_);
  }

  /// A record of that kind which takes the key that was given.
  arena::record start(kind k, position where) {
    assert(open_.empty() ||
           (open_.back().container.kind == kind::object) == (next_key_ != arena::none));
    assert(!open_.empty() || pending_.empty());
    arena::record record;
    record.kind = k;
    record.key = std::exchange(next_key_, arena::none);
    record.line = where.line;
    record.column = where.column;
    return record;
  }

  void begin(kind k, position where) { open_.push_back({start(k, where), pending_.size()}); }

  /// Moves the children of the innermost container to their final place.
  void end() {
    auto [container, first] = open_.back();
    open_.resize(open_.size() - 1);
    const auto count = pending_.size() - first;
    container.start = static_cast<std::uint32_t>(made_->records.size());
    container.size = static_cast<std::uint32_t>(count);
    container.hash =
        hash_pair(container.kind == kind::object ? hash_of_members(first) : hash_of_elements(first),
                  count, *secret_);
    made_->records.append(pending_.data() + first, count);
    pending_.resize(first);
    if (container.kind == kind::object && count > arena::index_from) add_index(container);
    pending_.push_back(container);
  }

  /// A sum, which does not see the order; notes references on the way.
  std::uint64_t hash_of_members(std::size_t first) {
    auto sum = static_cast<std::uint64_t>(kind::object) + 1;
    for (auto i = first; i < pending_.size(); ++i) {
      const auto& child = pending_[i];
      sum += hash_pair(made_->names[child.key].hash, child.hash, *secret_);
      if (child.key == arena::reference_key && child.kind == kind::string)
        made_->references.push_back(static_cast<std::uint32_t>(made_->records.size() + i - first));
    }
    return sum;
  }

  [[nodiscard]] std::uint64_t hash_of_elements(std::size_t first) const {
    auto sum = static_cast<std::uint64_t>(kind::array) + 1;
    for (auto i = first; i < pending_.size(); ++i)
      sum = hash_pair(sum, pending_[i].hash, *secret_);
    return sum;
  }

  void copy_content(const arena& source, arena::record& record);
  void copy_within(const arena& source, arena::record& container);
  void add_index(const arena::record& object);
  std::optional<repeated_name> drop_repeated(std::size_t first);

  const hash_secrets* secret_ = &process_secrets();
  std::unique_ptr<arena> made_ = std::make_unique<arena>();
  flat_buffer<arena::record> pending_; ///< Values whose parent is still open.
  flat_buffer<frame> open_;
  flat_buffer<std::uint32_t> last_object_; ///< Per key number: the object it was last seen in.
  std::uint32_t object_number_ = 0;
  std::uint32_t next_key_ = arena::none;
};

} // namespace apisync::specs
