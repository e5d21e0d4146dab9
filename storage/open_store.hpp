#pragma once

#include "storage/event_log.hpp"
#include "storage/log_reader.hpp"
#include "storage/rocksdb_log.hpp"

#include <memory>
#include <string>

namespace apisync::storage {

/// Opens the log of a data directory for writing, with its documents.
result<store> open_store(const std::string& path, const log_options& options = {});

/// A log on disk, however it was opened, with the documents in it.
store with_documents(std::shared_ptr<stored_log> log);

} // namespace apisync::storage
