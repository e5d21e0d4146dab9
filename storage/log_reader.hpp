#pragma once

#include "storage/stored_log.hpp"

#include <memory>
#include <string>

namespace apisync::storage {

/// Looks at a log that another process may be writing, without ever disturbing it: a RocksDB
/// secondary, with the same checks at opening as the writer. Writing is refused.
class log_reader : public stored_log {
public:
  /// `not_found` where there is no log, `corrupt` where it is not whole.
  static result<std::unique_ptr<log_reader>> open(const std::string& path);
  ~log_reader() override;

  /// Takes in what the writer has committed since. Not beside another call of itself.
  result<void> catch_up();

  result<void> store(const planned_commit& commit) override;
  result<void> acknowledge(std::span<const std::shared_ptr<const planned_commit>> commits) override;

private:
  class scratch_folder;
  log_reader(data_directory where, std::unique_ptr<database> base,
             std::unique_ptr<scratch_folder> scratch);

  std::unique_ptr<scratch_folder> scratch_;
};

} // namespace apisync::storage
