#include "storage/open_store.hpp"

#include "storage/documents.hpp"

namespace apisync::storage {

store with_documents(std::shared_ptr<stored_log> log) {
  auto documents = std::make_shared<compressed_documents>(
      [log](const digest& hash) { return log->find_document(hash); });
  return {std::move(log), std::move(documents)};
}

result<store> open_store(const std::string& path, const log_options& options) {
  auto log = rocksdb_log::open(path, options);
  if (!log) return tl::unexpected{log.error()};
  return with_documents(std::move(*log));
}

} // namespace apisync::storage
