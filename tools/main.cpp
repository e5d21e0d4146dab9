#include "tools/cli.hpp"

#if __has_include("tools/serve.hpp")
#include "tools/serve.hpp"
#endif
#if __has_include("tools/log_commands.hpp")
#include "tools/log_commands.hpp"
#endif
#if __has_include("tools/bench.hpp")
#include "tools/bench.hpp"
#endif

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <sys/ioctl.h>
#include <unistd.h>

namespace {

std::size_t terminal_width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

std::vector<apisync::tools::command_group> all_commands() {
  using namespace apisync::tools;
  std::vector<command_group> groups;
#if __has_include("tools/serve.hpp")
  groups.push_back(add_serve);
#endif
  auto const everyday = everyday_commands();
  groups.insert(groups.end(), everyday.begin(), everyday.end());
#if __has_include("tools/log_commands.hpp")
  groups.push_back(add_log_commands);
#endif
#if __has_include("tools/bench.hpp")
  groups.push_back(add_bench);
#endif
  return groups;
}

} // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  (void)std::signal(SIGPIPE, SIG_IGN);
  apisync::tools::invocation call{
      .in = std::cin,
      .out = std::cout,
      .err = std::cerr,
      .environment = [](const std::string& name) -> std::optional<std::string> {
        auto const* const value = std::getenv(name.c_str());
        if (value == nullptr) return std::nullopt;
        return value;
      },
      .now =
          [] {
            return std::chrono::time_point_cast<std::chrono::microseconds>(
                std::chrono::system_clock::now());
          },
      .out_is_terminal = ::isatty(STDOUT_FILENO) == 1,
      .width = terminal_width(),
  };
  auto const groups = all_commands();
  auto const status = apisync::tools::run({argv + 1, argv + argc}, groups, call);
  std::cout.flush();
  return static_cast<int>(status);
}
