#include "storage/document_codec.hpp"

#include "storage/bytes.hpp"

#include <xxhash.h>
#include <zstd.h>

#include <algorithm>
#include <bit>
#include <memory>

namespace apisync::storage {

// document := magic[4]="ASD1" kind:u16 (1 whole, 2 delta) depth:u16 raw_bytes:u64 base[32]
//             checksum:u64 frame            every number little-endian; base is zero for a whole
//             one
// frame    := one Zstandard frame (RFC 8878), with the base's bytes as prefix for a delta
// checksum := XXH3-64(frame, seed = XXH3-64 of the 48 bytes before the checksum)

namespace {

constexpr std::string_view magic = "ASD1";
constexpr std::uint16_t kind_whole = 1;
constexpr std::uint16_t kind_delta = 2;
constexpr std::size_t checksum_at = 48;
constexpr std::size_t header_bytes = 56;
constexpr int compression_level = 3;

/// A window that spans a document and its base, both of the largest size.
constexpr int window_log_max = 27;
constexpr int window_log_min = 17;

/// From here on, matches far back are found by zstd's long-distance search only.
constexpr std::size_t long_distance_bytes = std::size_t{4} << 20U;

struct free_context {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

std::uint64_t checksum(std::string_view header, std::string_view frame) {
  return XXH3_64bits_withSeed(frame.data(), frame.size(), XXH3_64bits(header.data(), checksum_at));
}

result<std::string> compress(std::string_view bytes, std::string_view base) {
  const std::unique_ptr<ZSTD_CCtx, free_context> context{ZSTD_createCCtx()};
  std::string frame(ZSTD_compressBound(bytes.size()), '\0');
  const auto reach = bytes.size() + base.size();
  const auto window =
      std::clamp(static_cast<int>(std::bit_width(reach)), window_log_min, window_log_max);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, compression_level);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_contentSizeFlag, 1);
  if (!base.empty()) {
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, window);
    if (reach > long_distance_bytes)
      ZSTD_CCtx_setParameter(context.get(), ZSTD_c_enableLongDistanceMatching, 1);
    ZSTD_CCtx_refPrefix(context.get(), base.data(), base.size());
  }
  const auto size =
      ZSTD_compress2(context.get(), frame.data(), frame.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(size) != 0)
    return fail(errc::internal, std::string{"zstd cannot compress: "} + ZSTD_getErrorName(size));
  frame.resize(size);
  return frame;
}

} // namespace

result<std::string> encode_document(document_header header, std::string_view bytes,
                                    std::string_view base) {
  if (bytes.size() > document_bytes_max)
    return fail(errc::limit_exceeded, "a document of " + std::to_string(bytes.size()) +
                                          " bytes is larger than the 64 MiB that are stored");
  auto frame = compress(bytes, base);
  if (!frame) return frame;
  std::string out;
  out.reserve(header_bytes + frame->size());
  out += magic;
  put_little(out, header.base ? kind_delta : kind_whole);
  put_little(out, header.depth);
  put_little<std::uint64_t>(out, bytes.size());
  out += header.base.value_or(digest{}).view();
  put_little(out, checksum(out, *frame));
  out += *frame;
  return out;
}

result<document_header> read_document_header(std::string_view encoded) {
  if (encoded.size() < header_bytes || encoded.substr(0, magic.size()) != magic)
    return fail(errc::corrupt, "the stored bytes are not a document");
  byte_reader in{encoded.substr(magic.size())};
  const auto kind = in.little<std::uint16_t>();
  document_header header;
  header.depth = in.little<std::uint16_t>();
  header.raw_bytes = in.little<std::uint64_t>();
  digest base;
  const auto base_text = in.take(base.bytes.size());
  std::memcpy(base.bytes.data(), base_text.data(), base_text.size());
  if (in.little<std::uint64_t>() != checksum(encoded, in.rest()))
    return fail(errc::corrupt, "the stored document is damaged: its checksum does not match");
  if ((kind != kind_whole && kind != kind_delta) || header.raw_bytes > document_bytes_max)
    return fail(errc::corrupt, "the document was stored by a newer version of apisync");
  if (kind == kind_delta) header.base = base;
  return header;
}

result<std::string> decode_document(std::string_view encoded, std::string_view base) {
  const auto header = read_document_header(encoded);
  if (!header) return tl::unexpected{header.error()};
  const std::unique_ptr<ZSTD_DCtx, free_context> context{ZSTD_createDCtx()};
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, window_log_max);
  if (!base.empty()) ZSTD_DCtx_refPrefix(context.get(), base.data(), base.size());
  std::string bytes(header->raw_bytes, '\0');
  const auto frame = encoded.substr(header_bytes);
  const auto size =
      ZSTD_decompressDCtx(context.get(), bytes.data(), bytes.size(), frame.data(), frame.size());
  if (ZSTD_isError(size) != 0 || size != bytes.size())
    return fail(errc::corrupt, "the stored document does not decompress");
  return bytes;
}

} // namespace apisync::storage
