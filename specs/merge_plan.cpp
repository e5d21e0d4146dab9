#include "specs/merge_plan.hpp"

namespace apisync::specs {

namespace {

void emit(document_builder& out, const merge_plan& plan) {
  switch (plan.what) {
  case merge_plan::made_as::taken:
    out.copy(plan.source);
    return;
  case merge_plan::made_as::text:
    out.string(plan.text, plan.source.where());
    return;
  case merge_plan::made_as::object:
    out.begin_object(plan.source.where());
    for (const auto& child : plan.children) {
      out.key(child.name);
      emit(out, child);
    }
    out.end_object();
    return;
  case merge_plan::made_as::array:
    out.begin_array(plan.source.where());
    for (const auto& child : plan.children)
      emit(out, child);
    out.end_array();
    return;
  }
}

} // namespace

document_ptr build(const merge_plan& root) {
  document_builder out;
  emit(out, root);
  return out.finish();
}

} // namespace apisync::specs
