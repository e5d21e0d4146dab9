#include "actors/integrate_drop.hpp"

#include "actors/other_declarations.hpp"
#include "actors/publication.hpp"
#include "actors/source_selection.hpp"
#include "specs/diff.hpp"
#include "specs/merge.hpp"
#include "specs/reference_address.hpp"
#include "specs/references.hpp"
#include "specs/resolve.hpp"
#include "specs/select.hpp"

#include <algorithm>
#include <array>

namespace apisync::actors {

namespace {

/// Members of a specification that list parts (OpenAPI 2.0 to 3.2).
constexpr std::array<std::string_view, 9> lists{"paths",     "webhooks",    "components",
                                                "tags",      "definitions", "parameters",
                                                "responses", "x-webhooks",  "securityDefinitions"};

/// The document with none of its parts.
specs::document_ptr without_parts(const specs::document& of) {
  specs::document_builder out;
  out.begin_object();
  for (const auto member : of.root()) {
    if (std::find(lists.begin(), lists.end(), member.key()) != lists.end()) continue;
    out.key(member.key());
    out.copy(member);
  }
  out.key("paths");
  out.begin_object();
  out.end_object();
  out.end_object();
  return out.finish();
}

result<void> bring_back(specs::document_ptr& into, const specs::document& from,
                        std::string_view identity) {
  auto made = specs::set_value(into, identity, specs::find_identity(from, identity), &from);
  if (!made) return tl::unexpected{made.error()};
  into = std::move(*made);
  return {};
}

/// Brings back what others declare.
result<void> keep_declared(specs::document_ptr& merged, const specs::document& current,
                           other_declarations& others) {
  const auto dropped = merged; // keeps the nodes of the changes alive
  for (const auto& change : specs::diff(current, *dropped)) {
    const auto identity = specs::identity_of(change);
    if (change.kind == specs::change_kind::removed && !others.have(identity)) continue;
    if (auto back = bring_back(merged, current, identity); !back) return back;
  }
  return {};
}

/// Brings back what is referred to by what stays, and by that in turn: each round at least one
/// part.
result<void> keep_referred(specs::document_ptr& merged, const specs::document& current) {
  for (bool again = true; again;) {
    again = false;
    const auto before = merged; // whose text the references are
    for (const auto& reference : specs::dangling_references(*before)) {
      const auto fragment =
          specs::percent_decode(specs::split_reference(reference.target).fragment);
      if (!current.at(fragment) || merged->at(fragment)) continue;
      if (auto back = bring_back(merged, current, fragment); !back) return back;
      again |= static_cast<bool>(merged->at(fragment));
    }
  }
  return {};
}

} // namespace

result<integrated> integrate_drop(const take_drop& task, const document_reader& documents) {
  const auto& api = task.api;
  const auto base = api.bases.find(task.source);
  if (api.sources.contains(task.source))
    return fail(errc::conflict,
                "source '" + task.source +
                    "' is declared: remove it first, or what it has comes back",
                "source/" + task.source);
  if (base == api.bases.end() || base->second.observed || !api.head)
    return fail(errc::not_found,
                "nothing of a removed source '" + task.source + "' is in API '" + api.api + "'",
                "source");
  const auto theirs = load_text(documents, base->second.text, task.source, stored_bytes_max);
  if (!theirs) return tl::unexpected{theirs.error()};
  const auto current = load_text(documents, api.text, "current", stored_bytes_max);
  if (!current) return tl::unexpected{current.error()};
  const auto had = specs::select(theirs->document, to_selection(base->second.select));
  auto merged = specs::merge(had, current->document, without_parts(*had)).merged;
  other_declarations others{api, documents, task.source, stored_bytes_max};
  if (auto kept = keep_declared(merged, *current->document, others); !kept)
    return tl::unexpected{kept.error()};
  if (auto kept = keep_referred(merged, *current->document); !kept)
    return tl::unexpected{kept.error()};
  integrated out;
  for (const auto& change : specs::diff(*current->document, *merged))
    out.places.push_back(change.pointer);
  if (task.preview) return out;
  out.taken.dropped = events::contributions_dropped{task.source, task.reason};
  next_text next{merged, nullptr, current->format};
  events::revision_cause cause;
  cause.kind = "drop";
  cause.source = task.source;
  cause.message =
      task.reason.empty() ? "what source '" + task.source + "' left is dropped" : task.reason;
  return publish(api, documents, next, std::move(cause), stored_bytes_max, std::move(out));
}

} // namespace apisync::actors
