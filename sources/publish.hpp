#pragma once

#include "sources/fetch.hpp"
#include "specs/digest.hpp"
#include "specs/error.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace apisync::sources {

/// Where a document is brought to.
struct destination {
  enum class kind : std::uint8_t { file, http, git };
  kind type = kind::file;
  std::string path;   ///< file: the path; git: inside the repository.
  std::string url;    ///< http: the address, or `env:NAME`, `file:PATH`; git: the repository.
  std::string branch; ///< git: without `refs/heads/`.
  std::string method = "PUT";                 ///< http
  std::map<std::string, std::string> headers; ///< http: values may be references.
  std::vector<std::string> allow_addresses;   ///< http: beyond the public ones.
  std::string format;                         ///< `json`, `yaml`; empty: as the place has it.
};

/// A source that reads where the document is brought to. What it has not taken in yet must not be
/// overwritten.
struct read_there {
  std::string source;
  digest taken;     ///< What it took in last.
  std::string etag; ///< http: what the server called that; empty: not known.
};

struct publish_order {
  std::string target; ///< For messages.
  destination to;
  /// The document, in `format`; called on the thread that writes it.
  std::function<result<std::string>()> text;
  std::string format;                        ///< `json` or `yaml`.
  std::optional<digest> written;             ///< What was brought there last.
  bool verbatim = false;                     ///< That was the document's own text.
  std::optional<read_there> shared;          ///< Somebody reads there.
  std::string message;                       ///< Of a commit.
  std::chrono::milliseconds timeout{30'000}; ///< http: from the connection to the whole answer.
};

/// The place has the document.
struct published {
  digest bytes; ///< What is there.
  std::uint64_t size = 0;
  bool verbatim = true; ///< It is the document's own text.
  bool found = false;   ///< It was there already.
  std::string commit;   ///< git
};

struct publish_failure {
  error problem;
  std::optional<std::chrono::seconds> retry_after; ///< What a server asked for.
};

using publish_outcome = tl::expected<published, publish_failure>;

/// Brings documents to where others find them. `publish` returns at once and calls `done` exactly
/// once, from any thread (also from within `publish`), also when it is cancelled (with
/// `errc::cancelled`). `done` must not throw, block for long, or destroy the publisher. The
/// destructor cancels what waits and ends what is under way.
class publisher {
public:
  virtual ~publisher() = default;
  using callback = std::function<void(publish_outcome)>;
  virtual void publish(publish_order order, callback done) = 0;
};

} // namespace apisync::sources
