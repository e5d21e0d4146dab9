#include "tools/bench_diff.hpp"

#include "specs/canonical.hpp"
#include "specs/compat.hpp"
#include "specs/diff.hpp"
#include "specs/merge.hpp"
#include "specs/print.hpp"
#include "tools/bench_documents.hpp"
#include "tools/bench_memory.hpp"
#include "tools/bench_peers.hpp"
#include "tools/bench_rounds.hpp"

#include <array>
#include <functional>
#include <future>
#include <tuple>

namespace apisync::tools {
namespace {

using specs::document_ptr;
using specs::syntax;

constexpr double milliseconds = 1e3; ///< Of a second.
constexpr double microseconds = 1e6;
constexpr std::uint64_t seed = 20'260'131;

/// A way that reads all the texts with a peer, which keeps nothing.
way peer_reads(std::vector<const version*> versions, syntax format) {
  return {[versions = std::move(versions), format]() -> result<void> {
    for (auto const* one : versions) {
      auto const& text = one->in(format);
      auto const done = format == syntax::json ? simdjson_parses(text) : libyaml_parses(text);
      if (!done) return done;
    }
    return {};
  }};
}

/// How many threads read: one, or one for each text, as the commands do.
enum class threads { one, each };

/// A way that reads all the texts into documents and hands those to `then`; freeing them is part
/// of it.
template <class Then>
way we_read(std::vector<const version*> versions, syntax format, threads how, Then then) {
  return {[versions = std::move(versions), format, how, then]() -> result<void> {
    auto const start = how == threads::one ? std::launch::deferred : std::launch::async;
    std::vector<std::future<result<document_ptr>>> reading;
    for (auto const* one : versions)
      reading.push_back(std::async(
          start, [one, format] { return parse_text(one->in(format), format, one->name); }));
    std::vector<document_ptr> documents;
    for (auto& one : reading) {
      auto read = one.get();
      if (!read) return tl::unexpected{read.error()};
      documents.push_back(std::move(*read));
    }
    return then(documents);
  }};
}

result<void> nothing(const std::vector<document_ptr>&) {
  return {};
}

result<void> judge_two(const std::vector<document_ptr>& of) {
  static_cast<void>(specs::judge(*of[0], *of[1]));
  return {};
}

result<void> merge_three(const std::vector<document_ptr>& of) {
  auto const made = specs::merge(of[0], of[1], of[2]);
  if (specs::to_json(made.merged->root(), 2).empty()) return fail(errc::internal, "no text");
  return {};
}

/// A result in milliseconds of a way, beside another.
bench_result beside(std::string name, const way& ours, std::string reference, const way& peer) {
  return {std::move(name), ours.time() * milliseconds, "ms", std::move(reference),
          peer.time() * milliseconds};
}

class diff_measurement {
public:
  diff_measurement(const diff_bench& how, bench_report& report) : how_{how}, report_{report} {}

  result<void> run() {
    if (auto done = memory(); !done) return done;
    if (auto done = read_versions(); !done) return done;
    for (auto const format : {syntax::json, syntax::yaml})
      if (auto done = both(format); !done) return done;
    for (auto const& path : how_.yaml)
      if (auto done = into_the_tree(path); !done) return done;
    if (auto done = steps(); !done) return done;
    return by_changes();
  }

private:
  void add(bench_result made) { report_.results.push_back(std::move(made)); }

  /// Before anything else, on a fresh heap: files and documents are held until the end, as the
  /// command holds them.
  result<void> memory() {
    bool const told = reset_peak_memory();
    auto const before = read_whole(how_.before);
    if (!before) return tl::unexpected{before.error()};
    auto const after = read_whole(how_.after);
    if (!after) return tl::unexpected{after.error()};
    auto const old_version = specs::parse(*before, options_for(how_.before));
    if (!old_version) return tl::unexpected{old_version.error()};
    auto const new_version = specs::parse(*after, options_for(how_.after));
    if (!new_version) return tl::unexpected{new_version.error()};
    static_cast<void>(specs::judge(*old_version->document, *new_version->document));
    if (told)
      add({"peak memory of parse, compare and judge", static_cast<double>(peak_memory()), "bytes",
           "size of the two files", static_cast<double>(before->size() + after->size())});
    return {};
  }

  result<void> read_versions() {
    for (auto const* path : {&how_.before, &how_.after, &how_.third}) {
      if (path->empty()) continue;
      auto made = read_version(*path);
      if (!made) return tl::unexpected{made.error()};
      versions_.push_back(std::move(*made));
    }
    constexpr std::size_t changes_of_third = 100;
    if (how_.third.empty())
      versions_.push_back(
          printed("third", changed_at_random(*versions_[0].document, changes_of_third, seed)));
    return {};
  }

  result<void> both(syntax format) {
    bool const json = format == syntax::json;
    std::vector<const version*> two{&versions_[0], &versions_[1]};
    auto three = two;
    three.push_back(&versions_[2]);
    std::vector<way> ways{peer_reads(two, format), we_read(two, format, threads::one, nothing),
                          we_read(two, format, threads::one, judge_two),
                          we_read(two, format, threads::each, judge_two)};
    if (json) {
      ways.push_back(peer_reads(three, format));
      ways.push_back(we_read(three, format, threads::one, merge_three));
    }
    if (auto done = take_turns(ways, how_.rounds); !done) return done;
    std::string const name = json ? "JSON" : "YAML";
    std::string const peer = json ? "simdjson parses both" : "libyaml's events of both";
    // As `apisync diff` does it: each file is read on a thread of its own.
    add(beside(name + ": parse, compare and judge two", ways[3], peer, ways[0]));
    add(beside(name + ": parse, compare and judge two on one thread", ways[2], peer, ways[0]));
    add(beside(name + ": parse two", ways[1], peer, ways[0]));
    if (json)
      add(beside("JSON: parse, merge and print three", ways[5], "simdjson parses all three",
                 ways[4]));
    return {};
  }

  result<void> into_the_tree(const std::string& path) {
    auto text = read_whole(path);
    if (!text) return tl::unexpected{text.error()};
    version one{path, {}, {}};
    one.text[static_cast<std::size_t>(syntax::yaml)] = std::move(*text);
    std::vector<way> ways{peer_reads({&one}, syntax::yaml),
                          we_read({&one}, syntax::yaml, threads::one, nothing)};
    if (auto done = take_turns(ways, how_.rounds); !done) return done;
    add(beside("YAML: parse " + path.substr(path.rfind('/') + 1), ways[1], "libyaml's events",
               ways[0]));
    return {};
  }

  /// What each step costs by itself, for both versions together.
  result<void> steps();

  /// What comparing costs once both versions are read.
  result<void> by_changes() {
    for (std::size_t const count : {1, 10, 100, 1000}) {
      auto const& before = versions_[0].document;
      auto const after = changed_at_random(*before, count, seed + count);
      std::size_t found = 0;
      std::vector<way> ways{{[&]() -> result<void> {
                              found = specs::diff(*before, *after).size();
                              return {};
                            }},
                            {[&]() -> result<void> {
                              static_cast<void>(specs::judge(*before, *after));
                              return {};
                            }}};
      if (auto done = take_turns(ways, how_.rounds); !done) return done;
      auto const changes = std::to_string(count) + (count == 1 ? " change" : " changes");
      add({"compare, " + changes, ways[0].time() * microseconds, "us"});
      add({"compare and judge, " + changes, ways[1].time() * microseconds, "us"});
      add({"found, " + changes, static_cast<double>(found), "changes"});
    }
    return {};
  }

  const diff_bench& how_;
  bench_report& report_;
  std::vector<version> versions_; ///< Old, new, and what is merged into it.
};

result<void> diff_measurement::steps() {
  std::array<document_ptr, 2> held;
  auto const& [old_version, new_version, third] =
      std::tie(versions_[0], versions_[1], versions_[2]);
  struct step {
    const char* name;
    std::function<result<void>()> go;
  };
  auto const each = [&](auto act) {
    return [&, act]() -> result<void> {
      for (auto const* one : {&old_version, &new_version})
        if (auto done = act(*one); !done) return done;
      return {};
    };
  };
  auto const used = [](const auto& text) -> result<void> {
    if (std::size(text) == 0) return fail(errc::internal, "nothing came out");
    return {};
  };
  std::vector<step> const all{
      {"read both files", each([&](const version& v) {
         auto const text = read_whole(v.name);
         return text ? result<void>{} : tl::unexpected{text.error()};
       })},
      {"parse both as JSON",
       [&]() -> result<void> {
         for (std::size_t i = 0; i < held.size(); ++i) {
           auto read = parse_text(versions_[i].in(syntax::json), syntax::json, "document");
           if (!read) return tl::unexpected{read.error()};
           held[i] = std::move(*read);
         }
         return {};
       }},
      {"free both",
       [&]() -> result<void> {
         held = {};
         return {};
       }},
      {"compare",
       [&]() -> result<void> {
         static_cast<void>(specs::diff(*old_version.document, *new_version.document));
         return {};
       }},
      {"compare and judge",
       [&]() -> result<void> {
         static_cast<void>(specs::judge(*old_version.document, *new_version.document));
         return {};
       }},
      {"merge",
       [&]() -> result<void> {
         static_cast<void>(
             specs::merge(old_version.document, new_version.document, third.document));
         return {};
       }},
      {"content hash of both",
       each([&](const version& v) { return used(specs::content_hash(*v.document).bytes); })},
      {"canonical hash of both",
       each([&](const version& v) { return used(specs::canonical_hash(*v.document).bytes); })},
      {"print both as JSON",
       each([&](const version& v) { return used(specs::to_json(v.document->root(), 2)); })},
      {"print both as YAML",
       each([&](const version& v) { return used(specs::to_yaml(v.document->root())); })},
  };
  std::vector<way> ways;
  for (auto const& one : all)
    ways.push_back({one.go});
  if (auto done = take_turns(ways, how_.rounds); !done) return done;
  for (std::size_t i = 0; i < all.size(); ++i)
    add({std::string{"step: "} + all[i].name, ways[i].time() * milliseconds, "ms"});
  return {};
}

} // namespace

result<bench_report> bench_diff(const diff_bench& how) {
  bench_report report{"diff"};
  if (auto done = diff_measurement{how, report}.run(); !done) return tl::unexpected{done.error()};
  return report;
}

} // namespace apisync::tools
