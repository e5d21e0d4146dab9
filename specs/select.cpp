#include "specs/select.hpp"

#include "specs/openapi.hpp"

#include <algorithm>
#include <optional>

namespace apisync::specs {

namespace {

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

bool any_glob(std::string_view path, const std::vector<std::string>& globs) {
  return std::any_of(globs.begin(), globs.end(),
                     [&](const auto& glob) { return matches_glob(path, glob); });
}

bool has_tag(node operation, const std::vector<std::string>& tags) {
  for (const auto tag : operation.find("tags"))
    if (std::find(tags.begin(), tags.end(), tag.text()) != tags.end()) return true;
  return false;
}

bool keeps_path(std::string_view path, const selection& chosen) {
  if (any_glob(path, chosen.exclude_paths)) return false;
  return chosen.include_paths.empty() || any_glob(path, chosen.include_paths);
}

/// Whether an extension has a value: whether it is on, where none is named.
bool has_value(node extension, std::optional<std::string_view> wanted) {
  if (!extension) return false;
  const bool truth = extension.is(kind::boolean);
  if (!wanted) return truth ? extension.boolean() : !extension.is(kind::null);
  if (truth) return *wanted == (extension.boolean() ? "true" : "false");
  if (!extension.is_array()) return !extension.is_object() && extension.text() == *wanted;
  return std::any_of(extension.begin(), extension.end(),
                     [&](node one) { return !one.is_array() && has_value(one, wanted); });
}

/// What the operation says of itself counts before what its path item says of all.
bool has_extension(node item, node operation, const std::vector<std::string>& extensions) {
  return std::any_of(extensions.begin(), extensions.end(), [&](std::string_view wanted) {
    const auto equals = wanted.find('=');
    const auto name = wanted.substr(0, equals);
    const auto own = operation.find(name);
    return has_value(own ? own : item.find(name), equals == std::string_view::npos
                                                      ? std::nullopt
                                                      : std::optional{wanted.substr(equals + 1)});
  });
}

bool keeps_operation(node item, std::string_view method, node operation, const selection& chosen) {
  if (!chosen.methods.empty() &&
      std::none_of(chosen.methods.begin(), chosen.methods.end(),
                   [&](const auto& wanted) { return same_word(wanted, method); }))
    return false;
  const auto id = operation.find("operationId").text();
  if (has_tag(operation, chosen.exclude_tags) || any_glob(id, chosen.exclude_operation_ids) ||
      has_extension(item, operation, chosen.exclude_extensions))
    return false;
  return (chosen.include_tags.empty() || has_tag(operation, chosen.include_tags)) &&
         (chosen.include_operation_ids.empty() || any_glob(id, chosen.include_operation_ids)) &&
         (chosen.include_extensions.empty() ||
          has_extension(item, operation, chosen.include_extensions));
}

/// Writes documents with some of their operations left out.
class selector {
public:
  selector(const document& doc, const selection& chosen) : doc_{doc}, chosen_{chosen} {}

  [[nodiscard]] bool drops_something() const {
    bool drops = false;
    for (const auto path : doc_.root().find("paths")) {
      const auto item = follow(doc_, path);
      for_each_operation(item, [&](auto method, node operation) {
        drops |=
            !keeps_path(path.key(), chosen_) || !keeps_operation(item, method, operation, chosen_);
      });
    }
    return drops;
  }

  document_ptr write() {
    out_.begin_object(doc_.root().where());
    for (const auto member : doc_.root()) {
      out_.key(member.key());
      if (member.key() == "paths" && member.is_object())
        paths(member);
      else
        out_.copy(member);
    }
    out_.end_object();
    return out_.finish();
  }

private:
  void paths(node all) {
    out_.begin_object(all.where());
    for (const auto path : all) {
      const auto item = follow(doc_, path);
      const bool is_path = !path.key().starts_with("x-") && item.is_object();
      if (is_path && !keeps_any(path.key(), item)) continue;
      out_.key(path.key());
      if (is_path && item == path)
        path_item(path);
      else
        out_.copy(path); // a shared path item stays whole
    }
    out_.end_object();
  }

  [[nodiscard]] bool keeps_any(std::string_view path, node item) const {
    if (!keeps_path(path, chosen_)) return false;
    bool keeps = false;
    for_each_operation(item, [&](auto method, node operation) {
      keeps |= keeps_operation(item, method, operation, chosen_);
    });
    return keeps;
  }

  void path_item(node item) {
    out_.begin_object(item.where());
    for (const auto member : item) {
      if (is_method(member.key()) && !keeps_operation(item, member.key(), member, chosen_))
        continue;
      out_.key(member.key());
      if (member.key() == "additionalOperations" && member.is_object())
        additional_operations(item, member);
      else
        out_.copy(member);
    }
    out_.end_object();
  }

  void additional_operations(node item, node operations) {
    out_.begin_object(operations.where());
    for (const auto member : operations) {
      if (!keeps_operation(item, member.key(), member, chosen_)) continue;
      out_.key(member.key());
      out_.copy(member);
    }
    out_.end_object();
  }

  const document& doc_;
  const selection& chosen_;
  document_builder out_;
};

} // namespace

bool matches_glob(std::string_view path, std::string_view glob) {
  if (glob.ends_with("/**") && path == glob.substr(0, glob.size() - 3)) return true;
  // Where the last star of each kind began, to go back to on a mismatch.
  struct star {
    std::size_t glob = std::string_view::npos;
    std::size_t path = 0;
  };
  star one; // `*`
  star two; // `**`
  std::size_t g = 0;
  std::size_t p = 0;
  while (p < path.size()) {
    if (glob.substr(g).starts_with("**")) {
      two = {g += 2, p};
      one = {};
    } else if (g < glob.size() && glob[g] == '*') {
      one = {++g, p};
    } else if (g < glob.size() && (glob[g] == path[p] || (glob[g] == '?' && path[p] != '/'))) {
      ++g;
      ++p;
    } else if (one.glob != std::string_view::npos && path[one.path] != '/') {
      g = one.glob;
      p = ++one.path;
    } else if (two.glob != std::string_view::npos) {
      g = two.glob;
      p = ++two.path;
      one = {};
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', g) == std::string_view::npos;
}

document_ptr select(const document_ptr& doc, const selection& chosen) {
  if (chosen.empty() || !doc->root().is_object()) return doc;
  selector selecting{*doc, chosen};
  return selecting.drops_something() ? selecting.write() : doc;
}

} // namespace apisync::specs
