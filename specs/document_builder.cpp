#include "specs/document.hpp"
#include "specs/document_writer.hpp"

#include <vector>

namespace apisync::specs {

void document_writer::add_index(const arena::record& object) {
  auto& entries = made_->entries;
  const auto start = entries.size();
  made_->indexes.push_back({object.start, static_cast<std::uint32_t>(start)});
  for (auto child = object.start; child < object.start + object.size; ++child)
    entries.push_back({made_->records[child].key, child});
  std::sort(entries.begin() + start, entries.end(),
            [](const auto& a, const auto& b) { return a.key < b.key; });
}

/// Keeps of each name in the innermost object the last value.
std::optional<repeated_name> document_writer::drop_repeated(std::size_t first) {
  ++object_number_;
  std::optional<repeated_name> told;
  std::vector<arena::record> kept;
  for (auto i = pending_.size(); i-- > first;) {
    const auto& child = pending_[i];
    if (std::exchange(last_object_[child.key], object_number_) != object_number_) {
      kept.push_back(child);
      continue;
    }
    const auto later = std::find_if(kept.begin(), kept.end(),
                                    [&](const auto& other) { return other.key == child.key; });
    told = repeated_name{made_->text_of(made_->names[child.key]),
                         {child.line, child.column},
                         {later->line, later->column}};
  }
  std::copy(kept.rbegin(), kept.rend(), pending_.begin() + first);
  pending_.resize(first + kept.size());
  return told;
}

void document_writer::copy(node from) {
  assert(from);
  const auto& source = *from.document_->arena_;
  auto record = source.records[from.index_];
  record.key = start(record.kind, {}).key;
  copy_content(source, record);
  pending_.push_back(record);
}

/// Moves a record of another document here, but for its key.
void document_writer::copy_content(const arena& source, arena::record& record) {
  switch (record.kind) {
  case kind::null:
  case kind::boolean:
    return;
  case kind::string:
  case kind::number:
    record.start = made_->add_text(source.text_of(record));
    return;
  case kind::array:
  case kind::object:
    copy_within(source, record);
    return;
  }
}

/// What lies within a container lies together: it is copied as one, and then made to fit.
void document_writer::copy_within(const arena& source, arena::record& container) {
  const auto first = source.first_within(container);
  const auto last = container.start + container.size;
  const auto base = static_cast<std::uint32_t>(made_->records.size());
  made_->records.append(source.records.data() + first, last - first);
  std::vector<arena::record> indexed;
  const auto place = [&](arena::record& of) {
    of.start = of.size == 0 ? base : of.start - first + base;
    if (of.kind == kind::object && of.size > arena::index_from) indexed.push_back(of);
  };
  for (auto i = base; i < made_->records.size(); ++i) {
    auto& copied = made_->records[i];
    if (copied.key != arena::none) {
      const auto& name = source.names[copied.key];
      copied.key = made_->intern(source.text_of(name), name.hash);
    }
    if (copied.kind == kind::array || copied.kind == kind::object)
      place(copied);
    else
      copy_content(source, copied);
    if (copied.key == arena::reference_key && copied.kind == kind::string)
      made_->references.push_back(i);
  }
  place(container);
  std::sort(indexed.begin(), indexed.end(),
            [](const auto& a, const auto& b) { return a.start < b.start; });
  for (const auto& object : indexed)
    add_index(object);
}

document_ptr document_writer::finish() {
  assert(open_.empty() && pending_.size() == 1);
  made_->records.push_back(pending_.back());
  made_->records.shrink_to_fit();
  made_->text.shrink_to_fit();
  made_->names.shrink_to_fit();
  made_->entries.shrink_to_fit();
  made_->indexes.shrink_to_fit();
  made_->references.shrink_to_fit();
  auto finished = std::make_shared<document>();
  finished->arena_ = std::move(made_);
  *this = document_writer{};
  return finished;
}

struct document_builder::state : document_writer {};

document_builder::document_builder() : state_{std::make_unique<state>()} {}
document_builder::~document_builder() = default;
document_builder::document_builder(document_builder&&) noexcept = default;
document_builder& document_builder::operator=(document_builder&&) noexcept = default;

void document_builder::begin_object(position where) {
  state_->begin_object(where);
}
std::optional<repeated_name> document_builder::end_object() {
  return state_->end_object();
}
void document_builder::begin_array(position where) {
  state_->begin_array(where);
}
void document_builder::end_array() {
  state_->end_array();
}
void document_builder::key(std::string_view name) {
  state_->key(name);
}
void document_builder::string(std::string_view value, position where) {
  state_->string(value, where);
}
void document_builder::number(std::string_view source_text, position where) {
  state_->number(source_text, where);
}
void document_builder::boolean(bool value, position where) {
  state_->boolean(value, where);
}
void document_builder::null(position where) {
  state_->null(where);
}
void document_builder::copy(node from) {
  state_->copy(from);
}
std::size_t document_builder::node_count() const {
  return state_->node_count();
}
std::size_t document_builder::text_bytes() const {
  return state_->text_bytes();
}
document_ptr document_builder::finish() {
  return state_->finish();
}

} // namespace apisync::specs
