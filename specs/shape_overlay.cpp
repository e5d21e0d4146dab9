#include "specs/shape.hpp"

#include <array>

// OpenAPI Overlay 1.0 and 1.1.
namespace apisync::specs {

namespace {

using namespace shapes;

constexpr member_shape known(member_shape member, versions which = every_overlay) {
  member.known = which;
  return member;
}

constexpr std::array overlay_members{
    known(one("overlay", part::version)).must(every_overlay),
    known(one("info", part::overlay_info)).must(every_overlay),
    known(one("extends", part::uri)),
    known(list("actions", part::overlay_action)).must(every_overlay).filled(every_overlay),
};

constexpr std::array info_members{
    known(text("title")).must(every_overlay),
    known(text("version")).must(every_overlay),
    known(text("description"), overlay_1_1),
};

constexpr std::array action_members{
    known(text("target")).must(every_overlay), known(text("description")),
    known(one("update", part::any)),           known(flag("remove")),
    known(text("copy"), overlay_1_1),
};

constexpr std::array table{
    object_shape{.id = part::overlay, .noun = "an overlay", .members = overlay_members},
    object_shape{.id = part::overlay_info, .noun = "'info'", .members = info_members},
    object_shape{.id = part::overlay_action, .noun = "an action", .members = action_members},
};

} // namespace

std::span<const object_shape> overlay_shapes() {
  return table;
}

} // namespace apisync::specs
