#include "sources/file_finder.hpp"

#include "sources/discovery_search.hpp"
#include "sources/folder_walk.hpp"
#include "sources/read_file.hpp"

#include <utility>

namespace apisync::sources {
namespace {

constexpr std::size_t waiting_max = 1'000;

class search {
public:
  search(const find_order& order, const roots& allowed, const std::stop_token& stopping)
      : order_{order}, allowed_{allowed}, stopping_{stopping} {}

  find_outcome run() {
    const auto& base = order_.files.base();
    const auto real = allowed_.resolve(base);
    if (!real) return failed(real.error());
    std::error_code code;
    if (!std::filesystem::is_directory(*real, code))
      return failed(
          {errc::invalid_argument,
           "it is no directory; a pattern with a wildcard or a directory is searched, and "
           "one file is declared as a source",
           base});
    auto stopped = walk_folder(
        *real, {order_.limits.entries, order_.limits.depth},
        {[this](const auto& entry, const std::string& below) { return look_at(entry, below); },
         [this](error problem) { made_.problem = text_of(problem); }});
    if (!stopped.empty()) made_.problem = "not everything was searched: " + stopped;
    return std::move(made_);
  }

private:
  static std::string text_of(const error& problem) {
    return problem.message + (problem.where.empty() ? "" : " (" + problem.where + ")");
  }

  find_outcome failed(const error& problem) {
    made_.problem = text_of(problem);
    return std::move(made_);
  }

  bool stop(std::string why) {
    made_.problem = "not everything was searched: " + std::move(why);
    return false;
  }

  bool look_at(const std::filesystem::directory_entry& entry, const std::string& below) {
    if (stopping_.stop_requested()) return stop("the service is shutting down");
    if (!order_.files.matches(below)) return true;
    const auto path = order_.files.path_of(below);
    if (made_.documents.size() >= order_.limits.documents)
      return stop("a folder holds " + std::to_string(order_.limits.documents) +
                  " documents at most; split it");
    if (order_.known && order_.known->contains(path)) {
      made_.documents.push_back(path);
      return true;
    }
    const auto opened = allowed_.open_file(entry.path().string());
    if (!opened) {
      refuse(path, {}, opened.error().message);
      return true;
    }
    const auto state = state_of(*opened);
    if (!state) {
      refuse(path, {}, state.error().message);
      return true;
    }
    if (order_.refused)
      if (const auto before = order_.refused->find(path);
          before != order_.refused->end() && before->second.state == *state) {
        made_.refused.insert(*before);
        return true;
      }
    if (state->size > order_.limits.document_bytes) {
      refuse(path, *state,
             "it has " + std::to_string(state->size) + " bytes, more than " +
                 std::to_string(order_.limits.document_bytes) + " (setting documentBytes)");
      return true;
    }
    if (bytes_ + state->size > order_.limits.bytes) return later();
    bytes_ += state->size;
    read(*opened, *state, path);
    return true;
  }

  /// The rest is for the next search, which does not read again what this one has refused.
  bool later() {
    return stop("one search reads " + std::to_string(order_.limits.bytes >> 20U) +
                " MiB; the next goes on");
  }

  void read(const opened_file& file, const file_state& state, const std::string& path) {
    const auto text = read_file(file, order_.limits.document_bytes);
    if (!text) return refuse(path, state, text.error().message);
    const auto found = recognise_document(*text, path, order_.limits.document_bytes);
    if (found && found->problem.empty()) {
      made_.documents.push_back(path);
      return;
    }
    if (found) return refuse(path, state, found->problem);
    // A tree holds files of all kinds; a pattern says that these are documents.
    refuse(path, state,
           order_.files.is_tree() ? ""
           : text->empty()        ? "it is empty"
                                  : "it is no OpenAPI document");
  }

  void refuse(const std::string& path, const file_state& state, std::string why) {
    made_.refused[path] = {state, std::move(why)};
  }

  const find_order& order_;
  const roots& allowed_;
  const std::stop_token& stopping_;
  find_outcome made_;
  std::uint64_t bytes_ = 0;
};

} // namespace

find_outcome find_documents(const find_order& order, const roots& allowed,
                            const std::stop_token& stop) {
  return search{order, allowed, stop}.run();
}

file_finder::file_finder(roots allowed) : allowed_{std::move(allowed)}, workers_{1, waiting_max} {}

void file_finder::find(find_order order, callback done) {
  const auto shared = std::make_shared<callback>(std::move(done));
  const bool taken =
      workers_.submit([this, order = std::move(order), shared](const std::stop_token& stop) {
        (*shared)(find_documents(order, allowed_, stop));
      });
  if (!taken) (*shared)({{}, {}, "too many searches wait"});
}

} // namespace apisync::sources
