#pragma once

#include "tools/service_command.hpp"

#include <string>

namespace apisync::tools {

/// `GET /bills (request)`. Lists of changes have operations as texts, comparisons as objects.
std::string operation_text(const json& operation);

/// How many changes there are of each level: `1 error, 2 warnings`.
text_table::cell counts_cell(const json& item, const invocation& call);

/// The changes of an answer, two lines and the operations that each reaches.
void print_changes(const json& answer, const invocation& call);

/// A judged comparison as the service answers it, for people.
void print_difference(const json& answer, const invocation& call);

} // namespace apisync::tools
