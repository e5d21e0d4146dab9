#pragma once

#include "storage/document_codec.hpp"
#include "storage/event_log.hpp"

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace apisync::storage {

/// The most deltas between a stored document and a whole one.
inline constexpr std::uint16_t delta_depth_max = 8;

/// Finds a document's stored form: nothing where there is none, an error where it cannot be read.
using find_encoded = std::function<result<std::optional<std::string>>(const digest& hash)>;

/// The document store over any place that keeps stored forms: compression, deltas, and a cache of
/// texts, bounded in bytes, so that the next version's base is at hand.
class compressed_documents : public document_store {
public:
  explicit compressed_documents(find_encoded find, std::size_t cache_bytes_max = 64U << 20U)
      : find_{std::move(find)}, cache_bytes_max_{cache_bytes_max} {}

  /// A document that is stored already comes back with an empty `encoded`, and is not written
  /// again: a delta against its own descendant would lose both.
  result<stored_document> encode(std::string_view bytes,
                                 std::optional<digest> previous) const override;
  [[nodiscard]] result<std::string> load(const digest& hash) const override;
  [[nodiscard]] result<bool> contains(const digest& hash) const override;
  [[nodiscard]] result<std::uint64_t> size(const digest& hash) const override;

private:
  using text = std::shared_ptr<const std::string>;
  struct cached {
    digest hash;
    text bytes;
  };

  [[nodiscard]] result<text> load_text(const digest& hash) const;
  [[nodiscard]] result<std::optional<std::string>> delta(std::string_view bytes,
                                                         const digest& previous) const;
  [[nodiscard]] text find_cached(const digest& hash) const;
  void keep(const digest& hash, const text& bytes) const;

  find_encoded find_;
  std::size_t cache_bytes_max_;

  mutable std::mutex mutex_;         ///< Protects what follows.
  mutable std::list<cached> recent_; ///< The last used first.
  mutable std::unordered_map<digest, std::list<cached>::iterator> places_;
  mutable std::size_t cache_bytes_ = 0;
};

} // namespace apisync::storage
