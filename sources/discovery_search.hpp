#pragma once

#include "sources/http_answer.hpp"
#include "specs/document.hpp"
#include "specs/openapi.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::sources {

/// Where a person says that a service is.
struct discovery_target {
  std::string text;                 ///< As it was typed.
  std::string host;                 ///< As `http_url::host`.
  std::vector<std::string> origins; ///< `http://localhost:8000`, to be asked.
  std::string start;                ///< The whole URL, where one was given.
  std::string prefix; ///< The folder of its path, `/shop`: known paths are asked below it, too.
};

/// Reads `URL`, `HOST:PORT` or `HOST`, which stands for the known ports. Fails with
/// `invalid_argument`.
result<discovery_target> parse_target(const std::string& text);

struct discovery_limits {
  std::size_t requests = 250;
  std::size_t at_once = 4;                  ///< Small servers queue no more than five.
  std::uint64_t bytes = 64U << 20;          ///< Of all answers.
  std::uint64_t document_bytes = 32U << 20; ///< Of one.
  std::size_t link_depth = 3;               ///< Pages that lead to pages.
};

/// One request of a search.
struct probe {
  std::string url;
  std::string why;    ///< `the address given`, `known path of NestJS`, `linked from URL`.
  bool allow = false; ///< The target's host may have an address that is not public.
  std::size_t depth = 0;
  bool document = true; ///< Asked for a document, not to see whether anybody is there.
};

enum class confidence : std::uint8_t {
  high,   ///< An OpenAPI document with operations.
  medium, ///< One without operations, or one that lies among tests or examples.
  low,    ///< Something that is probably one, but was refused or cannot be read.
};
std::string_view to_string(confidence value);

/// One document, or what is probably one.
struct discovered {
  std::string where; ///< A URL or a path.
  confidence sure = confidence::high;
  std::string why;
  specs::openapi_info info;      ///< Empty where it could not be read.
  std::string problem;           ///< Why it could not.
  std::string allow;             ///< What a source's `allowAddresses` needs; empty: nothing.
  std::vector<std::string> also; ///< Where the same document was found as well.
  std::uint64_t content = 0;     ///< Of a document; equal for equal content.
};

/// Looks at a text that may be a document; nothing where it is none.
std::optional<discovered> recognise_document(std::string_view text, const std::string& where,
                                             std::uint64_t bytes_max);
/// Adds one, or notes that it is one that is known already.
void add_discovered(std::vector<discovered>& all, discovered found);
/// The surest first; stable.
void rank(std::vector<discovered>& all);

/// What a search comes to.
struct discovery_result {
  std::vector<discovered> documents; ///< The surest first.
  std::vector<std::string> advice;   ///< Sentences, where no document could be read.
  std::size_t requests = 0;
  std::string stopped; ///< Which limit ended it; empty: none.
};

/// Decides what to ask next and what answers mean; asks nothing itself. To be driven by
/// `next` and `take` until `next` is empty. Each address is asked once, but for those that the
/// address policy refuses: a person named the host, so it is asked again with what it resolves to
/// allowed. Where links and redirects lead, only public addresses and that host are asked.
class discovery_search {
public:
  discovery_search(discovery_target target, discovery_limits limits);

  /// The next requests, at most `limits.at_once`. Empty: the search is at its end.
  std::vector<probe> next();
  /// What came of one.
  void take(const probe& asked, const tl::expected<http_answer, fetch_failure>& outcome);
  /// Ends the search; `why` is told.
  void stop(std::string why);

  [[nodiscard]] discovery_result result() const;

private:
  struct origin {
    bool answered = false; ///< Some answer came from there.
    bool allow = false;    ///< Its address is not public.
    std::size_t failures = 0;
    std::string problem, framework, guarded;
    long guarded_status = 0;
    std::string embedded; ///< A page that holds the document itself.
  };
  void ask(probe wanted, bool soon);
  void ask_known_paths(const std::string& at);
  void take_failure(const probe& asked, origin& from, const fetch_failure& failure);
  void take_answer(const probe& asked, origin& from, const http_answer& answer);
  void take_text(const probe& asked, origin& from, const http_answer& answer);
  void follow(const probe& asked, const http_answer& answer, const std::vector<std::string>& links);
  [[nodiscard]] std::string unanswered() const;
  [[nodiscard]] std::vector<std::string> advice() const;

  const discovery_target target_;
  const discovery_limits limits_;
  std::deque<probe> waiting_;
  std::set<std::string> seen_;
  std::map<std::string, origin> origins_;
  std::vector<discovered> found_;
  std::vector<std::string> denied_;
  std::size_t requests_ = 0;
  std::uint64_t bytes_ = 0;
  std::string stopped_;
};

} // namespace apisync::sources
