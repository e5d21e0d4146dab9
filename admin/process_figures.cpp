#include "admin/process_figures.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace apisync::admin {
namespace {

/// The fields of `/proc/self/stat` after the program's name, which may have spaces (proc(5)).
std::vector<std::string> stat_fields() {
  std::ifstream file{"/proc/self/stat"};
  std::string text;
  std::getline(file, text);
  auto const end = text.rfind(')');
  if (end == std::string::npos) return {};
  std::istringstream rest{text.substr(end + 1)};
  std::vector<std::string> fields;
  for (std::string field; rest >> field;)
    fields.push_back(std::move(field));
  return fields;
}

/// When the system started, seconds since the epoch.
double boot_time() {
  std::ifstream file{"/proc/stat"};
  double value = 0;
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("btime ")) std::istringstream{line.substr(6)} >> value;
  return value;
}

std::uint64_t count_open_files() {
  std::error_code failed;
  std::uint64_t count = 0;
  for (std::filesystem::directory_iterator at{"/proc/self/fd", failed}, end; !failed && at != end;
       at.increment(failed))
    ++count;
  return count == 0 ? 0 : count - 1; // the one that lists them
}

} // namespace

std::optional<process_figures> read_process_figures() {
  // Places after the name: proc(5) counts the state as field 3.
  constexpr std::size_t user_ticks = 11, system_ticks = 12, threads = 17, start_ticks = 19,
                        virtual_size = 20, resident_pages = 21;
  auto const fields = stat_fields();
  if (fields.size() <= resident_pages) return std::nullopt;
  auto const number = [&](std::size_t i) { return std::strtoull(fields[i].c_str(), nullptr, 10); };
  auto const ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  process_figures out;
  out.cpu_seconds = static_cast<double>(number(user_ticks) + number(system_ticks)) / ticks;
  out.start_time_seconds = boot_time() + static_cast<double>(number(start_ticks)) / ticks;
  out.resident_bytes = number(resident_pages) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  out.virtual_bytes = number(virtual_size);
  out.threads = number(threads);
  out.open_files = count_open_files();
  return out;
}

} // namespace apisync::admin
