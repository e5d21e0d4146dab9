#include "specs/proposal_check.hpp"

#include "specs/canonical.hpp"
#include "specs/compat.hpp"
#include "specs/diff.hpp"
#include "specs/print.hpp"
#include "specs/resolve.hpp"
#include "specs/validate.hpp"

#include <algorithm>
#include <utility>

namespace apisync::specs {

namespace {

constexpr std::size_t flaws_max = 20'000; // of one document; those beyond are not told apart

std::string key_of(const flaw& of) {
  return std::string{of.rule} + ": " + of.message;
}

std::string key_of(const finding& of) {
  return of.rule + " at " + of.pointer + ": " + of.message;
}

/// An object or list with nothing in it but such.
bool hollow(node of) {
  return (of.is_object() && std::all_of(of.begin(), of.end(), hollow)) ||
         (of.is_array() && of.size() == 0);
}

/// The documents are the same but for what stands at the place, and for empty objects that were
/// made on the way to it; nothing where that cannot be told.
std::optional<bool> same_elsewhere(const document_ptr& before, const document_ptr& after,
                                   std::string_view identity) {
  if (identity.empty()) return std::nullopt;
  const auto rest_before = set_value(before, identity, {});
  const auto rest_after = set_value(after, identity, {});
  if (!rest_before || !rest_after) return std::nullopt;
  if (same_content((*rest_before)->root(), (*rest_after)->root())) return true;
  const auto differences = diff(**rest_before, **rest_after);
  return std::all_of(differences.begin(), differences.end(), [](const change& one) {
    return one.kind == change_kind::added && hollow(one.after);
  });
}

std::string out_of_place(const document_ptr& before, const document_ptr& after,
                         std::string_view identity, node value) {
  const auto found = find_identity(*after, identity);
  const bool there = value ? found && same_content(found, value) : !found;
  if (!there) return "the value is another part of the document than the one that is contested";
  const auto same = same_elsewhere(before, after, identity);
  if (!same) return "the place cannot be told from the rest of the document";
  return *same ? "" : "it would change more than the contested place";
}

/// Calls `visit` for every word in a value until it answers true; whether it did.
template <class Visit>
bool any_word(node of, Visit& visit) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto split = [&](std::string_view text) {
    while (!text.empty()) {
      const auto word = text.substr(0, text.find_first_of(blanks));
      if (!word.empty() && visit(word)) return true;
      text.remove_prefix(std::min(text.size(), word.size() + 1));
    }
    return false;
  };
  if (of.is_string()) return split(of.text());
  if (!of.is_object() && !of.is_array()) return visit(to_json(of));
  return std::any_of(of.begin(), of.end(),
                     [&](node child) { return split(child.key()) || any_word(child, visit); });
}

} // namespace

std::string foreign_word(node value, const std::vector<node>& candidates) {
  std::set<std::string, std::less<>> known;
  auto learn = [&](std::string_view word) {
    known.emplace(word);
    return false;
  };
  for (const auto candidate : candidates)
    if (candidate) any_word(candidate, learn);
  std::string out;
  auto look = [&](std::string_view word) {
    if (known.contains(word)) return false;
    constexpr std::size_t shown_max = 80;
    out = "'" + std::string{word.substr(0, shown_max)} + "' is the model's own word";
    return true;
  };
  any_word(value, look);
  return out;
}

bool checked_proposal::passed() const {
  return document && std::all_of(findings.begin(), findings.end(),
                                 [](const proposal_finding& one) { return one.passed(); });
}

proposal_checker::proposal_checker(document_ptr base, document_ptr current, document_ptr incoming,
                                   std::string today)
    : base_{std::move(base)},
      current_{std::move(current)},
      incoming_{std::move(incoming)},
      today_{std::move(today)} {}

proposal_checker::counts proposal_checker::flaws_of(const document& of) {
  counts out;
  for (const auto& flaw : validate(of, flaws_max))
    if (flaw.severity == severity::error) ++out[key_of(flaw)];
  return out;
}

std::set<std::string> proposal_checker::errors_of(const document& of) const {
  std::set<std::string> out;
  const auto report = judge(start(), of, {today_, {}});
  for (const auto& finding : report.findings)
    if (finding.level == severity::error) out.insert(key_of(finding));
  return out;
}

std::string proposal_checker::new_flaw(const document& of) {
  if (!known_flaws_) {
    known_flaws_ = flaws_of(*current_);
    for (const auto& [key, count] : flaws_of(*incoming_))
      (*known_flaws_)[key] = std::max((*known_flaws_)[key], count);
  }
  for (const auto& [key, count] : flaws_of(of)) {
    const auto known = known_flaws_->find(key);
    if (known == known_flaws_->end() || known->second < count) return key;
  }
  return {};
}

std::string proposal_checker::new_error(const document& of) {
  if (!known_errors_) {
    known_errors_ = errors_of(*current_);
    known_errors_->merge(errors_of(*incoming_));
  }
  for (const auto& key : errors_of(of))
    if (!known_errors_->contains(key)) return key;
  return {};
}

checked_proposal proposal_checker::check(const document_ptr& in, std::string_view identity,
                                         node value) {
  checked_proposal out;
  const auto changed = set_value(in, identity, value);
  if (!changed) {
    out.findings.push_back({"place", "it cannot stand there: " + changed.error().message});
    return out;
  }
  out.document = *changed;
  out.findings.push_back({"place", out_of_place(in, *changed, identity, value)});
  if (!out.passed()) return out;
  if (same_content((*changed)->root(), in->root())) {
    // What is published already passed when it was made.
    out.findings.push_back({"valid", {}});
    out.findings.push_back({"compatible", {}});
    out.safe = true;
    return out;
  }
  out.findings.push_back({"valid", new_flaw(**changed)});
  if (!out.passed()) return out;
  out.findings.push_back({"compatible", new_error(**changed)});
  if (!out.passed()) return out;
  const auto report = judge(*in, **changed, {today_, {}});
  out.safe = report.count(severity::error) == 0 && report.count(severity::warning) == 0;
  return out;
}

} // namespace apisync::specs
