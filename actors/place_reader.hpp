#pragma once

#include "actors/document_cache.hpp"
#include "actors/interfaces.hpp"
#include "specs/question.hpp"

#include <map>
#include <optional>
#include <string>

namespace apisync::actors {

/// Open conflicts of an API as they stand now, and the documents that they are in, each read once.
class place_reader {
public:
  place_reader(const api_context& api, const document_reader& documents)
      : api_{api}, documents_{documents} {}

  /// Null for one that is not open.
  [[nodiscard]] const events::conflict_detail* detail(const std::string& id) const;

  /// What is served now.
  result<read_text> current() { return load(api_.text, "current"); }

  /// The place with its values; `corrupt` where a document cannot be read.
  result<specs::contested_place> place(const events::conflict_detail& of);

  /// The text that a value of a side comes from, so that its words can follow it.
  result<read_text> text_of(const std::optional<digest>& text, const std::string& name);

private:
  result<void> find(const std::optional<digest>& text, const std::string& name,
                    specs::document_ptr& into);
  result<read_text> load(const digest& text, const std::string& name);

  const api_context& api_;
  const document_reader& documents_;
  std::map<digest, read_text> read_;
};

/// What an answer must find unchanged: the place and its three values.
[[nodiscard]] digest values_of(const specs::contested_place& place);

} // namespace apisync::actors
