#include "specs/document.hpp"
#include "specs/document_arena.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace apisync::specs {

namespace {

std::uint64_t hash_of_kind(kind k) {
  return static_cast<std::uint64_t>(k) + 1;
}

} // namespace

struct document_builder::state {
  using arena = document::arena;

  struct frame {
    arena::record container;
    std::size_t first_pending = 0; ///< Where its children start in `pending`.
  };

  std::unique_ptr<arena> made = std::make_unique<arena>();
  std::vector<arena::record> pending; ///< Values whose parent is still open.
  std::vector<frame> open;
  std::vector<std::uint32_t> last_object; ///< Per key number: the object it was last seen in.
  std::uint32_t object_number = 0;
  std::uint32_t next_key = arena::none;

  /// A record of that kind which takes the key that was given.
  arena::record start(kind k, position where) {
    assert(open.empty() ||
           (open.back().container.kind == kind::object) == (next_key != arena::none));
    assert(!open.empty() || pending.empty());
    arena::record record;
    record.kind = k;
    record.key = std::exchange(next_key, arena::none);
    record.line = where.line;
    record.column = where.column;
    return record;
  }

  void add_text(arena::record record, std::string_view value, std::uint64_t hash) {
    record.start = made->add_text(value);
    record.size = static_cast<std::uint32_t>(value.size());
    record.hash = hash;
    pending.push_back(record);
  }

  void begin(kind k, position where) {
    open.push_back({start(k, where), 0});
    open.back().first_pending = pending.size();
  }

  /// Moves the children of the innermost container to their final place.
  void end() {
    auto [container, first] = open.back();
    open.pop_back();
    container.start = static_cast<std::uint32_t>(made->records.size());
    container.size = static_cast<std::uint32_t>(pending.size() - first);
    container.hash = hash_of(container.kind, first);
    made->records.insert(made->records.end(), pending.begin() + static_cast<std::ptrdiff_t>(first),
                         pending.end());
    pending.resize(first);
    if (container.kind == kind::object && container.size > arena::index_from) add_index(container);
    pending.push_back(container);
  }

  [[nodiscard]] std::uint64_t hash_of(kind k, std::size_t first) const {
    std::uint64_t sum = hash_of_kind(k);
    for (auto i = first; i < pending.size(); ++i) {
      const auto& child = pending[i];
      if (k == kind::object) // a sum does not see the order
        sum += hash_pair(made->names[child.key].hash, child.hash);
      else
        sum = hash_pair(sum, child.hash);
    }
    return hash_pair(sum, pending.size() - first);
  }

  void add_index(const arena::record& object) {
    const auto start = made->entries.size();
    made->indexes.push_back({object.start, static_cast<std::uint32_t>(start)});
    for (auto child = object.start; child < object.start + object.size; ++child)
      made->entries.push_back({made->records[child].key, child});
    std::sort(made->entries.begin() + static_cast<std::ptrdiff_t>(start), made->entries.end(),
              [](const auto& a, const auto& b) { return a.key < b.key; });
  }

  /// Finds names given twice in the innermost object, and drops all but the last of each.
  std::optional<repeated_name> drop_repeated() {
    ++object_number;
    last_object.resize(made->names.size(), 0);
    const auto first = open.back().first_pending;
    bool repeated = false;
    for (auto i = first; i < pending.size(); ++i)
      repeated |= std::exchange(last_object[pending[i].key], object_number) == object_number;
    if (!repeated) return std::nullopt;

    ++object_number;
    std::optional<repeated_name> told;
    std::vector<arena::record> kept;
    for (auto i = pending.size(); i-- > first;) {
      const auto& child = pending[i];
      if (std::exchange(last_object[child.key], object_number) != object_number) {
        kept.push_back(child);
        continue;
      }
      const auto later = std::find_if(kept.begin(), kept.end(),
                                      [&](const auto& other) { return other.key == child.key; });
      told = repeated_name{made->text_of(made->names[child.key]),
                           {child.line, child.column},
                           {later->line, later->column}};
    }
    std::copy(kept.rbegin(), kept.rend(), pending.begin() + static_cast<std::ptrdiff_t>(first));
    pending.resize(first + kept.size());
    return told;
  }
};

document_builder::document_builder() : state_{std::make_unique<state>()} {}
document_builder::~document_builder() = default;
document_builder::document_builder(document_builder&&) noexcept = default;
document_builder& document_builder::operator=(document_builder&&) noexcept = default;

void document_builder::begin_object(position where) {
  state_->begin(kind::object, where);
}

std::optional<repeated_name> document_builder::end_object() {
  assert(!state_->open.empty() && state_->open.back().container.kind == kind::object);
  assert(state_->next_key == state::arena::none);
  const auto repeated = state_->drop_repeated();
  state_->end();
  return repeated;
}

void document_builder::begin_array(position where) {
  state_->begin(kind::array, where);
}

void document_builder::end_array() {
  assert(!state_->open.empty() && state_->open.back().container.kind == kind::array);
  state_->end();
}

void document_builder::key(std::string_view name) {
  assert(!state_->open.empty() && state_->open.back().container.kind == kind::object);
  assert(state_->next_key == state::arena::none);
  state_->next_key = state_->made->intern(name, hash_text(name));
}

void document_builder::string(std::string_view value, position where) {
  state_->add_text(state_->start(kind::string, where), value,
                   hash_pair(hash_of_kind(kind::string), hash_text(value)));
}

void document_builder::number(std::string_view source_text, position where) {
  state_->add_text(state_->start(kind::number, where), source_text,
                   hash_pair(hash_of_kind(kind::number), hash_text(source_text)));
}

void document_builder::boolean(bool value, position where) {
  auto record = state_->start(kind::boolean, where);
  record.flag = value;
  record.hash = hash_pair(hash_of_kind(kind::boolean), value ? 1 : 0);
  state_->pending.push_back(record);
}

void document_builder::null(position where) {
  auto record = state_->start(kind::null, where);
  record.hash = hash_pair(hash_of_kind(kind::null), 0);
  state_->pending.push_back(record);
}

void document_builder::copy(node from) {
  assert(from);
  struct step {
    node container;
    std::size_t next;
  };
  std::vector<step> path;
  const auto& source = *from.document_->arena_;
  const auto enter = [&](node value) {
    const auto& record = source.records[value.index_];
    const auto where = value.where();
    switch (record.kind) {
    case kind::object:
      begin_object(where);
      return path.push_back({value, 0});
    case kind::array:
      begin_array(where);
      return path.push_back({value, 0});
    case kind::null:
      return null(where);
    case kind::boolean:
      return boolean(record.flag, where);
    case kind::string:
    case kind::number:
      return state_->add_text(state_->start(record.kind, where), source.text_of(record),
                              record.hash);
    }
  };
  enter(from);
  while (!path.empty()) {
    auto& [container, next] = path.back();
    if (next == container.size()) {
      state_->end(); // no names can repeat in a copy
      path.pop_back();
      continue;
    }
    const node child = container[next++];
    if (const auto number = source.records[child.index_].key; number != state::arena::none) {
      const auto& name = source.names[number];
      state_->next_key = state_->made->intern(source.text_of(name), name.hash);
    }
    enter(child);
  }
}

std::size_t document_builder::node_count() const {
  return state_->made->records.size() + state_->pending.size() + state_->open.size();
}

std::size_t document_builder::text_bytes() const {
  return state_->made->text.size();
}

document_ptr document_builder::finish() {
  assert(state_->open.empty() && state_->pending.size() == 1);
  auto& made = *state_->made;
  made.records.push_back(state_->pending.front());
  made.records.shrink_to_fit();
  made.text.shrink_to_fit();
  made.names.shrink_to_fit();
  made.entries.shrink_to_fit();
  auto finished = std::make_shared<document>();
  finished->arena_ = std::move(state_->made);
  state_ = std::make_unique<state>();
  return finished;
}

} // namespace apisync::specs
