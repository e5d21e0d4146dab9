#include "storage/anchor.hpp"

#include "storage/bytes.hpp"
#include "storage/rocks.hpp"

#include <rocksdb/env.h>
#include <xxhash.h>

#include <optional>

namespace apisync::storage {

// anchor := slot pad[4040] slot pad[4040]            8192 bytes, a slot at 0 and one at 4096
// slot   := magic[8]="APSANCH1" generation:u64 sequence:u64 chain[32] checksum:u64
//
// The checksum is XXH3-64 of the 56 bytes before it. The slot of generation g is slot g mod 2; the
// intact slot of the highest generation counts. Numbers are little-endian.

namespace {

constexpr std::string_view magic = "APSANCH1";
constexpr std::size_t slot_distance = 4096; // No sector or page holds both.
constexpr std::size_t slot_bytes = 64;
constexpr std::size_t checksum_at = 56;

struct slot {
  std::uint64_t generation = 0;
  anchor_point point;
};

std::string encode(const slot& value) {
  std::string out{magic};
  put_little(out, value.generation);
  put_little(out, value.point.sequence);
  out += value.point.chain.view();
  put_little<std::uint64_t>(out, XXH3_64bits(out.data(), checksum_at));
  return out;
}

std::optional<slot> decode(std::string_view text) {
  if (text.size() != slot_bytes || text.substr(0, magic.size()) != magic) return std::nullopt;
  byte_reader in{text.substr(magic.size())};
  slot value;
  value.generation = in.little<std::uint64_t>();
  value.point.sequence = in.little<std::uint64_t>();
  const auto chain = in.take(value.point.chain.bytes.size());
  std::memcpy(value.point.chain.bytes.data(), chain.data(), chain.size());
  if (in.little<std::uint64_t>() != XXH3_64bits(text.data(), checksum_at)) return std::nullopt;
  return value;
}

result<slot> read_newest(rocksdb::Env& env, const std::string& path) {
  if (env.FileExists(path).IsNotFound())
    return fail(errc::not_found,
                "the anchor, which says how far the log was acknowledged, is missing", path);
  std::string text;
  const auto status = rocksdb::ReadFileToString(&env, path, &text);
  if (!status.ok()) return tl::unexpected{rocks_error(status, path)};
  std::optional<slot> newest;
  for (const auto at : {std::size_t{0}, slot_distance}) {
    if (text.size() < at + slot_bytes) continue;
    const auto found = decode(std::string_view{text}.substr(at, slot_bytes));
    if (found && (!newest || found->generation > newest->generation)) newest = found;
  }
  if (!newest)
    return fail(errc::corrupt, "the anchor is damaged: neither of its slots is intact", path);
  return *newest;
}

} // namespace

anchor::anchor(std::unique_ptr<rocksdb::RandomRWFile> file, std::string path,
               std::uint64_t generation, const anchor_point& point)
    : file_{std::move(file)}, path_{std::move(path)}, generation_{generation}, point_{point} {}
anchor::anchor(anchor&&) noexcept = default;
anchor& anchor::operator=(anchor&&) noexcept = default;
anchor::~anchor() = default;

result<void> anchor::create(rocksdb::Env& env, const std::string& path, const anchor_point& point) {
  std::string text = encode({1, point});
  text.resize(slot_distance, '\0');
  text += encode({2, point});
  text.resize(2 * slot_distance, '\0');
  return replace_file(env, path, text);
}

result<anchor_point> anchor::read(rocksdb::Env& env, const std::string& path) {
  const auto newest = read_newest(env, path);
  if (!newest) return tl::unexpected{newest.error()};
  return newest->point;
}

result<anchor> anchor::open(rocksdb::Env& env, const std::string& path) {
  const auto newest = read_newest(env, path);
  if (!newest) return tl::unexpected{newest.error()};
  std::unique_ptr<rocksdb::RandomRWFile> file;
  const auto status = env.NewRandomRWFile(path, &file, rocksdb::EnvOptions{});
  if (!status.ok()) return tl::unexpected{rocks_error(status, path)};
  return anchor{std::move(file), path, newest->generation, newest->point};
}

result<void> anchor::write(const anchor_point& point) {
  const auto generation = generation_ + 1;
  auto status =
      file_->Write((generation % 2 == 1 ? 0 : slot_distance), encode({generation, point}));
  if (status.ok()) status = file_->Sync();
  if (!status.ok()) return tl::unexpected{rocks_error(status, path_)};
  generation_ = generation;
  point_ = point;
  return {};
}

} // namespace apisync::storage
