#pragma once

#include <cstdint>
#include <span>
#include <string_view>

/// Where web frameworks keep the OpenAPI document of a running service, and how code that uses them
/// is recognised: tables, to which a framework is added by a line each.
namespace apisync::sources {

/// A path at which a document, or a page or catalogue that leads to one, is often found.
struct known_path {
  std::string_view path; ///< Begins with `/`.
  std::string_view whose;
};

/// A port on which such services often listen.
struct known_port {
  std::uint16_t port = 0;
  bool tls = false;
};

/// Words in an answer, whatever its status, that tell which framework made it.
struct answer_mark {
  std::string_view words;
  std::string_view framework;
};

/// A file of a code base in which words tell what serves its document.
struct manifest_mark {
  std::string_view file; ///< Its name, or its ending where this begins with `.`.
  std::string_view words;
  std::string_view framework;
};

/// What to do when a service of this framework shows no document.
struct framework_advice {
  std::string_view framework;
  std::string_view advice; ///< Sentences.
};

std::span<const known_path> known_paths();
std::span<const known_port> known_ports();
std::span<const answer_mark> answer_marks(); ///< The more special first.
std::span<const manifest_mark> manifest_marks();

/// Empty for a framework that the table does not have.
std::string_view advice_for(std::string_view framework);
/// The framework that an answer shows its maker to be; empty when it does not.
std::string_view framework_of_answer(std::string_view body);

} // namespace apisync::sources
