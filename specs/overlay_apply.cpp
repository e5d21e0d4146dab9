#include "specs/overlay.hpp"
#include "specs/parse_limits.hpp"

#include <algorithm>
#include <map>

namespace apisync::specs {

namespace {

/// The places that a path selected, as a tree of child numbers.
struct selected {
  bool here = false;
  std::map<std::uint32_t, selected> below;

  void add(const std::vector<std::uint32_t>& path) {
    auto* at = this;
    for (const auto index : path)
      at = &at->below[index];
    at->here = true;
  }
};

// NOLINTNEXTLINE(misc-no-recursion): as deep as documents may be
std::size_t depth_of(node value) {
  std::size_t deepest = 0;
  for (const auto child : value)
    deepest = std::max(deepest, depth_of(child));
  return value.is_object() || value.is_array() ? deepest + 1 : 0;
}

/// Makes the document after one action.
class rewriting {
public:
  rewriting(bool remove, node update, std::size_t max_nodes)
      : remove_{remove}, update_{update}, max_nodes_{max_nodes} {}

  [[nodiscard]] bool too_large() const { return too_large_; }

  /// Writes a node with what is selected in it changed.
  // NOLINTNEXTLINE(misc-no-recursion)
  void write(document_builder& out, node from, const selected& places) {
    if (!places.here || remove_) return write_children(out, from, places);
    if (places.below.empty()) return update(out, from, update_);
    document_builder inner;
    write_children(inner, from, places);
    const auto made = inner.finish();
    update(out, made->root(), update_);
  }

private:
  // NOLINTNEXTLINE(misc-no-recursion)
  void write_children(document_builder& out, node from, const selected& places) {
    if (places.below.empty()) return copy(out, from);
    const bool object = from.is_object();
    begin(out, from);
    for (std::uint32_t i = 0; i < from.size(); ++i) {
      const auto child = places.below.find(i);
      const bool touched = child != places.below.end();
      if (touched && child->second.here && remove_) continue;
      if (object) out.key(from[i].key());
      if (touched)
        write(out, from[i], child->second);
      else
        copy(out, from[i]);
    }
    end(out, from);
  }

  /// Merges a value into a selected node.
  void update(document_builder& out, node from, node with) {
    if (!from.is_array() || with.is_array()) return merge(out, from, with);
    out.begin_array(from.where());
    for (const auto element : from)
      copy(out, element);
    copy(out, with);
    out.end_array();
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  void merge(document_builder& out, node from, node with) {
    const bool objects = from.is_object() && with.is_object();
    if (!objects && !(from.is_array() && with.is_array())) return copy(out, with);
    begin(out, from);
    for (const auto child : from) {
      const auto other = with.find(child.key());
      if (objects) out.key(child.key());
      if (objects && other)
        merge(out, child, other);
      else
        copy(out, child);
    }
    for (const auto child : with) {
      if (objects && from.find(child.key())) continue;
      if (objects) out.key(child.key());
      copy(out, child);
    }
    end(out, from);
  }

  static void begin(document_builder& out, node like) {
    if (like.is_object())
      out.begin_object(like.where());
    else
      out.begin_array(like.where());
  }
  static void end(document_builder& out, node like) {
    if (like.is_object())
      (void)out.end_object();
    else
      out.end_array();
  }

  void copy(document_builder& out, node from) {
    too_large_ = too_large_ || out.node_count() > max_nodes_;
    if (too_large_)
      out.null(); // the document is thrown away
    else
      out.copy(from);
  }

  bool remove_;
  node update_;
  std::size_t max_nodes_;
  bool too_large_ = false;
};

/// Applies the actions of one overlay, one after the other.
class application {
public:
  application(const overlay& changes, document_ptr to, const std::string& name,
              const overlay_limits& limits)
      : changes_{changes}, document_{std::move(to)}, name_{name}, limits_{limits} {}

  result<overlaid> run() {
    for (const auto& action : changes_.actions) {
      auto done = apply(action);
      if (done) continue;
      if (!left_out(done.error())) return tl::unexpected{std::move(done.error())};
      unmatched_.push_back(
          {"the action on " + action.target_text + " was left out: " + done.error().message,
           action.where});
    }
    return overlaid{document_, std::move(unmatched_)};
  }

private:
  [[nodiscard]] bool left_out(const error& problem) const {
    return limits_.misfits == overlay_misfits::leave_out && problem.code == errc::invalid_argument;
  }

  [[nodiscard]] tl::unexpected<error> refuse(const overlay_action& action, std::string why,
                                             errc code = errc::invalid_argument) const {
    return fail(code, std::move(why), to_string(name_, action.where));
  }

  result<void> apply(const overlay_action& action) {
    if (!action.remove && !action.update && !action.copy) return {};
    auto matches = action.target.select(document_->root(), limits_.paths);
    if (!matches) return refuse(action, matches.error().message, matches.error().code);
    if (matches->empty()) {
      unmatched_.push_back({"the target " + action.target_text + " selects nothing", action.where});
      return {};
    }
    auto value = value_of(action);
    if (!value) return tl::unexpected{std::move(value.error())};
    selected places;
    for (const auto& match : *matches) {
      if (auto fits = check(action, match, *value); !fits) return fits;
      places.add(match.path);
    }
    return rewrite(action, *value, places);
  }

  /// What is merged into the targets; no node for a removal.
  result<node> value_of(const overlay_action& action) {
    if (action.remove) return node{};
    if (!action.copy) return action.update;
    auto found = action.copy->select(document_->root(), limits_.paths);
    if (!found) return refuse(action, found.error().message, found.error().code);
    if (found->size() != 1)
      return refuse(action,
                    "'copy' must select one node, and selects " + std::to_string(found->size()));
    return found->front().value;
  }

  result<void> check(const overlay_action& action, const path_match& match, node value) {
    const auto place = [&] {
      const auto pointer = pointer_to(document_->root(), match);
      return pointer.empty() ? std::string{"the whole document"} : pointer;
    };
    const bool plain = !match.value.is_object() && !match.value.is_array();
    if (plain && !changes_.plain_values_alone)
      return refuse(action, "the target selects the plain value " + place() +
                                "; that takes Overlay 1.1, or a target that selects the object "
                                "around it");
    if (action.remove && match.path.empty())
      return refuse(action, "the whole document cannot be removed");
    if (!value) return {};
    if (match.value.is_object() && !value.is_object())
      return refuse(action, "the target selects the object " + place() +
                                ", so that the value to merge must be an object");
    if (plain && (value.is_object() || value.is_array()))
      return refuse(action, "the target selects the plain value " + place() +
                                ", which another plain value can replace and nothing else");
    if (match.path.size() + depth_of(value) + 1 > hard_max_depth)
      return refuse(action, "the document would be nested too deep at " + place(),
                    errc::limit_exceeded);
    return {};
  }

  result<void> rewrite(const overlay_action& action, node value, const selected& places) {
    rewriting change{action.remove, value, limits_.max_nodes};
    document_builder out;
    change.write(out, document_->root(), places);
    auto made = out.finish();
    if (change.too_large() || made->node_count() > limits_.max_nodes)
      return refuse(action,
                    "the document would have more than " + std::to_string(limits_.max_nodes) +
                        " values; that is the limit",
                    errc::limit_exceeded);
    document_ = std::move(made);
    return {};
  }

  const overlay& changes_;
  document_ptr document_;
  const std::string& name_;
  const overlay_limits& limits_;
  std::vector<warning> unmatched_;
};

} // namespace

result<overlaid> apply(const overlay& changes, const document_ptr& to, const std::string& name,
                       const overlay_limits& limits) {
  return application{changes, to, name, limits}.run();
}

} // namespace apisync::specs
