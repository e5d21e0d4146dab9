#include "storage/documents.hpp"

#include <vector>

namespace apisync::storage {

namespace {

/// Deltas are written with a depth of at most `delta_depth_max`. Two stores of one document at the
/// same time may lengthen a chain, never past this.
constexpr std::size_t chain_length_max = std::size_t{8} * delta_depth_max;

/// A delta below this share of the text is taken without trying the whole.
constexpr std::size_t clearly_smaller = 8;

} // namespace

compressed_documents::text compressed_documents::find_cached(const digest& hash) const {
  const std::lock_guard lock{mutex_};
  const auto at = places_.find(hash);
  if (at == places_.end()) return nullptr;
  recent_.splice(recent_.begin(), recent_, at->second);
  return at->second->bytes;
}

void compressed_documents::keep(const digest& hash, const text& bytes) const {
  const std::lock_guard lock{mutex_};
  if (bytes->size() > cache_bytes_max_ || places_.contains(hash)) return;
  recent_.push_front({hash, bytes});
  places_.emplace(hash, recent_.begin());
  cache_bytes_ += bytes->size();
  while (cache_bytes_ > cache_bytes_max_) {
    const auto& oldest = recent_.back();
    cache_bytes_ -= oldest.bytes->size();
    places_.erase(oldest.hash);
    recent_.pop_back();
  }
}

result<compressed_documents::text> compressed_documents::load_text(const digest& hash) const {
  std::vector<std::pair<digest, std::string>> chain;
  auto next = std::optional{hash};
  auto base = std::make_shared<const std::string>();
  while (next) {
    if (auto known = find_cached(*next)) {
      base = std::move(known);
      break;
    }
    auto encoded = find_(*next);
    if (!encoded) return tl::unexpected{encoded.error()};
    if (!*encoded && chain.empty())
      return fail(errc::not_found, "no document has this hash", next->hex());
    if (!*encoded || chain.size() >= chain_length_max)
      return fail(errc::corrupt, "a document that others are stored against is missing",
                  next->hex());
    const auto header = read_document_header(**encoded);
    if (!header) return fail(header.error().code, header.error().message, next->hex());
    chain.emplace_back(*next, std::move(**encoded));
    next = header->base;
  }
  for (; !chain.empty(); chain.pop_back()) {
    const auto& [name, encoded] = chain.back();
    auto bytes = decode_document(encoded, *base);
    if (!bytes) return fail(bytes.error().code, bytes.error().message, name.hex());
    if (sha256::of(*bytes) != name)
      return fail(errc::corrupt, "the stored document does not hash to its name", name.hex());
    base = std::make_shared<const std::string>(std::move(*bytes));
  }
  keep(hash, base);
  return base;
}

result<std::optional<std::string>> compressed_documents::delta(std::string_view bytes,
                                                               const digest& previous) const {
  const auto stored = find_(previous);
  if (!stored) return tl::unexpected{stored.error()};
  if (!*stored) return std::nullopt;
  const auto header = read_document_header(**stored);
  if (!header) return fail(header.error().code, header.error().message, previous.hex());
  if (header->depth >= delta_depth_max) return std::nullopt;
  const auto base = load_text(previous);
  if (!base) return tl::unexpected{base.error()};
  const auto depth = static_cast<std::uint16_t>(header->depth + 1);
  auto encoded = encode_document({previous, depth, 0}, bytes, **base);
  if (!encoded) return tl::unexpected{encoded.error()};
  return std::move(*encoded);
}

result<stored_document> compressed_documents::encode(std::string_view bytes,
                                                     std::optional<digest> previous) const {
  const auto hash = sha256::of(bytes);
  const auto known = contains(hash);
  if (!known) return tl::unexpected{known.error()};
  if (*known) return stored_document{hash, {}};
  std::optional<std::string> small;
  if (previous) {
    auto against = delta(bytes, *previous);
    if (!against && against.error().code != errc::corrupt) return tl::unexpected{against.error()};
    if (against) small = std::move(*against); // A damaged one is no base: stored whole instead.
    if (small && small->size() < bytes.size() / clearly_smaller)
      return stored_document{hash, std::move(*small)};
  }
  auto whole = encode_document({}, bytes, {});
  if (!whole) return tl::unexpected{whole.error()};
  if (small && small->size() < whole->size()) return stored_document{hash, std::move(*small)};
  return stored_document{hash, std::move(*whole)};
}

result<std::string> compressed_documents::load(const digest& hash) const {
  auto bytes = load_text(hash);
  if (!bytes) return tl::unexpected{bytes.error()};
  return **bytes;
}

result<bool> compressed_documents::contains(const digest& hash) const {
  if (find_cached(hash)) return true;
  const auto encoded = find_(hash);
  if (!encoded) return tl::unexpected{encoded.error()};
  return encoded->has_value();
}

result<std::uint64_t> compressed_documents::size(const digest& hash) const {
  if (const auto known = find_cached(hash)) return known->size();
  const auto encoded = find_(hash);
  if (!encoded) return tl::unexpected{encoded.error()};
  if (!*encoded) return fail(errc::not_found, "no document has this hash", hash.hex());
  const auto header = read_document_header(**encoded);
  if (!header) return fail(header.error().code, header.error().message, hash.hex());
  return header->raw_bytes;
}

} // namespace apisync::storage
