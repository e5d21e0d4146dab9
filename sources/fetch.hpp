#pragma once

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

using wall_time = std::chrono::sys_time<std::chrono::microseconds>;

/// What is shown to the server at a URL, and what it has to show: PEM texts, each by reference
/// (`file:PATH`, `env:NAME`). Other origins that it redirects to are met without them.
struct tls_references {
  std::string ca;          ///< Who is trusted; empty: whom the system trusts.
  std::string certificate; ///< The client's own, with its chain; empty: none.
  std::string key;         ///< Its private key; empty: it stands beside the certificate.

  bool operator==(const tls_references&) const = default;
};

/// Where a version of a specification is found.
struct location {
  enum class kind : std::uint8_t { file, http, git };

  location::kind type = kind::file;
  std::string
      path;        ///< file: absolute or relative to the configuration; git: inside the repository.
  std::string url; ///< http: the address; git: the repository (URL or local path).
  std::string ref; ///< git: branch, tag or full reference name; empty: the default branch.
  std::uint32_t history = 0; ///< git: how many older commits to take in at the first fetch.
  std::map<std::string, std::string> headers; ///< http: values may be `env:NAME` or `file:PATH`.
  /// http, git: addresses allowed to this source beyond the public ones, see address_policy.hpp:
  /// `loopback`, `private`, `10.0.0.0/8`, `127.0.0.1:8080`, `petstore.internal`.
  std::vector<std::string> allow_addresses;
  tls_references tls;            ///< http, git over http
  bool several_files = false;    ///< What the document refers to in other files is brought in.
  bool last_name_counts = false; ///< Of names that stand twice in an object, see specs::parse.

  bool operator==(const location&) const = default;
};

struct part_seen;

/// What was last seen at a location: enough to ask "anything new?" cheaply. Kept in the log as
/// text, so every field is a plain value; empty fields are unknown.
struct validators {
  std::string etag;             ///< http
  std::string last_modified;    ///< http
  std::uint64_t size = 0;       ///< file
  std::int64_t mtime_ns = 0;    ///< file
  std::uint64_t inode = 0;      ///< file
  std::string commit;           ///< git: the id that the ref pointed at, 40 or 64 hex digits
  std::string bytes_hash;       ///< every kind: SHA-256 of the bytes last taken, hex
  std::vector<part_seen> parts; ///< Its files, where it has several; the first too.

  bool operator==(const validators& other) const;
};

/// What was last seen of one of the files of a document.
struct part_seen {
  std::string address; ///< A path or URL, as the document's own is one.
  validators seen;     ///< Without parts.

  bool operator==(const part_seen&) const = default;
};

inline bool validators::operator==(const validators&) const = default;

/// One version of the document, oldest first in an outcome.
struct version {
  std::shared_ptr<const std::string> bytes;
  std::string media_type;              ///< As the server said; may be empty.
  std::string commit, author, message; ///< git: what caused it.
  std::optional<wall_time> time;       ///< git: when it was committed.
};

/// Why a fetch failed, and so how it is retried.
enum class failure_class : std::uint8_t {
  transient, ///< Network, 5xx, 429, a file that is being written: retry with backoff.
  permanent, ///< Not what it should be: 4xx, HTML, a directory, a path outside the roots.
  auth,      ///< 401, 403, a missing or refused credential.
  gone,      ///< 404, 410, a deleted file or path.
};

struct fetch_failure {
  failure_class type = failure_class::transient;
  error problem;
  std::optional<std::chrono::seconds> retry_after; ///< What the server asked for.
};

/// What a fetch found: nothing new (no versions), or at least one version that was not seen before.
struct fetched {
  std::vector<version> versions;
  validators seen; ///< To be passed to the next fetch.
};

using fetch_outcome = tl::expected<fetched, fetch_failure>;

struct fetch_limits {
  std::uint64_t bytes = 64U << 20;
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds total_timeout{30'000};
  std::chrono::seconds stall_timeout{0}; ///< Without a byte; 0: none but the total.
  std::uint32_t redirects = 5;
};

struct fetch_request {
  std::string source; ///< The source's id, for messages.
  location from;
  validators last;
  fetch_limits limits;
};

/// Gets documents. `fetch` returns at once and calls `done` exactly once, from any thread (also
/// from within `fetch`, when the request is refused or the queue is full), also when it is
/// cancelled (with `errc::cancelled`). `done` must not throw, block for long, or destroy the
/// fetcher. The destructor cancels what is under way.
class fetcher {
public:
  virtual ~fetcher() = default;
  using callback = std::function<void(fetch_outcome)>;
  virtual void fetch(fetch_request request, callback done) = 0;
};

/// Tells of changes where the operating system can: a hint to sync, never a promise.
class watcher {
public:
  virtual ~watcher() = default;
  /// Starts to watch the files of a source (through their directories, so that atomic replacement
  /// is seen). `changed` is called from the watcher's thread, after things have been quiet for the
  /// debounce time.
  virtual result<void> watch(const std::string& source, const std::vector<std::string>& paths) = 0;
  virtual void unwatch(const std::string& source) = 0;
};

} // namespace apisync::sources
