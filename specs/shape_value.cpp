#include "specs/shape_value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <unordered_set>

namespace apisync::specs {

namespace {

constexpr std::size_t max_shown = 40;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string shown(std::string_view text) {
  std::string quoted{"'"};
  quoted += text.substr(0, max_shown);
  return quoted + (text.size() > max_shown ? "...'" : "'");
}

value_flaw wrong(std::string expected) {
  value_flaw flaw;
  flaw.wrong_type = true;
  flaw.expected = std::move(expected);
  return flaw;
}

value_flaw bad(std::string_view rule, std::string message, std::string advice,
               severity level = severity::error) {
  return {false, {}, level, rule, std::move(message), std::move(advice)};
}

template <class Visit>
void each_word(std::string_view words, Visit&& visit) {
  while (!words.empty()) {
    const auto end = std::min(words.find(' '), words.size());
    visit(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
}

std::optional<value_flaw> word_problem(node at, std::string_view words) {
  if (words.empty()) return std::nullopt;
  bool found = false;
  std::string list;
  each_word(words, [&](std::string_view word) {
    found = found || word == at.text();
    list += (list.empty() ? "" : ", ") + std::string{word};
  });
  if (found) return std::nullopt;
  const bool single = words.find(' ') == std::string_view::npos;
  return bad("value-not-allowed",
             "must be " + std::string{single ? "" : "one of "} + list + ", not " + shown(at.text()),
             single ? "write " + list : "write one of these");
}

/// Characters that RFC 3986 has in no address.
std::optional<value_flaw> uri_problem(std::string_view text) {
  const auto odd = std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' ||
           std::string_view{"<>\"\\^`"}.find(c) != std::string_view::npos;
  });
  if (!odd) return std::nullopt;
  return bad("not-an-address", "is no URL or relative reference: " + shown(text),
             "escape blanks and special characters as %20 and the like", severity::warning);
}

std::optional<value_flaw> email_problem(std::string_view text) {
  const auto at = text.find('@');
  const bool likely = at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
                      text.find(' ') == std::string_view::npos;
  if (likely) return std::nullopt;
  return bad("not-an-address", "is no e-mail address: " + shown(text), "write NAME@DOMAIN",
             severity::warning);
}

/// `3.1.0`, with a suffix perhaps: `3.1.0-rc1`.
bool is_version(std::string_view text) {
  int fields = 0;
  while (true) {
    const auto digits = static_cast<std::size_t>(
        std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
    if (digits == 0) return false;
    text.remove_prefix(digits);
    if (++fields == 3) return text.empty() || (text.front() == '-' && text.size() > 1);
    if (text.empty() || text.front() != '.') return false;
    text.remove_prefix(1);
  }
}

bool is_host(std::string_view text) {
  return !text.empty() && text.find_first_of("{}/ \\") == std::string_view::npos;
}

std::optional<double> number_of(node at) {
  double value = 0;
  const auto text = at.text();
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc{}) return std::nullopt; // beyond what a double holds
  return value;
}

bool is_count(node at) {
  const auto text = at.text();
  if (std::all_of(text.begin(), text.end(), is_digit)) return true;
  const auto value = number_of(at);
  return value && *value >= 0 && std::floor(*value) == *value;
}

bool is_positive(node at) {
  const auto value = number_of(at);
  return value ? *value > 0 : at.text().front() != '-';
}

std::optional<value_flaw> texts_problem(node at, bool distinct) {
  if (!at.is_array()) return wrong("a list of strings");
  std::unordered_set<std::string_view> seen;
  for (const auto element : at) {
    if (!element.is_string()) return wrong("a list of strings");
    if (distinct && !seen.insert(element.text()).second)
      return bad("list-repeats", "has " + shown(element.text()) + " twice",
                 "remove one of the two");
  }
  return std::nullopt;
}

std::optional<value_flaw> text_problem(node at, part which, std::string_view words) {
  if (!at.is_string()) return wrong("a string");
  switch (which) {
  case part::uri:
    return uri_problem(at.text());
  case part::email:
    return email_problem(at.text());
  case part::version:
    if (is_version(at.text())) return std::nullopt;
    return bad("value-not-allowed", "must be a full version, not " + shown(at.text()),
               "write all three numbers, such as 3.1.0");
  case part::host:
    if (is_host(at.text())) return std::nullopt;
    return bad("value-not-allowed", "must be a host and perhaps a port, not " + shown(at.text()),
               "move the scheme to 'schemes' and the path to 'basePath'");
  case part::base_path:
    if (at.text().starts_with('/')) return std::nullopt;
    return bad("value-not-allowed", "must begin with a slash, not be " + shown(at.text()),
               "put a slash before it");
  default:
    return word_problem(at, words);
  }
}

std::optional<value_flaw> number_problem(node at, part which) {
  if (!at.is(kind::number)) return wrong("a number");
  if (which == part::count && !is_count(at))
    return bad("value-not-allowed", "must be a whole number from 0, not " + shown(at.text()),
               "write a whole number");
  if (which == part::positive && !is_positive(at))
    return bad("value-not-allowed", "must be above 0, not " + shown(at.text()),
               "write a number above 0");
  return std::nullopt;
}

bool is_component_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '.' || c == '-' || c == '_';
  });
}

bool is_status(std::string_view name, versions version) {
  if (name == "default") return true;
  if (name.size() != 3 || !is_digit(name[0])) return false;
  const bool digits = is_digit(name[1]) && is_digit(name[2]);
  if ((version & v2_0) != 0) return digits;
  return name[0] >= '1' && name[0] <= '5' && (digits || name.substr(1) == "XX");
}

/// A method that has a member of its own in a path item.
bool is_standard_method(std::string_view name) {
  constexpr std::array<std::string_view, 9> standard{"GET",  "PUT",   "POST",  "DELETE", "OPTIONS",
                                                     "HEAD", "PATCH", "TRACE", "QUERY"};
  return std::find(standard.begin(), standard.end(), name) != standard.end();
}

/// RFC 9110 section 5.6.2, tchar.
bool is_method_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') ||
           std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
  });
}

/// The number of insertions, deletions and replacements between two words.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto above = row[j];
      const auto replaced = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      row[j] = std::min({above + 1, row[j - 1] + 1, replaced});
      diagonal = above;
    }
  }
  return row[b.size()];
}

} // namespace

std::string_view noun_of(kind which) {
  constexpr std::array<std::string_view, 6> nouns{"null",     "a boolean", "a number",
                                                  "a string", "a list",    "an object"};
  return nouns[static_cast<std::size_t>(which)];
}

std::string_view version_name(versions one) {
  switch (one) {
  case v2_0:
    return "OpenAPI 2.0";
  case v3_0:
    return "OpenAPI 3.0";
  case v3_1:
    return "OpenAPI 3.1";
  case v3_2:
    return "OpenAPI 3.2";
  case overlay_1_0:
    return "Overlay 1.0";
  default:
    return "Overlay 1.1";
  }
}

bool equal_any_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<value_flaw> value_problem(node at, part which, std::string_view words) {
  switch (which) {
  case part::any:
    return std::nullopt;
  case part::boolean:
    if (at.is(kind::boolean)) return std::nullopt;
    return wrong("a boolean");
  case part::always_true:
    if (!at.is(kind::boolean)) return wrong("a boolean");
    if (at.boolean()) return std::nullopt;
    return bad("path-parameter-optional", "must be true for a path parameter", "write true");
  case part::number:
  case part::positive:
  case part::count:
    return number_problem(at, which);
  case part::text_list:
  case part::text_set:
    return texts_problem(at, which == part::text_set);
  default:
    return text_problem(at, which, words);
  }
}

std::optional<name_flaw> name_problem(std::string_view name, free_names rule, versions version) {
  switch (rule) {
  case free_names::any:
    return std::nullopt;
  case free_names::component:
    if (is_component_name(name)) return std::nullopt;
    return name_flaw{"name-not-allowed",
                     "the name " + shown(name) +
                         " of a component has other characters than "
                         "letters, digits, '.', '-' and '_'",
                     "rename it, and the references to it"};
  case free_names::path:
    if (name.starts_with('/')) return std::nullopt;
    return name_flaw{"path-without-slash", "the path " + shown(name) + " must begin with a slash",
                     "put a slash before it"};
  case free_names::status:
    if (is_status(name, version)) return std::nullopt;
    return name_flaw{"name-not-allowed",
                     shown(name) + " is no status code" +
                         ((version & v2_0) != 0 ? "" : ", no range such as 4XX") +
                         " and not 'default'",
                     "write the three digits of the status"};
  case free_names::method:
    if (is_standard_method(name))
      return name_flaw{"name-not-allowed",
                       "the method " + shown(name) + " has a member of its own in the path item",
                       "move the operation there, in small letters"};
    if (is_method_name(name)) return std::nullopt;
    return name_flaw{"name-not-allowed", shown(name) + " is no name of an HTTP method",
                     "use the characters that RFC 9110 allows in a method"};
  }
  return std::nullopt;
}

std::string_view most_similar(std::string_view name, const std::vector<std::string_view>& names) {
  constexpr std::size_t longest = 40;
  if (name.size() > longest) return {};
  std::string_view best;
  auto least = name.size() < 4 ? std::size_t{2} : std::size_t{3}; // below this many slips
  for (const auto candidate : names) {
    const auto slips = distance(name, candidate);
    if (slips < least) {
      least = slips;
      best = candidate;
    }
  }
  return best;
}

} // namespace apisync::specs
