#pragma once

#include "specs/bundle.hpp"
#include "specs/openapi_roles.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace apisync::specs {

/// A file that a bundle is made of.
struct bundle_file {
  std::string name;
  document_ptr document;
};

/// A part of a file that a reference names.
struct bundle_target {
  const bundle_file* file = nullptr;
  std::string pointer;
  node value;
  role place = role::other;
  node parent; ///< Of the reference: a header and a parameter differ in nothing else.
};

/// A component that a part of another file becomes.
struct bundle_component {
  bundle_target from;
  std::string_view section;
  std::string name;
  bool adopted = false; ///< Takes the place of an entry that was nothing but a reference to it.
};

/// Where a reference stands, and what it names.
struct reference_place {
  node holder;
  role place = role::other;
  std::string_view section; ///< Of the components that its target belongs to; empty: none.
  node parent;
};

/// What becomes of the references of several files: found first, before anything is written.
class bundle_plan {
public:
  bundle_plan(const document_ptr& doc, const std::string& name, const document_loader& load,
              const bundle_limits& limits);

  /// Follows every reference.
  [[nodiscard]] result<void> make();

  /// Whether a node holds a reference that has a meaning, and to what. `container` is the role of
  /// what it lies in.
  [[nodiscard]] std::optional<reference_place> reference_at(node value, role place, node parent,
                                                            role container) const;

  /// What stands for a reference in the bundle: the new text of `$ref`, or the target that takes
  /// its place.
  struct meaning {
    std::string text;
    const bundle_target* inlined = nullptr;
  };
  [[nodiscard]] meaning meaning_of(const bundle_file& in, std::string_view reference,
                                   std::string_view section) const;

  /// Whether the file of a reference is part of the bundle.
  [[nodiscard]] bool knows(const bundle_file& in, std::string_view reference) const;
  /// The section that schemas are in.
  [[nodiscard]] std::string_view schemas() const { return swagger_ ? "definitions" : "schemas"; }

  [[nodiscard]] const bundle_file& first() const { return files_.at(first_name_); }
  [[nodiscard]] const std::vector<bundle_component>& components() const { return components_; }
  /// The component that takes the place of an entry; null where the entry stays.
  [[nodiscard]] const bundle_component* adopted(std::string_view section,
                                                std::string_view name) const;
  /// `/components/schemas`; in 2.0 `/definitions`.
  [[nodiscard]] std::string pointer_of(std::string_view section) const;
  [[nodiscard]] bool is_swagger() const { return swagger_; }

  [[nodiscard]] std::vector<std::string> take_files() { return std::move(order_); }
  [[nodiscard]] std::vector<warning> take_kept() { return std::move(kept_); }

private:
  using key = std::tuple<std::string, std::string, std::string>; ///< file, pointer, section

  [[nodiscard]] result<void> visit(const bundle_file& in, node value, role place, node parent,
                                   role container, std::size_t inlined);
  [[nodiscard]] result<void> follow(const bundle_file& in, const reference_place& place,
                                    std::size_t inlined);
  [[nodiscard]] result<void> adopt_entries();
  [[nodiscard]] result<const bundle_file*> open(const bundle_file& in, node reference);
  [[nodiscard]] result<bundle_target> find(const bundle_file& in, const reference_place& place);
  [[nodiscard]] bundle_component& assign(const key& of, bundle_target target,
                                         std::string_view section, std::string name);
  [[nodiscard]] std::string free_name(const bundle_target& target, std::string_view section) const;
  [[nodiscard]] bool taken(std::string_view section, const std::string& name) const;
  [[nodiscard]] std::string_view section_of(role place, node parent) const;
  [[nodiscard]] node section_node(std::string_view section) const;

  const document_loader& load_;
  bundle_limits limits_;
  bool swagger_ = false;
  bool media_types_ = false;
  std::string first_name_;
  std::map<std::string, bundle_file> files_; ///< By address.
  std::vector<std::string> order_;
  std::vector<bundle_component> components_;
  std::map<key, std::size_t> assigned_;
  std::map<key, bundle_target> inlined_;
  std::map<std::pair<std::string, std::string>, std::size_t> adopted_; ///< section, name
  std::set<std::pair<std::string, std::string>> names_;
  std::vector<warning> kept_;
};

} // namespace apisync::specs
