#pragma once

#include "specs/error.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

/// The `apisync` program: its command line, and what the commands share.
namespace apisync::tools {

/// What the program's exit tells a script.
enum class exit_status : std::uint8_t {
  good = 0,        ///< Done, and all is well.
  bad_news = 1,    ///< Done, and the answer is bad news: breaking changes, conflicts left, damage.
  wrong_input = 2, ///< The call or its input is wrong.
  unreachable = 3, ///< The service could not be reached or cannot answer now.
};

/// What a command runs with: everything from outside comes through here, so that tests can stand
/// in.
struct invocation {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  /// A variable of the environment, or nothing.
  std::function<std::optional<std::string>(const std::string& name)> environment;
  /// The time of day.
  std::function<std::chrono::sys_time<std::chrono::microseconds>()> now;
  bool out_is_terminal = false;
  std::size_t width = 80; ///< Of the terminal, in columns.

  /// Set by the command that was chosen; run after the whole line has been understood.
  std::function<exit_status()> action = {};

  /// The output is a terminal whose owner has nothing against colour (NO_COLOR, TERM=dumb).
  [[nodiscard]] bool colour() const;

  /// Prints `apisync: WHERE: MESSAGE` to `err` and gives the status that belongs to the error.
  exit_status report(const error& problem) const;
};

/// The exit status that an error ends the program with.
exit_status status_of(errc code);

/// A call's error as a person wrote it: `invalid_argument` without a place.
error wrong_call(std::string message);

/// Reads a file, or the standard input for `-`. Fails with `io` naming the file and why, with
/// `limit_exceeded` over `bytes_max`.
result<std::string> read_input(const invocation& call, const std::string& path,
                               std::size_t bytes_max = 1ULL << 30U);

/// Writes a file whole or not at all, by a rename. Fails with `io`.
result<void> write_output(const std::string& path, std::string_view text);

} // namespace apisync::tools
