#pragma once

#include "actors/describe.hpp"

#include <cstddef>
#include <list>
#include <mutex>
#include <unordered_map>

namespace apisync::actors {

/// Documents that were read lately, with their hashes, so that the base and the current document of
/// an API are not read again for each change. Bounded in bytes (of the texts and of the trees, as
/// `document::memory` counts them); what was used longest ago goes first. Thread-safe.
class document_cache {
public:
  /// Nothing is kept until a budget is set.
  explicit document_cache(std::size_t budget = 0) : budget_{budget} {}

  /// What does not fit any more is let go at once.
  void set_budget(std::size_t bytes);

  /// What was kept under the hash of the text; null where it is not there.
  [[nodiscard]] std::shared_ptr<const read_text> find(const digest& text);
  /// Kept if it fits in the budget; one that was kept before is replaced by one that knows more.
  void keep(const std::shared_ptr<const read_text>& read);

  [[nodiscard]] std::size_t bytes() const;
  [[nodiscard]] std::size_t budget() const;
  struct counts {
    std::uint64_t hits = 0, misses = 0;
  };
  [[nodiscard]] counts counted() const;

private:
  struct kept {
    std::shared_ptr<const read_text> read;
    std::size_t bytes = 0;
  };

  void shrink();

  mutable std::mutex mutex_; ///< Protects what follows.
  std::size_t budget_ = 0, bytes_ = 0;
  std::list<kept> recent_; ///< The last used first.
  std::unordered_map<digest, std::list<kept>::iterator> places_;
  counts counts_;
};

/// The stored documents, read through a cache.
class document_reader : public storage::document_store {
public:
  document_reader(std::shared_ptr<const storage::document_store> store,
                  std::shared_ptr<document_cache> cache)
      : store_{std::move(store)}, cache_{std::move(cache)} {}

  result<storage::stored_document> encode(std::string_view bytes,
                                          std::optional<digest> previous) const override {
    return store_->encode(bytes, previous);
  }
  [[nodiscard]] result<std::string> load(const digest& hash) const override {
    return store_->load(hash);
  }
  [[nodiscard]] result<bool> contains(const digest& hash) const override {
    return store_->contains(hash);
  }
  [[nodiscard]] result<std::uint64_t> size(const digest& hash) const override {
    return store_->size(hash);
  }

  [[nodiscard]] document_cache& cache() const { return *cache_; }

private:
  std::shared_ptr<const storage::document_store> store_;
  std::shared_ptr<document_cache> cache_;
};

/// As the other `load_text`, from the cache where it is there.
result<read_text> load_text(const document_reader& documents, const digest& text,
                            const std::string& name, std::uint64_t max_bytes);

} // namespace apisync::actors
