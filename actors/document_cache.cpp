#include "actors/document_cache.hpp"

namespace apisync::actors {

namespace {

constexpr std::size_t overhead = 512; ///< Of an entry itself, about.

std::size_t bytes_of(const read_text& read) {
  return overhead + read.document->memory() + (read.bytes ? read.bytes->size() : 0);
}

} // namespace

void document_cache::set_budget(std::size_t bytes) {
  const std::scoped_lock lock{mutex_};
  budget_ = bytes;
  shrink();
}

std::shared_ptr<const read_text> document_cache::find(const digest& text) {
  const std::scoped_lock lock{mutex_};
  const auto found = places_.find(text);
  if (found == places_.end()) {
    ++counts_.misses;
    return nullptr;
  }
  ++counts_.hits;
  recent_.splice(recent_.begin(), recent_, found->second);
  return found->second->read;
}

void document_cache::keep(const std::shared_ptr<const read_text>& read) {
  const auto bytes = bytes_of(*read);
  const std::scoped_lock lock{mutex_};
  if (bytes > budget_) return;
  if (const auto found = places_.find(read->text_hash); found != places_.end()) {
    bytes_ -= found->second->bytes;
    recent_.erase(found->second);
    places_.erase(found);
  }
  recent_.push_front({read, bytes});
  places_.emplace(read->text_hash, recent_.begin());
  bytes_ += bytes;
  shrink();
}

void document_cache::shrink() {
  while (bytes_ > budget_) {
    bytes_ -= recent_.back().bytes;
    places_.erase(recent_.back().read->text_hash);
    recent_.pop_back();
  }
}

std::size_t document_cache::bytes() const {
  const std::scoped_lock lock{mutex_};
  return bytes_;
}

std::size_t document_cache::budget() const {
  const std::scoped_lock lock{mutex_};
  return budget_;
}

document_cache::counts document_cache::counted() const {
  const std::scoped_lock lock{mutex_};
  return counts_;
}

result<read_text> load_text(const document_reader& documents, const digest& text,
                            const std::string& name, std::uint64_t max_bytes) {
  if (const auto known = documents.cache().find(text)) return *known;
  auto read =
      load_text(static_cast<const storage::document_store&>(documents), text, name, max_bytes);
  if (read) documents.cache().keep(std::make_shared<const read_text>(*read));
  return read;
}

} // namespace apisync::actors
