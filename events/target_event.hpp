#pragma once

#include "events/fields.hpp"
#include "events/record.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Targets, as people declare them, and what happens to them: the events of streams `target/ID`.
namespace apisync::events {

enum class target_kind : std::uint8_t { file, http, git };
constexpr auto all_values(target_kind) {
  return std::array{target_kind::file, target_kind::http, target_kind::git};
}
std::string_view to_string(target_kind value);

enum class target_method : std::uint8_t { put, post };
constexpr auto all_values(target_method) {
  return std::array{target_method::put, target_method::post};
}
std::string_view to_string(target_method value);

/// Which of an API's documents goes there.
enum class target_document : std::uint8_t {
  current,  ///< The newest.
  released, ///< The one that was promoted last; nothing before that.
};
constexpr auto all_values(target_document) {
  return std::array{target_document::current, target_document::released};
}
std::string_view to_string(target_document value);

/// Formats that a document can be written in.
enum class target_format : std::uint8_t { json, yaml };
constexpr auto all_values(target_format) {
  return std::array{target_format::json, target_format::yaml};
}
std::string_view to_string(target_format value);

/// Where an API's document goes. What is secret is named, never written: a definition is kept in
/// the log.
struct target_definition {
  std::string id;
  std::string api; ///< Whose document.
  target_kind kind = target_kind::file;
  std::string path;   ///< file: as declared; git: inside the repository.
  std::string url;    ///< http: the address, or `env:NAME` or `file:PATH`; git: the repository.
  std::string branch; ///< git.
  target_method method = target_method::put;  ///< http.
  std::map<std::string, std::string> headers; ///< http: plain, or by reference.
  std::vector<std::string> allow_addresses;   ///< http: beyond the public ones.
  target_document document = target_document::current;
  std::optional<target_format> format;       ///< Absent: what is there, or the document's own.
  std::chrono::milliseconds timeout{30'000}; ///< http: of one attempt.
  bool enabled = true;                       ///< Otherwise nothing is written.

  bool operator==(const target_definition&) const = default;
  static void fields(auto& self, auto& visit) {
    visit.required("id", self.id);
    visit.required("api", self.api);
    visit.required("kind", self.kind);
    visit("path", self.path);
    visit("url", self.url);
    visit("branch", self.branch);
    visit("method", self.method);
    visit("headers", self.headers);
    visit("allowAddresses", self.allow_addresses);
    visit("document", self.document);
    visit("format", self.format);
    visit("timeout", self.timeout);
    visit("enabled", self.enabled);
  }
};

/// Checks what a target cannot do without: its ids and a place.
result<void> check(const target_definition& target);

/// Where it is, for people and messages: a path, an address, `REPOSITORY BRANCH:PATH`.
std::string place_of(const target_definition& target);

struct target_added {
  static constexpr std::string_view type = "target_added";
  static constexpr std::uint32_t schema = 1;
  target_definition definition;

  static void fields(auto& self, auto& visit) { visit.required("definition", self.definition); }
};

struct target_changed {
  static constexpr std::string_view type = "target_changed";
  static constexpr std::uint32_t schema = 1;
  target_definition definition;

  static void fields(auto& self, auto& visit) { visit.required("definition", self.definition); }
};

struct target_removed {
  static constexpr std::string_view type = "target_removed";
  static constexpr std::uint32_t schema = 1;
  static void fields(auto&, auto&) {}
};

/// The place has the document now.
struct target_written {
  static constexpr std::string_view type = "target_written";
  static constexpr std::uint32_t schema = 1;
  std::uint64_t revision = 0;
  digest text;                ///< The document, as the store has it.
  digest bytes;               ///< What is at the place, which may be laid out otherwise.
  std::uint64_t size = 0;     ///< Of the bytes.
  bool verbatim = true;       ///< The bytes are the document's text.
  bool found = false;         ///< The place had it already: nothing was written.
  std::uint32_t attempts = 1; ///< This one included.
  std::string commit;         ///< git

  static void fields(auto& self, auto& visit) {
    visit.required("revision", self.revision);
    visit.required("text", self.text);
    visit.required("bytes", self.bytes);
    visit("size", self.size);
    visit("verbatim", self.verbatim);
    visit("found", self.found);
    visit("attempts", self.attempts);
    visit("commit", self.commit);
  }
};

/// An attempt failed; there will be another.
struct target_failed {
  static constexpr std::string_view type = "target_failed";
  static constexpr std::uint32_t schema = 1;
  std::uint64_t revision = 0;
  std::uint32_t attempts = 1; ///< In a row.
  std::string reason, where;
  timestamp next_attempt;

  static void fields(auto& self, auto& visit) {
    visit.required("revision", self.revision);
    visit("attempts", self.attempts);
    visit.required("reason", self.reason);
    visit("where", self.where);
    visit.required("nextAttempt", self.next_attempt);
  }
};

/// A person wants the document written now, whatever was written before.
struct target_ordered {
  static constexpr std::string_view type = "target_ordered";
  static constexpr std::uint32_t schema = 1;
  static void fields(auto&, auto&) {}
};

using target_event = std::variant<target_added, target_changed, target_removed, target_written,
                                  target_failed, target_ordered>;

} // namespace apisync::events
