#pragma once

#include "specs/document.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace apisync::specs {

/// Which operations of a specification a source stands for. Empty lists choose nothing away.
struct selection {
  /// Globs; an operation's path matches at least one.
  std::vector<std::string> include_paths{};
  /// Globs; it matches none. Stronger than `include_paths`.
  std::vector<std::string> exclude_paths{};
  /// `get`, `post`, ...; upper and lower case alike.
  std::vector<std::string> methods{};
  /// It has at least one.
  std::vector<std::string> include_tags{};
  /// It has none. Stronger than `include_tags`.
  std::vector<std::string> exclude_tags{};
  /// Globs; its `operationId` matches at least one.
  std::vector<std::string> include_operation_ids{};
  /// Globs; it matches none. Stronger than `include_operation_ids`.
  std::vector<std::string> exclude_operation_ids{};
  /// `x-NAME`: there, and neither false nor null; `x-NAME=TEXT`: that text, number or truth value,
  /// or a list that has it. It, or else its path item, has at least one.
  std::vector<std::string> include_extensions{};
  /// It has none. Stronger than `include_extensions`.
  std::vector<std::string> exclude_extensions{};

  bool operator==(const selection&) const = default;
  [[nodiscard]] bool empty() const { return *this == selection{}; }
};

/// Whether a path matches a glob: `?` is one character and `*` any number, neither of them `/`;
/// `**` is any number of any characters. `/**` at the end also matches nothing: `/pets/**` has
/// `/pets`.
[[nodiscard]] bool matches_glob(std::string_view path, std::string_view glob);

/// The document without the operations that are not chosen and the path items that keep none.
/// Components stay, used or not. The same pointer comes back where nothing falls away.
[[nodiscard]] document_ptr select(const document_ptr& doc, const selection& chosen);

} // namespace apisync::specs
