#pragma once

#include "specs/compat.hpp"
#include "tools/invocation.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>

namespace apisync::tools {

/// How the commands that judge changes are told to.
struct judge_options {
  std::string as_of; ///< Empty: today.
  std::string rules; ///< A file; empty: the catalogue's levels, and no exceptions.
};

/// Adds `--as-of` and `--rules`.
std::shared_ptr<judge_options> add_judge_options(CLI::App& app);

/// Fails with `invalid_argument` for a day that no calendar has, and as reading the file and
/// `specs::read_rule_config` do.
result<specs::compat_options> read_judge_options(const invocation& call,
                                                 const judge_options& given);

/// Says on `err` which exceptions of the rules ignored nothing.
void warn_of_idle_exceptions(const invocation& call, const judge_options& given,
                             const specs::compat_options& how, const specs::compat_report& report);

} // namespace apisync::tools
