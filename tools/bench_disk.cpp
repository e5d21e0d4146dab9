#include "tools/bench_disk.hpp"

#include "storage/bytes.hpp"
#include "storage/rocks.hpp"

#include <rocksdb/write_batch.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace apisync::tools {
namespace {

using clock = std::chrono::steady_clock;

/// Repeats a batch until the time is up; events per second.
template <class Batch>
result<double> measure(std::uint32_t events, std::chrono::milliseconds time, Batch batch) {
  std::uint64_t done = 0;
  auto const began = clock::now();
  auto now = began;
  do {
    if (auto const written = batch(); !written) return tl::unexpected{written.error()};
    done += events;
    now = clock::now();
  } while (now < began + time);
  return static_cast<double>(done) / std::chrono::duration<double>(now - began).count();
}

tl::unexpected<error> file_problem(const char* what) {
  return fail(errc::io, std::string{what} + ": " + std::strerror(errno), "benchmark file");
}

} // namespace

result<std::unique_ptr<synced_batches>> synced_batches::open(const std::string& path) {
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* db = nullptr;
  auto const status = rocksdb::DB::Open(options, path, &db);
  if (!status.ok()) return tl::unexpected{storage::rocks_error(status, path)};
  return std::unique_ptr<synced_batches>{new synced_batches{db}};
}

result<double> synced_batches::run(const bench_records& records, std::uint32_t batch,
                                   std::chrono::milliseconds time) {
  rocksdb::WriteOptions options;
  options.sync = true;
  rocksdb::WriteBatch puts;
  return measure(batch, time, [&]() -> result<void> {
    puts.Clear();
    rocksdb::Status status;
    for (std::uint32_t i = 0; i < batch && status.ok(); ++i, ++next_)
      status = puts.Put(storage::big_endian_key(next_), storage::as_slice(records.text(next_)));
    if (status.ok()) status = db_->Write(options, &puts);
    if (!status.ok()) return tl::unexpected{storage::rocks_error(status, "benchmark")};
    return {};
  });
}

result<std::unique_ptr<synced_file>> synced_file::open(const std::string& path) {
  auto const file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return file_problem("cannot be made");
  return std::unique_ptr<synced_file>{new synced_file{file}};
}

synced_file::~synced_file() {
  ::close(file_);
}

result<double> synced_file::run(const bench_records& records, std::uint32_t batch,
                                std::chrono::milliseconds time) {
  std::string bytes;
  return measure(batch, time, [&]() -> result<void> {
    bytes.clear();
    for (std::uint32_t i = 0; i < batch; ++i)
      bytes += records.text(next_++);
    std::string_view rest = bytes;
    while (!rest.empty()) {
      auto const written = ::write(file_, rest.data(), rest.size());
      if (written < 0) return file_problem("cannot be written");
      rest.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fdatasync(file_) != 0) return file_problem("cannot be synced");
    return {};
  });
}

} // namespace apisync::tools
