#pragma once

#include "events/record.hpp"
#include "tools/cli.hpp"

#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace apisync::test {

/// Runs the program in this process, on streams, a clock and an environment of its own.
class command_line {
public:
  std::map<std::string, std::string> environment;
  std::istringstream in;
  std::ostringstream out, err;

  int operator()(const std::vector<std::string>& arguments) {
    out.str("");
    err.str("");
    tools::invocation call{
        .in = in,
        .out = out,
        .err = err,
        .environment = [this](const std::string& name) -> std::optional<std::string> {
          auto const found = environment.find(name);
          if (found == environment.end()) return std::nullopt;
          return found->second;
        },
        .now = [] { return *events::parse_rfc3339("2026-11-23T12:00:00Z"); },
    };
    return static_cast<int>(tools::run(arguments, tools::everyday_commands(), call));
  }

  [[nodiscard]] bool said(const std::string& text) const {
    return out.str().find(text) != std::string::npos;
  }
  [[nodiscard]] bool complained(const std::string& text) const {
    return err.str().find(text) != std::string::npos;
  }
};

} // namespace apisync::test
