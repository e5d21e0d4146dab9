#include "specs/rule_config.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace apisync::specs {

namespace {

constexpr std::int32_t notice_days_max = 3650;

/// Reads one file; the first problem ends it.
class config_reader {
public:
  explicit config_reader(std::string_view name) : name_{name} {}

  result<rule_config> read(node root) {
    if (root.is(kind::null)) return rule_config{}; // an empty file
    if (!root.is_object()) return problem(root, "the file of rules must be an object");
    for (const auto member : root)
      if (auto done = section(member); !done) return tl::unexpected{std::move(done.error())};
    return std::move(made_);
  }

private:
  [[nodiscard]] tl::unexpected<error> problem(node at, std::string message) const {
    const auto where = at.where();
    return fail(errc::invalid_argument, std::move(message),
                std::string{name_} + ":" + std::to_string(where.line) + ":" +
                    std::to_string(where.column));
  }

  template <std::size_t N>
  [[nodiscard]] tl::unexpected<error> unknown(node member,
                                              const std::array<std::string_view, N>& known) const {
    std::string list;
    for (const auto name : known)
      list += (list.empty() ? "" : ", ") + std::string{name};
    return problem(member,
                   "'" + std::string{member.key()} + "' means nothing here: there are " + list);
  }

  result<void> section(node member) {
    constexpr std::array<std::string_view, 4> known{"levels", "ignore", "deprecation", "stability"};
    if (member.key() == "levels") return levels(member);
    if (member.key() == "ignore") return exceptions(member);
    if (member.key() == "deprecation") return deprecation(member);
    if (member.key() == "stability") return stability_level(member);
    return unknown(member, known);
  }

  result<void> levels(node map) {
    if (!map.is_object()) return problem(map, "levels must be an object of levels by rule");
    for (const auto entry : map) {
      if (!rule_severity(entry.key()))
        return problem(entry, "there is no rule '" + std::string{entry.key()} + "'");
      if (entry.text() == "off")
        made_.levels.emplace(entry.key(), std::nullopt);
      else if (const auto level = severity_named(entry.text()))
        made_.levels.emplace(entry.key(), *level);
      else
        return problem(entry, "the level of a rule is error, warning, info or off");
    }
    return {};
  }

  result<void> exceptions(node list) {
    if (!list.is_array()) return problem(list, "ignore must be a list of exceptions");
    for (const auto entry : list) {
      if (!entry.is_object())
        return problem(entry, "an exception is an object with rule, operation or pointer, and a "
                              "reason");
      ignored_changes next;
      next.where = entry.where();
      for (const auto member : entry)
        if (auto done = exception_member(next, member); !done) return done;
      if (next.rule.empty() && next.method.empty() && next.path.empty() && next.pointer.empty())
        return problem(entry, "an exception needs a rule, an operation or a pointer, or it would "
                              "match every change");
      if (next.reason.empty()) return problem(entry, "an exception needs a reason");
      made_.ignored.push_back(std::move(next));
    }
    return {};
  }

  result<void> exception_member(ignored_changes& next, node member) {
    constexpr std::array<std::string_view, 5> known{"rule", "operation", "pointer", "until",
                                                    "reason"};
    const auto name = member.key();
    if (std::find(known.begin(), known.end(), name) == known.end()) return unknown(member, known);
    if (!member.is_string() || member.text().empty())
      return problem(member, std::string{name} + " must be a text");
    if (name == "operation") return operation(next, member);
    if (name == "until") {
      next.until = day_of(member.text());
      if (!next.until) return problem(member, "until must be a day, YYYY-MM-DD");
    } else if (name == "rule") {
      if (!rule_severity(member.text()))
        return problem(member, "there is no rule '" + std::string{member.text()} + "'");
      next.rule = member.text();
    } else if (name == "pointer") {
      if (!member.text().starts_with('/'))
        return problem(member, "pointer must be a JSON pointer, which starts with /");
      next.pointer = member.text();
    } else {
      next.reason = member.text();
    }
    return {};
  }

  /// `GET /pets/{id}`, `* /pets/*`, `GET *`.
  result<void> operation(ignored_changes& next, node member) {
    const auto text = member.text();
    const auto space = text.find(' ');
    if (space == text.npos || space == 0 || space + 1 == text.size())
      return problem(member, "operation is a method and a path, such as GET /pets/{id}; a * stands "
                             "for any method, and for the rest of a path");
    next.method = text.substr(0, space) == "*" ? "" : text.substr(0, space);
    std::transform(next.method.begin(), next.method.end(), next.method.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    next.path = text.substr(space + 1);
    return {};
  }

  result<void> deprecation(node map) {
    constexpr std::array<std::string_view, 1> known{"noticeDays"};
    if (!map.is_object()) return problem(map, "deprecation must be an object");
    for (const auto member : map) {
      if (member.key() != "noticeDays") return unknown(member, known);
      if (!member.is_object()) {
        if (auto done = notice(member, "noticeDays", made_.notice_days_stable); !done) return done;
        made_.notice_days_beta = made_.notice_days_stable;
        continue;
      }
      for (const auto level : member) {
        constexpr std::array<std::string_view, 2> levels{"stable", "beta"};
        const bool stable = level.key() == "stable";
        if (!stable && level.key() != "beta") return unknown(level, levels);
        auto& days = stable ? made_.notice_days_stable : made_.notice_days_beta;
        if (auto done = notice(level, level.key(), days); !done) return done;
      }
    }
    return {};
  }

  result<void> notice(node value, std::string_view name, std::int32_t& into) {
    const auto text = value.text();
    std::int32_t days = -1;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), days);
    if (!value.is(kind::number) || status != std::errc{} || end != text.data() + text.size() ||
        days < 0 || days > notice_days_max)
      return problem(value, std::string{name} + " must be a number of days from 0 to " +
                                std::to_string(notice_days_max));
    into = days;
    return {};
  }

  result<void> stability_level(node word) {
    const auto level = stability_named(word.text());
    if (!level) return problem(word, "stability is draft, alpha, beta or stable");
    made_.judged_from = *level;
    return {};
  }

  std::string_view name_;
  rule_config made_;
};

} // namespace

std::int32_t rule_config::notice_days(stability promised) const {
  switch (promised) {
  case stability::draft:
  case stability::alpha:
    return 0;
  case stability::beta:
    return notice_days_beta;
  case stability::stable:
    return notice_days_stable;
  }
  return 0;
}

bool is_promised(const rule_config& rules, node before) {
  return stability_of(before).value_or(stability::stable) >= rules.judged_from;
}

result<rule_config> read_rule_config(const document& rules, std::string_view name) {
  return config_reader{name}.read(rules.root());
}

} // namespace apisync::specs
