#pragma once

#include "specs/document.hpp"
#include "specs/error.hpp"
#include "specs/i_regexp.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::specs {

/// What is withheld besides what `find_sensitive` finds: a word (characters without blanks) of
/// which any part matches one of these.
class redaction_rules {
public:
  redaction_rules() = default;

  /// Errors: `invalid_argument`, naming the pattern that is no I-Regexp (RFC 9485).
  [[nodiscard]] static result<redaction_rules> parse(const std::vector<std::string>& patterns);

  [[nodiscard]] bool withholds(std::string_view word) const;
  [[nodiscard]] bool empty() const { return patterns_.empty(); }

private:
  std::vector<i_regexp> patterns_;
};

/// Replaces what is sensitive in texts with marks, the same mark for the same text, and puts it
/// back. The numbers of marks follow from the order of the calls alone.
class redaction {
public:
  /// `scope` stands in each mark, so that marks of different scopes differ: `[[c1:secret:1]]`.
  redaction(const redaction_rules& rules, std::string scope);

  /// A text as it may be shown.
  [[nodiscard]] std::string text(std::string_view original);

  /// A value as it may be shown: members that name a secret lose their texts whole. Over
  /// `bytes_max` it is trimmed: what lies deep, long texts, and what comes late in long lists are
  /// left out, and `trimmed` says so.
  [[nodiscard]] std::string json(node value, std::size_t bytes_max, bool& trimmed);

  /// The text with every mark of this scope replaced by what it stands for. `invalid_argument` for
  /// a mark that was never made, or any where texts had something like a mark themselves.
  [[nodiscard]] result<std::string> put_back(std::string_view shown) const;

  /// The same for a whole value, names of members included.
  [[nodiscard]] result<document_ptr> put_back(node shown) const;

  /// Texts that were withheld so far.
  [[nodiscard]] std::size_t withheld() const { return originals_.size(); }

  /// No text had anything that reads like a mark, so that what is put back is what was taken out.
  [[nodiscard]] bool reversible() const { return reversible_; }

private:
  struct print_limits;
  std::string mark(std::string_view original, std::string_view what);
  void print(std::string& out, node value, const print_limits& limits, std::size_t depth);
  void print_text(std::string& out, std::string_view text, const print_limits& limits);

  const redaction_rules& rules_;
  std::string scope_;
  std::map<std::string, std::string, std::less<>> marks_;     ///< By original.
  std::map<std::string, std::string, std::less<>> originals_; ///< By mark.
  bool reversible_ = true;
};

} // namespace apisync::specs
