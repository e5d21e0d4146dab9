#pragma once

#include "specs/reach.hpp"

#include <cstddef>
#include <string>

namespace apisync::specs {

/// Judges schemas for one unit: its findings go there, and what it refers to becomes units of their
/// own. What is judged is a table of keywords; the rule's id is put together from the subject
/// (`request-property`), the keyword (`max-length`) and what happened to it (`decreased`).
class schema_judge {
public:
  schema_judge(unit_graph& graph, std::size_t unit) : graph_{graph}, unit_{unit} {}

  /// Compares two schemas, either of which may be a reference.
  void compare(const spot_pair& places, const schema_role& role, int depth = 0);

  /// Compares two schemas that are no references.
  void compare_here(const spot_pair& places, const schema_role& role, int depth = 0);

  /// Adds a finding, where there is such a rule; says whether there is.
  bool tell(const std::string& rule, spot before, spot after);

private:
  struct pair_context {
    const spot_pair& places;
    schema_role role;
    int depth;
  };

  bool tell_keyword(const pair_context& at, std::string_view what, spot before, spot after);
  void types(const pair_context& at);
  void nullability(const pair_context& at);
  void values(const pair_context& at);
  void value_list(const pair_context& at, std::string_view keyword, std::string_view slug);
  void bounds(const pair_context& at);
  void pattern(const pair_context& at);
  void presence(const pair_context& at);
  void maps(const pair_context& at);
  void discriminator(const pair_context& at);
  void branches(const pair_context& at);
  bool wrapped(const pair_context& at);
  bool made_nullable(const pair_context& at);
  void branch_alone(const pair_context& at, const std::string& slug, const spot& before,
                    const spot& after);
  [[nodiscard]] bool same_but_annotations(const spot& before, const spot& after) const;
  void properties(const pair_context& at);
  void property_added(const pair_context& at, const spot& added, bool required);
  void property_removed(const pair_context& at, const spot& removed, bool required);
  void property_kept(const pair_context& at, const spot_pair& property);
  void lifecycle(const pair_context& at);
  void inside(const pair_context& at);

  unit_graph& graph_;
  std::size_t unit_;
};

} // namespace apisync::specs
