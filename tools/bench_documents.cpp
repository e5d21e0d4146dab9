#include "tools/bench_documents.hpp"

#include "specs/print.hpp"
#include "tools/bench_peers.hpp"

#include <algorithm>
#include <fstream>
#include <random>
#include <vector>

namespace apisync::tools {
namespace {

using specs::node;

/// Copies a document and changes the chosen nodes, which are counted in document order.
class changer {
public:
  changer(std::vector<std::size_t> chosen, std::uint64_t seed)
      : chosen_{std::move(chosen)}, random_{seed} {}

  specs::document_ptr run(node root) {
    value(root);
    return out_.finish();
  }

private:
  [[nodiscard]] bool is_chosen() {
    if (next_ == chosen_.size() || chosen_[next_] != at_++) return false;
    ++next_;
    return true;
  }

  void value(node from) {
    bool const changes = is_chosen();
    if (from.is_object()) {
      out_.begin_object(from.where());
      for (auto const member : from) {
        out_.key(member.key());
        value(member);
      }
      if (changes) {
        out_.key("x-added-" + std::to_string(random_()));
        out_.string("added");
      }
      out_.end_object();
    } else if (from.is_array()) {
      out_.begin_array(from.where());
      for (auto const element : from)
        value(element);
      if (changes) out_.string("added " + std::to_string(random_()));
      out_.end_array();
    } else if (from.is_string() && changes) {
      out_.string(std::string{from.text()} + " " + std::to_string(random_()), from.where());
    } else {
      out_.copy(from);
    }
  }

  std::vector<std::size_t> chosen_;
  std::size_t next_ = 0;
  std::size_t at_ = 0;
  std::mt19937_64 random_;
  specs::document_builder out_;
};

/// The nodes, in document order, that `changer` can change.
void changeable(node from, std::size_t& at, std::vector<std::size_t>& into) {
  if ((from.is_string() && from.key() != "$ref") || from.is_object()) into.push_back(at);
  ++at;
  for (auto const child : from)
    changeable(child, at, into);
}

} // namespace

specs::parse_options options_for(const std::string& name) {
  specs::parse_options options;
  options.name = name;
  options.repeated = specs::repeated_names::keep_last;
  return options;
}

result<specs::document_ptr> parse_text(std::string_view text, specs::syntax format,
                                       const std::string& name) {
  auto options = options_for(name);
  options.format =
      format == specs::syntax::json ? specs::syntax_choice::json : specs::syntax_choice::yaml;
  auto read = specs::parse(text, options);
  if (!read) return tl::unexpected{read.error()};
  return read->document;
}

version printed(std::string name, specs::document_ptr document) {
  auto json = specs::to_json(document->root(), 2);
  json.reserve(json.size() + simdjson_padding);
  auto yaml = specs::to_yaml(document->root());
  return {std::move(name), std::move(document), {std::move(json), std::move(yaml)}};
}

result<std::string> read_whole(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  std::string text;
  file.seekg(0, std::ios::end);
  if (auto const size = file.tellg(); size > 0) {
    text.reserve(static_cast<std::size_t>(size) + simdjson_padding);
    text.resize(static_cast<std::size_t>(size));
  }
  file.seekg(0);
  if (!file.read(text.data(), static_cast<std::streamsize>(text.size())))
    return fail(errc::io, "cannot be read", path);
  return text;
}

result<version> read_version(const std::string& path) {
  auto text = read_whole(path);
  if (!text) return tl::unexpected{text.error()};
  auto const read = specs::parse(*text, options_for(path));
  if (!read) return tl::unexpected{read.error()};
  auto made = printed(path, read->document);
  made.text[static_cast<std::size_t>(read->format)] = std::move(*text);
  return made;
}

specs::document_ptr changed_at_random(const specs::document& from, std::size_t changes,
                                      std::uint64_t seed) {
  std::vector<std::size_t> places;
  std::size_t count = 0;
  changeable(from.root(), count, places);
  std::vector<std::size_t> chosen;
  std::mt19937_64 random{seed};
  std::sample(places.begin(), places.end(), std::back_inserter(chosen), changes, random);
  return changer{std::move(chosen), seed}.run(from.root());
}

} // namespace apisync::tools
