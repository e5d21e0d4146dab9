#pragma once

#include "sources/fetch.hpp"
#include "sources/worker_pool.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

namespace apisync::sources {

struct bundling_settings {
  std::size_t threads = 2;         ///< That bundle; a document with no other files needs none.
  std::size_t waiting_max = 1'000; ///< More are refused as `overloaded`.
  std::size_t files_max = 200;     ///< Of one document, beside the first.
  std::chrono::milliseconds time_max{120'000}; ///< For all files of one document.
};

/// Fetches documents of several files (`location::several_files`): has the first fetched, then what
/// it refers to, and gives one document that refers to nothing outside, in the words of the first.
/// At later fetches every file is asked whether it is new. All other requests are handed on.
///
/// The other files are looked for relative to the first: with the roots of file sources, at the
/// same server (nothing else would get the source's credentials), at the same commit. A git source
/// of several files brings its newest version only, with the latest commit of any of its files.
///
/// No thread waits for a file: the document is tried anew with each one that comes.
///
/// A file that is missing or no document is `permanent`, and says who refers to it. A document that
/// cannot be parsed is handed on as it is.
class bundling_fetcher final : public fetcher {
public:
  explicit bundling_fetcher(std::unique_ptr<fetcher> inner, bundling_settings settings = {});
  ~bundling_fetcher() override;
  bundling_fetcher(const bundling_fetcher&) = delete;
  bundling_fetcher& operator=(const bundling_fetcher&) = delete;

  void fetch(fetch_request request, callback done) override;

private:
  void bundle_later(fetch_request request, std::optional<fetched> first, callback done);

  const bundling_settings settings_;
  worker_pool workers_;
  std::unique_ptr<fetcher> inner_; // last: what it still answers uses the rest
};

/// Whether a text may refer to other files: false where every `$ref` in it is followed by a `#`. A
/// quick look, which is right whenever it says no, but for names that are written with escapes.
[[nodiscard]] bool may_refer_outside(std::string_view text);

} // namespace apisync::sources
