#pragma once

#include "events/definition.hpp"
#include "events/target_event.hpp"

#include <string>

namespace apisync::events {

/// Whether a target writes where a source reads, as their declarations tell: the same file, URL, or
/// path on the same branch (a source without `ref` reads the default branch, which may be it).
[[nodiscard]] bool same_place(const target_definition& target, const source_definition& source);

/// Whether a target may write where a source of its API reads: the API's newest document, whole,
/// where an authority reads one file. Anything else would feed the API with what it never said.
/// `invalid_argument` says why not.
result<void> check_shared(const target_definition& target, const source_definition& source,
                          bool several_files);

/// Whether two targets would overwrite each other.
[[nodiscard]] bool same_place(const target_definition& one, const target_definition& other);

/// A path as two spellings of it are compared: `a/./b` and `a//b` are `a/b`.
[[nodiscard]] std::string normal_path(const std::string& path);

} // namespace apisync::events
