#include "specs/sensitive.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

namespace apisync::specs {

namespace {

constexpr std::string_view secret = "secret";
constexpr std::string_view email = "email";
constexpr std::string_view host = "host";

bool is_alnum(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word(char c) {
  return is_alnum(c) || c == '_' || c == '-';
}
char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

bool starts_with_no_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), text.begin(),
                                                    [](char a, char b) { return a == lower(b); });
}

template <class Is>
std::size_t run_length(std::string_view text, Is is) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is) - text.begin());
}

// Each looks at the text from a place where a word begins, and says how much of it is sensitive,
// and from where.
struct found_part {
  std::size_t skip = 0, length = 0;
  std::string_view what;
};
using finding = std::optional<found_part>;

finding private_key(std::string_view rest) {
  constexpr std::string_view begin = "-----BEGIN ";
  if (!rest.starts_with(begin)) return std::nullopt;
  const auto end = rest.find("-----END ");
  if (end == std::string_view::npos) return found_part{0, rest.size(), secret};
  const auto close = rest.find("-----", end + 9);
  return found_part{0, close == std::string_view::npos ? rest.size() : close + 5, secret};
}

finding credential(std::string_view rest) {
  constexpr std::size_t shortest = 8;
  for (const std::string_view scheme : {"bearer ", "basic "}) {
    if (!starts_with_no_case(rest, scheme)) continue;
    const auto value = rest.substr(scheme.size());
    const auto length = run_length(value, [](char c) {
      return is_word(c) || c == '.' || c == '+' || c == '/' || c == '=' || c == '~';
    });
    const auto text = value.substr(0, length);
    // "bearer authentication" is prose.
    const bool random = std::any_of(text.begin(), text.end(), is_digit) ||
                        std::any_of(text.begin(), text.end(), [](char c) { return c == '='; });
    if (length >= shortest && random) return found_part{scheme.size(), length, secret};
  }
  return std::nullopt;
}

finding known_token(std::string_view rest) {
  constexpr std::array<std::string_view, 34> beginnings{
      "sk-",    "sk_live_", "sk_test_", "pk_live_", "pk_test_", "rk_live_", "rk_test_",
      "whsec_", "ghp_",     "gho_",     "ghu_",     "ghs_",     "ghr_",     "github_pat_",
      "glpat-", "gldt-",    "xoxb-",    "xoxp-",    "xoxa-",    "xoxr-",    "xoxs-",
      "xapp-",  "AKIA",     "ASIA",     "AIza",     "ya29.",    "npm_",     "pypi-",
      "hf_",    "SG.",      "dop_v1_",  "shpat_",   "shpss_",   "eyJ"};
  constexpr std::size_t shortest = 16;
  for (const auto beginning : beginnings) {
    if (!rest.starts_with(beginning)) continue;
    const auto length = run_length(rest, [](char c) { return is_word(c) || c == '.'; });
    if (length >= shortest) return found_part{0, length, secret};
  }
  return std::nullopt;
}

/// The user part of a URL, and a host that only this network knows by one word.
finding url_parts(std::string_view rest) {
  constexpr std::string_view separator = "://";
  const auto scheme = run_length(rest, [](char c) { return is_alnum(c) || c == '+'; });
  if (scheme == 0 || !rest.substr(scheme).starts_with(separator)) return std::nullopt;
  const auto start = scheme + separator.size();
  const auto authority = rest.substr(start, rest.substr(start).find_first_of("/?# \t\n\"'<>"));
  if (const auto at = authority.rfind('@'); at != std::string_view::npos && at > 0)
    return found_part{start, at, secret};
  const auto name = authority.substr(0, run_length(authority, is_word));
  const bool one_word = name.size() == authority.size() || authority[name.size()] == ':';
  if (!one_word || name.empty() || name == "localhost") return std::nullopt;
  return found_part{start, name.size(), host};
}

finding address_of_person(std::string_view rest) {
  const auto local = run_length(rest, [](char c) {
    return is_alnum(c) || std::string_view{"._%+-"}.find(c) != std::string_view::npos;
  });
  if (local == 0 || local >= rest.size() || rest[local] != '@') return std::nullopt;
  const auto domain = rest.substr(local + 1);
  auto length = run_length(domain, [](char c) { return is_alnum(c) || c == '.' || c == '-'; });
  while (length > 0 && !is_alnum(domain[length - 1]))
    --length;
  const auto name = domain.substr(0, length);
  if (name.find('.') == std::string_view::npos) return std::nullopt;
  return found_part{0, local + 1 + length, email};
}

bool is_private(const std::array<unsigned, 4>& octets) {
  return octets[0] == 10 || (octets[0] == 172 && octets[1] >= 16 && octets[1] <= 31) ||
         (octets[0] == 192 && octets[1] == 168) || (octets[0] == 169 && octets[1] == 254) ||
         (octets[0] == 100 && octets[1] >= 64 && octets[1] <= 127);
}

finding private_address(std::string_view rest) {
  std::array<unsigned, 4> octets{};
  const auto* at = rest.data();
  const auto* const end = at + rest.size();
  for (std::size_t i = 0; i < octets.size(); ++i) {
    if (i > 0 && (at == end || *at++ != '.')) return std::nullopt;
    const auto [next, code] = std::from_chars(at, end, octets.at(i));
    if (code != std::errc{} || next - at > 3 || octets.at(i) > 255) return std::nullopt;
    at = next;
  }
  const bool more = at != end && (is_word(*at) || (*at == '.' && at + 1 != end && is_digit(at[1])));
  if (more || !is_private(octets)) return std::nullopt;
  return found_part{0, static_cast<std::size_t>(at - rest.data()), host};
}

finding local_address_6(std::string_view rest) {
  if (!(starts_with_no_case(rest, "fc") || starts_with_no_case(rest, "fd") ||
        starts_with_no_case(rest, "fe80")))
    return std::nullopt;
  const auto length = run_length(
      rest, [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0 || c == ':'; });
  const auto text = rest.substr(0, length);
  if (std::count(text.begin(), text.end(), ':') < 2) return std::nullopt;
  return found_part{0, length, host};
}

finding internal_host(std::string_view rest) {
  constexpr std::array<std::string_view, 12> endings{
      ".internal", ".local",   ".corp", ".lan",         ".intranet", ".intra",
      ".home",     ".private", ".svc",  ".localdomain", ".consul",   ".lcl"};
  auto length = run_length(rest, [](char c) { return is_word(c) || c == '.'; });
  while (length > 0 && !is_alnum(rest[length - 1]))
    --length;
  const auto name = rest.substr(0, length);
  const auto internal = std::any_of(endings.begin(), endings.end(), [&](std::string_view ending) {
    return name.size() > ending.size() &&
           starts_with_no_case(name.substr(name.size() - ending.size()), ending);
  });
  // `billing.svc.cluster.local` ends like the others; `billing.corp.example.com` only has it
  // inside.
  const bool inside = name.find(".corp.") != std::string_view::npos ||
                      name.find(".internal.") != std::string_view::npos ||
                      name.find(".intranet.") != std::string_view::npos;
  if (!internal && !inside) return std::nullopt;
  return found_part{0, length, host};
}

/// `password=…`, `api_key: …`
finding assignment(std::string_view rest) {
  constexpr std::size_t name_max = 40;
  constexpr std::size_t shortest = 4;
  const auto name = run_length(rest.substr(0, name_max), is_word);
  if (name == 0 || !names_secret(rest.substr(0, name))) return std::nullopt;
  auto at = name;
  const auto blanks = [&] {
    at += run_length(rest.substr(at, 4), [](char c) { return c == ' ' || c == '"' || c == '\''; });
  };
  blanks();
  if (at >= rest.size() || (rest[at] != '=' && rest[at] != ':')) return std::nullopt;
  const bool prose = rest[at] == ':';
  ++at;
  blanks();
  const auto value = rest.substr(at);
  const auto length = run_length(value, [](char c) {
    return static_cast<unsigned char>(c) > ' ' && c != '"' && c != '\'' && c != ',' && c != ';' &&
           c != '&' && c != '<';
  });
  const auto text = value.substr(0, length);
  // "token: the one to use" says nothing; a value has digits or signs.
  const bool random = std::any_of(text.begin(), text.end(), [](char c) { return is_digit(c); });
  if (length < shortest || (prose && !random)) return std::nullopt;
  return found_part{at, length, secret};
}

/// A long word that nobody would write by hand. UUIDs are names, not secrets.
finding random_word(std::string_view rest) {
  constexpr std::size_t shortest = 32;
  constexpr std::ptrdiff_t digits_min = 3;
  const auto length = run_length(rest, [](char c) { return is_word(c) || c == '+' || c == '='; });
  if (length < shortest) return std::nullopt;
  const auto word = rest.substr(0, length);
  const auto digits = std::count_if(word.begin(), word.end(), is_digit);
  const auto hex = std::all_of(word.begin(), word.end(), [](char c) {
    return std::isxdigit(static_cast<unsigned char>(c)) != 0;
  });
  const auto has = [&](auto is) { return std::any_of(word.begin(), word.end(), is); };
  const bool mixed = has([](char c) { return c >= 'a' && c <= 'z'; }) &&
                     has([](char c) { return c >= 'A' && c <= 'Z'; });
  if (digits < digits_min || (!hex && !mixed)) return std::nullopt;
  return found_part{0, length, secret};
}

/// Names of hosts and people are looked for where a run of labels begins, not at each of them.
finding look_at(std::string_view rest, bool inside_name) {
  for (const auto look : {credential, known_token, url_parts, assignment, random_word})
    if (const auto found = look(rest)) return found;
  if (inside_name) return std::nullopt;
  for (const auto look : {address_of_person, private_address, local_address_6, internal_host})
    if (const auto found = look(rest)) return found;
  return std::nullopt;
}

} // namespace

bool names_secret(std::string_view member) {
  constexpr std::size_t name_max = 64;
  if (member.empty() || member.size() > name_max) return false;
  std::string name;
  for (const char c : member)
    if (is_alnum(c)) name += lower(c);
  constexpr std::array<std::string_view, 14> endings{
      "password",  "passwd",     "passphrase", "secret",      "secretkey",     "token",  "apikey",
      "accesskey", "privatekey", "credential", "credentials", "authorization", "cookie", "pwd"};
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return name.ends_with(ending); });
}

std::vector<sensitive_span> find_sensitive(std::string_view text) {
  std::vector<sensitive_span> out;
  constexpr std::size_t looked_max = 512; // at each place: keeps the cost linear
  const auto blank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  for (std::size_t at = 0; at < text.size();) {
    const bool begins =
        (at == 0 || !is_word(text[at - 1])) && (is_alnum(text[at]) || text[at] == '-');
    const auto near = text.substr(at, looked_max);
    auto found = !begins           ? std::nullopt
                 : text[at] == '-' ? private_key(text.substr(at))
                                   : look_at(near, at > 0 && text[at - 1] == '.');
    if (!found) {
      ++at;
      continue;
    }
    auto end = at + found->skip + found->length;
    // What goes on beyond the part that was looked at goes on being sensitive.
    if (end == at + near.size())
      while (end < text.size() && !blank(text[end]))
        ++end;
    out.push_back({at + found->skip, end - at - found->skip, found->what});
    at = end;
  }
  return out;
}

} // namespace apisync::specs
