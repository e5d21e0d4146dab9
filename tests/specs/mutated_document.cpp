#include "tests/specs/mutated_document.hpp"

#include <string>

namespace apisync::specs::testing {

namespace {

class mutator {
public:
  mutator(std::size_t at, mutation how) : at_{at}, how_{how} {}

  void write(node of) {
    if (of.is_object()) {
      out.begin_object();
      children(of);
      out.end_object();
    } else if (of.is_array()) {
      out.begin_array();
      children(of);
      out.end_array();
    } else {
      out.copy(of);
    }
  }

  document_builder out;

private:
  void children(node of) {
    const bool named = of.is_object();
    for (std::size_t i = 0; i < of.size(); ++i) {
      const bool chosen = ++seen_ == at_;
      const auto next = i + 1 < of.size() ? of[i + 1] : node{};
      if (!chosen) {
        child(named, of[i].key(), of[i]);
      } else if (how_ == mutation::twice) {
        child(named, of[i].key(), of[i]);
        child(named, std::string{of[i].key()} + "-again", of[i]);
      } else if (how_ == mutation::change) {
        if (named) out.key(of[i].key());
        out.string("changed");
      } else if (how_ == mutation::swap && next) {
        child(named, of[i].key(), next);
        child(named, next.key(), of[i]);
        ++i;
      } else if (how_ == mutation::swap) {
        child(named, of[i].key(), of[i]);
      }
    }
  }

  void child(bool named, std::string_view name, node value) {
    if (named) out.key(name);
    write(value);
  }

  std::size_t at_;
  mutation how_;
  std::size_t seen_ = 0;
};

} // namespace

document_ptr mutated(node root, std::size_t at, mutation how) {
  mutator writer{at, how};
  writer.write(root);
  return writer.out.finish();
}

} // namespace apisync::specs::testing
