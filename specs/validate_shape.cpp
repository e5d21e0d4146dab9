#include "specs/pointer.hpp"
#include "specs/shape.hpp"
#include "specs/shape_value.hpp"
#include "specs/validate_findings.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace apisync::specs {

namespace {

/// `'name'`, or for an element of a list `this element`.
std::string subject(node at) {
  return at.key().empty() ? "this element" : quoted(at.key());
}

/// JSON Schema itself, and the dialects of OpenAPI that add their own keywords to it.
bool is_known_dialect(std::string_view uri) {
  return uri.starts_with("https://spec.openapis.org/oas/3.") ||
         uri == "https://json-schema.org/draft/2020-12/schema" ||
         uri == "https://json-schema.org/draft/2020-12/schema#";
}

class shape_check {
public:
  shape_check(versions version, finding_list& found) : version_{version}, found_{found} {}

  void run(node root, part as) {
    const auto dialect = root.find("jsonSchemaDialect");
    foreign_dialect_ = dialect.is_string() && !is_known_dialect(dialect.text());
    object(root, as, false);
  }

private:
  [[nodiscard]] bool now(versions which) const { return (which & version_) != 0; }

  template <class Visit>
  void below(node parent, std::size_t index, Visit&& visit) {
    const auto length = pointer_.size();
    const auto child = parent[index];
    append_token(pointer_, parent.is_object() ? child.key() : std::to_string(index));
    visit(child);
    pointer_.resize(length);
  }

  void error(std::string_view rule, node at, sentence text) {
    found_.error(rule, pointer_, at, std::move(text));
  }

  void wrong_type(node at, std::string_view expected) {
    error("wrong-type", at,
          {subject(at) + " must be " + std::string{expected} + ", not " +
               std::string{noun_of(at.kind())},
           "write " + std::string{expected} + " here"});
  }

  void value(node at, const member_shape& as) {
    if (as.in == around::map) return map(at, as);
    if (as.in == around::list || (as.in == around::one_or_list && at.is_array()))
      return list(at, as);
    single(at, as);
  }

  void list(node at, const member_shape& as) {
    if (!at.is_array()) return wrong_type(at, "a list");
    if (at.size() == 0 && now(as.not_empty))
      error("list-empty", at,
            {subject(at) + " must have one element at least", "add one, or remove the list"});
    if (now(as.distinct)) distinct(at);
    for (std::size_t i = 0; i < at.size(); ++i)
      below(at, i, [&](node element) { single(element, as); });
  }

  void distinct(node at) {
    std::unordered_multimap<std::uint64_t, node> seen;
    for (std::size_t i = 0; i < at.size(); ++i) {
      const auto [first, last] = seen.equal_range(at[i].hash());
      if (std::any_of(first, last,
                      [&](const auto& other) { return same_content(other.second, at[i]); }))
        below(at, i, [&](node again) {
          error(
              "list-repeats", again,
              {"this element is already in the list " + quoted(at.key()), "remove one of the two"});
        });
      seen.emplace(at[i].hash(), at[i]);
    }
  }

  void map(node at, const member_shape& as) {
    if (!at.is_object()) return wrong_type(at, "an object");
    if (as.single && at.size() != 1)
      error("not-one-entry", at,
            {subject(at) + " must have exactly one entry, and has " + std::to_string(at.size()),
             "keep one media type"});
    for (std::size_t i = 0; i < at.size(); ++i)
      below(at, i, [&](node entry) {
        name(entry, as.names);
        single(entry, as);
      });
  }

  void name(node at, free_names rule) {
    if (const auto problem = name_problem(at.key(), rule, version_))
      error(problem->rule, at, {problem->message, problem->advice});
  }

  void single(node at, const member_shape& as) {
    if (at.is(kind::boolean) && now(as.or_boolean)) return;
    if (shape_of(as.of) != nullptr) return object(at, as.of, as.no_reference);
    const bool set = as.of == part::text_list && now(v2_0); // scopes come once in 2.0
    const auto problem = value_problem(at, set ? part::text_set : as.of, as.words);
    if (!problem) return;
    if (problem->wrong_type) return wrong_type(at, problem->expected);
    found_.add(problem->level, problem->rule, pointer_, at,
               {subject(at) + ' ' + problem->message, problem->advice});
  }

  void object(node at, part which, bool no_reference) {
    if (found_.full()) return;
    const auto* shape = shape_of(which);
    if (at.is(kind::boolean) && now(shape->or_boolean)) return;
    if (!at.is_object()) return wrong_type(at, "an object");
    if (now(shape->may_refer) && !no_reference && at.find("$ref")) return reference(at);
    if (is_schema(which) && (foreign_dialect_ || has_foreign_dialect(at))) return;
    const auto settled = specialise(at, which);
    shape = shape_of(which);
    members(at, *shape, settled);
    missing(at, *shape);
    either(at, *shape);
  }

  [[nodiscard]] static bool is_schema(part which) {
    return which == part::schema || which == part::response_schema;
  }

  [[nodiscard]] bool has_foreign_dialect(node schema) const {
    const auto dialect = schema.find("$schema");
    return now(from_3_1) && dialect.is_string() && !is_known_dialect(dialect.text());
  }

  void reference(node at) {
    const auto target = at.find("$ref");
    for (std::size_t i = 0; i < at.size(); ++i)
      below(at, i, [&](node member) {
        if (member == target) {
          if (!member.is_string()) wrong_type(member, "a string");
          return;
        }
        const auto kept = member.key() == "summary" || member.key() == "description";
        if (kept && now(from_3_1)) return value(member, shapes::text(member.key()));
        found_.add(severity::info, "beside-reference", pointer_, member,
                   {subject(member) + " stands beside '$ref' and is ignored",
                    "remove it, or put it where the reference leads"});
      });
  }

  /// Finds the special shape that an object has by the value of a member. False where it should
  /// have one and its member does not say which, so that nothing is known of its other members.
  bool specialise(node at, part& which) const {
    for (bool again = true; again;) {
      again = false;
      bool closed = false;
      for (const auto& rule : variants()) {
        if (rule.of != which || !now(rule.known)) continue;
        const auto value = at.find(rule.member).text();
        if (rule.any_case ? equal_any_case(value, rule.value) : value == rule.value) {
          which = rule.then;
          again = true;
          break;
        }
        const auto* member = member_of(*shape_of(which), rule.member);
        closed = closed || (member != nullptr && !member->words.empty());
      }
      if (!again && closed) return false;
    }
    return true;
  }

  [[nodiscard]] const member_shape* member_of(const object_shape& shape,
                                              std::string_view name) const {
    for (const auto* from = &shape; from != nullptr; from = shape_of(from->base))
      for (const auto& member : from->members)
        if (now(member.known) && member.name == name) return &member;
    return nullptr;
  }

  void members(node at, const object_shape& shape, bool settled) {
    const bool open =
        now(shape.open) || (shape.base != part::none && now(shape_of(shape.base)->open));
    for (std::size_t i = 0; i < at.size(); ++i)
      below(at, i, [&](node member) {
        if (const auto* known = member_of(shape, member.key())) return value(member, *known);
        if (shape.extensions && member.key().starts_with("x-")) return;
        if (shape.rest != part::none) {
          name(member, shape.names);
          return single(member, shapes::one({}, shape.rest));
        }
        if (settled && !open) unknown(member, shape);
      });
    if (shape.names == free_names::status && !has_entry(at))
      error("list-empty", at,
            {subject(at) + " must have one response at least", "describe the successful answer"});
  }

  static bool has_entry(node at) {
    return std::any_of(at.begin(), at.end(),
                       [](node entry) { return !entry.key().starts_with("x-"); });
  }

  void unknown(node member, const object_shape& shape) {
    if (found_.full()) return;
    std::vector<std::string_view> names;
    for (const auto* from = &shape; from != nullptr; from = shape_of(from->base))
      for (const auto& known : from->members)
        if (now(known.known)) names.push_back(known.name);
    const auto similar = most_similar(member.key(), names);
    std::string advice = similar.empty() ? "" : "did you mean " + quoted(similar) + "? Else ";
    error("unknown-member", member,
          {std::string{shape.noun} + " has no member " + quoted(member.key()) + " in " +
               std::string{version_name(version_)},
           advice + "remove it" +
               (shape.extensions ? ", or begin its name with x- where it is your own" : "")});
  }

  void missing(node at, const object_shape& shape) {
    for (const auto* from = &shape; from != nullptr; from = shape_of(from->base))
      for (const auto& member : from->members)
        if (now(member.known) && now(member.needed) && !at.find(member.name) &&
            member_of(shape, member.name) == &member)
          error(member.of == part::always_true ? "path-parameter-optional" : "member-missing", at,
                {quoted(member.name) + " is missing here: " + std::string{shape.noun} +
                     " must have it",
                 "add " + quoted(member.name) + (member.of == part::always_true ? ": true" : "")});
  }

  void either(node at, const object_shape& shape) {
    for (const auto* from = &shape; from != nullptr; from = shape_of(from->base))
      for (const auto& rule : exclusions()) {
        if (rule.of != from->id || !now(rule.known)) continue;
        const auto first = at.find(rule.first);
        const auto second = at.find(rule.second);
        const auto both = quoted(rule.first) + " and " + quoted(rule.second);
        if (first && second)
          found_.error(
              "members-exclude", pointer_ + '/' + escape_token(rule.second), second,
              {both + " exclude each other: " + std::string{shape.noun} + " has one of them",
               "remove one of the two"});
        else if (!first && !second && now(rule.needed))
          error(
              "member-missing", at,
              {"of " + both + ", one is missing here: " + std::string{shape.noun} + " must have it",
               "add one of the two"});
      }
  }

  versions version_;
  finding_list& found_;
  std::string pointer_;
  bool foreign_dialect_ = false;
};

} // namespace

void check_shape(const document& doc, finding_list& found) {
  const auto version = version_of(doc);
  if (!version) return;
  const auto root = (*version & every_overlay) != 0 ? part::overlay : part::root;
  shape_check{*version, found}.run(doc.root(), root);
}

} // namespace apisync::specs
