#include "specs/print.hpp"
#include "specs/yaml_text.hpp"

#include <vector>

namespace apisync::specs {

namespace {

constexpr std::size_t step_width = 2;

/// YAML allows 1,024 characters for a key that is told by its colon alone (1.2.2, section 7.4.2).
constexpr std::size_t max_implicit_key = 1000;

class yaml_printer {
public:
  std::string print(node root) {
    if (root.size() > 0) {
      open_.push_back({root, 0, 0, false});
      while (!open_.empty())
        step();
    } else {
      scalar(root);
      out_ += '\n';
    }
    return std::move(out_);
  }

private:
  struct frame {
    node container;
    std::size_t indent = 0;
    std::size_t next = 0;
    bool on_the_line = false; ///< Its first child continues the line of a `- `.
  };

  /// A scalar or an empty container, on one line.
  void scalar(node v) {
    switch (v.kind()) {
    case kind::null:
      out_ += "null";
      break;
    case kind::boolean:
      out_ += v.boolean() ? "true" : "false";
      break;
    case kind::number:
      out_ += v.text();
      break;
    case kind::string:
      append_yaml_flow(out_, v.text());
      break;
    case kind::array:
      out_ += "[]";
      break;
    case kind::object:
      out_ += "{}";
      break;
    }
  }

  void name(node member, std::size_t indent) {
    const auto before = out_.size();
    append_yaml_flow(out_, member.key());
    if (out_.size() - before > max_implicit_key) {
      out_.insert(before, "? ");
      out_ += '\n';
      out_.append(indent, ' ');
    }
    out_ += ':';
  }

  void step() {
    auto& top = open_.back();
    if (top.next == top.container.size()) {
      open_.pop_back();
      return;
    }
    const auto indent = top.indent;
    const bool in_object = top.container.is_object();
    if (!top.on_the_line) out_.append(indent, ' ');
    top.on_the_line = false;
    const auto child = top.container[top.next++];
    if (in_object)
      name(child, indent);
    else
      out_ += '-';

    if (child.size() > 0) {
      out_ += in_object ? '\n' : ' ';
      open_.push_back({child, indent + step_width, 0, !in_object});
    } else if (child.is_string() && fits_literal_block(child.text())) {
      out_ += ' ';
      append_literal_block(out_, child.text(), indent + step_width);
    } else {
      out_ += ' ';
      scalar(child);
      out_ += '\n';
    }
  }

  std::string out_;
  std::vector<frame> open_;
};

} // namespace

std::string to_yaml(node value) {
  return yaml_printer{}.print(value);
}

} // namespace apisync::specs
