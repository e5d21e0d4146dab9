#pragma once

#include "specs/compat_lifecycle.hpp"
#include "specs/compat_schema.hpp"
#include "specs/reach.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace apisync::specs {

/// One operation in both versions, with what stands around it.
struct operation_pair {
  std::string method; ///< Lower case.
  std::string path;   ///< In the old version.
  scope before_in;    ///< Its template in each version.
  scope after_in;
  spot_pair item;
  spot_pair operation;
};

/// Judges operations that both versions have: everything but their schemas, which `schema_judge`
/// does.
class operation_judge {
public:
  operation_judge(unit_graph& graph, std::size_t unit) : graph_{graph}, schemas_{graph, unit} {}

  void compare(const operation_pair& pair);

  /// Requirements of one list against the other's: `api-security-` or `api-global-security-`.
  void security(const spot_pair& lists, const std::string& rule_prefix);

private:
  void tell(const std::string& rule, spot before, spot after) {
    schemas_.tell(rule, std::move(before), std::move(after));
  }
  [[nodiscard]] spot_pair resolved(const spot_pair& pair) { return resolve(graph_, pair); }
  [[nodiscard]] schema_role role_of(subject of, bool textual = false) const {
    return {.of = of, .textual = textual, .notice_days = notice_days_};
  }

  [[nodiscard]] bool untouched(const operation_pair& pair) const;
  [[nodiscard]] bool parameters_untouched(const operation_pair& pair) const;
  void labels(const operation_pair& pair);
  void media_type_lists(const spot_pair& operation);
  /// What became of a part's deprecation, under the rules for such parts.
  void lifecycle(const spot_pair& part, const lifecycle_rules& rules);
  /// Says whether the new level is a known word.
  bool stability(const spot_pair& operation);
  void parameters(const operation_pair& pair);
  void parameter_added(const spot& parameter, bool shared);
  void parameter_removed(const spot& parameter);
  void parameter_kept(const spot_pair& parameter);
  void request_body(const spot_pair& body);
  void content(const spot_pair& content, const schema_role& role);
  void responses(const spot_pair& responses);
  void response_kept(const spot_pair& response);
  bool media_type_renamed(const spot_pair& media, const schema_role& role);
  void headers(const spot_pair& headers);
  void header_kept(const spot_pair& header);

  unit_graph& graph_;
  schema_judge schemas_;
  std::int32_t notice_days_ = 0; ///< Asked of what is deprecated in the operation.
};

} // namespace apisync::specs
